/**
 * The recorded runs of traces/: which run each of them is, and how its text is made again. A run that passes is the shortest
 * of the first seeds that meet what it has to show; a failure is the first one found, shrunk.
 * Lacks: files (record-traces.ts writes them, traces.test.ts reads them).
 */

import { traceOf } from '../../src/check/record.ts';
import { planOf, type RunResult, runPlan } from '../../src/check/run.ts';
import type { CommonPlan, Profile, Scenario } from '../../src/check/scenario.ts';
import { shrinkPlan } from '../../src/check/shrink.ts';
import { scenarioNamed } from '../support/protocols.ts';
import { loncRecordings } from './lonc/recordings.ts';
import { rwhoRecordings } from './rwho/recordings.ts';

export interface Recording {
  /** The file is `<slug>@<seed>.jsonl`, in the folder of its protocol. */
  readonly slug: string;
  readonly scenario: string;
  /** `sometimes` properties a run that passes has to meet. */
  readonly meets?: readonly string[];
  readonly where?: (plan: CommonPlan) => boolean;
  /** Recorded as written: the property that fails. */
  readonly violates?: string;
  /** Of a run that passes; default corrected. */
  readonly profile?: Profile;
}

export const recordings: readonly Recording[] = [
  { slug: 'healthy', scenario: 'lifetime/healthy', meets: ['clean-stop'] },
  { slug: 'stopped-while-starting', scenario: 'lifetime/healthy', meets: ['stop-in-start-up'] },
  { slug: 'unknown-type-skipped', scenario: 'lifetime/healthy', meets: ['clean-stop', 'unknown-skipped', 'partial-frame'] },
  { slug: 'killed-before-footer', scenario: 'lifetime/chaos', meets: ['killed-before-footer'] },
  { slug: 'orphaned', scenario: 'lifetime/chaos', meets: ['orphaned'] },
  { slug: 'reader-gone-mid-frame', scenario: 'lifetime/parent-closes-early', meets: ['leaves-mid-frame', 'loss-is-told'] },
  { slug: 'reader-gone-senders-wait', scenario: 'lifetime/full-pipe-closed', profile: 'as-written', meets: ['pipe-full', 'reader-gone'] },
  { slug: 'torn-frame', scenario: 'lifetime/hostile-child', meets: ['violation-seen'], where: isCut },
  { slug: 'lost-shutdown', scenario: 'lifetime/lost-shutdown', violates: 'stops-on-eof' },
  { slug: 'reader-gone-untold', scenario: 'lifetime/parent-closes-early', violates: 'footer-is-last' },
  { slug: 'partial-frame-4096', scenario: 'lifetime/partial-frame', violates: 'whole-frames' },
  { slug: 'leaked-write-end', scenario: 'lifetime/leaked-write-end', violates: 'stops-on-eof' },
  { slug: 'last-frame-lost', scenario: 'lifetime/last-frame-lost', violates: 'footer-is-last' },
  { slug: 'whole-frame-per-chunk', scenario: 'lifetime/whole-frame-per-chunk', violates: 'observed-as-sent' },
  { slug: 'coalesced-frames-lost', scenario: 'lifetime/coalesced-frames', violates: 'observed-as-sent' },
  ...loncRecordings,
  ...rwhoRecordings,
];

function isCut(plan: CommonPlan): boolean {
  return 'attack' in plan && plan.attack === 'cut';
}

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
