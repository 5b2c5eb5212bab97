/**
 * DC-22: a parent that has both addresses stops reading the event pipe. It misses the end of start-up and everything after it.
 * May import: check, impl, its own folder.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair } from './pair.ts';
import { parentEnds } from './properties/ends.ts';
import { nothingUnread, observedAsSent } from './properties/parent.ts';
import { cleanStop } from './properties/reach.ts';

export const stopsReading: Scenario<LifetimePlan> = pair({
  slug: 'stops-reading',
  title: 'A parent reads to the end.',
  quirk: QUIRK.STOP_READING,
  ranges: { stopAfter: [5, 60], p2p: [1, 2], rpc: [1, 2] },
  properties: [nothingUnread, observedAsSent, parentEnds, cleanStop],
  fails: ['nothing-unread'],
});
