/**
 * A-B15, as in schedule L-04: two requests of one client fail together, which is not noticed (A-B05), and it asks a third time. As written
 * that write kills the child.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT } from './daemons/names.ts';
import { PING, SLOW } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { answersAreOwn, conLostMet } from './properties/answers.ts';
import { noSigpipe } from './properties/deaths.ts';

export const sigpipeKills: Scenario<LinkPlan> = link({
  slug: 'sigpipe-kills',
  title: 'A child survives its lond.',
  quirk: QUIRK.DIE_OF_SIGPIPE,
  cast: ({ first, gap }) => ({
    peer: 'srv1',
    lond: ['--do=1:close'],
    local: [[CLIENT, '--peer=srv1', `--say=${first}:${SLOW}|${PING}`, `--say=${first + 500 + gap}:${PING}`]],
  }),
  properties: [noSigpipe, answersAreOwn, conLostMet],
  fails: ['child-survives'],
  mayFail: ['answers-are-own'],
});
