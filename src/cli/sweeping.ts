/**
 * Sweeps for a terminal: every scenario and profile over a range of seeds, with progress, a time limit, and Ctrl-C.
 * May import: check, its own folder.
 */

import { planOf, runPlan, SEED_LIMIT } from '../check/run.ts';
import type { CommonPlan, Profile, Scenario } from '../check/scenario.ts';
import { hasProfile, PROFILES, propertiesOf } from '../check/scenario.ts';
import { countRun, formatFinding, judgeSweep, noCounts, type SweepCounts, type SweepReport } from '../check/sweep.ts';
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

export interface SweepOptions {
  readonly seeds: Seeds;
  /** Milliseconds for all jobs together; seeds go on past the range, in rounds, until they are over. */
  readonly milliseconds: number | undefined;
  /** A job may stop before the end of its seeds once it has had this many runs and this much time. */
  readonly enough?: { readonly runs: number; readonly milliseconds: number };
  /** Told of each job that is finished; with a time limit, of all of them at the end. */
  readonly finished: (result: SweepResult) => void;
}

export interface SweepResult {
  readonly job: Job;
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
  const states: readonly State[] = jobs.map(job => ({ job, counts: noCounts(job.scenario, job.profile), milliseconds: 0 }));
  const started = performance.now();
  const over = (): boolean =>
    interrupt.asked || (options.milliseconds !== undefined && performance.now() - started >= options.milliseconds);
  let { from, to } = options.seeds;
  do {
    for (const [index, state] of states.entries()) {
      const begun = performance.now();
      const { enough } = options;
      const sated = (runs: number): boolean =>
        over() || (enough !== undefined && runs >= enough.runs && performance.now() - begun >= enough.milliseconds);
      state.counts = await sweepOne(state.job, state.counts, { from, to }, sated, interrupt, runs => {
        screen.progress(() => progressLine(state.job, index, jobs.length, runs, to - from + 1, performance.now() - begun));
      });
      state.milliseconds += performance.now() - begun;
      if (options.milliseconds === undefined) options.finished(resultOf(state));
    }
    const round = to - from + 1;
    from = to + 1;
    to = Math.min(SEED_LIMIT, to + round);
  } while (options.milliseconds !== undefined && !over() && from <= SEED_LIMIT);
  const results = states.map(resultOf);
  if (options.milliseconds !== undefined) for (const result of results) options.finished(result);
  return results;
}

interface State {
  readonly job: Job;
  counts: SweepCounts;
  milliseconds: number;
}

const resultOf = ({ job, counts, milliseconds }: State): SweepResult => ({ job, report: judgeSweep(job.scenario, counts), milliseconds });

async function sweepOne(
  job: Job,
  before: SweepCounts,
  seeds: Seeds,
  over: (runs: number) => boolean,
  interrupt: Interrupt,
  progress: (runs: number) => void,
): Promise<SweepCounts> {
  let counts = before;
  for (let seed = seeds.from; seed <= seeds.to && !over(seed - seeds.from); seed++) {
    counts = countRun(counts, runPlan(job.scenario, planOf(job.scenario, seed, job.profile), seed));
    progress(seed - seeds.from + 1);
    await interrupt.pause();
  }
  return counts;
}

function progressLine(job: Job, index: number, jobs: number, runs: number, of: number, milliseconds: number): string {
  const rate = milliseconds > 0 ? `${count((runs / milliseconds) * 1_000)} runs/s` : '';
  return `[${index + 1}/${jobs}] ${job.scenario.name} ${job.profile}  ${count(runs)} of ${count(of)} seeds  ${rate}`;
}

// ── for the screen ──────────────────────────────────────────────────────────────────────────────────────────────────

/** One line for a sweep, and one for each finding with the command that shows it again. */
export function showSweep(result: SweepResult, screen: Screen): void {
  const { job, report } = result;
  const good = report.verdict === 'holds';
  const mark = good ? screen.style('green', '✓') : screen.style('red', '✗');
  const { runs } = report.counts;
  const rate = result.milliseconds > 0 ? (runs / result.milliseconds) * 1_000 : 0;
  const name = `${job.scenario.name.padEnd(30)} ${job.profile.padEnd(10)}`;
  screen.line(`${mark} ${name} ${count(runs).padStart(6)} runs ${count(rate).padStart(6)}/s  ${sentence(result)}`);
  for (const note of report.notes) screen.line(`    ${screen.style('yellow', 'note')} ${formatFinding(note, runs)}`);
  for (const finding of report.findings) {
    screen.line(`    ${screen.style('red', formatFinding(finding, runs))}`);
    if (finding.kind === 'violated') screen.line(`    see it: ${reproduction(job.scenario, job.profile, finding.seeds[0] ?? 0)}`);
  }
}

function sentence({ job, report }: SweepResult): string {
  const [seen, ...others] = Object.entries(report.expected).sort(([, left], [, right]) => right.runs - left.runs);
  if (seen !== undefined) return `fails as it must: ${seen[0]} in ${count(seen[1].runs)}${others.length > 0 ? ` (+${others.length})` : ''}`;
  if (report.verdict === 'holds') return `${plural(propertiesOf(job.scenario).length, 'property', 'properties')} hold`;
  return report.verdict === 'nothing-run' ? 'nothing ran' : report.verdict;
}

export const reproduction = (scenario: Pick<Scenario<CommonPlan>, 'name'>, profile: Profile, seed: number): string =>
  `${COMMAND} run ${scenario.name} --profile ${profile} --seed ${seed} --trace failure.jsonl`;
