/**
 * DC-01: the comment of the published source gives P2P events the id of a ticket database, the constants do not. A parent that
 * believes the comment reports the start of the P2P server as that of a ticket database.
 * May import: check, impl, its own folder.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair } from './pair.ts';
import { noViolation, observedAsSent } from './properties/parent.ts';
import { cleanStop } from './properties/reach.ts';

export const eventIds: Scenario<LifetimePlan> = pair({
  slug: 'event-ids',
  title: 'A parent names the events of its child by the constants.',
  quirk: QUIRK.COMMENT_IDS,
  properties: [observedAsSent, noViolation, cleanStop],
  fails: ['observed-as-sent'],
});
