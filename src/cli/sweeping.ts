/**
 * Sweeps for a terminal: every scenario and profile over a range of seeds, with progress, a time limit, and Ctrl-C.
 * How many seeds a sweep has never depends on how fast this machine is, unless the user asked for minutes.
 * May import: check, its own folder.
 */

import { planOf, runPlan, SEED_LIMIT } from '../check/run.ts';
import type { CommonPlan, Profile, Scenario } from '../check/scenario.ts';
import { hasProfile, PROFILES, propertiesOf } from '../check/scenario.ts';
import {
  countRun,
  type Finding,
  formatFinding,
  formatNote,
  judgeSweep,
  noCounts,
  type SweepCounts,
  type SweepReport,
} from '../check/sweep.ts';
import type { Interrupt } from './interrupt.ts';
import { COMMAND } from './name.ts';
import { count, plural, type Screen } from './screen.ts';
import type { Seeds } from './seeds.ts';

export interface Job {
  readonly scenario: Scenario;
  readonly profile: Profile;
}

export function jobsOf(scenarios: readonly Scenario[], profile: Profile | 'both'): readonly Job[] {
  const profiles = profile === 'both' ? PROFILES : [profile];
  return scenarios.flatMap(scenario => profiles.filter(each => hasProfile(scenario, each)).map(each => ({ scenario, profile: each })));
}

/** A sweep may stop before the end of its seeds once it has had so many runs and so many events: the same ones on every machine. */
export interface Enough {
  readonly runs: number;
  readonly events: number;
}

export interface SweepOptions {
  readonly seeds: Seeds;
  /** Milliseconds for all jobs together; seeds go on past the range, in rounds, until they are over. */
  readonly milliseconds: number | undefined;
  readonly enough?: Enough;
  /** Told of each job that is finished or cut short; with a time limit, of all of them at the end. */
  readonly finished: (result: SweepResult) => void;
}

export interface SweepResult {
  readonly job: Job;
  /** Cut short or not begun: by Ctrl-C, or because the minutes were over. */
  readonly state: 'done' | 'cut-short' | 'not-begun';
  /** How many seeds were asked for, from this one on. */
  readonly asked: number;
  readonly from: number;
  readonly report: SweepReport;
  readonly milliseconds: number;
}

/** One report for each job, in order. Ends early, with what was counted, when interrupted. */
export async function sweepJobs(
  jobs: readonly Job[],
  options: SweepOptions,
  screen: Screen,
  interrupt: Interrupt,
): Promise<readonly SweepResult[]> {
  const states = jobs.map(job => new JobState(job, options.seeds));
  const started = performance.now();
  const timed = options.milliseconds !== undefined;
  const over = (): boolean => interrupt.asked || (timed && performance.now() - started >= (options.milliseconds ?? 0));
  let { from, to } = options.seeds;
  do {
    for (const [index, state] of states.entries()) {
      if (over()) break;
      await state.sweep({ from, to }, { enough: options.enough, over, interrupt }, runs => {
        screen.progress(() => progressLine(state, index, jobs.length, runs));
      });
      if (!timed && state.begun) options.finished(state.result());
    }
    const round = to - from + 1;
    from = to + 1;
    to = Math.min(SEED_LIMIT, to + round);
  } while (timed && !over() && from <= SEED_LIMIT);
  const results = states.map(state => state.result());
  if (timed) for (const result of results) if (result.state !== 'not-begun') options.finished(result);
  return results;
}

interface Limits {
  readonly enough: Enough | undefined;
  readonly over: () => boolean;
  readonly interrupt: Interrupt;
}

class JobState {
  readonly job: Job;
  readonly asked: number;
  readonly #from: number;
  milliseconds = 0;
  #counts: SweepCounts;
  #done = false;

  constructor(job: Job, { from, to }: Seeds) {
    this.job = job;
    this.asked = to - from + 1;
    this.#from = from;
    this.#counts = noCounts(job.scenario, job.profile);
  }

  get begun(): boolean {
    return this.#counts.runs > 0;
  }

  result(): SweepResult {
    const { job, asked, milliseconds } = this;
    const state = this.#done ? 'done' : this.begun ? 'cut-short' : 'not-begun';
    return { job, state, asked, from: this.#from, report: judgeSweep(job.scenario, this.#counts), milliseconds };
  }

  async sweep(seeds: Seeds, { enough, over, interrupt }: Limits, progress: (runs: number) => void): Promise<void> {
    const { scenario, profile } = this.job;
    const begun = performance.now();
    const before = this.#counts;
    const sated = ({ runs, events }: SweepCounts): boolean => enough !== undefined && runs >= enough.runs && events >= enough.events;
    let seed = seeds.from;
    const round = (): boolean => {
      this.#counts = countRun(this.#counts, runPlan(scenario, planOf(scenario, seed, profile), seed));
      seed += 1;
      return seed <= seeds.to && !sated(this.#counts);
    };
    while (seed <= seeds.to && !sated(this.#counts) && !over()) {
      await interrupt.compute(round);
      progress(this.#counts.runs - before.runs);
    }
    this.milliseconds += performance.now() - begun;
    this.#done ||= seed > seeds.to || sated(this.#counts);
  }
}

function progressLine({ job, asked, milliseconds }: JobState, index: number, jobs: number, runs: number): string {
  const rate = milliseconds > 0 ? `${count((runs / milliseconds) * 1_000)} runs/s` : '';
  return `[${index + 1}/${jobs}] ${job.scenario.name} ${job.profile}  ${count(runs)} of ${count(asked)} seeds  ${rate}`;
}

// ── for the screen ──────────────────────────────────────────────────────────────────────────────────────────────────

/** One line for a sweep, and one for each finding with the command that shows it again. */
export function showSweep(result: SweepResult, screen: Screen): void {
  const { job, report } = result;
  const { runs } = report.counts;
  const rate = result.milliseconds > 0 ? (runs / result.milliseconds) * 1_000 : 0;
  screen.line(`${markOf(result, screen)} ${nameOf(job)} ${count(runs).padStart(6)} runs ${count(rate).padStart(6)}/s  ${sentence(result)}`);
  for (const note of report.notes) screen.line(`    ${screen.style('yellow', 'note')} ${formatNote(note, runs)}`);
  showFindings(result, screen);
}

const nameOf = ({ scenario, profile }: Job): string => `${scenario.name.padEnd(30)} ${profile.padEnd(10)}`;

function markOf({ state, report }: SweepResult, screen: Screen): string {
  if (report.findings.length > 0) return screen.style('red', '✗');
  return state === 'done' ? screen.style('green', '✓') : screen.style('yellow', '…');
}

function showFindings(result: SweepResult, screen: Screen): void {
  for (const finding of result.report.findings) {
    screen.line(`    ${screen.style('red', formatFinding(finding, result.report.counts.runs))}`);
    screen.line(`    see it: ${seeing(result, finding)}`);
  }
}

/** The command that shows a finding again: one run that breaks a property, or all in which something did not happen. */
function seeing({ job, from, report }: SweepResult, finding: Finding): string {
  const { scenario, profile } = job;
  if (finding.kind === 'violated') return reproduction(scenario, profile, finding.seeds[0] ?? 0);
  return `${COMMAND} run ${scenario.name} --profile ${profile} --seeds ${from}..${from + report.counts.runs - 1}`;
}

/** What a sweep of several ended with: what was not done, and every finding once more, where people look. */
export function showEnd(results: readonly SweepResult[], screen: Screen): void {
  const cut = results.filter(({ state }) => state === 'cut-short');
  const missing = results.filter(({ state }) => state === 'not-begun');
  for (const { job, asked, report } of cut)
    screen.line(`  cut short: ${job.scenario.name} ${job.profile}, after ${count(report.counts.runs)} of ${plural(asked, 'seed')}`);
  if (missing.length > 0) screen.line(`  not begun: ${plural(missing.length, 'sweep')}, ${span(missing)}`);
  const found = results.filter(({ report }) => report.findings.length > 0);
  if (found.length === 0 || results.length === 1) return;
  screen.line(screen.style('red', 'Findings'));
  for (const result of found) {
    screen.line(`  ${result.job.scenario.name} ${result.job.profile}`);
    showFindings(result, screen);
  }
}

function span(results: readonly SweepResult[]): string {
  const names = results.map(({ job }) => `${job.scenario.name} ${job.profile}`);
  return names.length > 2 ? `from ${names[0]} to ${names.at(-1)}` : names.join(' and ');
}

/** One line: how many runs of how many sweeps, and what came of them. */
export function summary(results: readonly SweepResult[]): string {
  const runs = results.reduce((sum, { report }) => sum + report.counts.runs, 0);
  const begun = results.filter(({ state }) => state !== 'not-begun').length;
  const done = results.filter(({ state }) => state === 'done').length;
  const bad = results.filter(({ report }) => report.findings.length > 0).length;
  const found = bad > 0 ? `${plural(bad, 'sweep')} with findings` : begun === results.length ? 'all as expected' : 'as expected so far';
  if (runs === 0) return `nothing ran of ${plural(results.length, 'sweep')}`;
  const how =
    done === results.length ? plural(done, 'sweep') : `${done} whole and ${begun - done} partial of ${plural(results.length, 'sweep')}`;
  return `${plural(runs, 'run')} of ${how}: ${found}`;
}

function sentence({ job, report, state, asked }: SweepResult): string {
  const [seen, ...others] = Object.entries(report.expected).sort(([, left], [, right]) => right.runs - left.runs);
  const cut = state === 'done' ? '' : `cut short, ${count(report.counts.runs)} of ${plural(asked, 'seed')}: `;
  if (seen !== undefined && report.verdict !== 'fails')
    return `${cut}fails as it must: ${seen[0]} in ${count(seen[1].runs)}${others.length > 0 ? ` (+${others.length})` : ''}`;
  if (report.verdict === 'holds') return `${cut}${plural(propertiesOf(job.scenario).length, 'property', 'properties')} hold`;
  return report.verdict === 'nothing-run' ? 'nothing ran' : `${cut}${report.verdict}`;
}

export const reproduction = (scenario: Pick<Scenario<CommonPlan>, 'name'>, profile: Profile, seed: number): string =>
  `${COMMAND} run ${scenario.name} --profile ${profile} --seed ${seed} --trace failure.jsonl`;
