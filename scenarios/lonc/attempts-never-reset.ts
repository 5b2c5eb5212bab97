/**
 * A-B11, as in schedule L-10: a child is killed again and again, each time after a long and healthy life. As written the sixth death ends the
 * link, until SIGUSR1 revives it.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { OPERATOR } from './daemons/names.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { attemptsAsConfigured, oneChildPerHost, restartedAtOnce, restartMet } from './properties/children.ts';

export const attemptsNeverReset: Scenario<LinkPlan> = link({
  slug: 'attempts-never-reset',
  title: 'Only deaths in a row are counted.',
  quirk: QUIRK.NEVER_RESET,
  cast: ({ first, gap }) => ({
    gateway: true,
    local: [
      [
        OPERATOR,
        ...Array.from({ length: 6 }, (_, index) => `--send=${first + (950_000 + gap) * (index + 1)}:SIGKILL:h2`),
        `--send=${first + (950_000 + gap) * 7}:SIGUSR1:gateway`,
      ],
    ],
  }),
  properties: [attemptsAsConfigured, restartedAtOnce, oneChildPerHost, restartMet],
  fails: ['attempts-as-configured'],
  chaos: 7_000,
  liveness: 60,
});
