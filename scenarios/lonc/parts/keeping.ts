/**
 * What the scenarios with a keeper have in common: messages are kept in files on h1, for the lond of h2.
 */
import fc from 'fast-check';
import type { FaultBudget } from '../../../src/check/budget.ts';
import { faults } from '../../../src/check/faults.ts';
import { plans } from '../../../src/check/plans.ts';
import type { Property } from '../../../src/check/property.ts';
import { type CommonPlan, defineScenario, type ExpectedFailure, type Scenario } from '../../../src/check/scenario.ts';
import { integerFrom, listUpTo } from '../../../src/check/shape.ts';
import { type Duration, millis, seconds } from '../../../src/host/time.ts';
import { KEEPER } from '../daemons/names.ts';
import { delayedArrives, keptAsTold } from '../properties/delayed.ts';
import { buildNetwork, CASTING, GATEWAY, GATEWAY_CHILD, LOND, LOND_CHILD, quirkArgs } from './network.ts';

/** When each message is kept, in milliseconds. */
export type DelayedPlan = CommonPlan & { readonly keeps: readonly number[] };

export interface KeepingSpec {
  readonly slug: string;
  readonly title: string;
  readonly kinds: FaultBudget['kinds'];
  readonly properties: readonly Property[];
  /** Absent: there are no plans for that profile. */
  readonly asWritten?: ExpectedFailure;
  /** Beside the children. */
  readonly programs?: readonly string[];
  readonly severity?: FaultBudget['severity'];
}

const KEEPS_MAX = 8;
const CHAOS_SECONDS = 300;
/** Three programs after one another, of 60 ms each: by then the files of a machine are written and its daemons are up. Nobody starts a gateway again that had no room for its pid file. */
const UP = millis(250);
const LATEST = CHAOS_SECONDS * 1_000;
/** A back-off and all before it; a look that finds a dead connection (300 s and 60 s), and the next look (300 s). */
export const ARRIVES: Duration = seconds(180 + 359 + 360 + 300 + 25);

export function keeping({ slug, title, kinds, properties, asWritten, programs = [], severity }: KeepingSpec): Scenario<DelayedPlan> {
  const budget: FaultBudget = {
    kinds,
    total: 3,
    longest: seconds(200),
    from: UP,
    programs: [GATEWAY_CHILD, LOND_CHILD, ...programs],
    machines: ['h1', 'h2'],
    severity: { call: 80, ...severity },
  };
  const aim = { until: seconds(CHAOS_SECONDS), timeouts: [seconds(60)], moments: [0, 5, 6].map(seconds), spread: seconds(1) };
  const moments = fc.oneof(fc.integer({ min: 0, max: 6_000 }), fc.noBias(fc.integer({ min: 0, max: LATEST })));
  return defineScenario<DelayedPlan>({
    name: `lonc/${slug}`,
    protocol: 'lonc',
    title,
    programs: () => CASTING,
    plans: profile => plans(profile, { faults: faults(budget, aim) }, { keeps: fc.array(moments, { maxLength: KEEPS_MAX, size: 'max' }) }),
    workload: { keeps: listUpTo(KEEPS_MAX, integerFrom(0, LATEST)) },
    build: (world, { keeps, profile }) =>
      buildNetwork(world, [
        {
          id: 'h1',
          knows: ['h2'],
          daemons: [[GATEWAY, ...quirkArgs(profile)]],
          others: [[KEEPER, '--peer=h2', ...keeps.map(at => `--keep=${at}:put:net:all:env:d#=1`)]],
        },
        { id: 'h2', daemons: [[LOND]] },
      ]),
    properties: [...properties, keptAsTold, delayedArrives(ARRIVES)],
    chaos: seconds(CHAOS_SECONDS),
    liveness: seconds(1_300),
    maxEvents: 20_000,
    busyLoop: 5_000,
    budget,
    expected: { corrected: 'holds', ...(asWritten === undefined ? {} : { 'as-written': asWritten }) },
  });
}
