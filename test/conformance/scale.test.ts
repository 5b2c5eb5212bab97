/**
 * Waits that are scaled against those that are not: ours passes every case of every suite at any pace, and a reader is told how
 * long was waited. In virtual time; how late a real machine is does not count here.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { simArm } from '../../conformance/arms/sim.ts';
import { caseWait, REAL_PACE, stepWait } from '../../conformance/judge/scale.ts';
import { type Row, type RunOptions, runSuite } from '../../conformance/run/runner.ts';
import { micros, millis, seconds } from '../../src/host/time.ts';
import { programs, suites } from '../support/protocols.ts';
import { judgedAgain, rowsIn } from './support.ts';

const roles = suites.flatMap(suite => Object.entries(suite.own).map(([role, own]) => [suite.name, role, suite, own] as const));
const arm = simArm(programs);
const pace = fc.record({ timeScale: fc.integer({ min: 1_000, max: 50_000 }), patience: fc.integer({ min: 1_000, max: 3_000 }) });

const play = async (options: Omit<RunOptions, 'arm'>): Promise<readonly Row[]> => rowsIn(await runSuite({ ...options, arm, slow: true }));

describe('ours at any pace passes every case, slow ones too', () => {
  test.each(roles)('%s, role %s', async (_suite, role, suite, own) => {
    await fc.assert(
      fc.asyncProperty(pace, async ({ timeScale, patience }) => {
        const rows = await play({ suite, role, implementation: own, claims: own.claims, timeScale, patience });
        const bad = rows.filter(row => row.grade !== 'info' && !['pass', 'not-applicable'].includes(row.verdict.verdict));
        expect(bad.map(row => [row.testCase.id, row.verdict])).toEqual([]);
      }),
      // Where whole numbers of per cent and of seconds were rounded, and the ends.
      { numRuns: 8, examples: [7_000, 30_000, 40_000, 50_000].map(timeScale => [{ timeScale, patience: 1_000 }]) },
    );
  });
});

describe('a wait', () => {
  const hears = { verb: 'expect-refused', to: { unix: 'x' }, within: seconds(310) } as const;
  const silence = { verb: 'expect-silence', channels: [], lasting: seconds(290) } as const;

  test('at the pace of real time is what the case says', () => {
    expect(stepWait(hears, hears.within, REAL_PACE)).toBe(seconds(310));
    expect(stepWait(silence, silence.lasting, REAL_PACE)).toBe(seconds(290));
  });

  test('that is a deadline keeps the time that a computer needs, one that is a silence ends before what is due after it', () => {
    const fast = { timeScale: 50_000, patience: 1_000 };
    expect(stepWait(hears, hears.within, fast)).toBe(millis(11_200));
    expect(stepWait(silence, silence.lasting, fast)).toBe(millis(5_550));
    expect(stepWait(silence, millis(300), fast)).toBe(micros(4_500));
    expect(stepWait({ ...silence, clock: 'wall' }, silence.lasting, fast)).toBe(seconds(290));
  });

  test('of a whole case leaves every step its time', () => {
    fc.assert(
      fc.property(fc.constantFrom(...suites.flatMap(suite => suite.cases)), pace, (testCase, { timeScale, patience }) => {
        const whole = caseWait(testCase, { timeScale, patience });
        const steps = testCase.steps.map(step => {
          const asked = 'lasting' in step ? step.lasting : 'within' in step ? step.within : micros(0);
          return stepWait(step, asked, { timeScale, patience: 1_000 });
        });
        const least = Math.min(
          testCase.deadline,
          steps.reduce<number>((sum, each) => sum + each, 0),
        );
        expect(whole).toBeGreaterThanOrEqual(Math.floor((least * patience) / 1_000));
        expect(whole).toBeLessThanOrEqual(Math.floor((testCase.deadline * patience) / 1_000));
      }),
    );
  });
});

test('what was waited is told, and what the case asked for; the trace alone tells the same', async () => {
  const suite = suites.find(each => each.name === 'lonc');
  if (suite === undefined) throw new Error('no suite lonc');
  const mute = suite.mutants.find(each => each.name.endsWith('silent-loss'));
  if (mute === undefined) throw new Error('no mutant that says nothing of a loss');
  const rows = await play({ suite, role: mute.role, implementation: mute, claims: [], timeScale: 20_000, patience: 2_000 });
  const row = rows.find(each => each.testCase.id === 'lonc.local.reply.con-lost');
  if (row === undefined) throw new Error('it fails nothing');
  expect(row.verdict).toMatchObject({
    received: expect.stringMatching(/^nothing was sent on a within 10\.000000 s \(5\.000000 s of the case, scaled\)/),
  });
  expect(judgedAgain(row, suite).verdict).toEqual(row.verdict);
});
