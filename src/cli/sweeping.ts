/**
 * Sweeps for a terminal: every scenario and profile over a range of seeds, with progress, a time limit, and Ctrl-C.
 * May import: check, its own folder.
 */
import type { CommonPlan, Profile, Scenario } from '../check/scenario.ts';
import { hasProfile, PROFILES } from '../check/scenario.ts';
import { runPlan, planOf, SEED_LIMIT } from '../check/run.ts';
import { countRun, formatFinding, judgeSweep, noCounts, type SweepCounts, type SweepReport } from '../check/sweep.ts';
import type { Interrupt } from './interrupt.ts';
import { count, type Screen } from './screen.ts';
import { COMMAND } from './name.ts';
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
  const states = jobs.map(job => ({ job, counts: noCounts(job.scenario, job.profile), milliseconds: 0 }));
  const started = performance.now();
  const over = (): boolean =>
    interrupt.asked || (options.milliseconds !== undefined && performance.now() - started >= options.milliseconds);
  let { from, to } = options.seeds;
  do {
    for (const [index, state] of states.entries()) {
      const begun = performance.now();
      state.counts = await sweepOne(state.job, state.counts, { from, to }, over, interrupt, runs => {
        screen.progress(() => progressLine(state.job, index, jobs.length, runs, to - from + 1, performance.now() - begun));
      });
      state.milliseconds += performance.now() - begun;
    }
    const round = to - from + 1;
    from = to + 1;
    to = Math.min(SEED_LIMIT, to + round);
  } while (options.milliseconds !== undefined && !over() && from <= SEED_LIMIT);
  return states.map(({ job, counts, milliseconds }) => ({ job, report: judgeSweep(job.scenario, counts), milliseconds }));
}

async function sweepOne(
  job: Job,
  before: SweepCounts,
  seeds: Seeds,
  over: () => boolean,
  interrupt: Interrupt,
  progress: (runs: number) => void,
): Promise<SweepCounts> {
  let counts = before;
  for (let seed = seeds.from; seed <= seeds.to && !over(); seed++) {
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
  const { runs, events } = report.counts;
  const rate = result.milliseconds > 0 ? (runs / result.milliseconds) * 1_000 : 0;
  const facts = `${count(runs).padStart(6)} runs ${count(events).padStart(9)} events ${count(rate).padStart(6)} runs/s`;
  screen.line(`${mark} ${job.scenario.name.padEnd(34)} ${job.profile.padEnd(10)} ${facts}  ${sentence(result)}`);
  for (const finding of report.findings) {
    screen.line(`    ${screen.style('red', formatFinding(finding, runs))}`);
    if (finding.kind === 'violated') screen.line(`    see it: ${reproduction(job.scenario, job.profile, finding.seeds[0] ?? 0)}`);
  }
}

function sentence({ job, report }: SweepResult): string {
  const expected = Object.entries(report.expected);
  if (expected.length > 0) {
    const quirk = job.scenario.expected['as-written'];
    const id = typeof quirk === 'object' && quirk.quirk !== undefined ? `${quirk.quirk}: ` : '';
    return `${id}fails as it must: ${expected.map(([property, { runs }]) => `${property} in ${count(runs)}`).join(', ')}`;
  }
  if (report.verdict !== 'holds') return report.verdict === 'nothing-run' ? 'nothing ran' : report.verdict;
  return `${job.scenario.properties.length + 2} properties hold`;
}

export const reproduction = (scenario: Pick<Scenario<CommonPlan>, 'name'>, profile: Profile, seed: number): string =>
  `${COMMAND} run ${scenario.name} --profile ${profile} --seed ${seed} --trace failure.jsonl`;
