/**
 * A-B10: several messages wait. As written they are sent in the order of the directory.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { seconds } from '../../src/host/time.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { KEEPER } from './daemons/names.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { delayedArrives, delayedInOrder, removedWhenAnswered } from './properties/delayed.ts';
import { delayedMet } from './properties/links.ts';

export const delayedOrder: Scenario<LinkPlan> = link({
  slug: 'delayed-order',
  title: 'Delayed messages are sent in the order in which they were kept.',
  quirk: QUIRK.DIRECTORY_ORDER,
  ranges: { gap: [0, 2_000], count: [2, 8] },
  cast: ({ gap, count }) => ({
    local: [[KEEPER, '--peer=h2', ...Array.from({ length: count }, (_, index) => `--keep=${gap + 300 * index}:put:net:all:env:d#=1`)]],
  }),
  properties: [delayedInOrder, removedWhenAnswered, delayedArrives(seconds(40)), delayedMet],
  fails: ['delayed-in-order'],
});
