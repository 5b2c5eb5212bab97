/**
 * The steps of a run, one for each event that a schedule may put off: how many there are, and a plan whose schedule does something in the
 * first so many of them. Drawn without a look at any run they would be too few or too many, and what is to happen in a later step than the
 * last never does.
 * Lacks: runs of which the number is known (run.ts).
 */

import { ZERO } from '../host/time.ts';
import type { DrawObserver } from '../sim/core/chance.ts';
import type { Schedule } from '../sim/core/options.ts';
import { STEPS_LIMIT } from './plan-shape.ts';
import type { CommonPlan } from './scenario.ts';

/** Events after which a run is long enough to be told from others. */
const EVENTS_MOST = 50_000;

interface Counted {
  readonly schedule: Schedule;
  readonly options: { readonly draws: DrawObserver; readonly within: number };
  /** So far, in a run with these. */
  steps(): number;
}

/** Puts nothing off, and draws once in each step. */
export function countedSteps(): Counted {
  let steps = 0;
  const draws: DrawObserver = label => {
    if (label === 'schedule') steps++;
  };
  return { schedule: { strategy: 'walk', window: ZERO }, options: { draws, within: EVENTS_MOST }, steps: () => steps };
}

/** The same plan; where its schedule is about the first steps of a run, they are so many. */
export function withSteps<Plan extends CommonPlan>(plan: Plan, expected: () => number): Plan {
  const { schedule } = plan;
  if (!('steps' in schedule)) return plan;
  return { ...plan, schedule: { ...schedule, steps: Math.min(STEPS_LIMIT, Math.max(1, expected())) } };
}
