/**
 * A parent and a child that are left in peace: any segmentation, any order of what is ready at once, a stop at any time.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair } from './pair.ts';
import { askedIsSuccess } from './properties/child.ts';
import { noOrphan, parentEnds, startUpCompletes, stopsOnEof } from './properties/ends.ts';
import { nothingUnread, noViolation, observedAsSent, parentReaps, statusIsTrue } from './properties/parent.ts';
import { cleanStop, readsPartialFrame, readsSeveralFrames, stopInStartUp, unknownSkipped } from './properties/reach.ts';
import { footerIsLast, framesWellFormed, legalOrder, stopIsAnnounced, wholeFrames } from './properties/wire.ts';

export const healthy: Scenario<LifetimePlan> = pair({
  slug: 'healthy',
  title: 'A parent starts a child, follows its events, and stops it by closing the control pipe.',
  properties: [
    framesWellFormed,
    legalOrder,
    wholeFrames,
    footerIsLast,
    stopIsAnnounced,
    askedIsSuccess,
    noViolation,
    observedAsSent,
    nothingUnread,
    statusIsTrue,
    startUpCompletes,
    stopsOnEof,
    noOrphan,
    parentReaps,
    parentEnds,
    cleanStop,
    stopInStartUp,
    readsPartialFrame,
    readsSeveralFrames,
    unknownSkipped,
  ],
  fails: ['observed-as-sent', 'nothing-unread', 'stops-on-eof', 'stop-is-announced'],
  mayFail: ['footer-is-last', 'asked-is-success'],
});
