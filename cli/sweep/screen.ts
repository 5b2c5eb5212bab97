/**
 * Sweeps for the screen: a line for each, what was found, and what has to be typed to see it again.
 */
import { type Profile, propertiesOf, type Scenario } from '../../src/check/scenario.ts';
import type { Sighting } from '../../src/check/signature.ts';
import { type Finding, formatFinding, formatNote } from '../../src/check/sweep.ts';
import { printable } from '../../src/host/bytes.ts';
import { COMMAND } from '../name.ts';
import { count, plural, type Screen } from '../screen.ts';
import { showStory } from '../story.ts';
import type { Failures } from './failures.ts';
import { isBad, type Job, nameOf, type SweepResult } from './job.ts';

export interface Showing {
  readonly failures?: Failures | undefined;
  /** No seed alone shows a run again. */
  readonly guided?: boolean;
}

/** One line for a sweep, and one for each finding with the command that shows it again. */
export function showSweep(result: SweepResult, screen: Screen, showing: Showing = {}): void {
  const { job, report, milliseconds } = result;
  const { runs } = report.counts;
  const rate = milliseconds > 0 ? (runs / milliseconds) * 1_000 : 0;
  screen.line(`${markOf(result, screen)} ${padded(job)} ${count(runs).padStart(6)} runs ${count(rate).padStart(6)}/s  ${sentence(result)}`);
  for (const note of report.notes) screen.line(`    ${screen.style('yellow', 'note')} ${formatNote(note, runs)}`);
  showFindings(result, screen, showing);
}

const padded = ({ scenario, profile }: Job): string => `${scenario.name.padEnd(30)} ${profile.padEnd(10)}`;

function markOf(result: SweepResult, screen: Screen): string {
  if (isBad(result)) return screen.style('red', '✗');
  return result.state === 'done' ? screen.style('green', '✓') : screen.style('yellow', '…');
}

function showFindings(result: SweepResult, screen: Screen, { failures, guided = false }: Showing): void {
  const { job, report, again } = result;
  for (const index of again) screen.line(`    ${screen.style('red', `fails again: [${index}] of ${failures?.fileOf(job.scenario)}`)}`);
  for (const finding of report.findings) {
    screen.line(`    ${screen.style('red', formatFinding(finding, report.counts.runs))}`);
    if (!guided) screen.line(`    see it: ${seeing(result, finding)}`);
  }
}

/** The command that shows a finding again: one run that breaks a property, or all in which something did not happen. */
function seeing({ job, from, to }: SweepResult, finding: Finding): string {
  const { scenario, profile } = job;
  if (finding.kind === 'violated' || finding.kind === 'nondeterministic') return reproduction(scenario, profile, finding.seeds[0] ?? 0);
  const seeds = finding.kind === 'hang' ? { from: finding.seeds[0] ?? from, to: finding.seeds[0] ?? to } : { from, to };
  return `${COMMAND} run ${scenario.name} --profile ${profile} --seeds ${seeds.from}..${seeds.to}`;
}

/** What a sweep of several ended with: what was not done, and every finding once more, where people look. */
export function showEnd(results: readonly SweepResult[], screen: Screen, showing: Showing = {}): void {
  const cut = results.filter(({ state }) => state === 'cut-short');
  const missing = results.filter(({ state }) => state === 'not-begun');
  for (const { job, asked, report } of cut)
    screen.line(`  cut short: ${nameOf(job)}, after ${count(report.counts.runs)} of ${plural(asked, 'seed')}`);
  if (missing.length > 0) screen.line(`  not begun: ${plural(missing.length, 'sweep')}, ${span(missing)}`);
  const found = results.filter(isBad);
  if (found.length > 0 && results.length > 1) {
    screen.line(screen.style('red', 'Findings'));
    for (const result of found) {
      screen.line(`  ${nameOf(result.job)}`);
      showFindings(result, screen, showing);
    }
  }
  if (showing.failures !== undefined) showFailures(results, showing.failures, screen);
}

/** Each failure that is different from the others, with its smallest run. */
function showFailures(results: readonly SweepResult[], failures: Failures, screen: Screen): void {
  const all = results.flatMap(({ sightings }) => Object.values(sightings));
  if (all.length > 0) screen.line(screen.style('red', plural(all.length, 'different failure')));
  for (const [index, sighting] of all.entries()) showFailure(sighting, failures, index < STORIES_SHOWN, screen);
}

function showFailure({ signature, runs, seed, why }: Sighting, failures: Failures, whole: boolean, screen: Screen): void {
  const { id, scenario, profile, property } = signature;
  screen.line(`  ${screen.style('red', property)} in ${plural(runs, 'run')} of ${scenario} ${profile}: ${printable(why, WHY_SHOWN)}`);
  const kept = failures.kept.get(id);
  screen.line(
    kept === undefined
      ? `    not made smaller; seed ${seed}`
      : `    ${plural(kept.faults, 'fault')} and ${plural(kept.events, 'event')} show it: ${COMMAND} replay ${kept.trace}`,
  );
  const story = failures.stories.get(id);
  if (story !== undefined && whole) showStory(story, screen, '    ');
  else if (kept !== undefined) screen.line(`    its story: ${COMMAND} show ${kept.trace}`);
}
/** Nobody reads more of them at once. */
const STORIES_SHOWN = 3;
const WHY_SHOWN = 300;

function span(results: readonly SweepResult[]): string {
  const names = results.map(({ job }) => nameOf(job));
  return names.length > 2 ? `from ${names[0]} to ${names.at(-1)}` : names.join(' and ');
}

/** One line: how many runs of how many sweeps, and what came of them. */
export function summary(results: readonly SweepResult[]): string {
  const runs = results.reduce((sum, { report }) => sum + report.counts.runs, 0);
  const begun = results.filter(({ state }) => state !== 'not-begun').length;
  const done = results.filter(({ state }) => state === 'done').length;
  const bad = results.filter(isBad).length;
  const found = bad > 0 ? `${plural(bad, 'sweep')} with findings` : begun === results.length ? 'all as expected' : 'as expected so far';
  if (runs === 0) return `nothing ran of ${plural(results.length, 'sweep')}`;
  const how =
    done === results.length ? plural(done, 'sweep') : `${done} whole and ${begun - done} partial of ${plural(results.length, 'sweep')}`;
  return `${plural(runs, 'run')} of ${how}: ${found}`;
}

function sentence(result: SweepResult): string {
  const { job, report, state, asked } = result;
  const [seen, ...others] = Object.entries(report.expected).sort(([, left], [, right]) => right.runs - left.runs);
  const cut = state === 'done' ? '' : `cut short, ${count(report.counts.runs)} of ${plural(asked, 'seed')}: `;
  if (seen !== undefined && report.verdict !== 'fails')
    return `${cut}fails as it must: ${seen[0]} in ${count(seen[1].runs)}${others.length > 0 ? ` (+${others.length})` : ''}`;
  if (report.verdict === 'holds') return `${cut}${plural(propertiesOf(job.scenario).length, 'property', 'properties')} hold`;
  return report.verdict === 'nothing-run' ? 'nothing ran' : `${cut}${report.verdict}`;
}

export const reproduction = (scenario: Pick<Scenario, 'name'>, profile: Profile, seed: number): string =>
  `${COMMAND} run ${scenario.name} --profile ${profile} --seed ${seed} --trace failure.jsonl`;
