/**
 * Parents of ours with children that are not: they end at once and again and again, or for want of something, do not hear what tells them to end, and
 * answer a farewell late or never. Somebody signals the gateway, to its end, and there may be another one already, or what it left; and there is
 * not always a process, a descriptor, memory or room on the disk for what a parent wants. How each child is started, asked and ended is the
 * model's to say.
 * The budget: a parent that could not write its pid file has ended; nobody starts it again.
 */
import fc from 'fast-check';
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { PLAIN, pick, plans } from '../../src/check/plans.ts';
import { type SometimesProperty, sometimes } from '../../src/check/property.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { boolean, integerFrom, listUpTo, object, oneOf } from '../../src/check/shape.ts';
import { millis, seconds, ZERO } from '../../src/host/time.ts';
import type { Answers } from './daemons/answering.ts';
import { OPERATOR } from './daemons/names.ts';
import { otherChild } from './daemons/other-child.ts';
import { buildNetwork, CASTING, GATEWAY, GATEWAY_CHILD, LOND, LOND_CHILD } from './parts/network.ts';
import { programOf } from './parts/processes.ts';
import { givenUpMet, oneChildPerHost, restartMet } from './properties/children.ts';

interface Life {
  /** Of LASTS. */
  readonly lasts: number;
  readonly status: number;
  readonly deaf: boolean;
  /** Of ANSWERS. */
  readonly answers: number;
}
interface Order {
  /** Milliseconds. */
  readonly at: number;
  readonly signal: string;
  readonly to: string;
  /** Another one, so many milliseconds later; 0: none. */
  readonly gap: number;
  readonly next: string;
}
export interface ChildrenWorkload {
  /** One after the other, of each host. */
  readonly lives: readonly Life[];
  readonly orders: readonly Order[];
  /** What stands in the pid file of a gateway at first: of LEFT. */
  readonly left: number;
  /** There are no programs of children. */
  readonly missing: boolean;
  /** When somebody starts a second gateway, in milliseconds; 0: nobody does. */
  readonly second: number;
}
export type ChildrenPlan = CommonPlan & ChildrenWorkload;

const CHAOS_SECONDS = 1_000;
const LAST = CHAOS_SECONDS * 1_000;
const LIVES_MAX = 8;
const ORDERS_MAX = 4;
/** Milliseconds; a life of 900 s is a healthy one. */
const SHORT = [1, 1, 20, 1_000];
const LONG = [899_900, 900_100];
const LASTS = [0, ...SHORT, 40_000, ...LONG];
const STATUSES = [0, 1, 75];
const ANSWERS: readonly Answers[] = ['nobody', 'never', 'closes', 0, 1_000, 9_900, 10_100];
const SIGNALS = ['SIGUSR1', 'SIGTERM', 'SIGHUP', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGKILL'];
const NEXT = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1'];
const GAP_MAX = 6_000;
const TO = ['gateway', 'lond'];
/** Somebody with pid 100 is always there; whoever has 99 is not. Some of them have no end, or are none. */
const LEFT = ['', '', '99\n', '100\n', '100', 'gateway\n', '0\n', '\n'];
const MISSING = [false, false, false, false, false, false, false, true];
const SECOND = [0, 0, 0, 500, 30_000];

const BUDGET: FaultBudget = {
  kinds: { 'no-processes': 1, 'no-descriptors': 1, 'no-memory': 1, 'disk-full': 1, 'disk-error': 1 },
  total: 2,
  longest: seconds(500),
  programs: [GATEWAY, LOND],
  machines: ['h1'],
  severity: { refusals: 3 },
};

const killed: SometimesProperty = sometimes(
  'killed-in-the-end',
  'A child that does not hear is killed by its parent.',
  () => ({ see: ({ process, data }) => programOf(process) === GATEWAY && data?.['signal'] === 'SIGKILL' }),
  ['kill'],
);
const refused: SometimesProperty = sometimes(
  'already-running',
  'A gateway does not begin, because there is one.',
  () => ({ see: ({ data }) => data?.['event'] === 'already-running' }),
  ['log'],
);

export const children: Scenario<ChildrenPlan> = defineScenario<ChildrenPlan>({
  name: 'lonc/children',
  protocol: 'lonc',
  title: 'A parent keeps a child for each host, whatever those do, and leaves none behind.',
  programs: ({ lives, missing }) => {
    const { [GATEWAY_CHILD]: _, [LOND_CHILD]: __, ...others } = CASTING;
    if (missing) return others;
    const other = otherChild(lives.map(each => ({ ...each, answers: ANSWERS[each.answers] ?? 'nobody' })));
    return { ...CASTING, [GATEWAY_CHILD]: other, [LOND_CHILD]: other };
  },
  plans: profile => {
    const life = (lasts: readonly number[]) =>
      fc.record({ lasts: pick(lasts), status: pick(STATUSES), deaf: fc.boolean(), answers: pick([...ANSWERS.keys()]) }, PLAIN);
    const soon = fc.noBias(fc.integer({ min: 200, max: 3_000 }));
    const at = fc.oneof(soon, soon, fc.noBias(fc.integer({ min: 0, max: LAST })));
    const later = fc.noBias(fc.integer({ min: 1, max: GAP_MAX }));
    const gap = fc.oneof(fc.constant(0), later, later);
    const order = fc.record({ at, signal: pick(SIGNALS), to: pick([...TO, 'gateway']), gap, next: pick(NEXT) }, PLAIN);
    return plans<ChildrenWorkload>(
      profile,
      { faults: faults(BUDGET, { until: seconds(600), timeouts: [seconds(60), seconds(250)], moments: [ZERO], spread: millis(100) }) },
      {
        lives: fc.oneof(
          fc.array(life(LASTS), { minLength: 1, maxLength: LIVES_MAX, size: 'max' }),
          fc.tuple(life(SHORT), life(LONG), life(SHORT)),
        ),
        // Who is told to end does not see a healthy life.
        orders: fc.oneof(fc.constant([]), fc.array(order, { maxLength: ORDERS_MAX, size: 'max' })),
        left: pick([...LEFT.keys()]),
        missing: pick(MISSING),
        second: pick(SECOND),
      },
    );
  },
  workload: {
    lives: listUpTo(
      LIVES_MAX,
      object({ lasts: oneOf(...LASTS), status: oneOf(...STATUSES), deaf: boolean, answers: integerFrom(0, ANSWERS.length - 1) }),
    ),
    orders: listUpTo(
      ORDERS_MAX,
      object({
        at: integerFrom(0, LAST),
        signal: oneOf(...SIGNALS),
        to: oneOf(...TO),
        gap: integerFrom(0, GAP_MAX),
        next: oneOf(...NEXT),
      }),
    ),
    left: integerFrom(0, LEFT.length - 1),
    missing: boolean,
    second: oneOf(...SECOND),
  },
  build: (world, { orders, left, second, missing }) => {
    const signals = orders.flatMap(({ at, signal, to, gap, next }) => [
      `--send=${at}:${signal}:${to}`,
      ...(gap === 0 ? [] : [`--send=${at + gap}:${next}:${to}`]),
    ]);
    buildNetwork(world, [
      {
        id: 'h1',
        // Each that cannot be started is tried six times at once, and told of.
        knows: missing ? ['h2'] : ['h1', 'h2', 'h3'],
        files: { '/d/logs/lonc.pid': LEFT[left] ?? '' },
        daemons: [[GATEWAY], [LOND], ...(second === 0 ? [] : [[GATEWAY]])],
        ...(second === 0 ? {} : { after: second }),
        others: signals.length === 0 ? [] : [[OPERATOR, ...signals]],
      },
      { id: 'h2', daemons: [] },
      { id: 'h3', daemons: [] },
    ]);
  },
  properties: [oneChildPerHost, restartMet, givenUpMet, killed, refused],
  chaos: seconds(CHAOS_SECONDS),
  liveness: seconds(100),
  maxEvents: 4_000,
  busyLoop: 2_000,
  housekeeping: {
    programs: {
      // Who waits for what is short has a timer for each child that he will start.
      [GATEWAY]: { holds: { pipes: 'children', timers: 3 } },
      [LOND]: { holds: { pipes: 'children', timers: 1 } },
      // It is not ours.
      [GATEWAY_CHILD]: {},
      [LOND_CHILD]: {},
    },
  },
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
