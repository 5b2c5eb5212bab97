/**
 * The child is killed at one of its Host calls, or loses power, while it starts: after every event it may have sent, and
 * before every one it may not. What the parent has seen is a beginning of the legal order, and then end of file (DC-17).
 */
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { locals } from '../../src/check/plans.ts';
import type { Scenario } from '../../src/check/scenario.ts';
import { millis } from '../../src/host/time.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { CHILD, MACHINE, pair } from './pair.ts';
import { noOrphan, parentEnds, stopsOnEof } from './properties/ends.ts';
import { noViolation, observedAsSent, parentReaps, statusIsTrue } from './properties/parent.ts';
import { cleanStop, killedBeforeRunning, powerCut } from './properties/reach.ts';
import { footerIsLast, framesWellFormed, legalOrder, wholeFrames } from './properties/wire.ts';

/** Programs that are small, so that more kills meet a child that runs. */
const LOADED = millis(4);
/** Two of them one after the other; then six steps of at most 4 ms, and a child makes some forty Host calls meanwhile. */
const CHAOS = millis(60);
const BUDGET: FaultBudget = {
  kinds: { kill: 1, 'power-cut': 1 },
  total: 1,
  longest: millis(50),
  programs: [CHILD],
  machines: [MACHINE],
  severity: { call: 40 },
};

export const killedInStartUp: Scenario<LifetimePlan> = pair({
  slug: 'killed-in-start-up',
  title: 'A child is killed while it starts, and its parent learns of it.',
  budget: BUDGET,
  local: locals({ start: LOADED }),
  // A child that was not spawned yet cannot be killed.
  faults: faults(BUDGET, { until: CHAOS, timeouts: [millis(20)], moments: [LOADED], spread: LOADED }),
  chaos: CHAOS,
  ranges: { stopAfter: [10, 40], openDelay: [0, 4] },
  properties: [
    framesWellFormed,
    legalOrder,
    wholeFrames,
    footerIsLast,
    noViolation,
    observedAsSent,
    statusIsTrue,
    stopsOnEof,
    noOrphan,
    parentReaps,
    parentEnds,
    killedBeforeRunning,
    powerCut,
    cleanStop,
  ],
});
