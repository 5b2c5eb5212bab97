/**
 * Whether a value from a file is a plan of a scenario: everything a run will use is looked at before the world sees it.
 * Lacks: reading the file (src/trace/decode.ts).
 * May import: host, sim, its own folder.
 */
import { seconds } from '../host/time.ts';
import { faultsShape, withinBudget } from './budget.ts';
import { type CommonPlan, hasProfile, PROFILES, type Scenario } from './scenario.ts';
import { integerFrom, object, oneOf, type Shape, tagged } from './shape.ts';

/** Longest latency of a link in a plan. */
export const LATENCY_LIMIT: number = seconds(60);
/** A read of a stream returns at most what the stream can hold. */
export const READ_LIMIT = 65_536;
export const PCT_DEPTH_LIMIT = 100;

export type PlanCheck<Plan> = { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly why: string };

/** The value as a plan, or the first field that keeps it from being one. */
export function checkPlan<Plan extends CommonPlan>(scenario: Scenario<Plan>, value: unknown): PlanCheck<Plan> {
  const found = planShape(scenario)(value, '');
  if (found !== undefined) return { ok: false, why: found };
  // planShape has looked at every field of CommonPlan, and the scenario's own shape at those that Plan adds.
  const plan = value as Plan;
  const excess = withinBudget(plan.faults, scenario.budget);
  if (excess !== undefined) return { ok: false, why: excess };
  if (!hasProfile(scenario, plan.profile)) return { ok: false, why: `profile: ${scenario.name} has no plans that are ${plan.profile}` };
  return { ok: true, plan };
}

export function planShape<Plan extends CommonPlan>(scenario: Scenario<Plan>): Shape {
  return object({
    profile: oneOf(...PROFILES),
    faults: faultsShape(scenario.budget, scenario.chaos),
    link: linkShape,
    local: localShape,
    schedule: scheduleShape,
    ...scenario.workload,
  });
}

const latency = { latencyMin: integerFrom(0, LATENCY_LIMIT), latencyMax: integerFrom(0, LATENCY_LIMIT) };
const chance = integerFrom(0, 1000);

const linkShape = ordered(object({ ...latency, readMax: integerFrom(1, READ_LIMIT), loss: chance, duplicate: chance, reorder: chance }));
const localShape = ordered(object({ ...latency, readMax: integerFrom(1, READ_LIMIT) }));

const scheduleShape = tagged('strategy', {
  fifo: object({ strategy: oneOf('fifo') }),
  random: object({ strategy: oneOf('random') }),
  pct: object({ strategy: oneOf('pct'), depth: integerFrom(1, PCT_DEPTH_LIMIT) }),
});

function ordered(shape: Shape): Shape {
  return (value, path) => {
    const found = shape(value, path);
    if (found !== undefined) return found;
    // Both are integers: `shape` has just said so.
    const { latencyMin, latencyMax } = value as { latencyMin: number; latencyMax: number };
    return latencyMin <= latencyMax ? undefined : `${path}.latencyMin: must not be above latencyMax, is ${latencyMin} and ${latencyMax}`;
  };
}
