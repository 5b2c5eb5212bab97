/**
 * What the cases of a gateway towards lond are made of.
 */
import { type Duration, seconds } from '../../../src/host/time.ts';
import type { Step } from '../../case.ts';
import type { CaseRow, Common } from '../../rows.ts';
import {
  A,
  admits,
  CHALLENGE,
  citing,
  DEADLINE,
  ends,
  greets,
  hears,
  hearsIn,
  LOND,
  LOND2,
  line,
  never,
  OVER,
  quiet,
  SETTLING,
  START,
  say,
  setup,
  turnsAway,
} from '../vocabulary.ts';

export const id = (name: string): string => `lonc.lond-client.${name}`;
export const COMMON: Common = { rev: 1, role: 'lond-client', deadline: DEADLINE };
/** In virtual time only. */
export const SLOW: Partial<CaseRow> = { slow: true, deadline: seconds(1_500) };

export const BROKEN: Step = ends(LOND);
/** Longer than the pause after `ok`: who took something for `ok` has gone on by then. */
export const GOES_ON: Duration = seconds(8);
export const GREETED: readonly Step[] = [START, ...setup('the gateway says init', ...greets(LOND))];
export const ECHOED: readonly Step[] = [
  ...GREETED,
  ...setup('the gateway echoes the challenge', say(LOND, CHALLENGE), hears(LOND, CHALLENGE)),
];
export const ADMITTED: readonly Step[] = [START, ...setup('the gateway is admitted', ...admits(LOND))];
export const ASKED_PONG: readonly Step[] = [...ADMITTED, ...setup('the gateway says pong', hearsIn(SETTLING, LOND, 'pong'))];
/** Nobody asks lond anything on this connection, and no local client is let in. Whether it is closed is left open. */
export const stopsThere = (requirement: string): readonly Step[] => [
  quiet(GOES_ON, LOND2),
  citing(requirement, never(LOND, line('pong'))),
  citing(requirement, turnsAway()),
];
/** lond says this in place of ok. */
export const says = (answer: string, requirement: string): readonly Step[] => [
  ...ECHOED,
  say(LOND, answer),
  ...stopsThere(requirement),
  ...OVER,
];
/** A request on its way, and the client that waits for it. */
export const asks = (text: string): readonly Step[] => setup('a request is on its way', say(A, text), hears(LOND, text));
