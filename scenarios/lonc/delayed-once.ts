/**
 * A-B10e: a message is kept while the child serves. As written it waits for the child’s death.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { seconds } from '../../src/host/time.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { KEEPER } from './daemons/names.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { delayedArrives, delayedInOrder, removedWhenAnswered } from './properties/delayed.ts';
import { delayedMet } from './properties/links.ts';

export const delayedOnce: Scenario<LinkPlan> = link({
  slug: 'delayed-once',
  title: 'A message that is kept while a child serves is sent by it.',
  quirk: QUIRK.DELAYED_ONCE,
  cast: ({ first, gap }) => ({
    local: [[KEEPER, '--peer=h2', `--keep=${first}:put:net:all:env:d#=1`, `--keep=${first + gap}:put:net:all:env:d#=1`]],
  }),
  properties: [delayedArrives(seconds(320)), delayedInOrder, removedWhenAnswered, delayedMet],
  fails: ['delayed-arrives'],
  chaos: 20,
  liveness: 400,
});
