/**
 * The real arm: our rwhod and its readers as processes of their own, on two addresses of the loopback; with who is logged in.
 */

import { describe, expect, test } from 'vitest';
import type { Row } from '../../../conformance/run/runner.ts';
import { runSuite } from '../../../conformance/run/runner.ts';
import { RWHO } from '../../../conformance/rwho/suite.ts';
import { realArm } from '../../support/arms.ts';
import { judgedAgain } from '../support.ts';

const arm = await realArm('rwho');
/** A busy machine starts a process slowly; that is no finding. */
const PATIENCE = 3_000;

async function rowsOf(role: string, names: readonly string[], more: readonly string[] = [], timeScale = 1_000): Promise<readonly Row[]> {
  const own = RWHO.own[role];
  if (own === undefined) throw new Error(`no role ${role}`);
  const { claims } = own;
  const select = names.map(name => `rwho.${role}.${name}`);
  const implementation = { ...own, args: [...own.args, ...more] };
  const run = await runSuite({ suite: RWHO, role, arm, implementation, claims, select, patience: PATIENCE, timeScale, repeat: 1 });
  if (run.outcome !== 'ran') throw new Error(run.why);
  for (const row of run.rows) {
    if (row.events.length > 0) expect(judgedAgain(row, RWHO), row.kase.id).toEqual({ verdict: row.verdict, end: row.end });
  }
  return run.rows;
}
const verdicts = (rows: readonly Row[]): readonly string[] =>
  rows.map(row => `${row.kase.id.split('.').slice(2).join('.')} ${row.verdict.verdict}`).toSorted();
const passes = (names: readonly string[]): readonly string[] => names.map(name => `${name} pass`).toSorted();

describe('ours, as real processes', () => {
  test('what it says', { timeout: 120_000 }, async () => {
    const names = ['unasked', 'port', 'send-time', 'zero', 'nobody', 'people', 'full', 'cut', 'ends'];
    expect(verdicts(await rowsOf('sender', names))).toEqual(passes(names));
  });

  test('what it keeps', { timeout: 120_000 }, async () => {
    const names = [
      'keeps',
      'content',
      'stamp',
      'refresh-shorter',
      'oversize',
      'port',
      'short-44',
      'name-end',
      'own-name',
      'survives',
      'stays',
    ];
    expect(verdicts(await rowsOf('receiver', names))).toEqual(passes(names));
  });

  test('what its readers show', { timeout: 120_000 }, async () => {
    const names = ['up', 'sorted', 'counted', 'people', 'printable'];
    expect(verdicts(await rowsOf('receiver', names))).toEqual(passes(names));
  });

  test('quirks fail here as they do in virtual time', { timeout: 120_000 }, async () => {
    // On a busy computer it may be undecided; it never passes.
    expect(verdicts(await rowsOf('receiver', ['late'], ['--quirk=late-report-wins']))).toEqual([
      expect.stringMatching(/^late (?:fail|inconclusive)$/),
    ]);
    expect(verdicts(await rowsOf('sender', ['full'], ['--quirk=last-slot-unused']))).toEqual([
      expect.stringMatching(/^full (?:fail|inconclusive)$/),
    ]);
  });

  test('an interval passes sooner where the timers run faster', { timeout: 120_000 }, async () => {
    const [row] = await rowsOf('sender', ['interval'], [], 40_000);
    expect(row?.verdict).toEqual({ verdict: 'pass' });
    expect(row?.millis).toBeGreaterThan(150_000 / 40);
  });
});
