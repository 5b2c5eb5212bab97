/**
 * A-B06, as in schedule L-01: the reply to a request comes after its limit, while another client waits. As written the other client
 * gets it. It takes A-B05, too: where the connection is given up at once, nobody reads the late reply.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { seconds } from '../../src/host/time.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT } from './daemons/names.ts';
import { PING, SLOW } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { allAnswered, answersAreOwn, conLostMet, replyMet } from './properties/answers.ts';

export const lateReply: Scenario<LinkPlan> = link({
  slug: 'late-reply',
  title: 'A reply that comes too late is nobody’s.',
  quirk: QUIRK.KEEP_LATE_REPLY,
  ranges: { gap: [100, 200_000], count: [0, 60_000] },
  cast: ({ first, gap, count }) => ({
    peer: 'srv1',
    lond: [`--do=1:late:${300_500 + count}`],
    local: [
      [CLIENT, '--peer=srv1', `--say=${first}:${SLOW}`, '--lines=1'],
      [CLIENT, '--peer=srv1', `--say=${first + gap}:${PING}`],
    ],
  }),
  properties: [answersAreOwn, allAnswered(seconds(40)), conLostMet, replyMet],
  fails: ['answers-are-own'],
  chaos: 400,
  liveness: 60,
});
