/**
 * The real arm: our rwhod and its readers as processes of their own, on two addresses of the loopback; with who is logged in.
 */

import { describe, expect, test } from 'vitest';
import type { Row } from '../../../conformance/run/runner.ts';
import { RWHO } from '../../../conformance/rwho/suite.ts';
import { realArm } from '../../support/arms.ts';
import { type OwnRun, ownRows, passes, verdictsOf } from '../support.ts';

const arm = await realArm('rwho');
const rows = (role: string, names: readonly string[], more: Partial<OwnRun> = {}): Promise<readonly Row[]> =>
  ownRows({ suite: RWHO, role, arm, names, ...more });

describe('ours, as real processes', () => {
  test('what it says', async () => {
    const names = ['unasked', 'port', 'send-time', 'zero', 'nobody', 'people', 'full', 'cut', 'ends'];
    expect(verdictsOf(await rows('sender', names))).toEqual(passes(names));
  });

  test('what it keeps', async () => {
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
    expect(verdictsOf(await rows('receiver', names))).toEqual(passes(names));
  });

  test('what its readers show', async () => {
    const names = ['up', 'sorted', 'counted', 'people', 'printable'];
    expect(verdictsOf(await rows('receiver', names))).toEqual(passes(names));
  });

  test('quirks fail here as they do in virtual time', async () => {
    // On a busy computer it may be undecided; it never passes.
    expect(verdictsOf(await rows('receiver', ['late'], { args: ['--quirk=late-report-wins'] }))).toEqual([
      expect.stringMatching(/^late (?:fail|inconclusive)$/),
    ]);
    expect(verdictsOf(await rows('sender', ['full'], { args: ['--quirk=last-slot-unused'] }))).toEqual([
      expect.stringMatching(/^full (?:fail|inconclusive)$/),
    ]);
  });

  test('an interval passes sooner where the timers run faster', async () => {
    const [row] = await rows('sender', ['interval'], { timeScale: 40_000 });
    expect(row?.verdict).toEqual({ verdict: 'pass' });
    expect(row?.millis).toBeGreaterThan(150_000 / 40);
  });
});
