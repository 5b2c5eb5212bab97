/**
 * A sweep as a test of vitest. It fails with the sentence that was broken, the smallest run that breaks it, and one line to type that
 * runs it again. What failed once is tried first from then on (regressions.ts).
 *  - SLIPWAY_SEED=7 runs that seed alone.
 * Lacks: workers, and the as-written profile of a published source; `slipway run` has both.
 */
import { test } from 'vitest';
import type { Violation } from '../src/check/property.ts';
import { isSample, NONDETERMINISM, repeated } from '../src/check/repeat.ts';
import { planOf, type RunResult, runPlan, SEED_LIMIT } from '../src/check/run.ts';
import type { CommonPlan, Scenario } from '../src/check/scenario.ts';
import { shrinkPlan } from '../src/check/shrink/shrink.ts';
import { signatureOf } from '../src/check/signature.ts';
import { neededOf } from '../src/check/story/needed.ts';
import { formatStory, storyOf } from '../src/check/story/story.ts';
import { countRun, ENOUGH_RUNS, formatFinding, formatNote, judgeSweep, noCounts, type SweepReport } from '../src/check/sweep.ts';
import { printable } from '../src/host/bytes.ts';
import { type Places, placesOf, replayLine, saveTrace, sweepLine } from './places.ts';
import { addRegression, type Regression, readRegressions } from './regressions.ts';

export interface SimTestOptions {
  /** How many, from `from` on; default 100. Fewer prove nothing about what is rare. */
  readonly seeds?: number;
  readonly from?: number;
  /** Where the trace of a failure and the plans that failed are written, from the present folder; default `slipway-failures`. */
  readonly folder?: string;
  /** The module that brings the scenario's protocol, for the line that replays; default: slipway.config.ts, .mts, .js or .mjs in the present folder. */
  readonly config?: string;
  /** Runs to spend on a smaller failure; default 300. */
  readonly shrinkRuns?: number;
  /** Of the test, in milliseconds; default 60,000. */
  readonly timeout?: number;
}

const SHRINK_RUNS = 300;
const TIMEOUT_MS = 60_000;
const SEED_VARIABLE = 'SLIPWAY_SEED';

/** `test(name, …)` with a sweep of the scenario in it. */
export function simTest<Plan extends CommonPlan>(name: string, scenario: Scenario<Plan>, options: SimTestOptions = {}): void {
  const caller = framesAbove(simTest);
  test(name, { timeout: options.timeout ?? TIMEOUT_MS }, async ({ signal }) => {
    try {
      await simulate(scenario, options, signal);
    } catch (thrown) {
      // Where the test stands, and not where in here it was found.
      if (thrown instanceof SimulationFailure) thrown.stack = `${thrown.name}: ${thrown.message}\n${caller}`;
      throw thrown;
    }
  });
}

/** What a failed sweep is thrown as: its message is for people. */
export class SimulationFailure extends Error {
  override readonly name = 'SimulationFailure';
}

/**
 * The sweep without a test around it. Throws a SimulationFailure, or an Error about its options, SLIPWAY_SEED or the regressions.
 * `signal`: looked at between two runs.
 */
export async function simulate<Plan extends CommonPlan>(
  scenario: Scenario<Plan>,
  options: SimTestOptions = {},
  signal?: AbortSignal,
): Promise<SweepReport> {
  const { seeds = ENOUGH_RUNS, from = 0 } = options;
  if (!Number.isInteger(seeds) || seeds < 1) throw new RangeError(`seeds: must be an integer from 1, is ${seeds}`);
  const places = placesOf(scenario, options);
  const alone = seedOf(process.env[SEED_VARIABLE]);
  if (alone === undefined) {
    for (const { index, ...regression } of readRegressions(scenario, places.regressions, 'corrected')) {
      await breath(signal);
      tryAgain(scenario, regression, index, places);
    }
  }
  let counts = noCounts(scenario, 'corrected');
  for (const seed of alone === undefined ? Array.from({ length: seeds }, (_, index) => from + index) : [alone]) {
    await breath(signal);
    const sample = isSample(seed - from) || alone !== undefined;
    const first = runPlan(scenario, planOf(scenario, seed, 'corrected'), seed, { keep: sample });
    const result = sample || first.outcome === 'fail' ? repeated(scenario, first) : first;
    if (result.outcome === 'fail') fail(scenario, result, options, places);
    counts = countRun(counts, result);
  }
  const report = judgeSweep(scenario, counts);
  if (alone !== undefined) return report;
  for (const note of report.notes) console.warn(`${scenario.name}: ${formatNote(note, counts.runs)}`);
  if (report.findings.length > 0) {
    const findings = report.findings.map(each => `  ${formatFinding(each, counts.runs)}`);
    const again = sweepLine(scenario, places, from, from + seeds - 1);
    throw new SimulationFailure([`${scenario.name} proves less than it says:`, ...findings, `see it: ${again}`].join('\n'));
  }
  return report;
}

/** Between two runs vitest may look at its clock, or be told to stop. */
async function breath(signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>(resolve => setImmediate(resolve));
  signal?.throwIfAborted();
}

function seedOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,10}$/.test(text) && Number(text) <= SEED_LIMIT) return Number(text);
  throw new RangeError(
    `${SEED_VARIABLE} must be an integer from 0 to ${SEED_LIMIT}, not '${printable(text, 40)}'; unset it to run all seeds`,
  );
}

/** A plan that failed once. It is as small as it was made then. */
function tryAgain<Plan extends CommonPlan>(scenario: Scenario<Plan>, regression: Regression<Plan>, index: number, places: Places): void {
  const { seed, plan } = regression;
  const result = repeated(scenario, runPlan(scenario, plan, seed, { keep: true }));
  const different = result.violations.find(each => each.property === NONDETERMINISM);
  if (different !== undefined) throw notTheSame(scenario, result, different.why);
  const violation = result.violations.find(each => each.property === regression.property) ?? result.violations[0];
  if (violation === undefined) return;
  const trace = saveTrace(scenario, result, violation.property, places);
  throw new SimulationFailure(
    [
      `${scenario.name} fails again as it did once: [${index}] of ${places.regressions}`,
      ...told(scenario, result, violation),
      ...trace,
      `again: ${replayLine(scenario, result, places)}`,
    ].join('\n'),
  );
}

function fail<Plan extends CommonPlan>(scenario: Scenario<Plan>, found: RunResult<Plan>, options: SimTestOptions, places: Places): never {
  const [first] = found.violations;
  if (first === undefined) throw new Error(`${scenario.name}: a run that fails violates nothing`);
  if (first.property === NONDETERMINISM) throw notTheSame(scenario, found, first.why);
  const shrunk = shrinkPlan(scenario, found.plan, found.seed, first.property, { maxRuns: options.shrinkRuns ?? SHRINK_RUNS });
  if (shrunk === undefined) throw new Error(`scenario ${scenario.name} is not deterministic: ${first.property} failed and then held`);
  const { result, violation, accepted, runs } = shrunk;
  const kept = addRegression(places.regressions, { seed: found.seed, property: first.property, plan: result.plan });
  const trace = saveTrace(scenario, result, violation.property, places);
  throw new SimulationFailure(
    [
      `${scenario.name} fails with seed ${found.seed}; made smaller ${accepted} times in ${runs} runs:`,
      ...told(scenario, result, violation),
      ...trace,
      ...kept,
      `again: ${replayLine(scenario, result, places)}`,
    ].join('\n'),
  );
}

function told<Plan extends CommonPlan>(scenario: Scenario<Plan>, result: RunResult<Plan>, violation: Violation): readonly string[] {
  const { plan, events = [], bugs, seed } = result;
  const signature = signatureOf(scenario, plan.profile, violation, events);
  const needed = neededOf(scenario, plan, seed, signature);
  return formatStory(storyOf(scenario, { plan, events, violation, bugs, needed })).map(line => `  ${line}`.trimEnd());
}

/** No failure of the protocol, whatever else it violates. */
const notTheSame = ({ name }: Pick<Scenario, 'name'>, { seed }: Pick<RunResult, 'seed'>, why: string): SimulationFailure =>
  new SimulationFailure(`${name} is not deterministic, seen with seed ${seed}: ${printable(why, 1_000)}`);

function framesAbove(called: (...args: never[]) => unknown): string {
  const here: { stack?: string } = {};
  Error.captureStackTrace(here, called);
  return (here.stack ?? '').split('\n').slice(1).join('\n');
}
