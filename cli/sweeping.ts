/**
 * Sweeps for a terminal: every scenario and profile over a range of seeds, with progress, a time limit, and Ctrl-C.
 * How many seeds a sweep has never depends on how fast this machine is, unless the user asked for minutes.
 */

import { availableParallelism } from 'node:os';
import { SEED_LIMIT } from '../src/check/run.ts';
import type { CommonPlan, Profile, Scenario } from '../src/check/scenario.ts';
import { EVERY_PROFILE, profilesOf, propertiesOf } from '../src/check/scenario.ts';
import {
  type Finding,
  formatFinding,
  formatNote,
  judgeSweep,
  mergeCounts,
  noCounts,
  type SweepCounts,
  type SweepReport,
} from '../src/check/sweep.ts';
import type { Context } from './context.ts';
import type { Interrupt } from './interrupt.ts';
import { COMMAND } from './name.ts';
import { count, plural, type Screen } from './screen.ts';
import type { Seeds } from './seeds.ts';
import type { Task, Told } from './sweep-thread.ts';
import { Threads, threadModule } from './threads.ts';

export interface Job {
  readonly scenario: Scenario;
  readonly profile: Profile;
}

/** `wanted`: a profile, or EVERY_PROFILE. */
export function jobsOf(scenarios: readonly Scenario[], wanted: Profile): readonly Job[] {
  return scenarios.flatMap(scenario =>
    profilesOf(scenario)
      .filter(profile => wanted === EVERY_PROFILE || wanted === profile)
      .map(profile => ({ scenario, profile })),
  );
}

export interface SweepOptions {
  readonly seeds: Seeds;
  /** Milliseconds for all jobs together; seeds go on past the range, in rounds, until they are over. */
  readonly milliseconds: number | undefined;
  /** How many run at once; as a rule as many as there are processors. */
  readonly threads?: number | undefined;
  /** Told of each job that is finished or cut short; with a time limit, of all of them at the end. */
  readonly finished: (result: SweepResult) => void;
}

export interface SweepResult {
  readonly job: Job;
  /** Cut short or not begun: by Ctrl-C, or because the minutes were over. */
  readonly state: 'done' | 'cut-short' | 'not-begun';
  /** How many seeds were asked for, from this one on. */
  readonly asked: number;
  /** The first seed and the last that was run. */
  readonly from: number;
  readonly to: number;
  readonly report: SweepReport;
  readonly milliseconds: number;
}

/** Seeds of one task: few enough that all threads have something to do until the end. */
const SEEDS_OF_A_TASK = 100;
/** Each has its own copy of everything that is loaded. */
const THREADS_LIMIT = 8;

/** One report for each job, in order. Ends early, with what was counted, when interrupted. */
export async function sweepJobs(
  jobs: readonly Job[],
  options: SweepOptions,
  { screen, modules }: Context,
  interrupt: Interrupt,
): Promise<readonly SweepResult[]> {
  const { seeds, milliseconds, finished } = options;
  const states = jobs.map(job => new JobState(job, seeds));
  const timed = milliseconds !== undefined;
  const threads = new Threads<Task, Told>(modules, threadModule('sweep-thread'));
  const limit = timed ? AbortSignal.any([interrupt.signal, AbortSignal.timeout(milliseconds)]) : interrupt.signal;
  limit.addEventListener('abort', () => threads.stop());
  let shown = 0;
  /** Finished ones are shown in the order of the jobs, whatever the order they are finished in. */
  const tell = (state: JobState): void => {
    for (let next = states[shown]; !timed && next?.done === true; next = states[shown]) {
      finished(next.result());
      shown += 1;
    }
    screen.progress(() => progressLine(state, states.indexOf(state), jobs.length));
  };
  const parts = partsOf(states, options);
  const lane = async (): Promise<void> => {
    for (const part of parts) {
      if (limit.aborted) return;
      const { scenario, profile } = part.state.job;
      const take = part.state.begin(part);
      await threads.run({ protocol: scenario.protocol, scenario: scenario.name, profile, from: part.from, to: part.to }, progress => {
        take(progress);
        tell(part.state);
      });
    }
  };
  const tasks = Math.ceil((jobs.length * (seeds.to - seeds.from + 1)) / SEEDS_OF_A_TASK);
  const size = options.threads ?? Math.min(THREADS_LIMIT, availableParallelism(), timed ? jobs.length : tasks);
  try {
    await Promise.all(Array.from({ length: size }, lane));
  } finally {
    await threads.close();
  }
  const results = states.map(state => state.result());
  for (const result of results.slice(shown)) if (result.state !== 'not-begun') finished(result);
  return results;
}

interface Share {
  readonly state: JobState;
  readonly from: number;
  readonly to: number;
}

/** What there is to do, in order; with a time limit, further rounds of as many seeds. */
function* partsOf(states: readonly JobState[], { seeds, milliseconds }: SweepOptions): Generator<Share> {
  const size = seeds.to - seeds.from + 1;
  let { from, to } = seeds;
  do {
    for (const state of states)
      for (let first = from; first <= to; first += SEEDS_OF_A_TASK)
        yield { state, from: first, to: Math.min(to, first + SEEDS_OF_A_TASK - 1) };
    from = to + 1;
    to = Math.min(SEED_LIMIT, to + size);
  } while (milliseconds !== undefined && from <= SEED_LIMIT);
}

/** What is known of one sweep, of which several threads may run parts. */
class JobState {
  readonly job: Job;
  readonly asked: number;
  readonly #from: number;
  /** How many parts make the seeds that were asked for. */
  readonly #wanted: number;
  /** In the order of their seeds. */
  readonly #parts: (Told & Pick<Share, 'to'>)[] = [];

  constructor(job: Job, { from, to }: Seeds) {
    this.job = job;
    this.asked = to - from + 1;
    this.#from = from;
    this.#wanted = Math.ceil(this.asked / SEEDS_OF_A_TASK);
  }

  /** The next part: what a thread tells of it. */
  begin({ to }: Share): (told: Told) => void {
    const index = this.#parts.push({ counts: this.#none, done: false, over: false, milliseconds: 0, to }) - 1;
    return told => {
      this.#parts[index] = { ...told, to };
    };
  }

  /** The seeds that were asked for are run. */
  get done(): boolean {
    return this.#parts.length >= this.#wanted && this.#parts.slice(0, this.#wanted).every(({ done }) => done);
  }

  get counts(): SweepCounts {
    return this.#parts.reduce((sum, { counts }) => mergeCounts(sum, counts), this.#none);
  }

  get milliseconds(): number {
    return this.#parts.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  }

  result(): SweepResult {
    const { job, asked, milliseconds, counts } = this;
    const from = this.#from;
    const state = this.done ? 'done' : counts.runs > 0 ? 'cut-short' : 'not-begun';
    // Of parts that were cut short nobody knows which seeds were run: the last one that may have been.
    const to = this.#parts.every(({ done }) => done) ? from + counts.runs - 1 : (this.#parts.at(-1)?.to ?? from);
    return { job, state, asked, from, to, report: judgeSweep(job.scenario, counts), milliseconds };
  }

  get #none(): SweepCounts {
    return noCounts(this.job.scenario, this.job.profile);
  }
}

function progressLine({ job, asked, milliseconds, counts: { runs } }: JobState, index: number, jobs: number): string {
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
function seeing({ job, from, to }: SweepResult, finding: Finding): string {
  const { scenario, profile } = job;
  if (finding.kind === 'violated') return reproduction(scenario, profile, finding.seeds[0] ?? 0);
  return `${COMMAND} run ${scenario.name} --profile ${profile} --seeds ${from}..${to}`;
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
