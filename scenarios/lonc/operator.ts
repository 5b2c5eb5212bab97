/**
 * Two machines in order, and somebody who signals their daemons, one after the other and at any time: to end, to begin anew, to tell their
 * status. Clients ask meanwhile. Each does what the model says of a signal: whoever is told to end answers all that he owes, ends his
 * children, and leaves no file behind.
 */
import fc from 'fast-check';
import { NO_FAULTS } from '../../src/check/budget.ts';
import { PLAIN, pick, plans } from '../../src/check/plans.ts';
import { type SometimesProperty, sometimes } from '../../src/check/property.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { integerFrom, listUpTo, object, oneOf } from '../../src/check/shape.ts';
import { seconds } from '../../src/host/time.ts';
import { ASKER, KEEPER, OPERATOR } from './daemons/names.ts';
import { LATER } from './parts/link.ts';
import { buildNetwork, CASTING, GATEWAY, hostIds, LOND } from './parts/network.ts';
import { programOf } from './parts/processes.ts';
import { answersAreOwn, replyMet } from './properties/answers.ts';
import { oneChildPerHost } from './properties/children.ts';
import { noSigpipe } from './properties/deaths.ts';
import { delayedInOrder, removedWhenAnswered } from './properties/delayed.ts';

interface Order {
  /** Milliseconds. */
  readonly at: number;
  readonly signal: string;
  readonly to: string;
}
export interface OperatorWorkload {
  readonly orders: readonly Order[];
  /** Milliseconds between an answer and the next question. */
  readonly pause: number;
}
export type OperatorPlan = CommonPlan & OperatorWorkload;

const LAST = 60_000;
const ORDERS_MAX = 5;
const PAUSE_MAX = 2_000;
const QUESTIONS = 12;
const SIGNALS = ['SIGUSR1', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGKILL', 'SIGPIPE'];
/** A parent, or the child for a host. */
const TO = ['gateway', 'lond', 'h1', 'h2'];
/** Parents more often: theirs is more to do. */
const OFTEN = ['gateway', 'gateway', 'gateway', ...TO];

const endsCleanly: SometimesProperty = sometimes(
  'ends-in-order',
  'A gateway that is told to end exits with status 0.',
  () => ({ see: ({ process, data }) => programOf(process) === GATEWAY && data?.['code'] === 0 }),
  ['exit'],
);

export const operator: Scenario<OperatorPlan> = defineScenario<OperatorPlan>({
  name: 'lonc/operator',
  protocol: 'lonc',
  title: 'Daemons do what they are told by signals, and leave nobody without an answer.',
  programs: () => CASTING,
  plans: profile => {
    // Late enough for the dialogue, or in the middle of it.
    const at = fc.oneof(fc.noBias(fc.integer({ min: 0, max: 8_000 })), fc.noBias(fc.integer({ min: 0, max: LAST })));
    const order = fc.record({ at, signal: pick(SIGNALS), to: pick(OFTEN) }, PLAIN);
    return plans<OperatorWorkload>(
      profile,
      {},
      { orders: fc.array(order, { maxLength: ORDERS_MAX, size: 'max' }), pause: fc.noBias(fc.integer({ min: 0, max: PAUSE_MAX })) },
    );
  },
  workload: {
    orders: listUpTo(ORDERS_MAX, object({ at: integerFrom(0, LAST), signal: oneOf(...SIGNALS), to: oneOf(...TO) })),
    pause: integerFrom(0, PAUSE_MAX),
  },
  build: (world, { orders, pause }) => {
    const [here = '', there = ''] = hostIds(2);
    const asker = (client: number, peer: string): readonly string[] => [
      ASKER,
      `--peer=${peer}`,
      `--client=${client}`,
      `--requests=${QUESTIONS}`,
      `--pause=${pause}`,
    ];
    // A lond writes to nobody: of SIGPIPE nothing is promised of it.
    const signals = orders.map(
      ({ at, signal, to }) => `--send=${LATER + at}:${signal}:${signal === 'SIGPIPE' && to === LOND ? GATEWAY : to}`,
    );
    const keeper = [KEEPER, `--peer=${there}`, '--keep=5500:put:net:all:env:d#=1', '--keep=20000:put:net:all:env:d#=1'];
    buildNetwork(world, [
      {
        id: here,
        after: LATER,
        daemons: [[LOND], [GATEWAY]],
        others: [asker(0, there), asker(1, there), asker(2, here), keeper, ...(signals.length === 0 ? [] : [[OPERATOR, ...signals]])],
      },
      { id: there, daemons: [[LOND], [GATEWAY]], others: [asker(3, here)] },
    ]);
  },
  properties: [answersAreOwn, oneChildPerHost, delayedInOrder, removedWhenAnswered, noSigpipe, replyMet, endsCleanly],
  chaos: seconds(100),
  liveness: seconds(200),
  maxEvents: 60_000,
  busyLoop: 5_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
