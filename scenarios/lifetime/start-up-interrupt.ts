/**
 * DC-23: a child that is asked to stop while it creates its server exits with status 1, and one step earlier or later with
 * status 0: as if being asked were a failure, some of the time.
 * May import: check, impl, its own folder.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair } from './pair.ts';
import { askedIsSuccess } from './properties/child.ts';
import { statusIsTrue } from './properties/parent.ts';
import { stopInStartUp } from './properties/reach.ts';
import { legalOrder } from './properties/wire.ts';

export const startUpInterrupt: Scenario<LifetimePlan> = pair({
  slug: 'start-up-interrupt',
  title: 'A child that is asked to stop while it starts exits with status 0.',
  quirk: QUIRK.START_UP_STATUS,
  ranges: { stopAfter: [0, 20], openDelay: [2, 6] },
  properties: [askedIsSuccess, statusIsTrue, legalOrder, stopInStartUp],
  fails: ['asked-is-success'],
});
