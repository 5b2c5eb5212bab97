/**
 * A-B06b, as in schedule L-02: half of a reply comes before the limit, half of it after. As written the second half is the reply to the
 * next request.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { seconds } from '../../src/host/time.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT } from './daemons/names.ts';
import { HALF, PING } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { allAnswered, answersAreOwn, conLostMet, replyMet } from './properties/answers.ts';

export const partialReply: Scenario<LinkPlan> = link({
  slug: 'partial-reply',
  title: 'A reply that is late by half is nobody’s.',
  quirk: QUIRK.DROP_PARTIAL,
  ranges: { gap: [100, 200_000], count: [0, 60_000] },
  cast: ({ first, gap, count }) => ({
    peer: 'srv1',
    lond: [`--do=1:half:${300_500 + count}`],
    local: [
      [CLIENT, '--peer=srv1', `--say=${first}:${HALF}`, '--lines=1'],
      [CLIENT, '--peer=srv1', `--say=${first + gap}:${PING}`],
    ],
  }),
  properties: [answersAreOwn, allAnswered(seconds(40)), conLostMet, replyMet],
  fails: ['answers-are-own'],
  chaos: 400,
  liveness: 60,
});
