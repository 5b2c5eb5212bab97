/**
 * A-B21: lond is gone, and the child backs off. As written its socket stays open, and clients wait for nothing.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { seconds } from '../../src/host/time.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT } from './daemons/names.ts';
import { clearAsk } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { allAnswered, answersAreOwn, conLostMet } from './properties/answers.ts';
import { backOffMet } from './properties/links.ts';

export const listensInBackOff: Scenario<LinkPlan> = link({
  slug: 'listens-in-back-off',
  title: 'Nobody waits for a child that backs off.',
  quirk: QUIRK.LISTEN_IN_BACK_OFF,
  ranges: { gap: [200, 9_000] },
  cast: ({ first, gap }) => ({
    lond: ['--until=1', '--do=1:close'],
    local: [
      [CLIENT, '--peer=h2', `--say=${first}:${clearAsk(1)}`],
      [CLIENT, '--peer=h2', `--say=${first + gap}:${clearAsk(2)}`],
    ],
  }),
  properties: [answersAreOwn, allAnswered(seconds(60)), conLostMet, backOffMet],
  fails: ['all-answered'],
});
