/**
 * DC-28: nobody looks at the id of an event before it is sent.
 * May import: check, impl, its own folder.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair } from './pair.ts';
import { cleanStop, requestRefused } from './properties/reach.ts';
import { framesWellFormed, legalOrder } from './properties/wire.ts';

export const undefinedIds: Scenario<LifetimePlan> = pair({
  slug: 'undefined-ids',
  title: 'A child does not send an event whose id is not defined.',
  quirk: QUIRK.UNDEFINED_IDS,
  childArgs: ['--event=0,255'],
  ranges: { stopAfter: [10, 60], extras: [0, 1] },
  properties: [legalOrder, framesWellFormed, requestRefused, cleanStop],
  fails: ['legal-order'],
});
