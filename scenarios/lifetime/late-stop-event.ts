/**
 * DC-03: since 2020 the child says that it is about to stop its server when it has done so. It still says it before 2,0, so a
 * parent cannot tell; the child's log can.
 * May import: check, impl, its own folder.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair } from './pair.ts';
import { cleanStop } from './properties/reach.ts';
import { legalOrder, stopIsAnnounced } from './properties/wire.ts';

export const lateStopEvent: Scenario<LifetimePlan> = pair({
  slug: 'late-stop-event',
  title: 'A child says that it is about to stop its server, and then stops it.',
  quirk: QUIRK.STOP_SERVER_LATE,
  ranges: { openDelay: [0, 3] },
  properties: [stopIsAnnounced, legalOrder, cleanStop],
  fails: ['stop-is-announced'],
});
