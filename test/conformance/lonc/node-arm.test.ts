/**
 * The real arm: our gateway and our lond as processes of their own, over loopback and a Unix-domain socket. A few cases of
 * each role: the pause of five seconds in the dialogue is real here, so all of them take minutes.
 */

import { describe, expect, test } from 'vitest';
import { LONC } from '../../../conformance/lonc/suite.ts';
import type { Row } from '../../../conformance/run/runner.ts';
import { runSuite } from '../../../conformance/run/runner.ts';
import { realArm } from '../../support/arms.ts';
import { judgedAgain } from '../support.ts';

const arm = await realArm('lonc');
/** A busy machine starts a process slowly; that is no finding. */
const PATIENCE = 3_000;

async function rowsOf(role: string, names: readonly string[], args: readonly string[] = [], timeScale = 1_000): Promise<readonly Row[]> {
  const own = LONC.own[role];
  if (own === undefined) throw new Error(`no role ${role}`);
  const { program, claims } = own;
  const select = names.map(name => `lonc.${role}.${name}`);
  const implementation = { program, args: [...own.args, ...args] };
  const run = await runSuite({ suite: LONC, role, arm, implementation, claims, select, patience: PATIENCE, timeScale, jobs: 3, repeat: 1 });
  if (run.outcome !== 'ran') throw new Error(run.why);
  for (const row of run.rows) {
    if (row.events.length > 0) expect(judgedAgain(row, LONC), row.kase.id).toEqual({ verdict: row.verdict, end: row.end });
  }
  return run.rows;
}
const verdicts = (rows: readonly Row[]): readonly string[] =>
  rows.map(row => `${row.kase.id.split('.').slice(2).join('.')} ${row.verdict.verdict}`);
const passes = (names: readonly string[]): readonly string[] => names.map(name => `${name} pass`);

describe('ours, as real processes', () => {
  test('the gateway towards lond', { timeout: 120_000 }, async () => {
    const names = ['dialogue.echo-pieces', 'enc.part', 'reconnect.request', 'end.farewell', 'delayed.order'];
    expect(verdicts(await rowsOf('lond-client', names)).toSorted()).toEqual(passes(names).toSorted());
  });

  test('the gateway towards local clients', { timeout: 120_000 }, async () => {
    const names = ['reply.slow-reader', 'lost.two-clients', 'socket.removed'];
    expect(verdicts(await rowsOf('local', names)).toSorted()).toEqual(passes(names).toSorted());
  });

  test('lond', { timeout: 120_000 }, async () => {
    const names = ['dialogue.whole', 'enc.eget', 'greeting.admitted', 'greeting.address', 'connections.reset', 'end.terminates'];
    expect(verdicts(await rowsOf('lond', names)).toSorted()).toEqual(passes(names).toSorted());
  });

  test('a quirk fails here as it does in virtual time', { timeout: 60_000 }, async () => {
    const rows = await rowsOf('local', ['close-request.ends'], ['--quirk=close-request-forwarded']);
    expect(verdicts(rows)).toEqual(['close-request.ends fail']);
  });

  test('what takes minutes is played where the timers run faster', { timeout: 60_000 }, async () => {
    const [row] = await rowsOf('lond-client', ['limit.init'], [], 50_000);
    expect(row?.verdict).toEqual({ verdict: 'pass' });
    // A minute of the protocol, less what a silence does not need to be patient about.
    expect(row?.millis).toBeGreaterThan(58_000 / 50);
    expect(row?.millis).toBeLessThan(30_000);
  });

  test('what takes minutes is not played', async () => {
    const rows = await rowsOf('lond-client', ['limit.init']);
    expect(verdicts(rows)).toEqual(['limit.init not-applicable']);
  });
});
