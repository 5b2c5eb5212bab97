/**
 * A-B32: two clients ask at about the same time, and lond takes its time over what the second one asked. As written the first one waits
 * for that as well.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { seconds } from '../../src/host/time.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT } from './daemons/names.ts';
import { clearAsk } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { allAnswered, answersAreOwn, replyMet } from './properties/answers.ts';
import { answersAtOnce } from './properties/connection.ts';

export const answersHeldBack: Scenario<LinkPlan> = link({
  slug: 'answers-held-back',
  title: 'An answer is given when it comes.',
  quirk: QUIRK.HOLD_ANSWERS,
  ranges: { first: [8_000, 9_000], gap: [100, 1_000], count: [20_000, 30_000] },
  cast: ({ first, gap, count }) => ({
    lond: ['--do=1:late:2000', `--do=2:late:${count}`],
    local: [
      [CLIENT, '--peer=h2', `--say=${first}:${clearAsk(1)}`],
      [CLIENT, '--peer=h2', `--say=${first + gap}:${clearAsk(2)}`],
    ],
  }),
  properties: [answersAtOnce, answersAreOwn, allAnswered(seconds(40)), replyMet],
  fails: ['answered-when-it-comes'],
});
