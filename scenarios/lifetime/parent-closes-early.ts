/**
 * DC-07: a parent closes its end of the event pipe after some bytes, in the middle of a frame as often as not. The child goes
 * on without it; what was lost it tells its log. As written every quirk is on: senders wait for a writer that is about to
 * find out, are let go on, and nobody is told.
 * May import: check, impl, its own folder.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { OTHER_PARENT } from './daemons/names.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair } from './pair.ts';
import { askedIsSuccess, survivesItsReader } from './properties/child.ts';
import { startUpCompletes, stopsOnEof } from './properties/ends.ts';
import { leavesMidFrame, lossIsTold, readerGone } from './properties/reach.ts';
import { footerIsLast, framesWellFormed } from './properties/wire.ts';

export const parentClosesEarly: Scenario<LifetimePlan> = pair({
  slug: 'parent-closes-early',
  title: 'A child whose parent no longer reads its events runs and stops as if it did, and says what was lost.',
  parent: OTHER_PARENT,
  parentArgs: ['--closes-after=30'],
  ranges: { stopAfter: [5, 40], openDelay: [0, 4] },
  properties: [
    startUpCompletes,
    stopsOnEof,
    askedIsSuccess,
    survivesItsReader,
    framesWellFormed,
    footerIsLast,
    readerGone,
    leavesMidFrame,
    lossIsTold,
  ],
  fails: ['footer-is-last'],
  mayFail: ['stops-on-eof', 'asked-is-success'],
});
