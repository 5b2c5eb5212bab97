/**
 * A parent that has read nothing from a full event pipe closes it: whoever waits for room is let go on, and 1,0 or 2,0 will
 * never arrive. This is where a child whose senders wait (DC-06) recovers, so both profiles hold.
 * May import: check, impl, its own folder.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import { OTHER_PARENT } from './daemons/names.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair } from './pair.ts';
import { askedIsSuccess, survivesItsReader } from './properties/child.ts';
import { startUpCompletes, stopsOnEof } from './properties/ends.ts';
import { lossIsTold, pipeFull, readerGone } from './properties/reach.ts';
import { footerIsLast } from './properties/wire.ts';

export const fullPipeClosed: Scenario<LifetimePlan> = pair({
  slug: 'full-pipe-closed',
  title: 'A child whose events wait for a parent that closes the pipe goes on without them.',
  quirk: QUIRK.BLOCKING_NOTIFY,
  parent: OTHER_PARENT,
  parentArgs: ['--deaf', '--prefill', '--closes-at=10'],
  ranges: { stopAfter: [20, 60], openDelay: [0, 4] },
  properties: [startUpCompletes, stopsOnEof, askedIsSuccess, survivesItsReader, footerIsLast, pipeFull, readerGone, lossIsTold],
  fails: [],
});
