/** Reports as a user of the command meets them: other forms, comparison, matrix, baseline, captures. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { slipway } from '../support/slipway.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-reports-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (name: string): string => join(folder, name);

const good = inFolder('good');
const some = ['--sim', '--case', 'lifetime.child.start.*'];

beforeAll(async () => {
  const { code, stdout } = await slipway(['conform', 'lifetime', ...some, '--report', good, '--format', 'junit,badge']);
  expect(code).toBe(0);
  expect(stdout).toContain(join(good, 'junit.xml'));
});

it.each(['report', 'compare', 'matrix'])('%s --help has two examples', async name => {
  const { code, stdout } = await inProcess([name, '--help']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Examples:\n {2}slipway .*\n {2}slipway /);
});

describe('forms', () => {
  it('are written beside the report, those that were asked for', () => {
    expect(existsSync(join(good, 'report.json'))).toBe(true);
    expect(readFileSync(join(good, 'junit.xml'), 'utf8')).toContain('<testsuite id="0" name="lifetime.child"');
    expect(existsSync(join(good, 'ctrf.json'))).toBe(false);
  });

  it('are made of a stored report again, the same', async () => {
    const { code, stdout } = await inProcess(['report', good, '--format', 'junit']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: readFileSync(join(good, 'junit.xml'), 'utf8') });
    const out = inFolder('all');
    expect(await inProcess(['report', join(good, 'report.json'), '--format', 'all', '--out', out])).toMatchObject({ code: 0 });
    expect(readdirSync(out)).toEqual(
      expect.arrayContaining([
        'badge.json',
        'badge.svg',
        'ctrf.json',
        'junit.xml',
        'report.md',
        'report.sarif',
        'report.tap',
        'report.txt',
      ]),
    );
    expect((await inProcess(['report', good])).stdout).toContain('Conforms: ');
  });

  it.each([
    [['report', 'missing.json'], 'missing.json: cannot be read: ENOENT'],
    [['report', good, '--format', 'pdf'], "there is no form 'pdf'; there are html, text, junit"],
    [['report', good, '--format', 'junit,tap'], '--out says where to'],
    [['conform', 'lifetime', '--format', 'junit'], '--format needs --report'],
  ])('slipway %j ends with 2 and one line', async (args, said) => {
    const { code, stderr, stdout } = await inProcess(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(said);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('of what is no report are refused, by place', async () => {
    const altered = inFolder('altered.json');
    writeFileSync(altered, readFileSync(join(good, 'report.json'), 'utf8').replace('"conforms": true', '"conforms": false'));
    const { code, stderr } = await inProcess(['report', altered]);
    expect(code).toBe(2);
    expect(stderr).toContain('altered.json: conforms: false does not follow from the rows');
  });
});

describe('two and more reports', () => {
  const bad = inFolder('bad');

  it('compare: what became worse ends with 1, what became better with 0', async () => {
    expect(await slipway(['conform', 'lifetime', '--exec', 'true', '--case', 'lifetime.child.start.*', '--report', bad])).toMatchObject({
      code: 1,
    });
    const worse = await inProcess(['compare', good, bad, '--json']);
    expect(worse.code).toBe(1);
    const { changes, suite } = JSON.parse(worse.stdout);
    expect(suite).toBe('lifetime');
    expect(changes[0]).toMatchObject({ kind: 'regressed', before: 'pass', after: 'fail' });
    const better = await inProcess(['compare', bad, good]);
    expect(better.code).toBe(0);
    expect(better.stdout).toContain('0 regressed');
    const markdown = await inProcess(['compare', good, good, '--format', 'markdown']);
    expect(markdown).toMatchObject({ code: 0 });
    expect(markdown.stdout).toMatch(/^## 0 regressed, 0 improved, 0 changed, 0 added, 0 removed, \d+ the same\n/);
  });

  it('matrix: side by side, in three forms', async () => {
    const text = await inProcess(['matrix', good, bad, '--disagreements']);
    expect(text).toMatchObject({ code: 0 });
    expect(text.stdout).toMatch(/✓ pass +✗ fail/);
    expect((await inProcess(['matrix', good, bad, '--format', 'html'])).stdout).toContain('<!doctype html>');
    expect(JSON.parse((await inProcess(['matrix', good, bad, '--json'])).stdout)).toMatchObject({
      format: 'slipway-matrix',
      suite: 'lifetime',
    });
  });

  it('of different suites are refused by name', async () => {
    const other = inFolder('lonc');
    expect(await slipway(['conform', 'lonc', '--sim', '--role', 'lond', '--case', 'lonc.lond.ekey.*', '--report', other])).toMatchObject({
      code: 0,
    });
    for (const command of ['compare', 'matrix']) {
      const { code, stderr } = await inProcess([command, good, other]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/of (the suite )?lifetime, .* of lonc/);
    }
    expect(await inProcess(['matrix', good, '--format', 'pdf'])).toMatchObject({ code: 2 });
  });
});

describe('a baseline', () => {
  const file = inFolder('baseline.json');
  const broken = ['conform', 'lifetime', '--exec', 'true', '--case', 'lifetime.child.start.*'];

  it('is written, makes the same run end well, and may not grow', async () => {
    expect(await slipway([...broken, '--write-baseline', file])).toMatchObject({ code: 1 });
    const entries: readonly { readonly case: string }[] = JSON.parse(readFileSync(file, 'utf8')).entries;
    expect(entries.length).toBeGreaterThan(1);
    const again = await slipway([...broken, '--baseline', file]);
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain(`Baseline: ${entries.length} as expected, 0 to put right`);

    const smaller = JSON.parse(readFileSync(file, 'utf8'));
    smaller.entries.pop();
    writeFileSync(file, JSON.stringify(smaller));
    const grown = await slipway([...broken, '--write-baseline', file]);
    expect(grown).toMatchObject({ code: 2 });
    expect(grown.stderr).toContain(`would grow by ${entries.at(-1)?.case}`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(smaller);
    await slipway([...broken, '--write-baseline', file, '--force']);
    expect(JSON.parse(readFileSync(file, 'utf8')).entries).toEqual(entries);
  });

  it('that does not hold any more ends with 1, and the report says why', async () => {
    const { code, stdout } = await slipway(['conform', 'lifetime', ...some, '--baseline', file, '--json']);
    expect(code).toBe(1);
    const { rows, warnings, conforms } = JSON.parse(stdout);
    expect(conforms).toBe(true);
    expect(rows[0].baseline).toMatchObject({ state: 'stale' });
    expect(warnings[0]).toContain('it passes now; take the entry out');
  });

  it.each([
    [['--baseline', 'missing.json'], 'missing.json: cannot be read: ENOENT'],
    [['--force'], '--force goes with --write-baseline'],
  ])('%j is refused before anything is played', async (more, said) => {
    const { code, stderr } = await inProcess(['conform', 'lifetime', ...some, ...more]);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
  });

  it('of another suite is refused', async () => {
    const { code, stderr } = await inProcess(['conform', 'lonc', '--sim', '--role', 'lond', '--baseline', file]);
    expect(code).toBe(2);
    expect(stderr).toContain('a baseline of the suite lifetime, not of lonc');
  });
});

it('captures are written on request, one for each case, and the report names them', async () => {
  const folder = inFolder('captured');
  expect(await slipway(['conform', 'lifetime', ...some, '--report', folder, '--pcap'])).toMatchObject({ code: 0 });
  const { rows } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
  for (const row of rows) {
    expect(row.evidence.pcap).toBe(`captures/${row.case}.pcapng`);
    expect(readFileSync(join(folder, row.evidence.pcap)).readUInt32LE(0)).toBe(0x0a0d0d0a);
  }
  expect(await slipway(['conform', 'lifetime', ...some, '--pcap'])).toMatchObject({ code: 2 });
});
