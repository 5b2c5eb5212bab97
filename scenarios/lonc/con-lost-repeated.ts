/**
 * A-B03, as in schedule L-03: lond closes the connection instead of answering, and the client stays. As written it is told con_lost
 * again after every reconnect.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { seconds } from '../../src/host/time.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT } from './daemons/names.ts';
import { PING } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { allAnswered, answersAreOwn, conLostMet } from './properties/answers.ts';

export const conLostRepeated: Scenario<LinkPlan> = link({
  slug: 'con-lost-repeated',
  title: 'A client is told con_lost once for each request that had no answer.',
  quirk: QUIRK.REPEAT_CON_LOST,
  cast: ({ first, count }) => ({
    peer: 'srv1',
    lond: [`--do=${count}:close`],
    local: [[CLIENT, '--peer=srv1', ...Array.from({ length: count }, (_, index) => `--say=${first + 500 * index}:${PING}`)]],
  }),
  properties: [answersAreOwn, allAnswered(seconds(40)), conLostMet],
  fails: ['answers-are-own'],
  chaos: 40,
  liveness: 60,
});
