/**
 * A-B14, as in schedule L-08: SIGUSR1 to a gateway when the last attempt for a host is alive. As written a second child is started, which
 * takes the socket; who is connected to the first one waits for nothing (A-B12).
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { seconds } from '../../src/host/time.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT, OPERATOR } from './daemons/names.ts';
import { clearAsk } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { allAnswered, answersAreOwn } from './properties/answers.ts';
import { attemptsAsConfigured, oneChildPerHost, restartMet } from './properties/children.ts';

export const rearmDuplicatesChild: Scenario<LinkPlan> = link({
  slug: 'rearm-duplicates-child',
  title: 'Nobody gets a second child while the first one lives.',
  quirk: QUIRK.DUPLICATE_CHILD,
  ranges: { count: [4, 6] },
  cast: ({ first, gap, count }) => {
    const kills = Array.from({ length: count }, (_, index) => `--send=${first + 300 * index}:SIGKILL:h2`);
    // The dialogue of the last child has a pause of 5 s.
    const online = first + 300 * count + 6_000;
    return {
      gateway: true,
      local: [
        [OPERATOR, ...kills, `--send=${online + 500 + gap}:SIGUSR1:gateway`],
        [CLIENT, '--peer=h2', `--open=${online}`, `--say=${online + 5_000}:${clearAsk(count)}`],
      ],
    };
  },
  properties: [oneChildPerHost, attemptsAsConfigured, answersAreOwn, allAnswered(seconds(20)), restartMet],
  fails: ['one-child-per-host', 'all-answered'],
  chaos: 30,
});
