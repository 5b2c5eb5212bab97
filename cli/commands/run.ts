/**
 * `slipway run`: scenarios in the simulator, over many seeds or one.
 */

import { traceOf } from '../../src/check/record.ts';
import { planOf, type RunResult, runPlan } from '../../src/check/run.ts';
import type { Profile, Scenario } from '../../src/check/scenario.ts';
import { EVERY_PROFILE, hasProfile, PROFILES, profilesOf } from '../../src/check/scenario.ts';
import { formatTime } from '../../src/host/time.ts';
import { formatEvent } from '../../src/trace/view.ts';
import type { Context } from '../context.ts';
import { parseCount } from '../counts.ts';
import { checkDeterminism } from '../determinism.ts';
import { EXIT, type ExitCode, usage } from '../exit.ts';
import { Interrupt } from '../interrupt.ts';
import { COMMAND } from '../name.ts';
import { selectScenarios } from '../names.ts';
import { demandWritable } from '../places.ts';
import { count, plural, type Screen } from '../screen.ts';
import { parseSeed, parseSeeds, type Seeds } from '../seeds.ts';
import { jobsOf, reproduction, type SweepResult, showEnd, showSweep, summary, sweepJobs } from '../sweeping.ts';
import { saveTrace } from '../trace-files.ts';

export interface RunFlags {
  readonly seed?: string;
  readonly seeds?: string;
  readonly minutes?: string;
  readonly jobs?: string;
  readonly profile: string;
  readonly trace?: string;
  readonly checkDeterminism?: boolean;
  readonly node?: string;
}

/** Three weeks: no clock of Node counts much further. */
const MINUTES_LIMIT = 30_000;
/** More threads than any machine has use for. */
const JOBS_LIMIT = 64;

export const DEFAULT_SEEDS: Seeds = { from: 0, to: 199 };
/** Events shown before a violation when a single seed is run. */
const CONTEXT = 8;

export async function run(names: readonly string[], flags: RunFlags, context: Context): Promise<ExitCode> {
  const { screen } = context;
  const milliseconds = parseMinutes(flags.minutes);
  const scenarios = selectScenarios(context.catalogue, names.length > 0 ? names : broughtBy(context));
  const profile = parseProfile(flags.profile, scenarios);
  if (flags.seed !== undefined && flags.seeds !== undefined) throw usage('--seed and --seeds exclude each other');
  if (flags.seed !== undefined) return runOne(scenarios, parseSeed(flags.seed), profile, flags.trace, screen);
  if (flags.trace !== undefined) throw usage('--trace needs --seed and one scenario: a trace is one run');
  const jobs = jobsOf(scenarios, profile);
  const threads = flags.jobs === undefined ? undefined : parseCount('--jobs', flags.jobs, 1, JOBS_LIMIT);
  const seeds = flags.seeds === undefined ? DEFAULT_SEEDS : parseSeeds(flags.seeds);
  const interrupt = new Interrupt();
  try {
    if (flags.checkDeterminism === true) return await checkDeterminism(jobs, seeds, flags.node, context, interrupt);
    const options = { seeds, milliseconds, threads, finished: (result: SweepResult) => showSweep(result, screen) };
    const results = await sweepJobs(jobs, options, context, interrupt);
    return conclude(results, interrupt.asked, screen);
  } finally {
    interrupt.release();
  }
}

/** Who brings protocols means those when none is named; nobody's names are all. */
const broughtBy = ({ catalogue, modules }: Context): readonly string[] =>
  catalogue.protocols.filter(each => modules.includes(each.module) && each.scenarios.length > 0).map(each => each.name);

function parseProfile(text: string, scenarios: readonly Scenario[]): Profile {
  const variants = scenarios.flatMap(profilesOf).filter(each => !PROFILES.includes(each));
  const known = [...new Set([...PROFILES, ...variants])];
  if (text !== EVERY_PROFILE && !known.includes(text))
    throw usage(`--profile must be ${known.join(', ')} or ${EVERY_PROFILE}, not '${text}'`);
  return text;
}

function parseMinutes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const minutes = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (minutes <= 0 || minutes > MINUTES_LIMIT) throw usage(`--minutes must be a number above 0, at most ${MINUTES_LIMIT}, not '${text}'`);
  return minutes * 60_000;
}

function conclude(results: readonly SweepResult[], interrupted: boolean, screen: Screen): ExitCode {
  screen.value({
    format: 'slipway-sweeps',
    v: 1,
    interrupted,
    sweeps: results.map(({ report, state, asked, milliseconds }) => ({ ...report, state, asked, milliseconds: Math.round(milliseconds) })),
  });
  const runs = results.reduce((sum, { report }) => sum + report.counts.runs, 0);
  const bad = results.some(({ report }) => report.findings.length > 0);
  const whole = results.every(({ state }) => state === 'done');
  screen.line(screen.style(bad ? 'red' : whole ? 'green' : 'yellow', `${interrupted ? 'stopped; ' : ''}${summary(results)}`));
  showEnd(results, screen);
  if (interrupted) return EXIT.interrupted;
  if (runs === 0) return EXIT.nothingRan;
  return bad ? EXIT.findings : EXIT.ok;
}

async function runOne(
  scenarios: readonly Scenario[],
  seed: number,
  wanted: Profile,
  path: string | undefined,
  screen: Screen,
): Promise<ExitCode> {
  const [scenario] = scenarios;
  if (scenario === undefined || scenarios.length > 1) throw usage('--seed runs one scenario; name it (list scenarios shows them)');
  const profile = wanted === EVERY_PROFILE ? 'corrected' : wanted;
  if (!hasProfile(scenario, profile)) throw usage(`${scenario.name} has no plans that are ${profile}`);
  if (path !== undefined) demandWritable('--trace', path);
  const result = runPlan(scenario, planOf(scenario, seed, profile), seed, { keep: true });
  if (path !== undefined) saveTrace(path, traceOf(scenario, result));
  showRun(scenario, result, screen);
  if (path !== undefined) screen.line(`trace: ${path}   (${COMMAND} replay ${path})`);
  else if (result.outcome === 'fail') screen.line(`keep it: ${reproduction(scenario, profile, seed)}`);
  const { events, ...rest } = result;
  screen.value({ format: 'slipway-run', v: 1, ...rest });
  return result.outcome === 'pass' ? EXIT.ok : EXIT.findings;
}

export function showRun(scenario: Scenario, result: RunResult, screen: Screen): void {
  const mark = result.outcome === 'pass' ? screen.style('green', '✓ holds') : screen.style('red', '✗ fails');
  screen.line(`${mark}  ${scenario.name}  seed ${result.seed}  ${result.plan.profile}`);
  screen.line(`  ${scenario.title}`);
  screen.line(
    `  ${count(result.eventCount)} events in ${formatTime(result.ending.time)} of simulated time, fingerprint ${result.fingerprint}`,
  );
  for (const { fault, fired } of result.firings)
    screen.line(`  fault ${fault.kind} at ${formatTime(fault.at)}: fired ${plural(fired, 'time')}`);
  for (const bug of result.bugs) screen.line(`  ${screen.style('red', 'a daemon threw')} ${bug}`);
  for (const { property, why } of result.undecided) screen.line(`  ${screen.style('yellow', property)} is not decided: ${why}`);
  for (const { property, at, why, drawing = [] } of result.violations) {
    screen.line(`  ${screen.style('red', property)} at event ${at}: ${why}`);
    for (const line of drawing) screen.line(`    ${line}`);
    for (const event of result.events?.slice(Math.max(0, at - CONTEXT), at + 1) ?? []) screen.line(`    ${formatEvent(event)}`);
  }
}
