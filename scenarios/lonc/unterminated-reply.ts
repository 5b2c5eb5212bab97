/**
 * A-B24: a reply that is cut off by the end of the connection. As written what came of it is passed on, without an end.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { seconds } from '../../src/host/time.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT } from './daemons/names.ts';
import { clearAsk } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { allAnswered, answersAreOwn, conLostMet } from './properties/answers.ts';

export const unterminatedReply: Scenario<LinkPlan> = link({
  slug: 'unterminated-reply',
  title: 'A reply that is cut off is none.',
  quirk: QUIRK.PASS_UNTERMINATED,
  cast: ({ first, gap }) => ({
    lond: ['--do=1:cut'],
    local: [[CLIENT, '--peer=h2', `--say=${first}:${clearAsk(1)}`, `--say=${first + 7_000 + gap}:${clearAsk(2)}`]],
  }),
  properties: [answersAreOwn, allAnswered(seconds(40)), conLostMet],
  fails: ['answers-are-own'],
  mayFail: ['all-answered'],
});
