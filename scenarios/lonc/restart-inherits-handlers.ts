/**
 * A-B13, as in schedule L-09: SIGTERM to a child that was started again. As written it has the handlers of its parent, and ends all the
 * others, which their parent starts again.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { OPERATOR } from './daemons/names.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { oneChildPerHost, restartMet } from './properties/children.ts';
import { keepsToItself } from './properties/connection.ts';

export const restartInheritsHandlers: Scenario<LinkPlan> = link({
  slug: 'restart-inherits-handlers',
  title: 'A child that is told to end ends itself.',
  quirk: QUIRK.INHERIT_HANDLERS,
  cast: ({ first, gap }) => ({
    gateway: true,
    ownLond: true,
    knows: ['h1', 'h2'],
    local: [[OPERATOR, `--send=${first}:SIGKILL:h2`, `--send=${first + 500 + gap}:SIGTERM:h2`]],
  }),
  properties: [keepsToItself, oneChildPerHost, restartMet],
  fails: ['child-keeps-to-itself'],
});
