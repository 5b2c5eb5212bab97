/**
 * The example that is a package of its own: installed from the tarball, as a stranger has it. Its types hold, its scenarios hold, each
 * mutant fails what it must, ours conforms; and Debian's server, where it is installed, does what its committed report says.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Report } from '../../conformance/report/report.ts';
import { installed } from '../support/installed.ts';
import { able, capture, dissected, freePort, type Turn } from '../support/loopback.ts';
import { command, type Ended, ROOT } from '../support/slipway.ts';

const REPORT = `${ROOT}docs/reports/memcached-debian/`;
// Written by the command that the reading names.
const COMMITTED = JSON.parse(readFileSync(`${REPORT}report.json`, 'utf8')) as Report;

const { folder, remove } = installed();
afterAll(remove);
const cwd = join(folder, 'memcached');
cpSync(`${ROOT}examples/memcached`, cwd, { recursive: true, filter: path => !path.endsWith('node_modules') });
for (const name of ['typescript', '@types']) symlinkSync(`${ROOT}node_modules/${name}`, join(folder, 'node_modules', name));

const node = (...words: readonly string[]): Promise<Ended> => command(process.execPath, words, { cwd });
const slipway = (...words: readonly string[]): Promise<Ended> => node(join(folder, 'node_modules/slipway/slipway'), ...words);

test('its types are right', async () => {
  expect(await node(join(folder, 'node_modules/typescript/bin/tsc'), '-p', '.')).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('its scenarios hold', async () => {
  expect(await slipway('run', 'memcached', '--seeds', '0..49')).toMatchObject({ code: 0, stderr: '' });
});

test('ours conforms, and each mutant fails what it must', async () => {
  const { code, stdout } = await slipway('conform', 'memcached', '--sim', '--strict');
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('Conforms: 27 of 27 MUST cases pass') });
  expect(await node('--import', 'tsx', 'kills.ts')).toEqual({ code: 0, stdout: '30 cases, 34 mutants\n', stderr: '' });
});

test('the reading has an entry for each requirement that is not met, and the sentence of the report', () => {
  const reading = readFileSync(`${REPORT}README.md`, 'utf8');
  const broken = COMMITTED.requirements.filter(({ status }) => status === 'broken').map(({ id }) => id);
  const read = [...reading.matchAll(/^\| `(memcached\.[a-z0-9.-]+)` \|/gm)].map(([, id]) => id);
  expect(read.toSorted()).toEqual(broken.toSorted());
  expect(reading).toContain(COMMITTED.sentence);
  expect(COMMITTED.rows.length).toBe(30);
});

const isThere = spawnSync('memcached', ['-V']).status === 0;

describe.runIf(isThere || process.env['CI'] === 'true')('a real server', () => {
  test("Debian's does what its report says", async () => {
    const words = ['conform', 'memcached', '--claims-file', 'debian.claims.json', '--report', 'out/debian'];
    expect(await slipway(...words)).toMatchObject({ code: 1, stderr: '' });
    const { rows } = JSON.parse(readFileSync(join(cwd, 'out/debian/report.json'), 'utf8')) as Report;
    const verdicts = (all: Report['rows']): object => Object.fromEntries(all.map(row => [row.case, row.verdict]));
    // A wait on a busy computer may be an unfair one: then nothing is said, and never something else.
    const unfair = new Set(rows.filter(row => row.verdict === 'inconclusive' && row.attempts.undecided > 0).map(row => row.case));
    const decided = (all: Report['rows']): Report['rows'] => all.filter(row => !unfair.has(row.case));
    expect(verdicts(decided(rows))).toEqual(verdicts(decided(COMMITTED.rows)));
    expect(unfair.size).toBeLessThan(5);
  });
});

describe.runIf((isThere && able) || process.env['CI'] === 'true')('what a real server says, as tshark has seen it', () => {
  async function captured(name: string, turns: readonly Turn[]): Promise<string> {
    const port = await freePort();
    const file = join(cwd, `${name}.pcapng`);
    await capture(file, port, spawn('memcached', ['-u', 'nobody', '-l', '127.0.0.1', '-U', '0', '-p', String(port)]), turns);
    return file;
  }
  const stored = 'STORED\r\n';
  const SAME: readonly Turn[] = [
    ['set ann 7 0 3\r\nabc\r\n', stored],
    ['get ann bertha\r\n', 'END\r\n'],
    ['set n 0 0 2\r\n99\r\n', stored],
    ['incr n 1\r\n', '100\r\n'],
    ['gets n\r\n', 'END\r\n'],
    ['delete ann\r\n', 'DELETED\r\n'],
    ['nonesuch\r\n', 'ERROR\r\n'],
    ['set n 0 0 x\r\n', 'format\r\n'],
    ['version\r\n', '\r\n'],
  ];
  /** Debian's leaves a space where a number was longer. */
  const OTHER: readonly Turn[] = [
    ['set n 0 0 2\r\n10\r\n', stored],
    ['decr n 1\r\n', '\r\n'],
    ['get n\r\n', 'END\r\n'],
  ];

  test('is told as messages, given away, opened by Wireshark, and done again by ours', async () => {
    const file = await captured('same', SAME);
    const { flows, guesses, protocol } = JSON.parse((await slipway('import', file, '--json')).stdout);
    expect({ protocol, best: guesses[0].protocol, flows: flows.length }).toEqual({ protocol: 'memcached', best: 'memcached', flows: 1 });
    const [{ sent, received }] = flows;
    expect([sent, received].map(({ messages, missing, violation }) => [messages, missing, violation])).toEqual([
      [11, 0, undefined],
      [13, 0, undefined],
    ]);

    const { stdout } = await slipway('show', file);
    expect(stdout).toContain('store command=set expires=0 flags=7 key=ann length=3 text="set ann 7 0 3"  (bytes 0 to 14)');
    expect(stdout).toContain('item flags=0 key=n length=3');

    const mail = join(cwd, 'mail.jsonl');
    expect(await slipway('anonymise', file, '--out', mail)).toMatchObject({ code: 0 });
    const given = (await slipway('show', mail)).stdout;
    expect(given).toMatch(/store command=set expires=0 flags=7 key=(?!ann)[a-z]{3} length=3 /);
    expect(given).toMatch(/fetch command=get keys="(?!ann)[a-z]{3} (?!bertha)[a-z]{6}"/);
    expect(given).not.toMatch(/\b(?:ann|abc|bertha)\b/);

    const [again, script] = [join(cwd, 'again.pcapng'), join(cwd, 'memcached.lua')];
    expect(await slipway('export', file, '--as', 'pcapng', '--out', again)).toMatchObject({ code: 0 });
    expect(await slipway('export', file, '--as', 'lua', '--out', script)).toMatchObject({ code: 0 });
    const types = new Set(dissected(again, script, 'slipway_memcached.type').flatMap(line => line.split(',')));
    for (const type of ['store', 'block', 'fetch', 'item', 'answer', 'number', 'error', 'version', 'line']) expect(types).toContain(type);

    const replayed = await slipway('replay', file, '--as', 'server');
    expect(replayed.stdout).toContain('reproduced: memcached-server does what was captured: 13 messages on 1 stream');
    expect(replayed.code).toBe(0);
  });

  test('is not done again where ours does something else; as a case it is asked of either', async () => {
    const file = await captured('other', OTHER);
    const { code, stdout } = await slipway('replay', file, '--as', 'server');
    expect(code).toBe(11);
    expect(stdout).toMatch(/- captured +item VALUE n 0 2 .*\n.*\+ played +item, text VALUE n 0 1/);
    const out = join(cwd, 'other.case.json');
    expect(await slipway('case-from', file, '--as', 'server', '--out', out)).toMatchObject({ code: 0 });
    expect(await slipway('conform', 'memcached', '--sim', '--case-file', out)).toMatchObject({ code: 1 });
    expect(await slipway('conform', 'memcached', '--case-file', out, '--claims-file', 'debian.claims.json')).toMatchObject({ code: 0 });
  });
});
