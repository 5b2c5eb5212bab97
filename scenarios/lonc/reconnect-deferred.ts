/**
 * A-B05: two requests of one client fail together. As written their two answers are not the marker by which the loss is seen, and
 * the dead connection is kept.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { seconds } from '../../src/host/time.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT } from './daemons/names.ts';
import { clearAsk } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { allAnswered, answersAreOwn, conLostMet } from './properties/answers.ts';
import { reconnects } from './properties/connection.ts';
import { lostMet } from './properties/links.ts';

export const reconnectDeferred: Scenario<LinkPlan> = link({
  slug: 'reconnect-deferred',
  title: 'A connection that lond has ended is opened again at once.',
  quirk: QUIRK.DEFER_RECONNECT,
  ranges: { first: [6_000, 8_000] },
  cast: ({ first, gap }) => ({
    lond: ['--do=1:close'],
    local: [[CLIENT, '--peer=h2', `--say=${first}:${clearAsk(1)}|${clearAsk(2)}`, `--say=${first + 6_000 + gap}:${clearAsk(3)}`]],
  }),
  properties: [answersAreOwn, reconnects, allAnswered(seconds(40)), conLostMet, lostMet],
  fails: ['reconnects-after-loss'],
  mayFail: ['answers-are-own'],
  chaos: 10,
  liveness: 60,
});
