/**
 * A-B05 and A-B06, as in schedule L-05: one client sends several requests together, and the first is not answered in time. As written the
 * connection is kept, and every later reply on it answers the request before.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { seconds } from '../../src/host/time.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT } from './daemons/names.ts';
import { PING, PUT, SLOW } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { allAnswered, answersAreOwn, conLostMet, replyMet } from './properties/answers.ts';

export const lateReplyPipelined: Scenario<LinkPlan> = link({
  slug: 'late-reply-pipelined',
  title: 'Requests that were sent together are answered in turn, although one of them is not.',
  quirk: QUIRK.DEFER_RECONNECT,
  ranges: { count: [0, 60_000] },
  cast: ({ first, gap, count }) => ({
    peer: 'srv1',
    lond: [`--do=1:late:${300_500 + count}`],
    local: [[CLIENT, '--peer=srv1', `--say=${first}:${SLOW}|${PING}|${PUT}`, `--say=${first + 370_000 + gap}:${PING}`]],
  }),
  properties: [answersAreOwn, allAnswered(seconds(40)), conLostMet, replyMet],
  fails: ['answers-are-own'],
  chaos: 400,
  liveness: 60,
});
