/**
 * A-B12, as in schedule L-07: SIGUSR1 to the gateway, which passes it on to a child that waits for requests. As written that child serves
 * nobody until somebody connects; then it serves who has asked meanwhile, and closes all who were silent.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { seconds } from '../../src/host/time.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT, OPERATOR } from './daemons/names.ts';
import { clearAsk } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { allAnswered, answersAreOwn, replyMet } from './properties/answers.ts';
import { onlineMet } from './properties/links.ts';

/** By then the child is online: the dialogue has a pause of 5 s. */
const OPEN = 5_900;

export const statusSignalHangs: Scenario<LinkPlan> = link({
  slug: 'status-signal-hangs',
  title: 'A child that tells its status goes on serving.',
  quirk: QUIRK.HANG_ON_USR1,
  cast: ({ first, gap, count }) => ({
    gateway: true,
    local: [
      [OPERATOR, `--send=${first}:SIGUSR1:gateway`],
      [CLIENT, '--peer=h2', `--open=${OPEN}`],
      [CLIENT, '--peer=h2', `--open=${OPEN}`, `--say=${first + 1_500 + gap}:${clearAsk(count)}`],
      // Later than the others may have to wait.
      [CLIENT, '--peer=h2', `--open=${45_000 + gap}`],
    ],
  }),
  properties: [answersAreOwn, allAnswered(seconds(20)), onlineMet, replyMet],
  fails: ['all-answered'],
});
