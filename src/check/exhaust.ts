/**
 * Every moment there is: a run in which nothing goes wrong is made once, and then again for each Host call in it with each fault that could
 * strike there and that the scenario's budget allows, and for pairs of them as far as they are wanted.
 * Until a fault strikes a run is the one before, so that the number of a call says which moment it is.
 * Lacks: faults that last and start between two calls (sweep.ts draws those), and workers (cli).
 */
import { after, type Duration, type Instant, micros, ORIGIN, seconds, since, ZERO } from '../host/time.ts';
import { mayRefuse, REFUSALS, type RefusalCode } from '../sim/core/refusals.ts';
import type { Fault, Strike, StrikeFault } from '../sim/fault.ts';
import { mayStrike, strikesOf } from './budget.ts';
import { type HostCall, planOf, type RunResult, runPlan } from './run.ts';
import type { CommonPlan, Profile, Scenario } from './scenario.ts';

/** A moment and what strikes there. */
export interface Point extends Pick<StrikeFault, 'call' | 'program' | 'machine' | 'what' | 'draw'> {
  /** The call, when it is one that can be refused. */
  readonly name: string | undefined;
  /** Not before the call but at this time, a moment after it: it is the last one of its process. */
  readonly after?: Instant;
}

/** What was tried at some points. */
export interface Tried<Plan extends CommonPlan = CommonPlan> {
  readonly points: readonly Point[];
  readonly result: RunResult<Plan>;
  /** It changed something. */
  readonly struck: boolean;
}

/** Ways in which what was not synced is torn. */
const TEARS = 3;
/** After the last call of a process. */
const MOMENT: Duration = micros(1);
/** A machine without power has it back after this. */
const POWER_BACK: Duration = seconds(1);
/** The second of a pair strikes within so many points after the first. */
const PAIR_WITHIN = 64;

/** The plan of the seed with nothing going wrong, in the order of time. */
export const healthyPlan = <Plan extends CommonPlan>(scenario: Scenario<Plan>, seed: number, profile: Profile): Plan => ({
  ...planOf(scenario, seed, profile),
  faults: [],
  schedule: { strategy: 'fifo' },
});

export interface Moments {
  /** Host calls of the healthy run until it is healed. */
  readonly calls: number;
  readonly points: readonly Point[];
  /** Points that were left out, because an earlier one has the same outcome: nothing happened between the two. */
  readonly same: number;
}

/** All points of a run, in order. `only`: what may strike; default: all that the budget allows. */
export function momentsOf<Plan extends CommonPlan>(scenario: Scenario<Plan>, seed: number, plan: Plan, only?: readonly Strike[]): Moments {
  const calls: HostCall[] = [];
  runPlan(scenario, plan, seed, { calls: call => calls.push(call) });
  const whats = strikesOf(scenario.budget).filter(what => only === undefined || only.includes(what));
  const lasts = new Map(calls.map(({ serial, call }) => [serial, call]));
  const seen = new Set<string>();
  const points: Point[] = [];
  let same = 0;
  for (const call of calls.filter(({ time }) => time >= (scenario.budget.from ?? 0))) {
    const last = lasts.get(call.serial) === call.call;
    for (const what of whats.filter(each => mayStrike(scenario.budget, { what: each, ...call }) && strikes(each, call))) {
      // Between two calls of a process without an event nobody else has seen anything.
      const key = `${what} ${call.serial} ${call.events} ${isRefusal(what) ? call.call : ''}`;
      if (seen.has(key)) same++;
      else for (let draw = 0; draw < (what === 'power-torn' ? TEARS : 1); draw++) points.push(pointOf(call, what, draw));
      seen.add(key);
      if (last && !isRefusal(what)) points.push({ ...pointOf(call, what, 0), after: after(call.time, MOMENT) });
    }
  }
  return { calls: calls.length, points, same };
}

const pointOf = ({ call, program, machine, name }: HostCall, what: Strike, draw: number): Point => ({
  call,
  program,
  machine,
  what,
  name,
  ...(draw === 0 ? {} : { draw }),
});

const isRefusal = (what: Strike): what is RefusalCode => Object.values(REFUSALS).some(codes => codes.some(code => code === what));

function strikes(what: Strike, { name, newest }: HostCall): boolean {
  if (what === 'kill' || what === 'pause') return newest;
  return !isRefusal(what) || (name !== undefined && mayRefuse(name, what));
}

/** The plan in which it strikes there. */
export function struckPlan<Plan extends CommonPlan>(scenario: Scenario<Plan>, plan: Plan, points: readonly Point[]): Plan {
  const faults = points.map((point): Fault => {
    const { call, program, machine, what, draw } = point;
    const hit = { duration: durationOf(what, scenario.budget.longest), program, machine };
    if (point.after !== undefined) return faultAt(what, { ...hit, at: since(ORIGIN, point.after) });
    return { kind: 'strike', at: ZERO, ...hit, call, what, ...(draw === undefined ? {} : { draw }) };
  });
  return { ...plan, faults };
}

/** A pause lasts beyond any timer that the budget knows of; what loses power has it back soon. */
function durationOf(what: Strike, longest: Duration): Duration {
  if (what === 'pause') return longest;
  return what.startsWith('power-') ? shorter(POWER_BACK, longest) : ZERO;
}

/** The same without a call to strike at. */
function faultAt(what: Strike, { at, duration, program, machine }: Pick<StrikeFault, 'at' | 'duration' | 'program' | 'machine'>): Fault {
  switch (what) {
    case 'kill':
    case 'reset':
    case 'half-open':
      return { kind: what, at, program };
    case 'pause':
      return { kind: what, at, duration, program };
    case 'power-kept':
      return { kind: 'power-cut', at, duration, machine, unsynced: 'kept' };
    case 'power-lost':
      return { kind: 'power-cut', at, duration, machine, unsynced: 'lost' };
    case 'power-torn':
      return { kind: 'power-cut', at, duration, machine, unsynced: 'torn' };
    default:
      throw new Error(`${what} refuses a call, and there is none`);
  }
}

const shorter = (one: Duration, other: Duration): Duration => (one < other ? one : other);

export function tryPoints<Plan extends CommonPlan>(
  scenario: Scenario<Plan>,
  seed: number,
  plan: Plan,
  points: readonly Point[],
): Tried<Plan> {
  const result = runPlan(scenario, struckPlan(scenario, plan, points), seed);
  return { points, result, struck: result.firings.every(({ fired }) => fired > 0) };
}

/** `count` pairs of points that are near each other, spread evenly over all there are. */
export function pairsOf(points: readonly Point[], count: number): readonly (readonly [Point, Point])[] {
  const pairs: (readonly [Point, Point])[] = [];
  const stride = Math.max(1, Math.floor((points.length * PAIR_WITHIN) / Math.max(1, count)));
  for (let at = 0; pairs.length < count && at < points.length * PAIR_WITHIN; at += stride) {
    const first = Math.floor(at / PAIR_WITHIN);
    // Each first point has its second at another distance.
    const second = first + 1 + ((at + first) % PAIR_WITHIN);
    const [one, other] = [points[first], points[second]];
    if (one !== undefined && other !== undefined && one.call < other.call) pairs.push([one, other]);
  }
  return pairs;
}
