/**
 * The run nearest to a failure that passes: the same plan and seed but for one thing, as little as possible. What differs between the two runs
 * is what made it fail.
 * Lacks: nearness in anything but the plan; two things at a time, unless they are faults.
 */
import { canonicalJson } from '../trace/canonical.ts';
import type { JsonValue } from '../trace/event.ts';
import { type RunResult, runPlan } from './run.ts';
import type { CommonPlan, Scenario } from './scenario.ts';
import { type Edit, fewerFaults, fewerItems, quieterDelays, quieterMachines, quieterSchedule, same, Values } from './shrink/passes.ts';
import { faultText } from './story/story.ts';

export interface Nearest<Plan extends CommonPlan = CommonPlan> {
  readonly plan: Plan;
  /** Passes, and has its events. */
  readonly result: RunResult<Plan>;
  /** What is otherwise, a line each: `without fault kill at …`. */
  readonly otherwise: readonly string[];
  readonly runs: number;
}

export const NEAREST_RUNS = 300;

/** The first that passes of: a fault or two less, events in the order of time, the least delays, fewer items or smaller values of the workload, no fault, other programs. */
export function nearestPassing<Plan extends CommonPlan>(
  scenario: Scenario<Plan>,
  plan: Plan,
  seed: number,
  maxRuns: number = NEAREST_RUNS,
): Nearest<Plan> | undefined {
  let runs = 0;
  for (const candidate of candidatesOf(scenario, plan, seed)) {
    if (runs >= maxRuns) return undefined;
    runs++;
    const result = runPlan(scenario, candidate, seed, { keep: true });
    if (result.outcome === 'pass') return { plan: candidate, result, otherwise: otherwise(plan, candidate), runs };
  }
  return undefined;
}

function* candidatesOf<Plan extends CommonPlan>(scenario: Scenario<Plan>, plan: Plan, seed: number): Generator<Plan, void> {
  const values = new Values(scenario, plan, seed);
  const possible = function* (edits: readonly Edit<Plan>[]): Generator<Plan, void> {
    for (const edit of edits) {
      const other = edit(plan)?.plan;
      if (other !== undefined && !same(other, plan) && values.possible(other)) yield other;
    }
  };
  yield* possible(fewerFaults(plan));
  yield* possible([...quieterSchedule<Plan>(), ...quieterDelays<Plan>(), ...quieterMachines<Plan>()]);
  yield* possible(fewerItems(plan));
  for (const each of values.smaller(plan, 'workload')) yield each.plan;
  if (plan.faults.length > 2) yield { ...plan, faults: [] };
  if (plan.profile !== 'corrected') yield { ...plan, profile: 'corrected' };
}

function otherwise(plan: CommonPlan, other: CommonPlan): readonly string[] {
  const before = new Map<string, unknown>(Object.entries(plan));
  const after = new Map<string, unknown>(Object.entries(other));
  const lines = plan.faults.filter(fault => !other.faults.some(each => same(each, fault))).map(fault => `without ${faultText(fault)}`);
  for (const field of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(field), after.get(field)];
    if (field !== 'faults' && !same(was, is)) lines.push(`with ${field} ${shown(is)} instead of ${shown(was)}`);
  }
  return lines;
}

/** A plan holds JSON values only: Scenario promises it. */
const shown = (value: unknown): string => {
  const text = value === undefined ? 'none' : canonicalJson(value as JsonValue);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
};
const SHOWN = 120;
