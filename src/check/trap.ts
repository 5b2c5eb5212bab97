/**
 * A scenario about one trap of a published source: who is looked at, with four numbers that a row of a table may use as it likes,
 * and no faults: whatever fails, fails without help.
 * Lacks: the protocol, whose table and machines these are.
 */
import type { Programs } from '../host/host.ts';
import { seconds } from '../host/time.ts';
import type { World } from '../sim/world.ts';
import { NO_FAULTS } from './budget.ts';
import { evenly } from './fields.ts';
import { plans } from './plans.ts';
import type { Property } from './property.ts';
import { type CommonPlan, defineScenario, type Scenario } from './scenario.ts';
import { workloads } from './workload.ts';

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
export type NumberRanges = Readonly<Record<keyof Numbers, readonly [least: number, most: number]>>;

/** What a row says; a protocol adds who is there. */
export interface TrapSpec<Quirk extends string = string> {
  /** The one that is shown. */
  readonly quirk?: Quirk;
  /** The name is `<protocol>/<slug>`; default: the quirk. */
  readonly slug?: string;
  readonly title: string;
  readonly properties: readonly Property[];
  /** As written; default: all but `sometimes`. */
  readonly fails?: readonly string[];
  readonly mayFail?: readonly string[];
  readonly ranges?: Partial<NumberRanges>;
  /** Seconds; default 20. */
  readonly chaos?: number;
  /** Seconds; the default is the protocol's, as that of `maxEvents`. */
  readonly liveness?: number;
  readonly maxEvents?: number;
}

/** What all rows of a protocol have in common. */
export interface TrapStage {
  readonly protocol: string;
  readonly programs: Programs;
  readonly ranges: NumberRanges;
  /** Seconds. */
  readonly liveness: number;
  readonly maxEvents: number;
  readonly busyLoop: number;
}

export function trapScenario(stage: TrapStage, spec: TrapSpec, build: (world: World, plan: TrapPlan) => void): Scenario<TrapPlan> {
  const { quirk, slug = quirk ?? '', properties, maxEvents = stage.maxEvents } = spec;
  const { first, gap, count, turn } = { ...stage.ranges, ...spec.ranges };
  const numbers = workloads<Numbers>({ first: evenly(...first), gap: evenly(...gap), count: evenly(...count), turn: evenly(...turn) });
  const judged = properties.filter(({ expectation }) => expectation !== 'sometimes').map(({ name }) => name);
  return defineScenario<TrapPlan>({
    name: `${stage.protocol}/${slug}`,
    protocol: stage.protocol,
    title: spec.title,
    programs: () => stage.programs,
    plans: profile => plans<Numbers>(profile, {}, numbers.arbitraries),
    workload: numbers.shapes,
    build,
    properties,
    chaos: seconds(spec.chaos ?? 20),
    liveness: seconds(spec.liveness ?? stage.liveness),
    maxEvents,
    // Of a run that is cut short, the reason is told before its end.
    busyLoop: Math.min(stage.busyLoop, maxEvents - 20),
    budget: NO_FAULTS,
    expected: {
      corrected: 'holds',
      'as-written': { fails: spec.fails ?? judged, mayFail: spec.mayFail ?? [], ...(quirk === undefined ? {} : { quirk }) },
    },
  });
}
