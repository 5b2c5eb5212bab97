/**
 * A-B30: a lond that closes the connection instead of admitting. As written the child holds its end until its back-off is over.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { closesFailed } from './properties/connection.ts';
import { backOffMet } from './properties/links.ts';

export const failedLinkHeld: Scenario<LinkPlan> = link({
  slug: 'failed-link-held',
  title: 'A connection whose dialogue has failed is closed.',
  quirk: QUIRK.HOLD_FAILED,
  cast: ({ turn }) => ({ lond: [`--closes=${turn === 0 ? 'init' : 'challenge'}`] }),
  properties: [closesFailed, backOffMet],
  fails: ['failed-link-is-closed'],
});
