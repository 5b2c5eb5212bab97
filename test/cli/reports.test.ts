/** Reports as a user of the command meets them: other forms, comparison, matrix, baseline, captures. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

it.each(['report'])('%s --help has two examples', async name => {
  const { code, stdout } = await slipway([name, '--help']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Examples:\n {2}slipway .*\n {2}slipway /);
});

describe('forms', () => {
  it('are written beside the report, those that were asked for', () => {
    expect(existsSync(join(good, 'report.json'))).toBe(true);
    expect(readFileSync(join(good, 'junit.xml'), 'utf8')).toContain('<testsuite name="lifetime.child"');
    expect(existsSync(join(good, 'ctrf.json'))).toBe(false);
  });

  it('are made of a stored report again, the same', async () => {
    const { code, stdout } = await slipway(['report', good, '--format', 'junit']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: readFileSync(join(good, 'junit.xml'), 'utf8') });
    const out = inFolder('all');
    expect(await slipway(['report', join(good, 'report.json'), '--format', 'all', '--out', out])).toMatchObject({ code: 0 });
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
    expect((await slipway(['report', good])).stdout).toContain('Conforms: ');
  });

  it.each([
    [['report', 'missing.json'], 'missing.json: cannot be read: ENOENT'],
    [['report', good, '--format', 'pdf'], "there is no form 'pdf'; there are text, junit"],
    [['report', good, '--format', 'junit,tap'], '--out says where to'],
    [['conform', 'lifetime', '--format', 'junit'], '--format needs --report'],
  ])('slipway %j ends with 2 and one line', async (args, said) => {
    const { code, stderr, stdout } = await slipway(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(said);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('of what is no report are refused, by place', async () => {
    const altered = inFolder('altered.json');
    writeFileSync(altered, readFileSync(join(good, 'report.json'), 'utf8').replace('"conforms": true', '"conforms": false'));
    const { code, stderr } = await slipway(['report', altered]);
    expect(code).toBe(2);
    expect(stderr).toContain('altered.json: conforms: false does not follow from the rows');
  });
});
