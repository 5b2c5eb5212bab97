/**
 * What the scenarios of one trap have in common: `a`, whose rwhod is looked at, others whom a row of the table names, four
 * numbers that it may use as it likes, and no faults: whatever fails, fails without help.
 * As written a scenario has the quirk on that it is about, and others only where that one does not show alone.
 * May import: check, impl, sim, fast-check, the folders beside it.
 */
import fc from 'fast-check';
import type { FaultBudget } from '../../../src/check/budget.ts';
import { BUSY_LOOP_LIMIT } from '../../../src/check/builtin.ts';
import { plans } from '../../../src/check/plans.ts';
import type { Property } from '../../../src/check/property.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../../src/check/scenario.ts';
import { integerFrom } from '../../../src/check/shape.ts';
import { seconds, ZERO } from '../../../src/host/time.ts';
import type { Quirk } from '../../../src/impl/rwho/quirks.ts';
import type { World } from '../../../src/sim/world.ts';
import { FORGER } from '../daemons/names.ts';
import { addMachine, CASTING, type MachineSpec, onLan, quirkArgs } from './network.ts';

export interface Numbers {
  /** Milliseconds: when it begins. */
  readonly first: number;
  /** Milliseconds: how much later something else follows. */
  readonly gap: number;
  /** How many, or how long. */
  readonly count: number;
  /** Which of several ways. */
  readonly turn: number;
}
export type TrapPlan = CommonPlan & Numbers;
type Range = readonly [least: number, most: number];

export interface Cast {
  /** Beside the quirks. */
  readonly args?: readonly string[];
  /** Of machine a. */
  readonly machine?: Partial<MachineSpec>;
  /** What the forger on `f` is told; absent: there is none. */
  readonly forger?: readonly string[];
  readonly others?: readonly MachineSpec[];
  readonly act?: (world: World, machine: ReturnType<typeof addMachine>) => void;
}

export interface TrapSpec {
  /** The name is `rwho/<slug>`; that of the quirk, if there is one. */
  readonly slug: string;
  readonly title: string;
  readonly quirks: readonly Quirk[];
  readonly properties: readonly Property[];
  /** Default: all but `sometimes`. */
  readonly fails?: readonly string[];
  readonly mayFail?: readonly string[];
  readonly ranges?: Partial<Readonly<Record<keyof Numbers, Range>>>;
  readonly cast: (plan: TrapPlan) => Cast;
  /** Seconds. */
  readonly chaos?: number;
  readonly liveness?: number;
  /** Default 30,000; a storm is seen sooner. */
  readonly maxEvents?: number;
}

const RANGES: Readonly<Record<keyof Numbers, Range>> = { first: [2_000, 9_000], gap: [10, 3_000], count: [1, 3], turn: [0, 1] };
const EVENTS_MOST = 30_000;
const NO_FAULTS: FaultBudget = { kinds: {}, total: 0, longest: ZERO };

export function trap(spec: TrapSpec): Scenario<TrapPlan> {
  const ranges = { ...RANGES, ...spec.ranges };
  const within = ([min, max]: Range): fc.Arbitrary<number> => fc.noBias(fc.integer({ min, max }));
  const numbers = { first: within(ranges.first), gap: within(ranges.gap), count: within(ranges.count), turn: within(ranges.turn) };
  const judged = spec.properties.filter(({ expectation }) => expectation !== 'sometimes').map(({ name }) => name);
  const [quirk] = spec.quirks;
  const about = quirk === undefined ? {} : { quirk };
  return defineScenario<TrapPlan>({
    name: `rwho/${spec.slug}`,
    protocol: 'rwho',
    title: spec.title,
    programs: () => CASTING,
    plans: profile => plans<Numbers>(profile, {}, numbers),
    workload: Object.fromEntries(Object.entries(ranges).map(([name, [least, most]]) => [name, integerFrom(least, most)])),
    build: (world, plan) => {
      const { args = [], machine = {}, forger, others = [], act } = spec.cast(plan);
      const a = addMachine(world, {
        name: 'a',
        addresses: [onLan(1)],
        rwhod: [...quirkArgs(plan.profile, spec.quirks), ...args],
        ...machine,
      });
      if (forger !== undefined) addMachine(world, { name: 'f', addresses: [onLan(9)], others: [[FORGER, ...forger]] });
      for (const each of others) addMachine(world, each);
      act?.(world, a);
    },
    properties: spec.properties,
    chaos: seconds(spec.chaos ?? 20),
    liveness: seconds(spec.liveness ?? 20),
    maxEvents: spec.maxEvents ?? EVENTS_MOST,
    busyLoop: Math.min(BUSY_LOOP_LIMIT, (spec.maxEvents ?? EVENTS_MOST) - 20),
    budget: NO_FAULTS,
    expected: { corrected: 'holds', 'as-written': { fails: spec.fails ?? judged, mayFail: spec.mayFail ?? [], ...about } },
  });
}
