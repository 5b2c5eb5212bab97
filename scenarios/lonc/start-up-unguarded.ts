/**
 * A-B29: SIGTERM to a gateway that has just started. As written it dies of it.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { OPERATOR } from './daemons/names.ts';
import { LATER, type LinkPlan, link } from './parts/link.ts';
import { startsMet } from './properties/children.ts';
import { endsInOrder } from './properties/connection.ts';

export const startUpUnguarded: Scenario<LinkPlan> = link({
  slug: 'start-up-unguarded',
  title: 'A gateway that is told to end while it starts ends in order.',
  quirk: QUIRK.UNGUARDED_START,
  ranges: { gap: [1, 50] },
  cast: ({ gap }) => ({ gateway: true, local: [[OPERATOR, `--send=${LATER + gap}:SIGTERM:gateway`]] }),
  properties: [endsInOrder, startsMet],
  fails: ['ends-in-order'],
});
