/**
 * A-B14: SIGUSR1 to a gateway when the last attempt for a host is alive. As written a second child is started.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { OPERATOR } from './daemons/names.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { attemptsAsConfigured, oneChildPerHost, restartMet } from './properties/children.ts';

export const rearmDuplicatesChild: Scenario<LinkPlan> = link({
  slug: 'rearm-duplicates-child',
  title: 'Nobody gets a second child while the first one lives.',
  quirks: [QUIRK.DUPLICATE_CHILD],
  ranges: { count: [4, 6] },
  cast: ({ first, gap, count }) => ({
    gateway: true,
    local: [
      [
        OPERATOR,
        ...Array.from({ length: count }, (_, index) => `--send=${first + 300 * index}:SIGKILL:h2`),
        `--send=${first + 300 * count + gap}:SIGUSR1:gateway`,
      ],
    ],
  }),
  properties: [oneChildPerHost, attemptsAsConfigured, restartMet],
  fails: ['one-child-per-host'],
});
