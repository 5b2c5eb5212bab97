/**
 * `slipway exhaust`: a run in which nothing goes wrong, and again with each fault at each moment at which it could strike.
 */

import { availableParallelism } from 'node:os';
import { healthyPlan, momentsOf, type Point, struckPlan } from '../../src/check/exhaust.ts';
import { traceOf } from '../../src/check/record.ts';
import { runPlan } from '../../src/check/run.ts';
import { hasProfile, type Profile, type Scenario } from '../../src/check/scenario.ts';
import { foreseenOf } from '../../src/check/sweep.ts';
import { printable } from '../../src/host/bytes.ts';
import { byKey } from '../../src/host/order.ts';
import { STRIKES, type Strike } from '../../src/sim/fault.ts';
import type { Context } from '../context.ts';
import { parseCount } from '../counts.ts';
import type { Failure, Task, Update } from '../exhaust-worker.ts';
import { EXIT, type ExitCode, usage } from '../exit.ts';
import { Interrupt } from '../interrupt.ts';
import { COMMAND } from '../name.ts';
import { selectScenarios } from '../names.ts';
import { requireWritable } from '../places.ts';
import { count, plural, type Screen } from '../screen.ts';
import { parseSeed } from '../seeds.ts';
import { saveTrace } from '../trace-files.ts';
import { workerModule } from '../workers/start.ts';
import { Workers } from '../workers/workers.ts';
import { showRun } from './run.ts';

export interface ExhaustFlags {
  readonly seed: string;
  readonly profile: string;
  readonly faults?: string;
  readonly pairs: string;
  readonly jobs?: string;
  readonly at?: string;
  readonly trace?: string;
}

const PAIRS_LIMIT = 9_999_999;
/** Each has its own copy of everything that is loaded. */
const JOBS_LIMIT = 64;

/** What is known so far. */
interface Sum {
  calls: number;
  moments: number;
  same: number;
  pairs: number;
  readonly tried: Map<string, { tried: number; struck: number }>;
  readonly failures: Failure[];
}

export async function exhaust(names: readonly string[], flags: ExhaustFlags, context: Context): Promise<ExitCode> {
  const { screen } = context;
  const scenario = chosen(selectScenarios(context.catalogue, names));
  const { profile } = flags;
  if (!hasProfile(scenario, profile)) throw usage(`${scenario.name} has no plans that are ${printable(profile, 40)}`);
  const seed = parseSeed(flags.seed);
  const only = parseStrikes(flags.faults);
  if (flags.at !== undefined) return one(scenario, seed, profile, only, flags, screen);
  if (flags.trace !== undefined) throw usage('--trace needs --at: a trace is one run');
  const task = {
    protocol: scenario.protocol,
    scenario: scenario.name,
    profile,
    seed,
    only,
    pairs: parseCount('--pairs', flags.pairs, 0, PAIRS_LIMIT),
  };
  const jobs = flags.jobs === undefined ? availableParallelism() : parseCount('--jobs', flags.jobs, 1, JOBS_LIMIT);
  const interrupt = new Interrupt();
  try {
    const sum = await tryAll(task, jobs, context, interrupt);
    return conclude(scenario, task, sum, interrupt.asked, screen);
  } finally {
    interrupt.release();
  }
}

function chosen([scenario, ...others]: readonly Scenario[]): Scenario {
  if (scenario === undefined || others.length > 0) throw usage('exhaust takes one scenario; `slipway list scenarios` shows them');
  return scenario;
}

function parseStrikes(text: string | undefined): readonly Strike[] | undefined {
  const known = Object.keys(STRIKES);
  const isStrike = (each: string): each is Strike => known.includes(each);
  const asked = text?.split(',');
  const wrong = asked?.find(each => !isStrike(each));
  if (wrong !== undefined) throw usage(`--faults: there is no '${printable(wrong, 40)}'; there are ${known.join(', ')}`);
  return asked?.filter(isStrike);
}

async function tryAll(
  task: Omit<Task, 'share' | 'shares'>,
  jobs: number,
  { screen, modules }: Context,
  interrupt: Interrupt,
): Promise<Sum> {
  const sum: Sum = { calls: 0, moments: 0, same: 0, pairs: 0, tried: new Map(), failures: [] };
  const workers = new Workers<Task, Update>(modules, workerModule('exhaust-worker'));
  interrupt.signal.addEventListener('abort', () => workers.stop());
  const take = ({ calls, moments, same, pairs, tried, failures }: Update): void => {
    Object.assign(sum, { calls, moments, same, pairs });
    sum.failures.push(...failures);
    for (const [what, { tried: more, struck }] of Object.entries(tried)) {
      const before = sum.tried.get(what) ?? { tried: 0, struck: 0 };
      sum.tried.set(what, { tried: before.tried + more, struck: before.struck + struck });
    }
    screen.progress(() => `${count(triedOf(sum))} of ${plural(moments + pairs, 'moment')}, ${plural(sum.failures.length, 'failure')}`);
  };
  try {
    await Promise.all(Array.from({ length: jobs }, (_, share) => workers.run({ ...task, share, shares: jobs }, take)));
  } finally {
    await workers.close();
  }
  return sum;
}

const triedOf = ({ tried }: Sum): number => [...tried.values()].reduce((all, each) => all + each.tried, 0);

function conclude(
  scenario: Scenario,
  { seed, profile }: Omit<Task, 'share' | 'shares'>,
  sum: Sum,
  interrupted: boolean,
  screen: Screen,
): ExitCode {
  const foreseen = foreseenOf(scenario, profile);
  // In the order of the moments, whichever worker was first.
  const failures = [...sum.failures].sort((one, other) => (one.points[0]?.call ?? 0) - (other.points[0]?.call ?? 0));
  const found = failures.filter(({ property }) => !foreseen.includes(property));
  const tried = triedOf(sum);
  screen.line(`${scenario.name}  seed ${seed}  ${profile}`);
  screen.line(
    `  ${plural(sum.calls, 'Host call')} before healing, ${plural(sum.moments, 'moment')} at which something may strike${sum.pairs > 0 ? `, ${plural(sum.pairs, 'pair')} of them` : ''}`,
  );
  if (sum.same > 0) screen.line(`  ${count(sum.same)} more are like the one before: nothing happened in between`);
  for (const [what, { tried: times, struck }] of rows(sum))
    screen.line(`  ${what.padEnd(12)} ${count(times).padStart(7)} tried, ${count(struck)} had an effect`);
  for (const group of byProperty(found)) showGroup(scenario, seed, profile, group, screen);
  const whole = !interrupted && tried === sum.moments + sum.pairs;
  screen.line(verdictOf(scenario, found.length, tried, sum, whole, screen));
  screen.value({
    format: 'slipway-exhaust',
    v: 1,
    scenario: scenario.name,
    seed,
    profile,
    interrupted,
    calls: sum.calls,
    moments: sum.moments,
    pairs: sum.pairs,
    same: sum.same,
    tried: Object.fromEntries(sum.tried),
    failures: found,
    foreseen: failures.length - found.length,
  });
  if (interrupted) return EXIT.interrupted;
  if (tried === 0) return EXIT.nothingRan;
  return found.length > 0 ? EXIT.findings : EXIT.ok;
}

function verdictOf({ name }: Scenario, failures: number, tried: number, { moments, pairs }: Sum, whole: boolean, screen: Screen): string {
  if (tried === 0) return screen.style('yellow', `nothing was tried: the fault budget of ${name} allows nothing that strikes at a call`);
  const how = whole ? plural(tried, 'moment') : `${count(tried)} of ${plural(moments + pairs, 'moment')}; stopped`;
  return failures > 0 ? screen.style('red', `✗ ${plural(failures, 'failure')} at ${how}`) : screen.style('green', `✓ holds at ${how}`);
}

/** Pairs in one row. */
function rows({ tried }: Sum): readonly (readonly [string, { readonly tried: number; readonly struck: number }])[] {
  const isPair = ([what]: readonly [string, unknown]): boolean => what.includes('+');
  const single = [...tried].filter(each => !isPair(each)).sort(byKey(([key]) => key));
  const pairs = [...tried].filter(isPair).map(([, each]) => each);
  if (pairs.length === 0) return single;
  const add = (key: 'tried' | 'struck'): number => pairs.reduce((all, each) => all + each[key], 0);
  return [...single, ['pairs', { tried: add('tried'), struck: add('struck') }]];
}

const byProperty = (failures: readonly Failure[]): readonly (readonly Failure[])[] =>
  [...new Set(failures.map(({ property }) => property))].map(name => failures.filter(({ property }) => property === name));

function showGroup({ name }: Scenario, seed: number, profile: Profile, group: readonly Failure[], screen: Screen): void {
  const [first] = group;
  if (first === undefined) return;
  const where = first.points.map(momentText).join(', then ');
  screen.line(`  ${screen.style('red', first.property)} at ${plural(group.length, 'moment')}, first with ${where}: ${first.why}`);
  const flags = first.points.map(momentWord).join(',');
  screen.line(`    ${COMMAND} exhaust ${name} --profile ${profile} --seed ${seed} --at ${flags} --trace failure.jsonl`);
}

const momentText = ({ call, machine, program, what, name, after }: Point): string =>
  `${what} ${after === undefined ? 'at' : 'after'} Host call ${call}${name === undefined ? '' : ` (${name})`} of ${machine}/${program}`;

/** As `--at` takes it: `37:kill`, `40:power-torn:2`, `41:kill:after`. */
const momentWord = ({ call, what, draw, after }: Point): string =>
  [call, what, ...(after === undefined ? [] : ['after']), ...(draw === undefined ? [] : [draw])].join(':');

/** One run, in detail. */
function one(
  scenario: Scenario,
  seed: number,
  profile: Profile,
  only: readonly Strike[] | undefined,
  { at = '', trace }: ExhaustFlags,
  screen: Screen,
): ExitCode {
  const plan = healthyPlan(scenario, seed, profile);
  const { points } = momentsOf(scenario, seed, plan, only);
  const chosenPoints = at.split(',').map(text => {
    const found = points.find(each => momentWord(each) === text);
    if (found === undefined) throw usage(`--at ${printable(text, 40)}: that is no moment of this run; without --at they are all tried`);
    return found;
  });
  if (trace !== undefined) requireWritable('--trace', trace);
  const result = runPlan(scenario, struckPlan(scenario, plan, chosenPoints), seed, { keep: true });
  if (trace !== undefined) saveTrace(trace, traceOf(scenario, result));
  showRun(scenario, result, screen);
  if (trace !== undefined) screen.line(`trace: ${trace}   (${COMMAND} replay ${trace})`);
  const { events: _, ...rest } = result;
  screen.value({ format: 'slipway-run', v: 1, ...rest });
  return result.outcome === 'pass' ? EXIT.ok : EXIT.findings;
}
