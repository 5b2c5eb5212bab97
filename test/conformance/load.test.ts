/**
 * Never a wrong verdict: a computer that has no time accuses nobody. Every core has twice as much to do as it can, and ours are
 * tested all the same; what cannot be decided then is inconclusive, and is counted.
 * Also what the tester does to an implementation that writes much, and to one that is slow to come up.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Case, Step } from '../../conformance/case.ts';
import { LIFETIME } from '../../conformance/lifetime/suite.ts';
import { LONC } from '../../conformance/lonc/suite.ts';
import type { Implementation } from '../../conformance/peer.ts';
import type { Row } from '../../conformance/run/runner.ts';
import { runSuite } from '../../conformance/run/runner.ts';
import { RWHO } from '../../conformance/rwho/suite.ts';
import type { Suite } from '../../conformance/suite.ts';
import { millis, seconds } from '../../src/host/time.ts';
import { realArm } from '../support/arms.ts';
import { judgedAgain, toyCase, toySuite } from './support.ts';

const arm = await realArm('lifetime');
const RUNS = 2;
/** Of the cases of a role, every so manieth: each run has others. */
const STRIDE = 16;

describe('twice as much to do as there are cores', () => {
  const load: ChildProcess[] = [];
  beforeAll(() => {
    const busy = 'const end = Date.now() + 900_000; while (Date.now() < end);';
    for (let at = 0; at < 2 * availableParallelism(); at++) load.push(spawn(process.execPath, ['-e', busy], { stdio: 'ignore' }));
  });
  afterAll(() => {
    for (const each of load) each.kill('SIGKILL');
  });

  test.each<[string, string, Suite]>([
    ['lifetime', 'child', LIFETIME],
    ['lonc', 'lond', LONC],
    ['rwho', 'receiver', RWHO],
  ])('%s, %s: ours is accused of nothing', { timeout: 600_000 }, async (name, role, suite) => {
    const { claims, ...implementation } = suite.own[role] ?? { program: '', args: [], claims: [] };
    const quick = suite.cases.filter(each => each.role === role && each.slow !== true);
    const undecided: string[] = [];
    for (let run = 0; run < RUNS; run++) {
      const select = quick.filter((_, at) => at % STRIDE === run).map(each => each.id);
      const done = await runSuite({ suite, role, arm: await realArm(suite.name), implementation, claims, select, jobs: 2 });
      if (done.outcome !== 'ran') throw new Error(done.why);
      const accused = done.rows.filter(row => row.verdict.verdict === 'fail' || row.verdict.verdict === 'error');
      expect(accused.map(row => [row.testCase.id, row.verdict, row.attempts, row.strain])).toEqual([]);
      undecided.push(...done.rows.filter(row => row.verdict.verdict === 'inconclusive').map(row => row.testCase.id));
    }
    process.stdout.write(`${name} ${role}: ${undecided.length} inconclusive under load ${undecided.join(' ')}\n`);
  });
});

describe('what the tester does', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-load-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const says = (within: number): readonly Step[] => [
    { verb: 'start' },
    {
      verb: 'expect-sequence',
      channel: 'in',
      items: [{ message: { type: 'a', name: 'a' }, times: 'one' }],
      thenEof: true,
      within: millis(within),
    },
    { verb: 'expect-exit', codes: [0], within: seconds(20) },
  ];

  async function play(code: string, testCase: Case): Promise<Row> {
    const path = join(folder, `${testCase.id}.mjs`);
    writeFileSync(path, `import { writeSync } from 'node:fs';\n${code}`);
    return playProgram({ program: process.execPath, args: [path] }, testCase, 1);
  }

  async function playProgram(implementation: Implementation, testCase: Case, attempts: number): Promise<Row> {
    const suite = toySuite([testCase]);
    const done = await runSuite({ suite, role: 'server', arm, implementation, claims: [], attempts });
    const [row] = done.outcome === 'ran' ? done.rows : [];
    if (row === undefined) throw new Error(done.outcome);
    expect(judgedAgain(row, suite)).toEqual({ verdict: row.play, end: row.end });
    return row;
  }

  const SAY = `writeSync(3, '{"event":"a"}\\n');`;

  test('output that nobody judges is read as fast as it comes, and counted', async () => {
    const flood = `const line = 'log '.repeat(16_384); for (let at = 0; at < 64; at++) writeSync(1, line);`;
    const row = await play(`${flood}${SAY}`, toyCase(says(8_000), { id: 'toy.server.flood' }));
    expect(row.verdict).toEqual({ verdict: 'pass' });
    expect(row.output.find(each => each.channel === 'stdout')).toMatchObject({
      bytes: 64 * 65_536,
      tail: expect.stringMatching(/log $/),
    });
    expect(row.events.length).toBeLessThan(1_000);
  });

  test('also a million single bytes of it', async () => {
    const drip = `const byte = Buffer.from('x'); for (let at = 0; at < 200_000; at++) writeSync(1, byte);`;
    const row = await play(`${drip}${SAY}`, toyCase(says(15_000), { id: 'toy.server.drip' }));
    expect(row.verdict).toEqual({ verdict: 'pass' });
    expect(row.output.find(each => each.channel === 'stdout')).toMatchObject({ bytes: 200_000 });
  });

  test('a tester that stood still refutes nothing: what had come by then is read first', async () => {
    const testCase = toyCase(says(1_500), { id: 'toy.server.stall' });
    // In the middle of the wait, for longer than it has left.
    setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000), 700);
    const row = await play(`setTimeout(() => { ${SAY} }, 1_000);`, testCase);
    expect(row.verdict).toEqual({ verdict: 'pass' });
  });

  test('nor does it when nothing has come: that is inconclusive, and says how late it was itself', async () => {
    const testCase = toyCase(says(1_500), { id: 'toy.server.stall-late' });
    setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000), 700);
    const row = await play(`setTimeout(() => { ${SAY} }, 6_000);`, testCase);
    expect(row.verdict).toMatchObject({ verdict: 'inconclusive', by: 'starved', why: expect.stringContaining('late') });
  });

  test('a silent implementation is refuted all the same: it waits for nobody', async () => {
    const sleeper = { program: '/bin/sh', args: ['-c', 'exec sleep 30'] };
    const row = await playProgram(sleeper, toyCase(says(3_000), { id: 'toy.server.silent' }), 2);
    expect(row.verdict).toMatchObject({ verdict: 'fail', by: 'time' });
    expect(row.attempts.late).toBeGreaterThan(0);
  });
});
