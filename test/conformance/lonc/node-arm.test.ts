/**
 * The real arm: our gateway and our lond as processes of their own, over loopback and a Unix-domain socket. A few cases of
 * each role: the pause of five seconds in the dialogue is real here, so all of them take minutes.
 */

import { describe, expect, test } from 'vitest';
import { LONC } from '../../../conformance/lonc/suite.ts';
import type { Row } from '../../../conformance/run/runner.ts';
import { realArm } from '../../support/arms.ts';
import { type OwnRun, ownRows, passes, verdictsOf } from '../support.ts';

const arm = await realArm('lonc');
const rows = (role: string, names: readonly string[], more: Partial<OwnRun> = {}): Promise<readonly Row[]> =>
  ownRows({ suite: LONC, role, arm, names, jobs: 3, ...more });

describe('ours, as real processes', () => {
  test('the gateway towards lond', async () => {
    const names = ['dialogue.echo-pieces', 'enc.part', 'reconnect.request', 'end.farewell', 'delayed.order'];
    expect(verdictsOf(await rows('lond-client', names))).toEqual(passes(names));
  });

  test('the gateway towards local clients', async () => {
    const names = ['reply.slow-reader', 'lost.two-clients', 'reply.pieces', 'lost.reset-in-reply', 'socket.removed'];
    expect(verdictsOf(await rows('local', names))).toEqual(passes(names));
  });

  test('lond', async () => {
    const names = [
      'dialogue.whole',
      'enc.eget',
      'greeting.admitted',
      'greeting.address',
      'connections.reset',
      'connections.half-open',
      'end.terminates',
    ];
    expect(verdictsOf(await rows('lond', names))).toEqual(passes(names));
  });

  test('a quirk fails here as it does in virtual time', async () => {
    const args = ['--quirk=close-request-forwarded'];
    expect(verdictsOf(await rows('local', ['close-request.ends'], { args }))).toEqual(['close-request.ends fail']);
  });

  test('what takes minutes is played where the timers run faster', async () => {
    const [row] = await rows('lond-client', ['limit.init'], { timeScale: 50_000 });
    expect(row?.verdict).toEqual({ verdict: 'pass' });
    // A minute of the protocol, less what a silence does not need to be patient about.
    expect(row?.millis).toBeGreaterThan(58_000 / 50);
    expect(row?.millis).toBeLessThan(30_000);
  });

  test('what takes minutes is not played', async () => {
    expect(verdictsOf(await rows('lond-client', ['limit.init']))).toEqual(['limit.init not-applicable']);
  });
});
