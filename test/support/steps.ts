/** How many steps the run of a plan has when its schedule puts nothing off. */
import { runPlan } from '../../src/check/run.ts';
import type { CommonPlan, Scenario } from '../../src/check/scenario.ts';
import { ZERO } from '../../src/host/time.ts';
import type { Schedule } from '../../src/sim/core/options.ts';

/** Draws once in each step. */
const NOTHING_LATE: Schedule = { strategy: 'walk', window: ZERO };

export function stepsOf(scenario: Scenario, plan: CommonPlan, seed: number): number {
  let steps = 0;
  const draws = (label: string): void => {
    if (label === 'schedule') steps++;
  };
  runPlan(scenario, { ...plan, schedule: NOTHING_LATE }, seed, { draws });
  return steps;
}
