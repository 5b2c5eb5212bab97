/**
 * A-B31: lond says a line more than it was asked for, and nobody asks for a while. As written that line is the answer to what is asked next.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { seconds } from '../../src/host/time.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT } from './daemons/names.ts';
import { clearAsk, keyValue } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { allAnswered, answersAreOwn, replyMet } from './properties/answers.ts';

export const idleLinkUnread: Scenario<LinkPlan> = link({
  slug: 'idle-link-unread',
  title: 'A line that nobody asked for is no answer.',
  quirk: QUIRK.IDLE_UNREAD,
  ranges: { gap: [1_000, 4_000] },
  cast: ({ first, gap }) => ({
    lond: [`--do=1:say:${keyValue('h2', 1)}\nstray`],
    local: [[CLIENT, '--peer=h2', `--say=${first}:${clearAsk(1)}`, `--say=${first + gap}:${clearAsk(2)}`]],
  }),
  properties: [answersAreOwn, allAnswered(seconds(40)), replyMet],
  fails: ['answers-are-own'],
});
