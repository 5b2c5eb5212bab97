/**
 * A client that begins while its disk begins to fail: what it could not write down it says it has not taken, and what it has taken is asked and told.
 */
import fc from 'fast-check';
import type { FaultBudget } from '../../src/check/budget.ts';
import { choice, list } from '../../src/check/fields.ts';
import { durations, PLAIN, pick, plans } from '../../src/check/plans.ts';
import { type SometimesProperty, sometimes } from '../../src/check/property.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { type Duration, millis, seconds, ZERO } from '../../src/host/time.ts';
import { clientWarned } from '../../src/impl/rover/client-log.ts';
import type { DiskFault, Fault, SlowSyncFault } from '../../src/sim/fault.ts';
import { serverAsModelled } from './model.ts';
import { addClient, addServer, CASTING, quirkArgs } from './parts/network.ts';
import { sendOf } from './parts/requests.ts';
import { allFinish, clientAsModelled } from './properties/client.ts';
import { logForgets, logIsWhole } from './properties/log.ts';

const CLIENTS = 'c0';

interface Asked {
  readonly sends: readonly ('deliver' | 'card' | 'null')[];
}
export type ClientDiskPlan = CommonPlan & Asked;
const { arbitraries, shapes } = workloads<Asked>({ sends: list(choice('deliver', 'card', 'null'), 2, 1) });

const BUDGET: FaultBudget = {
  kinds: { 'disk-full': 1, 'disk-error': 1, 'slow-sync': 1 },
  total: 2,
  longest: seconds(5),
  machines: [CLIENTS],
};

/** A sync takes its time, so that the disk can begin to fail between two. */
interface Drawn {
  readonly extra: Duration;
  readonly at: Duration;
  readonly lasts: Duration;
  readonly kind: 'disk-full' | 'disk-error';
}
const failing: fc.Arbitrary<readonly Fault[]> = fc
  .record(
    {
      extra: durations({ min: millis(50), max: millis(300) }),
      at: fc.oneof(durations({ min: millis(20), max: millis(300) }), durations({ min: millis(20), max: seconds(1) })),
      lasts: durations({ min: millis(50), max: seconds(4) }),
      kind: pick(['disk-full', 'disk-full', 'disk-error'] as const),
    },
    PLAIN,
  )
  .map(
    ({ extra, at, lasts, kind }: Drawn): readonly [SlowSyncFault, DiskFault] => [
      { kind: 'slow-sync', at: ZERO, duration: seconds(5), machine: CLIENTS, extra },
      { kind, at, duration: lasts, machine: CLIENTS },
    ],
    value => {
      const [slow, disk] = value as readonly [SlowSyncFault, DiskFault];
      return { extra: slow.extra, at: disk.at, lasts: disk.duration, kind: disk.kind };
    },
  );

const unloggedMet: SometimesProperty = sometimes(
  'request-unlogged',
  'A client says that it has not taken a request.',
  () => ({ see: event => clientWarned.unlogged.of(event) !== undefined }),
  ['log'],
);

export const clientDisk: Scenario<ClientDiskPlan> = defineScenario<ClientDiskPlan>({
  name: 'rover/client-disk',
  protocol: 'rover',
  title: 'What a client could not write down it has not taken, and it says so.',
  programs: () => CASTING,
  plans: profile => plans<Asked>(profile, { faults: failing }, arbitraries),
  workload: shapes,
  build: (world, { sends, profile }) => {
    addServer(world, ...quirkArgs(profile));
    addClient(world, CLIENTS, 'ann', ...sends.map((kind, at) => sendOf(kind, CLIENTS, at)));
  },
  properties: [serverAsModelled, clientAsModelled, logIsWhole, logForgets, allFinish('120 s'), unloggedMet],
  chaos: seconds(10),
  liveness: seconds(130),
  maxEvents: 10_000,
  busyLoop: 5_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
