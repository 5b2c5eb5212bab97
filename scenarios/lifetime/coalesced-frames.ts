/**
 * DC-21: a parent that makes a new buffered reader for each message throws away what the last one had read ahead. When three
 * frames come with one read it sees the first.
 * May import: check, impl, its own folder.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair, reads } from './pair.ts';
import { nothingUnread, observedAsSent } from './properties/parent.ts';
import { readsSeveralFrames } from './properties/reach.ts';

export const coalescedFrames: Scenario<LifetimePlan> = pair({
  slug: 'coalesced-frames',
  title: 'A parent takes apart what arrives together.',
  quirk: QUIRK.READER_PER_MESSAGE,
  local: reads(2_000, 65_536),
  ranges: { stopAfter: [0, 10], openDelay: [0, 0], p2p: [1, 2], rpc: [1, 2] },
  properties: [observedAsSent, nothingUnread, readsSeveralFrames],
  fails: ['observed-as-sent', 'nothing-unread'],
});
