/**
 * DC-16: a copy of the control pipe's write end in the child itself. There is no end of file then, whoever closes what, and
 * not even the death of the parent is seen.
 * May import: check, impl, its own folder.
 */

import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import type { Scenario } from '../../src/check/scenario.ts';
import { millis } from '../../src/host/time.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { PARENT, pair } from './pair.ts';
import { noOrphan, stopsOnEof } from './properties/ends.ts';
import { cleanStop, orphaned } from './properties/reach.ts';

const CHAOS = millis(60);
const KILL_PARENT: FaultBudget = { kinds: { kill: 1 }, total: 1, longest: CHAOS, programs: [PARENT], severity: { call: 12 } };

export const leakedWriteEnd: Scenario<LifetimePlan> = pair({
  slug: 'leaked-write-end',
  title: 'A child ends when its parent closes the control pipe or is killed.',
  quirk: QUIRK.LEAK_CONTROL,
  budget: KILL_PARENT,
  faults: faults(KILL_PARENT, { until: CHAOS, timeouts: [CHAOS] }),
  chaos: CHAOS,
  ranges: { openDelay: [0, 3] },
  properties: [stopsOnEof, noOrphan, orphaned, cleanStop],
  fails: ['stops-on-eof', 'no-orphan'],
});
