/**
 * Many seeds of one scenario: counts that can be added up over workers, and what they mean.
 * A sweep proves something only if it tried: a fault that was armed and never fired, and a `sometimes` that was never met,
 * are findings, and no run at all has a verdict of its own.
 * Lacks: clocks, workers and screens (cli); it yields after every run so that the caller may stop.
 */
import type { FaultKind } from '../sim/fault.ts';
import { NONDETERMINISM } from './repeat.ts';
import { planOf, type RunOptions, type RunResult, runPlan } from './run.ts';
import { type CommonPlan, type ExpectedFailure, type Profile, propertiesOf, type Scenario } from './scenario.ts';
import { WORLD_PROPERTY_NAMES } from './world/world.ts';

export interface SweepRange {
  /** First and last seed, both included. */
  readonly from: number;
  readonly to: number;
  readonly profile: Profile;
}

/** One run after the other. The caller adds them up with `countRun` and may stop between any two. */
export function* sweep<Plan extends CommonPlan>(
  scenario: Scenario<Plan>,
  range: SweepRange,
  options: RunOptions = {},
): Generator<RunResult<Plan>, void> {
  for (let seed = range.from; seed <= range.to; seed++) {
    yield runPlan(scenario, planOf(scenario, seed, range.profile), seed, options);
  }
}

/** Failing seeds kept of each property. */
export const SEEDS_KEPT = 10;

export interface FailureCount {
  readonly runs: number;
  /** The lowest failing seeds, ascending. */
  readonly seeds: readonly number[];
}
export interface FaultCount {
  readonly armed: number;
  readonly fired: number;
}

/** JSON values only, so that a worker can send it. Every count is a sum: the order of adding does not matter. */
export interface SweepCounts {
  readonly scenario: string;
  readonly profile: Profile;
  readonly runs: number;
  readonly failed: number;
  readonly events: number;
  /** Simulated microseconds of all runs together. */
  readonly simulated: number;
  readonly failures: Readonly<Record<string, FailureCount>>;
  /** Runs that met each `sometimes`. */
  readonly met: Readonly<Record<string, number>>;
  /** Runs that could not tell whether a property holds. */
  readonly undecided: Readonly<Record<string, number>>;
  readonly faults: Readonly<Partial<Record<FaultKind, FaultCount>>>;
}

export function noCounts(scenario: Pick<Scenario, 'name'>, profile: Profile): SweepCounts {
  return {
    scenario: scenario.name,
    profile,
    runs: 0,
    failed: 0,
    events: 0,
    simulated: 0,
    failures: {},
    met: {},
    undecided: {},
    faults: {},
  };
}

export function countRun(counts: SweepCounts, result: RunResult): SweepCounts {
  const failures = result.violations.map(({ property }) => [property, { runs: 1, seeds: [result.seed] }] as const);
  return mergeCounts(counts, {
    scenario: result.scenario,
    profile: result.plan.profile,
    runs: 1,
    failed: result.outcome === 'fail' ? 1 : 0,
    events: result.eventCount,
    simulated: result.ending.time,
    failures: Object.fromEntries(failures),
    met: Object.fromEntries(result.met.map(name => [name, 1])),
    undecided: Object.fromEntries(result.undecided.map(({ property }) => [property, 1])),
    faults: countFirings(result),
  });
}

function countFirings(result: RunResult): SweepCounts['faults'] {
  const counts: Partial<Record<FaultKind, FaultCount>> = {};
  for (const { fault, fired } of result.firings) counts[fault.kind] = addFaults(counts[fault.kind], { armed: 1, fired });
  return counts;
}

/** The name under which a run is reported that makes no progress, so that it had to be ended from outside. */
export const HANG = 'hang';

/** Of a run that never ended: nothing of it is known but its seed. */
export const countHang = (scenario: Pick<Scenario, 'name'>, profile: Profile, seed: number): SweepCounts => ({
  ...noCounts(scenario, profile),
  runs: 1,
  failed: 1,
  failures: { [HANG]: { runs: 1, seeds: [seed] } },
});

export function mergeCounts(left: SweepCounts, right: SweepCounts): SweepCounts {
  if (left.scenario !== right.scenario || left.profile !== right.profile) throw new Error('counts of two different sweeps cannot be added');
  return {
    scenario: left.scenario,
    profile: left.profile,
    runs: left.runs + right.runs,
    failed: left.failed + right.failed,
    events: left.events + right.events,
    simulated: left.simulated + right.simulated,
    failures: merge(left.failures, right.failures, addFailures),
    met: merge(left.met, right.met, (one = 0, other = 0) => one + other),
    undecided: merge(left.undecided, right.undecided, (one = 0, other = 0) => one + other),
    faults: merge(left.faults, right.faults, addFaults),
  };
}

function merge<T>(
  left: Readonly<Record<string, T>>,
  right: Readonly<Record<string, T>>,
  add: (left: T | undefined, right: T | undefined) => T,
): Record<string, T> {
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return Object.fromEntries(keys.map(key => [key, add(left[key], right[key])]));
}

function addFailures(left: FailureCount | undefined, right: FailureCount | undefined): FailureCount {
  const seeds = [...new Set([...(left?.seeds ?? []), ...(right?.seeds ?? [])])].sort((one, other) => one - other);
  return { runs: (left?.runs ?? 0) + (right?.runs ?? 0), seeds: seeds.slice(0, SEEDS_KEPT) };
}

function addFaults(left: FaultCount | undefined, right: FaultCount | undefined): FaultCount {
  return { armed: (left?.armed ?? 0) + (right?.armed ?? 0), fired: (left?.fired ?? 0) + (right?.fired ?? 0) };
}

/** Something a sweep should have seen and did not, or should not have seen and did. */
export type Finding =
  | { readonly kind: 'violated'; readonly property: string; readonly runs: number; readonly seeds: readonly number[] }
  | { readonly kind: 'hang'; readonly runs: number; readonly seeds: readonly number[] }
  | { readonly kind: 'nondeterministic'; readonly runs: number; readonly seeds: readonly number[] }
  | { readonly kind: 'undecided'; readonly property: string; readonly runs: number }
  | { readonly kind: 'sometimes-unmet'; readonly property: string; readonly text: string }
  | { readonly kind: 'fault-never-fired'; readonly fault: FaultKind; readonly armed: number }
  | { readonly kind: 'quirk-not-seen'; readonly property: string; readonly quirk: string | undefined };

/** Fewer runs than this may miss a moment by bad luck: what they did not reach is then a note and no finding. Scenario.rare has what takes more. */
export const ENOUGH_RUNS = 100;

/** What was not reached, in too few runs to mean anything; `needs`: after so many it would. */
export type Note = Finding & { readonly needs: number };

export interface SweepReport {
  /** holds: as expected. fails: a property is violated that should hold. vacuous: something was not tried. nothing-run: no seed was. */
  readonly verdict: 'holds' | 'fails' | 'vacuous' | 'nothing-run';
  readonly counts: SweepCounts;
  readonly findings: readonly Finding[];
  /** What too few runs did not reach. */
  readonly notes: readonly Note[];
  /** Violations that had to be seen and were: the quirk shows. */
  readonly expected: Readonly<Record<string, FailureCount>>;
}

export function judgeSweep(scenario: Scenario, counts: SweepCounts, enoughRuns: number = ENOUGH_RUNS): SweepReport {
  if (counts.scenario !== scenario.name) throw new Error(`counts of ${counts.scenario} were given for ${scenario.name}`);
  if (counts.runs === 0) return { verdict: 'nothing-run', counts, findings: [], notes: [], expected: {} };
  const { fails, mayFail, quirk } = expectedOf(scenario, counts.profile);
  const named: readonly string[] = [...fails, ...mayFail];
  const foreseen = foreseenOf(scenario, counts.profile);
  const failures = Object.entries(counts.failures);
  const violated = failures.filter(([property]) => !foreseen.includes(property));
  const wrong: Finding[] = violated.map(([property, count]) => {
    if (property === HANG) return { kind: 'hang', ...count };
    return property === NONDETERMINISM ? { kind: 'nondeterministic', ...count } : { kind: 'violated', property, ...count };
  });
  const open = Object.entries(counts.undecided).map(([property, runs]) => ({ kind: 'undecided', property, runs }) as const);
  const unreached: Finding[] = [
    ...fails.filter(each => counts.failures[each] === undefined).map(property => ({ kind: 'quirk-not-seen', property, quirk }) as const),
    ...unmet(scenario, counts),
    ...neverFired(counts),
  ];
  const judged = unreached.map(finding => ({ ...finding, needs: scenario.rare?.[subjectOf(finding)] ?? enoughRuns }));
  const findings = [...wrong, ...open, ...unreached.filter((_, index) => counts.runs >= (judged[index]?.needs ?? 0))];
  const notes = judged.filter(({ needs }) => counts.runs < needs);
  const expected = Object.fromEntries(failures.filter(([property]) => named.includes(property)));
  return { verdict: verdictOf(findings), counts, findings, notes, expected };
}

/** Kinds that say that something is wrong, and not that too little was seen. */
const WRONG: readonly Finding['kind'][] = ['violated', 'hang', 'nondeterministic'];

function verdictOf(findings: readonly Finding[]): SweepReport['verdict'] {
  if (findings.some(({ kind }) => WRONG.includes(kind))) return 'fails';
  return findings.length > 0 ? 'vacuous' : 'holds';
}

/** Properties whose violation is no finding. */
export function foreseenOf(scenario: Scenario, profile: Profile): readonly string[] {
  const { fails, mayFail } = expectedOf(scenario, profile);
  // What is broken on purpose may break what comes with the world as well.
  return [...fails, ...mayFail, ...(profile === 'corrected' ? [] : WORLD_PROPERTY_NAMES)];
}

function expectedOf(
  scenario: Scenario,
  profile: Profile,
): Required<Pick<ExpectedFailure, 'fails' | 'mayFail'>> & { quirk: string | undefined } {
  const expected = scenario.expected[profile] ?? 'holds';
  if (expected === 'holds') return { fails: [], mayFail: [], quirk: undefined };
  return { fails: expected.fails, mayFail: expected.mayFail ?? [], quirk: expected.quirk };
}

/** Only of the corrected profile: a quirk may well keep a moment from being reached. */
function unmet(scenario: Scenario, counts: SweepCounts): readonly Finding[] {
  if (counts.profile !== 'corrected') return [];
  return propertiesOf(scenario)
    .filter(property => property.expectation === 'sometimes' && counts.met[property.name] === undefined)
    .map(property => ({ kind: 'sometimes-unmet', property: property.name, text: property.text }));
}

function neverFired(counts: SweepCounts): readonly Finding[] {
  // countFirings makes these keys from the kinds of faults.
  const kinds = Object.entries(counts.faults) as [FaultKind, FaultCount][];
  return kinds.filter(([, count]) => count.fired === 0).map(([fault, { armed }]) => ({ kind: 'fault-never-fired', fault, armed }));
}

/** What Scenario.rare knows it by. */
function subjectOf(finding: Finding): string {
  if (finding.kind === 'hang') return HANG;
  if (finding.kind === 'nondeterministic') return NONDETERMINISM;
  return finding.kind === 'fault-never-fired' ? finding.fault : finding.property;
}

/** One line for people. */
export const formatNote = (note: Note, runs: number): string => `${formatFinding(note, runs)} (it may take ${note.needs})`;

/** One line for people. */
export function formatFinding(finding: Finding, runs: number): string {
  switch (finding.kind) {
    case 'violated':
      return `${finding.property} is violated in ${finding.runs} of ${runs} runs; seeds ${finding.seeds.join(', ')}`;
    case 'hang':
      return `${finding.runs} of ${runs} runs made no progress and were ended; seeds ${finding.seeds.join(', ')}`;
    case 'nondeterministic':
      return `${finding.runs} of ${runs} runs were others when they were repeated; seeds ${finding.seeds.join(', ')}`;
    case 'undecided':
      return `${finding.property} could not be decided in ${finding.runs} of ${runs} runs`;
    case 'sometimes-unmet':
      return `${finding.property} was not met in ${runs} runs: ${finding.text}`;
    case 'fault-never-fired':
      return `${finding.fault} was armed ${finding.armed} times in ${runs} runs and never fired`;
    case 'quirk-not-seen':
      return `quirk ${finding.quirk ?? 'unnamed'} was not seen to violate ${finding.property} in ${runs} runs`;
  }
}
