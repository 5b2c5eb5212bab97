/**
 * What the scenarios of one trap have in common: h1, whose child for h2 is looked at, and a lond on h2. A scenario says who is
 * there and what they do, with four numbers that it may use as it likes.
 * As written all quirks are on; that it is this one which shows is said by test/scenarios/lonc/shown.ts, where it is on alone, or
 * with those it needs.
 * May import: check, impl, sim, fast-check, the folders beside it.
 */
import fc from 'fast-check';
import type { FaultBudget } from '../../../src/check/budget.ts';
import { plans } from '../../../src/check/plans.ts';
import type { Property } from '../../../src/check/property.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../../src/check/scenario.ts';
import { integerFrom } from '../../../src/check/shape.ts';
import { seconds, ZERO } from '../../../src/host/time.ts';
import type { Quirk } from '../../../src/impl/lonc/quirks.ts';
import { OTHER_LOND } from '../daemons/names.ts';
import { addressOf, buildNetwork, CASTING, GATEWAY, GATEWAY_CHILD, LOND, quirkArgs } from './network.ts';

/** Numbers that a scenario uses as it likes; times are in milliseconds. */
export interface Numbers {
  /** When the scenario begins. */
  readonly first: number;
  /** How much later something else follows. */
  readonly gap: number;
  /** How many there are of something, or how long it takes. */
  readonly count: number;
  /** Which of several ways is taken. */
  readonly turn: number;
}
export type LinkPlan = CommonPlan & Numbers;
type Range = readonly [least: number, most: number];

export interface Cast {
  /** Arguments of the other lond; `ours`: our own. */
  readonly lond?: readonly string[] | 'ours';
  /** The child is started by a gateway, which restarts it; default: alone. */
  readonly gateway?: true;
  /** There is a lond on h1 as well. */
  readonly ownLond?: true;
  /** Hosts in the table of h1; default only the other one. */
  readonly knows?: readonly string[];
  /** Host id of the other machine. */
  readonly peer?: string;
  readonly local?: readonly (readonly string[])[];
  readonly delayed?: Readonly<Record<string, string>>;
}

export interface LinkSpec {
  /** The name is `lonc/<slug>`. */
  readonly slug: string;
  readonly title: string;
  /** The quirk that is shown. */
  readonly quirk: Quirk;
  readonly fails: readonly string[];
  readonly mayFail?: readonly string[];
  readonly properties: readonly Property[];
  readonly ranges?: Partial<Readonly<Record<keyof Numbers, Range>>>;
  readonly cast: (numbers: Numbers) => Cast;
  /** Lengths of the two phases in seconds. */
  readonly chaos?: number;
  readonly liveness?: number;
}

/** By then lond listens, the third of three programs that take up to 60 ms each to start: a first connection is never refused. In milliseconds. */
export const LATER = 250;
const RANGES: Readonly<Record<keyof Numbers, Range>> = { first: [6_000, 9_000], gap: [0, 3_000], count: [1, 3], turn: [0, 1] };
/** No faults: whatever fails, fails without help. */
const NO_FAULTS: FaultBudget = { kinds: {}, total: 0, longest: ZERO };

export function link(spec: LinkSpec): Scenario<LinkPlan> {
  const ranges = { ...RANGES, ...spec.ranges };
  const within = ([min, max]: Range): fc.Arbitrary<number> => fc.noBias(fc.integer({ min, max }));
  const numbers = { first: within(ranges.first), gap: within(ranges.gap), count: within(ranges.count), turn: within(ranges.turn) };
  return defineScenario<LinkPlan>({
    name: `lonc/${spec.slug}`,
    protocol: 'lonc',
    title: spec.title,
    programs: () => CASTING,
    plans: profile => plans<Numbers>(profile, {}, numbers),
    workload: Object.fromEntries(Object.entries(ranges).map(([name, [least, most]]) => [name, integerFrom(least, most)])),
    build: (world, plan) => {
      const { lond = [], gateway, ownLond, peer = 'h2', knows = [peer], local = [], delayed = {} } = spec.cast(plan);
      const quirks = quirkArgs(plan.profile, spec.quirk);
      const client = gateway === undefined ? [GATEWAY_CHILD, `--peer=${peer}`, `--address=${addressOf(1)}`] : [GATEWAY];
      const daemons = [...(ownLond === undefined ? [] : [[LOND]]), [...client, ...quirks]];
      buildNetwork(world, [
        { id: 'h1', after: LATER, knows, delayed, daemons, others: local },
        {
          id: peer,
          daemons: lond === 'ours' ? [[LOND]] : [],
          others: lond === 'ours' ? [] : [[OTHER_LOND, `--id=${peer}`, ...lond]],
        },
      ]);
    },
    properties: spec.properties,
    chaos: seconds(spec.chaos ?? 20),
    liveness: seconds(spec.liveness ?? 60),
    maxEvents: 10_000,
    busyLoop: 4_000,
    budget: NO_FAULTS,
    expected: { corrected: 'holds', 'as-written': { fails: spec.fails, mayFail: spec.mayFail ?? [], quirk: spec.quirk } },
  });
}
