/** `slipway sweep` as a user meets it: nothing is lost or counted twice, however it ends; each different failure is kept, once. */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { seedsFrom } from '../../cli/seeds.ts';
import { SEED_LIMIT } from '../../src/check/run.ts';
import type { SweepCounts } from '../../src/check/sweep.ts';
import { ROOT, slipway } from '../support/slipway.ts';

const CONFIG = ['--config', `${ROOT}test/cli/sieve/slipway.config.ts`];
const root = mkdtempSync(join(tmpdir(), 'slipway-sweep-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** In a folder of its own. */
const sweep = (words: string, cwd = mkdtempSync(join(root, 'sweep-'))) => slipway(['sweep', ...words.split(' '), ...CONFIG], { cwd });

interface Swept {
  readonly state: string;
  readonly counts: SweepCounts;
  readonly features: number;
  readonly again: readonly number[];
  readonly failures: readonly {
    readonly signature: { readonly property: string };
    readonly runs: number;
    readonly smallest?: { trace: string };
  }[];
}
/** The first of what was swept. */
const sweptIn = (stdout: string): Swept => JSON.parse(stdout).sweeps[0];
const linesOf = (file: string): readonly string[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []);
const fileOf = (folder: string): string => join(folder, 'sweep.jsonl');

/** Ends it, as no program can prevent, when the file has a block in it. */
function killed(words: string, file: string): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [`${ROOT}slipway`, 'sweep', ...words.split(' '), ...CONFIG], { cwd: root, stdio: 'ignore' });
  const poll = setInterval(() => {
    if (linesOf(file).some(line => line.startsWith('{"line":"block"'))) child.kill('SIGKILL');
  }, 20);
  return new Promise(resolve =>
    child.on('close', (_, signal) => {
      clearInterval(poll);
      resolve(signal);
    }),
  );
}

test('a sweep that is killed is gone on with: no seed is lost, none is counted twice, and a torn line is cut off and told', async () => {
  const folder = join(root, 'killed');
  expect(await killed(`sieve/slow --seeds 0..299 --out ${folder}`, fileOf(folder))).toBe('SIGKILL');
  appendFileSync(fileOf(folder), '{"line":"blo');
  const before = linesOf(fileOf(folder)).length;
  const { code, stdout, stderr } = await sweep(`--resume ${folder} --json`);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: `${fileOf(folder)}: the last line was not written to its end; 12 bytes were cut off, and their seeds are run again\n`,
  });
  // The same with a daemon that costs nothing.
  const whole = sweptIn((await sweep('sieve/good --seeds 0..299 --jobs 1 --json')).stdout);
  expect(sweptIn(stdout)).toMatchObject({ state: 'done', features: whole.features, counts: { ...whole.counts, scenario: 'sieve/slow' } });
  expect(linesOf(fileOf(folder)).length).toBeGreaterThan(before);
  // And there is nothing left to do.
  const lines = linesOf(fileOf(folder));
  expect(sweptIn((await sweep(`--resume ${folder} --jobs 1 --json`)).stdout).counts).toEqual(sweptIn(stdout).counts);
  expect(linesOf(fileOf(folder))).toEqual(lines);
});

describe('shards', () => {
  const [first, second] = [join(root, 'first'), join(root, 'second')];

  test('add up to what one sweep counts', async () => {
    const whole = await sweep('sieve/wrong --seeds 0..150 --jobs 1 --json');
    await sweep(`sieve/wrong --seeds 0..150 --shard 1/2 --jobs 1 --out ${first}`);
    const part = await sweep(`sieve/wrong --seeds 0..150 --shard 2/2 --jobs 1 --out ${second} --json`);
    expect(sweptIn(part.stdout)).toMatchObject({ state: 'done', counts: { runs: 76 } });
    const { code, stdout } = await sweep(`--merge ${first} ${second} --json`);
    expect(code).toBe(1);
    const { counts, features, failures } = sweptIn(stdout);
    expect({ counts, features }).toEqual({ counts: sweptIn(whole.stdout).counts, features: sweptIn(whole.stdout).features });
    expect(failures.map(({ runs }) => runs).sort()).toEqual(
      sweptIn(whole.stdout)
        .failures.map(({ runs }) => runs)
        .sort(),
    );
  });

  test('are not counted twice', async () => {
    const { code, stderr } = await sweep(`--merge ${first} ${second} ${first}`);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'slipway: --merge: seed 0 of sieve/wrong corrected is there twice, and would be counted twice\n',
    });
  });

  test('of another sweep are not added', async () => {
    const other = join(root, 'other');
    await sweep(`sieve/good --seeds 0..1 --jobs 1 --out ${other}`);
    expect((await sweep(`--merge ${first} ${other}`)).stderr).toBe(`slipway: --merge ${other}: another sweep than ${first}\n`);
    expect((await sweep(`sieve/good --out ${other}`)).stderr).toContain(`has a sweep in it; --resume ${other} goes on with it`);
  });
});

describe('what fails', () => {
  const cwd = mkdtempSync(join(root, 'failures-'));

  test('is kept once for each signature, made smaller, and is enough when so many were asked for', async () => {
    const { code, stdout } = await sweep('sieve/wrong --seeds 0..9999 --distinct 2 --json', cwd);
    expect(code).toBe(1);
    const { state, counts, failures } = sweptIn(stdout);
    expect(state).toBe('cut-short');
    expect(counts.runs).toBeLessThan(9_000);
    expect(failures).toMatchObject([{ signature: { property: 'nothing-wrong' } }, { signature: { property: 'nothing-wrong' } }]);
    const traces = failures.map(({ smallest }) => smallest?.trace ?? '');
    const replayed = await slipway(['replay', ...traces, ...CONFIG], { cwd });
    expect(replayed).toMatchObject({ code: 0, stdout: expect.stringContaining('2 traces of 2 reproduced') });
    expect(JSON.parse(readFileSync(join(cwd, 'slipway-failures/sieve/wrong.json'), 'utf8'))).toHaveLength(2);
  });

  test('is tried first from then on', async () => {
    // Seed 1 is well.
    const { code, stdout } = await sweep('sieve/wrong --seeds 1..1 --jobs 1 --json', cwd);
    expect(code).toBe(1);
    expect(sweptIn(stdout)).toMatchObject({ counts: { runs: 1, failed: 0 }, again: [0, 1] });
    expect(readdirSync(join(cwd, 'slipway-failures/sieve'))).toHaveLength(3);
  });
});

test('a run in which nothing happens any more is a finding, and the sweep goes on', async () => {
  const { code, stdout } = await sweep('sieve/loops --seeds 0..3 --patience 1 --jobs 1 --json');
  expect(code).toBe(1);
  const { findings, counts, state } = JSON.parse(stdout).sweeps[0];
  expect(findings).toEqual([{ kind: 'hang', runs: 1, seeds: [0] }]);
  expect({ state, runs: counts.runs, sorted: counts.met.sorts }).toEqual({ state: 'done', runs: 4, sorted: 3 });
});

test('a guided sweep is the same however many threads there are, and goes on from what it has kept', async () => {
  const [one, two] = [mkdtempSync(join(root, 'one-')), mkdtempSync(join(root, 'two-'))];
  const words = 'sieve/wrong --seeds 0..199 --guided --json --jobs';
  const [left, right] = [await sweep(`${words} 1`, one), await sweep(`${words} 2`, two)];
  const corpus = 'slipway-corpus/sieve/wrong@corrected.jsonl';
  expect(sweptIn(left.stdout).counts).toEqual(sweptIn(right.stdout).counts);
  expect(readFileSync(join(one, corpus), 'utf8')).toBe(readFileSync(join(two, corpus), 'utf8'));
  const again = await sweep('sieve/wrong --seeds 200..200 --guided --jobs 1 --json', one);
  // One seed, and all that was kept.
  expect(sweptIn(again.stdout).features).toBeGreaterThan(5);
});

test('the seeds of a text are always the same, and those of another are others', () => {
  const range = { from: 0, to: 9 };
  expect(seedsFrom('a', range)).toEqual({ from: 2470590858, to: 2470590867 });
  expect(seedsFrom('b', range)).not.toEqual(seedsFrom('a', range));
  // Of this package, which is under git, or of nothing.
  expect(seedsFrom('commit', { from: 0, to: SEED_LIMIT })).toEqual({ from: 0, to: SEED_LIMIT });
});

test.each([
  ['sieve/good --shard 3/2', '--shard must look like 2/3'],
  ['sieve/good --fail-fast --distinct 2', 'they exclude each other'],
  ['sieve/good --guided --out out', 'it excludes --out and --resume'],
  ['sieve/good --resume nowhere', 'it takes no scenarios'],
  ['--resume nowhere', 'cannot be read: ENOENT'],
])('slipway sweep %s is told', async (words, said) => {
  expect(await sweep(words)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(said) });
});
