/**
 * How a recording is made again. A run that passes is the shortest
 * of the first seeds that meet what it has to show; a failure is the first one found, shrunk.
 * Lacks: files (record-traces.ts writes them, traces.test.ts reads them).
 */

import { traceOf } from '../../src/check/record.ts';
import type { Recording } from '../../src/check/recording.ts';
import { planOf, type RunResult, runPlan } from '../../src/check/run.ts';
import type { Profile, Scenario } from '../../src/check/scenario.ts';
import { shrinkPlan } from '../../src/check/shrink/shrink.ts';
import { scenarioNamed } from '../support/protocols.ts';

export interface Recorded {
  readonly seed: number;
  readonly text: string;
}

/** Seeds looked at for each recording. */
const SEEDS = 200;

export function record(recording: Recording): Recorded {
  const scenario = scenarioNamed(recording.scenario);
  if (scenario === undefined) throw new Error(`${recording.slug}: there is no scenario ${recording.scenario}`);
  const found = recording.violates === undefined ? recordPass(scenario, recording) : recordFailure(scenario, recording.violates);
  if (found === undefined) throw new Error(`${recording.slug}: none of the first ${SEEDS} seeds shows it`);
  return found;
}

function recordPass(scenario: Scenario, { meets = [], where = () => true, profile = 'corrected' }: Recording): Recorded | undefined {
  let best: Recorded | undefined;
  for (const result of runs(scenario, profile)) {
    if (result.outcome !== 'pass' || !where(result.plan) || !meets.every(each => result.met.includes(each))) continue;
    const text = textOf(scenario, result, 'sim', '');
    if (best === undefined || text.length < best.text.length) best = { seed: result.seed, text };
  }
  return best;
}

function recordFailure(scenario: Scenario, property: string): Recorded | undefined {
  for (const { plan, seed, violations } of runs(scenario, 'as-written')) {
    if (!violations.some(each => each.property === property)) continue;
    const shrunk = shrinkPlan(scenario, plan, seed, property);
    return shrunk === undefined ? undefined : { seed, text: textOf(scenario, shrunk.result, 'shrunk', property) };
  }
  return undefined;
}

function* runs(scenario: Scenario, profile: Profile): Generator<RunResult, void> {
  for (let seed = 0; seed < SEEDS; seed++) yield runPlan(scenario, planOf(scenario, seed, profile), seed, { keep: true });
}

/** The text of a run as the recorder writes it; `property` is the one that failed, '' for none. */
export function textOf(scenario: Scenario, result: RunResult, kind: 'sim' | 'shrunk', property: string): string {
  return [...traceOf(scenario, result, property === '' ? { kind } : { kind, property })].join('');
}
