/**
 * The example that is a package of its own: installed from the tarball, as a stranger has it. Its types hold, its scenarios hold, each
 * mutant fails what it must, ours conforms; and Debian's server, where it is installed, does what its committed report says.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Report } from '../../conformance/report/report.ts';
import { installed } from '../support/installed.ts';
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
