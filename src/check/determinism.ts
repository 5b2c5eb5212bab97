/**
 * The same scenario, plan and seed must give the same events: in this process, in another, on another machine.
 * One line for each run, `scenario profile seed fingerprint`, is all that two processes have to compare.
 * Lacks: the second process (cli starts it).
 */
import type { TraceEvent } from '../trace/event.ts';
import { planOf, runPlan } from './run.ts';
import type { CommonPlan, Scenario } from './scenario.ts';
import { type SweepRange, sweep } from './sweep.ts';

export function* fingerprintLines<Plan extends CommonPlan>(scenario: Scenario<Plan>, range: SweepRange): Generator<string, void> {
  for (const result of sweep(scenario, range)) yield `${scenario.name} ${range.profile} ${result.seed} ${result.fingerprint}`;
}

export interface Mismatch {
  /** `scenario profile seed`. */
  readonly run: string;
  /** `undefined`: this side has no such run. */
  readonly left: string | undefined;
  readonly right: string | undefined;
}
export interface Comparison {
  readonly equal: number;
  readonly mismatches: readonly Mismatch[];
}

/** Lines in any order; the last of two lines for one run counts, and a line of another form is a run of its own. */
export function compareFingerprints(left: Iterable<string>, right: Iterable<string>): Comparison {
  const [one, other] = [byRun(left), byRun(right)];
  const runs = [...new Set([...one.keys(), ...other.keys()])];
  const mismatches = runs.filter(run => one.get(run) !== other.get(run)).map(run => ({ run, left: one.get(run), right: other.get(run) }));
  return { equal: runs.length - mismatches.length, mismatches };
}

function byRun(lines: Iterable<string>): Map<string, string> {
  const runs = new Map<string, string>();
  for (const line of lines) {
    const space = line.lastIndexOf(' ');
    if (line !== '') runs.set(line.slice(0, Math.max(space, 0)), line.slice(space + 1));
  }
  return runs;
}

/** The events of one run, to be compared with those another process has of it. */
export function eventsOf<Plan extends CommonPlan>(scenario: Scenario<Plan>, seed: number, profile: Plan['profile']): readonly TraceEvent[] {
  return runPlan(scenario, planOf(scenario, seed, profile), seed, { keep: true }).events ?? [];
}
