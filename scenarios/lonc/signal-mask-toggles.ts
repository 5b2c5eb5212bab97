/**
 * A-B01, a variant: after every odd number of transactions the signals of a child are blocked.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT, OPERATOR } from './daemons/names.ts';
import { clearAsk } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { answersAreOwn, replyMet } from './properties/answers.ts';
import { endsWhenTold } from './properties/connection.ts';

export const signalMaskToggles: Scenario<LinkPlan> = link({
  slug: 'signal-mask-toggles',
  title: 'A child that is told to end ends, however many requests it has had.',
  quirk: QUIRK.TOGGLE_MASK,
  cast: ({ first, count }) => ({
    local: [
      [CLIENT, '--peer=h2', `--say=${first}:${Array.from({ length: count }, (_, index) => clearAsk(index)).join('|')}`],
      [OPERATOR, `--send=${first + 1_000}:SIGTERM:h2`],
    ],
  }),
  properties: [endsWhenTold, answersAreOwn, replyMet],
  fails: ['ends-when-told'],
});
