/**
 * How much time a computer did not have for a case, and when that is so much that a deadline refutes nothing. Only a real machine
 * strains; virtual time has no such thing.
 * Lacks: how it is measured: src/node/strain.ts.
 */
import type { Duration } from '../../src/host/time.ts';
import { formatTime, millis } from '../../src/host/time.ts';

export interface Strain {
  /** How late the timers of the tester were, all together. */
  readonly lag: Duration;
  /** The longest that one process of the implementation was ready to run and did not. */
  readonly waited: Duration;
  /** How long the machine stood still for its disks or its memory; of somebody who is no child of ours also for its cores. */
  readonly stalled: Duration;
}

/** Measures from when it is asked to begin; each answer is of the time until now. */
export interface Yardstick {
  begin(): () => Strain;
}

/** A tenth of the wait, and never as little as a computer loses that has nothing else to do. */
const SHARE = 10;
const FLOOR: Duration = millis(50);
/** Of what other processes may have waited for: half of the wait. */
const STALLED_SHARE = 2;

export function isStarved({ lag, waited, stalled }: Strain, wait: Duration): boolean {
  const lost = Math.max(lag, waited);
  return (lost >= FLOOR && lost * SHARE >= wait) || (stalled >= FLOOR && stalled * STALLED_SHARE >= wait);
}

export const describeStrain = ({ lag, waited, stalled }: Strain): string =>
  `the timers of the tester were ${formatTime(lag)} late, the implementation was ready to run and did not for ${formatTime(waited)}, ` +
  `the machine stood still for ${formatTime(stalled)}`;
