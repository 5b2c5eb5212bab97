/**
 * Drawing plans: fast-check arbitraries for the part that every plan has; `plans` joins a scenario's own
 * workload to it. Everything here can be shrunk from a bare value, so that a plan read from a file shrinks as well
 * as one just drawn: records, arrays, integers, and maps that know their inverse.
 * Lacks: fc.constantFrom of objects, fc.subarray and fc.gen, which cannot be shrunk without context.
 */
import fc from 'fast-check';
import { type Duration, micros, millis } from '../host/time.ts';
import type { LinkParameters, LocalParameters, Schedule } from '../sim/core/options.ts';
import { LINK_DEFAULTS, LOCAL_DEFAULTS, STEPS_LIMIT, WINDOW_MAX } from '../sim/core/options.ts';
import { canonicalJson } from '../trace/canonical.ts';
import type { JsonValue } from '../trace/event.ts';
import { READ_LIMIT } from './plan-shape.ts';
import type { CommonPlan, Profile, Scenario } from './scenario.ts';

/** fast-check makes records without prototype unless told; a plan from a file has one, and the two must compare equal. */
export const PLAIN: { readonly noNullPrototype: true } = Object.freeze({ noNullPrototype: true });

/** The arbitraries of the common part; what is left out is drawn in its widest form, faults excepted: there are none. */
export interface CommonArbitraries {
  readonly faults?: fc.Arbitrary<CommonPlan['faults']>;
  readonly link?: fc.Arbitrary<LinkParameters>;
  readonly local?: fc.Arbitrary<LocalParameters>;
  readonly schedule?: fc.Arbitrary<Schedule>;
}

/** A plan: the common part and the scenario's own workload, each field an arbitrary. */
export function plans<Workload extends object>(
  profile: Profile,
  common: CommonArbitraries,
  workload: { [Field in keyof Workload]: fc.Arbitrary<Workload[Field]> },
): fc.Arbitrary<CommonPlan & Workload> {
  const fields = {
    profile: fc.constant(profile),
    // fc.constant([]) would know no other empty list but its own.
    faults: common.faults ?? fc.tuple(),
    link: common.link ?? links(),
    local: common.local ?? locals(),
    schedule: common.schedule ?? schedules(),
    ...workload,
  };
  // fc.record gives exactly the fields of its model: those of CommonPlan, spelled out above, and those of Workload.
  return fc.record(fields, PLAIN) as unknown as fc.Arbitrary<CommonPlan & Workload>;
}

/** What a scenario draws its plans from, for `fc.property` of one's own. */
export const planArbitrary = <Plan extends CommonPlan>(scenario: Scenario<Plan>, profile: Profile = 'corrected'): fc.Arbitrary<Plan> =>
  scenario.plans(profile);

/** How bad a link may be at its best: the parameters that hold for the whole run, healing or not. */
export interface LinkRange {
  readonly latency?: Duration;
  /** Chances in a thousand. */
  readonly loss?: number;
  readonly duplicate?: number;
  readonly reorder?: number;
}

export function links(range: LinkRange = {}): fc.Arbitrary<LinkParameters> {
  const parts = fc.record(
    {
      delay: ranges(range.latency ?? LINK_DEFAULTS.latencyMax),
      readMax: readSizes(),
      loss: fc.integer({ min: 0, max: range.loss ?? 0 }),
      duplicate: fc.integer({ min: 0, max: range.duplicate ?? 0 }),
      reorder: fc.integer({ min: 0, max: range.reorder ?? 0 }),
    },
    PLAIN,
  );
  return parts.map(
    ({ delay: [latencyMin, latencyMax], ...rest }): LinkParameters => ({ latencyMin, latencyMax, ...rest }),
    value => {
      const { latencyMin, latencyMax, ...rest } = objectOf<LinkParameters>(value);
      return { delay: [latencyMin, latencyMax], ...rest };
    },
  );
}

/** What a machine may be like inside. */
export interface LocalRange {
  readonly latency?: Duration;
  /** Longest time that a process takes to start. */
  readonly start?: Duration;
  /** Of `readMax`; both small and large ones if absent. */
  readonly reads?: readonly [least: number, most: number];
}

export function locals(range: LocalRange = {}): fc.Arbitrary<LocalParameters> {
  const { latency = LOCAL_DEFAULTS.latencyMax, start = LOCAL_DEFAULTS.startMax, reads } = range;
  const readMax = reads === undefined ? readSizes() : fc.integer({ min: reads[0], max: reads[1] });
  return fc.record({ delay: ranges(latency), readMax, start: ranges(start) }, PLAIN).map(
    ({ delay: [latencyMin, latencyMax], start: [startMin, startMax], ...rest }): LocalParameters => ({
      latencyMin,
      latencyMax,
      ...rest,
      startMin,
      startMax,
    }),
    value => {
      const { latencyMin, latencyMax, startMin, startMax, ...rest } = objectOf<LocalParameters>(value);
      return { delay: [latencyMin, latencyMax], start: [startMin, startMax], ...rest };
    },
  );
}

/**
 * A portfolio: no strategy finds every bug, and the plan says which it was. A plan is a function of its seed alone: how many steps its run
 * will have is known from runs before (steps.ts), or drawn as a power of two, of which one in a few is right.
 */
export function schedules(): fc.Arbitrary<Schedule> {
  const window = pick(WINDOWS);
  const steps = fc.nat({ max: STEPS.length - 1 }).map(index => STEPS[index] as number, stepsBelow); // index is at most length - 1
  return fc.oneof(
    fc.record({ strategy: fc.constant('fifo' as const) }, PLAIN),
    fc.record({ strategy: fc.constant('random' as const) }, PLAIN),
    fc.record({ strategy: fc.constant('walk' as const), window }, PLAIN),
    fc.record({ strategy: fc.constant('priorities' as const), window, depth: fc.integer({ min: 1, max: 5 }), steps }, PLAIN),
    fc.record({ strategy: fc.constant('delays' as const), window, most: fc.integer({ min: 1, max: 5 }), steps }, PLAIN),
    fc.record({ strategy: fc.constant('races' as const), most: fc.integer({ min: 1, max: 5 }), oneIn: pick(RARITIES) }, PLAIN),
  );
}

/** A kernel's own wake-ups, a link, a busy machine. */
const WINDOWS: readonly Duration[] = [micros(200), millis(2), WINDOW_MAX];
const STEPS: readonly number[] = [64, 256, 1_024, 4_096];
const RARITIES: readonly number[] = [2, 8, 32, 128];

/** Of any number of steps, as a plan has it: the place of the greatest of STEPS that is not above. */
function stepsBelow(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > STEPS_LIMIT) throw new Error('no number of steps');
  return Math.max(
    0,
    STEPS.findLastIndex(each => each <= value),
  );
}

/** A duration around one of the protocol's timeouts, from half to twice its length: where a retry and its cause overlap. */
export function around(timeouts: readonly Duration[], longest: Duration): fc.Arbitrary<Duration> {
  const ranges = (timeouts.length === 0 ? [Math.min(longest, DEFAULT_TIMEOUT)] : timeouts).map(timeout => ({
    min: Math.min(Math.trunc(timeout / 2), longest),
    max: Math.min(timeout * 2, longest),
  }));
  return fc.oneof(...ranges.map(durations));
}

const DEFAULT_TIMEOUT = millis(1000);

/** Integer microseconds, without fast-check's preference for the ends of the range. */
export function durations(range: { readonly min: number; readonly max: number }): fc.Arbitrary<Duration> {
  // A safe integer is all that a Duration is.
  return fc.noBias(fc.integer(range)) as unknown as fc.Arbitrary<Duration>;
}

/** One of a few values, as fc.constantFrom, but able to shrink (towards the first) an equal value that came from a file. */
export function pick<T>(values: readonly T[]): fc.Arbitrary<T> {
  // Keys of a plan that was written to a file come back sorted. Plans hold JSON values only.
  const textOf = (value: unknown): string => canonicalJson(value as JsonValue);
  const texts = values.map(textOf);
  return fc.nat({ max: values.length - 1 }).map(
    index => values[index] as T, // index is at most values.length - 1
    value => {
      const index = texts.indexOf(textOf(value));
      if (index < 0) throw new Error('not one of the values');
      return index;
    },
  );
}

/** The bounds between which a delay is drawn, the lower one first. */
function ranges(longest: Duration): fc.Arbitrary<readonly [least: Duration, most: Duration]> {
  return fc.tuple(fc.integer({ min: 0, max: longest }), fc.integer({ min: 0, max: longest })).map(
    ([one, other]) => [Math.min(one, other) as Duration, Math.max(one, other) as Duration], // integers drawn above
    value => {
      const [least, most] = objectOf<readonly [number, number]>(value);
      return [least, most];
    },
  );
}

/** All at once, byte by byte, or in pieces that fit no frame. */
function readSizes(): fc.Arbitrary<number> {
  return fc.oneof(pick([READ_LIMIT, 1]), fc.integer({ min: 2, max: 64 }), fc.integer({ min: 65, max: READ_LIMIT }));
}

/** For inverses of maps: fast-check passes them anything, and takes an exception as "not mine". */
export function objectOf<T extends object>(value: unknown): T {
  if (typeof value !== 'object' || value === null) throw new Error('not an object');
  // The arbitrary beneath looks at every field before it is used.
  return value as T;
}
