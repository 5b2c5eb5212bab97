/**
 * `slipway run`: scenarios in the simulator, over many seeds (sweep.ts) or one.
 */

import { traceOf } from '../../src/check/record.ts';
import { repeated } from '../../src/check/repeat.ts';
import { planOf, type RunResult, runPlan } from '../../src/check/run.ts';
import { EVERY_PROFILE, hasProfile, type Profile, type Scenario } from '../../src/check/scenario.ts';
import { formatTime } from '../../src/host/time.ts';
import { formatEvent } from '../../src/trace/view.ts';
import type { Context } from '../context.ts';
import { checkDeterminism } from '../determinism.ts';
import { EXIT, type ExitCode, usage } from '../exit.ts';
import { Interrupt } from '../interrupt.ts';
import { COMMAND } from '../name.ts';
import { requireWritable } from '../places.ts';
import { count, plural, type Screen } from '../screen.ts';
import { parseSeed, parseSeeds } from '../seeds.ts';
import { reproduction } from '../sweep/screen.ts';
import { jobsOf } from '../sweep/sweeping.ts';
import { saveTrace } from '../trace-files.ts';
import { DEFAULT_SEEDS, parseProfile, scenariosOf, sweep } from './sweep.ts';

export interface RunFlags {
  readonly seed?: string;
  readonly seeds?: string;
  readonly minutes?: string;
  readonly jobs?: string;
  readonly profile: string;
  readonly trace?: string;
  readonly checkDeterminism?: boolean;
  readonly node?: string;
  readonly shrink?: boolean;
}

/** Where `--shrink` keeps what it finds, as `slipway sweep` does. */
const FAILURES = 'slipway-failures';

/** Events shown before a violation when a single seed is run. */
const CONTEXT = 8;

export async function run(names: readonly string[], flags: RunFlags, context: Context): Promise<ExitCode> {
  const { seed, trace } = flags;
  if (seed !== undefined && flags.seeds !== undefined) throw usage('--seed and --seeds exclude each other');
  if (seed === undefined && trace !== undefined) throw usage('--trace needs --seed and one scenario: a trace is one run');
  if (flags.shrink === true && (seed !== undefined || flags.checkDeterminism === true))
    throw usage('--shrink goes with many seeds; of one run, `slipway shrink` makes the trace smaller');
  if (seed === undefined && flags.checkDeterminism !== true)
    return sweep(names, flags.shrink === true ? { ...flags, failures: FAILURES } : flags, context);
  const scenarios = scenariosOf(names, context);
  const profile = parseProfile(flags.profile, scenarios);
  if (seed !== undefined) return runOne(scenarios, parseSeed(seed), profile, trace, context.screen);
  const interrupt = new Interrupt();
  try {
    const seeds = flags.seeds === undefined ? DEFAULT_SEEDS : parseSeeds(flags.seeds);
    return await checkDeterminism(jobsOf(scenarios, profile), seeds, flags.node, context, interrupt);
  } finally {
    interrupt.release();
  }
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
  if (path !== undefined) requireWritable('--trace', path);
  const first = runPlan(scenario, planOf(scenario, seed, profile), seed, { keep: true });
  if (path !== undefined) saveTrace(path, traceOf(scenario, first));
  const result = repeated(scenario, first);
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
