/**
 * DC-08: the source of a payload fails in the middle. Two files make one payload, and the second is not there: as written the
 * first 4096 bytes are in the pipe by then, and stay there. A child that reads a payload whole before it sends the first
 * byte drops the message and goes on.
 * May import: check, impl, its own folder.
 */

import type { Scenario } from '../../src/check/scenario.ts';
import { utf8 } from '../../src/host/bytes.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair } from './pair.ts';
import { noViolation, observedAsSent } from './properties/parent.ts';
import { cleanStop, requestRefused } from './properties/reach.ts';
import { footerIsLast, wholeFrames } from './properties/wire.ts';

/** More than the buffer of 4096 bytes through which the published writer sends. */
const HALF = utf8('.'.repeat(4_200));

export const partialFrame: Scenario<LifetimePlan> = pair({
  slug: 'partial-frame',
  title: 'A child whose payload cannot be read to its end sends whole frames or nothing.',
  quirk: QUIRK.PARTIAL_FRAME,
  files: { '/var/half': HALF },
  childArgs: ['--blob=note:/var/half,/var/other-half'],
  ranges: { stopAfter: [10, 60], extras: [0, 1] },
  properties: [wholeFrames, footerIsLast, noViolation, observedAsSent, requestRefused, cleanStop],
  fails: ['whole-frames', 'no-violation'],
});
