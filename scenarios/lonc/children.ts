/**
 * Parents of ours with children that are not: they end at once and again and again, or for want of something, do not hear what tells them to end, and
 * answer a farewell late or never. Somebody signals the gateway, to its end, and there may be another one already, or what it left; and there is
 * not always a process, a descriptor, memory or room on the disk for what a parent wants. How each child is started, asked and ended is the
 * model's to say. What is rare in all that has scenarios of its own: nothing to start a child with, a life that was a healthy one, and the end of
 * a parent whose children take their time.
 * The budgets: a parent that could not write its pid file, or read its files, has ended; nobody starts it again.
 */
import fc from 'fast-check';
import { type Aim, type FaultBudget, NO_FAULTS } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { PLAIN, pick, plans } from '../../src/check/plans.ts';
import { type Property, type SometimesProperty, sometimes } from '../../src/check/property.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { boolean, integerFrom, listUpTo, object, oneOf } from '../../src/check/shape.ts';
import { millis, seconds, ZERO } from '../../src/host/time.ts';
import type { Fault } from '../../src/sim/fault.ts';
import type { Answers } from './daemons/answering.ts';
import { OPERATOR } from './daemons/names.ts';
import { otherChild } from './daemons/other-child.ts';
import { buildNetwork, CASTING, GATEWAY, GATEWAY_CHILD, LOND, LOND_CHILD } from './parts/network.ts';
import { programOf } from './parts/processes.ts';
import { givenUpMet, oneChildPerHost, restartMet } from './properties/children.ts';
import { noSigpipe } from './properties/deaths.ts';

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

const ORDERS_MAX = 4;
const LIVES_MAX = 8;
/** Milliseconds; a life of 900 s is a healthy one. */
const SHORT = [1, 1, 20, 1_000];
const LONG = [899_950, 900_050];
/** As long as it is looked at. */
const ALWAYS = 500_000;
const LASTS = [0, ...SHORT, 300, 5_000, 40_000, ALWAYS, ...LONG];
const STATUSES = [0, 1, 75];
const ANSWERS: readonly Answers[] = ['nobody', 'never', 'closes', 0, 1_000, 9_900, 10_100];
const SIGNALS = ['SIGUSR1', 'SIGTERM', 'SIGHUP', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGKILL', 'SIGPIPE'];
const NEXT = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1', 'SIGPIPE'];
const GAP_MAX = 6_000;
const TO = ['gateway', 'lond'];
/** Somebody with pid 100 is always there; whoever has 99 is not. Some of them have no end, or are none. */
const LEFT = ['', '', '99\n', '100\n', '100', 'gateway\n', '0\n', '\n'];
const MISSING = [false, false, false, false, false, false, false, true];
const SECOND = [0, 0, 0, 500, 30_000];
const LAST = 1_000_000;

const BUDGET: FaultBudget = {
  kinds: { 'no-processes': 1, 'no-descriptors': 1, 'no-memory': 1, 'disk-full': 1, 'disk-error': 1 },
  total: 2,
  longest: seconds(500),
  programs: [GATEWAY, LOND],
  machines: ['h1'],
  severity: { refusals: 3 },
};
/** From when on both have begun. */
const BEGUN = millis(250);
const SHORTAGES: FaultBudget = {
  kinds: { 'no-processes': 2, 'no-descriptors': 2, 'no-memory': 2 },
  total: 3,
  from: BEGUN,
  longest: seconds(150),
  programs: [GATEWAY, LOND],
  severity: { refusals: 3 },
};

const SHORT_OF: Aim = {
  until: seconds(60),
  timeouts: [seconds(60)],
  moments: [millis(300), millis(600), seconds(2), seconds(60)],
  spread: millis(300),
};

const killed: SometimesProperty = sometimes(
  'killed-in-the-end',
  'A child that does not hear is killed by its parent.',
  () => ({ see: ({ process, data }) => programOf(process) === GATEWAY && data?.['signal'] === 'SIGKILL' }),
  ['kill'],
);
const said = (name: string, text: string, slug: string, words = ''): SometimesProperty =>
  sometimes(name, text, () => ({ see: ({ data }) => data?.['event'] === slug && String(data['text']).includes(words) }), ['log']);
const refused = said('already-running', 'A gateway does not begin, because there is one.', 'already-running');
const noPipe = said('no-descriptor-for-it', 'There is no descriptor for a child.', 'spawn-failed', 'EMFILE');
const noProcess = said('no-process-for-it', 'There is no process for a child.', 'spawn-failed', 'EAGAIN');

const life = (lasts: readonly number[], statuses = STATUSES) =>
  fc.record({ lasts: pick(lasts), status: pick(statuses), deaf: fc.boolean(), answers: pick([...ANSWERS.keys()]) }, PLAIN);
const soon = fc.noBias(fc.integer({ min: 200, max: 3_000 }));
const later = fc.noBias(fc.integer({ min: 1, max: GAP_MAX }));
/** As a child is waited for that cannot begin yet (60 s after it has ended with 75). */
const waiting = fc.noBias(fc.integer({ min: 35_000, max: 64_000 }));
/** To end, and while it does, something more. */
const ending = fc.record(
  {
    at: fc.oneof(soon, waiting),
    signal: pick(['SIGHUP', 'SIGHUP', 'SIGTERM', 'SIGINT']),
    to: pick([...TO, 'gateway']),
    gap: later,
    next: pick(NEXT),
  },
  PLAIN,
);
const order = (signals: readonly string[], last: number) =>
  fc.record(
    {
      at: fc.oneof(soon, soon, fc.noBias(fc.integer({ min: 0, max: last }))),
      signal: pick(signals),
      to: pick([...TO, 'gateway']),
      gap: fc.oneof(fc.constant(0), later, later),
      next: pick(NEXT),
    },
    PLAIN,
  );
type Drawn = { readonly [Name in keyof ChildrenWorkload]: fc.Arbitrary<ChildrenWorkload[Name]> };
const UNDISTURBED: Omit<Drawn, 'lives'> = {
  orders: fc.tuple(),
  left: fc.constant(0),
  missing: fc.constant(false),
  second: fc.constant(0),
};

/** A lond writes to nobody: of SIGPIPE nothing is promised of it. */
const sendOf = (at: number, signal: string, to: string): string => `--send=${at}:${signal}:${signal === 'SIGPIPE' ? GATEWAY : to}`;

interface Spec {
  readonly slug: string;
  readonly title: string;
  readonly drawn: Drawn;
  readonly budget: FaultBudget;
  readonly drawnFaults?: fc.Arbitrary<readonly Fault[]>;
  readonly own: readonly Property[];
  /** One child begins with the second of the lives. */
  readonly apart?: boolean;
  /** Seconds. */
  readonly chaos: number;
  readonly liveness: number;
}

const keeping = ({ slug, title, drawn, budget, drawnFaults, own, apart = false, chaos, liveness }: Spec): Scenario<ChildrenPlan> =>
  defineScenario<ChildrenPlan>({
    name: `lonc/${slug}`,
    protocol: 'lonc',
    title,
    programs: ({ lives, missing }) => {
      const { [GATEWAY_CHILD]: _, [LOND_CHILD]: __, ...others } = CASTING;
      if (missing) return others;
      const ahead = apart ? (peer: string) => (peer === 'h2' ? 1 : 0) : undefined;
      const other = otherChild(
        lives.map(each => ({ ...each, answers: ANSWERS[each.answers] ?? 'nobody' })),
        ahead,
      );
      return { ...CASTING, [GATEWAY_CHILD]: other, [LOND_CHILD]: other };
    },
    plans: profile => plans<ChildrenWorkload>(profile, drawnFaults === undefined ? {} : { faults: drawnFaults }, drawn),
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
        sendOf(at, signal, to),
        ...(gap === 0 ? [] : [sendOf(at + gap, next, to)]),
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
    properties: [oneChildPerHost, ...own],
    chaos: seconds(chaos),
    liveness: seconds(liveness),
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
    budget,
    expected: { corrected: 'holds' },
  });

export const children: Scenario<ChildrenPlan> = keeping({
  slug: 'children',
  title: 'A parent keeps a child for each host, whatever those do, and leaves none behind.',
  drawn: {
    lives: fc.array(life([0, ...SHORT, 40_000, ALWAYS, ALWAYS]), { minLength: 1, maxLength: LIVES_MAX, size: 'max' }),
    // Who is told to end does not see what becomes of the others.
    orders: fc.oneof(fc.constant([]), fc.array(order(SIGNALS, 300_000), { maxLength: ORDERS_MAX, size: 'max' })),
    left: pick([...LEFT.keys()]),
    missing: pick(MISSING),
    second: pick(SECOND),
  },
  budget: BUDGET,
  drawnFaults: faults(BUDGET, { until: seconds(300), timeouts: [seconds(60), seconds(250)], moments: [ZERO], spread: millis(100) }),
  own: [noSigpipe, restartMet, givenUpMet, killed, refused],
  chaos: 450,
  liveness: 100,
});

export const starvedChildren: Scenario<ChildrenPlan> = keeping({
  slug: 'children-starved',
  title: 'Where there is nothing to start a child with, a parent waits until there is, tries it five times, and is told to try again.',
  drawn: {
    ...UNDISTURBED,
    lives: fc.array(life([300, 1_000, 1_000, 5_000], [0, 1, 1, 75]), { minLength: 1, maxLength: LIVES_MAX, size: 'max' }),
    orders: fc.array(order(['SIGUSR1', 'SIGUSR1', 'SIGUSR1', 'SIGTERM'], 120_000), { maxLength: 2, size: 'max' }),
  },
  budget: SHORTAGES,
  // There is no descriptor most of the time, and otherwise anything or nothing.
  drawnFaults: fc.oneof(
    faults(SHORTAGES, SHORT_OF),
    faults({ ...SHORTAGES, kinds: { 'no-descriptors': 2 } }, SHORT_OF).filter(list => list.length > 0),
  ),
  own: [restartMet, givenUpMet, noPipe, noProcess],
  chaos: 250,
  liveness: 350,
});

export const longLives: Scenario<ChildrenPlan> = keeping({
  slug: 'children-long',
  title: 'A child that has lived for 900 s has as many attempts as if it were new, and one that has lived a moment less has not.',
  drawn: { ...UNDISTURBED, lives: fc.tuple(life(SHORT, [0, 1]), life(LONG, [0, 1]), life(SHORT), life(LONG)) },
  budget: NO_FAULTS,
  own: [restartMet],
  chaos: 1_000,
  liveness: 100,
});

export const endedChildren: Scenario<ChildrenPlan> = keeping({
  slug: 'children-ended',
  title:
    'A parent that is told to end, or to begin anew, ends all of its children, however they take it, and obeys what it is told meanwhile.',
  drawn: {
    ...UNDISTURBED,
    lives: fc.array(life([300, 5_000, ALWAYS, ALWAYS], [0, 1, 75, 75]), { minLength: 2, maxLength: 3, size: 'max' }),
    orders: fc.tuple(ending),
    second: pick(SECOND),
  },
  budget: NO_FAULTS,
  own: [killed],
  apart: true,
  chaos: 100,
  liveness: 60,
});
