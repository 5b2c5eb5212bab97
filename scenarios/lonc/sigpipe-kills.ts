/**
 * A-B15: requests on a connection that lond has ended, which is noticed late (A-B05). As written the second write kills the child.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT } from './daemons/names.ts';
import { clearAsk } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { answersAreOwn, conLostMet } from './properties/answers.ts';
import { noSigpipe } from './properties/deaths.ts';

export const sigpipeKills: Scenario<LinkPlan> = link({
  slug: 'sigpipe-kills',
  title: 'A child survives its lond.',
  quirks: [QUIRK.DIE_OF_SIGPIPE, QUIRK.DEFER_RECONNECT],
  cast: ({ first, gap }) => ({
    lond: ['--do=1:close'],
    local: [
      [
        CLIENT,
        '--peer=h2',
        `--say=${first}:${[1, 2].map(clearAsk).join('|')}`,
        `--say=${first + 500 + gap}:${[3, 4, 5].map(clearAsk).join('|')}`,
      ],
    ],
  }),
  properties: [noSigpipe, answersAreOwn, conLostMet],
  fails: ['child-survives'],
});
