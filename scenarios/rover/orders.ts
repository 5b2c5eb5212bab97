/**
 * Requests that come while a client runs: before its server is there, while nothing gets through to it for longer than a try may take, and behind
 * others that wait to be tried again. Each is asked in its turn, and its answer is told.
 * Lacks: clients that are killed (queue.ts).
 */
import fc from 'fast-check';
import type { FaultBudget } from '../../src/check/budget.ts';
import { choice, list } from '../../src/check/fields.ts';
import { durations, PLAIN, pick, plans } from '../../src/check/plans.ts';
import { type SometimesProperty, sometimes } from '../../src/check/property.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { type Duration, instantOf, millis, seconds } from '../../src/host/time.ts';
import { clientStep } from '../../src/impl/rover/client-log.ts';
import type { Fault, PartitionFault } from '../../src/sim/fault.ts';
import { orderer } from './daemons/orderer.ts';
import { serverAsModelled } from './model.ts';
import { addClient, addMachine, CASTING, CLIENT, quirkArgs, SERVER, startServer } from './parts/network.ts';
import { sendOf } from './parts/requests.ts';
import { allFinish, clientAsModelled, toldMet } from './properties/client.ts';
import { logForgets, logIsWhole } from './properties/log.ts';

interface Orders {
  readonly sends: readonly ('deliver' | 'card' | 'null' | 'look')[];
  /** Milliseconds before each. */
  readonly waits: readonly number[];
  readonly window: number;
  /** Milliseconds until the server begins. */
  readonly away: number;
}
export type OrdersPlan = CommonPlan & Orders;

const CLIENTS = 'c0';
const { arbitraries, shapes } = workloads<Orders>({
  sends: list(choice('deliver', 'card', 'null', 'look'), 8, 2),
  waits: list(choice(300, 2_000, 0, 9_000, 45_000), 4, 1),
  window: choice(4, 1, 2),
  away: choice(0, 4_000, 12_000, 50_000),
});

const CHAOS = seconds(120);
const LONGEST = seconds(80);
const BUDGET: FaultBudget = {
  kinds: { partition: 1 },
  total: 1,
  longest: LONGEST,
  machines: [CLIENTS, SERVER],
  severity: { shapes: ['symmetric', 'one-way'] },
};

/** A cut during which a try is over, and its connection is not: Linux sends a SYN again after 31 s and 63 s, and a try has 60 s. */
interface Cut {
  readonly at: Duration;
  readonly duration: Duration;
  readonly way: Pick<PartitionFault, 'shape' | 'machines'>;
}
const cut: fc.Arbitrary<readonly Fault[]> = fc
  .record(
    {
      at: durations({ min: millis(1), max: seconds(35) }),
      duration: fc.oneof(durations({ min: seconds(50), max: LONGEST }), durations({ min: seconds(1), max: seconds(10) })),
      way: pick<Cut['way']>([
        { shape: 'symmetric', machines: [CLIENTS, SERVER] },
        { shape: 'one-way', machines: [CLIENTS, SERVER] },
        { shape: 'one-way', machines: [SERVER, CLIENTS] },
      ]),
    },
    PLAIN,
  )
  .map(
    ({ at, duration, way }: Cut): readonly [PartitionFault] => [{ kind: 'partition', at, duration, ...way }],
    value => {
      const [{ at, duration, shape, machines }] = value as readonly [PartitionFault];
      return { at, duration, way: { shape, machines } };
    },
  );

/** A try is given up before its connection is there or has failed. */
const outOfPatience: SometimesProperty = sometimes(
  'out-of-patience',
  'A client gives up a try whose time is over.',
  () => ({ see: event => clientStep.again.of(event)?.why === 'timeout' }),
  ['log'],
);
const refusedMet: SometimesProperty = sometimes(
  'nobody-listened',
  'A client is told that nobody listens.',
  () => ({ see: event => clientStep.again.of(event)?.why === 'ECONNREFUSED' }),
  ['log'],
);

export const orders: Scenario<OrdersPlan> = defineScenario<OrdersPlan>({
  name: 'rover/orders',
  protocol: 'rover',
  title: 'What a client is given while its server cannot be reached is asked in its turn, once it can be, and told.',
  programs: () => ({ ...CASTING, [CLIENT]: orderer }),
  plans: profile => plans<Orders>(profile, { faults: cut }, arbitraries),
  workload: shapes,
  build: (world, { sends, waits, window, away, profile }) => {
    const server = addMachine(world, SERVER);
    world.at(instantOf(away * 1_000), () => startServer(server, ...quirkArgs(profile)));
    const told = [...waits.map(each => `--wait=${each}`), ...sends.map((kind, at) => sendOf(kind, CLIENTS, at))];
    addClient(world, CLIENTS, 'ann', `--window=${window}`, ...told);
  },
  properties: [serverAsModelled, clientAsModelled, logIsWhole, logForgets, allFinish('500 s'), toldMet, outOfPatience, refusedMet],
  chaos: CHAOS,
  liveness: seconds(640),
  maxEvents: 20_000,
  busyLoop: 5_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
