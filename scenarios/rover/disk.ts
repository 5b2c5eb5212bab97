/**
 * A disk that is full or fails for a while, under a server whose requests end what runs them and do something outside of the log, and under a
 * client: nothing is run that is not written down, nothing is told that may be forgotten, and all goes on when there is room again.
 */
import fc from 'fast-check';
import type { FaultBudget } from '../../src/check/budget.ts';
import { choice, list } from '../../src/check/fields.ts';
import { durations, PLAIN, pick, plans } from '../../src/check/plans.ts';
import { type SometimesProperty, sometimes } from '../../src/check/property.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { type Duration, micros, millis, seconds, ZERO } from '../../src/host/time.ts';
import { warned } from '../../src/impl/rover/log.ts';
import type { DiskFault, Fault, KillFault, PowerCutFault, SlowSyncFault } from '../../src/sim/fault.ts';
import { serverAsModelled } from './model.ts';
import { addClient, addPeer, addServer, CASTING, DAEMON, quirkArgs, SERVER } from './parts/network.ts';
import { sendOf, tokensOf } from './parts/requests.ts';
import { allFinish, clientAsModelled } from './properties/client.ts';
import { logForgets, logIsWhole } from './properties/log.ts';
import { doneMet, peersFinish } from './properties/server.ts';

interface Disk {
  readonly asked: readonly (typeof KINDS)[number][];
  /** Milliseconds before each. */
  readonly pause: number;
  readonly segment: number;
}
export type DiskPlan = CommonPlan & Disk;

const KINDS = ['fatal', 'fatal', 'deliver', 'deliver', 'card'] as const;
const { arbitraries, shapes } = workloads<Disk>({
  asked: list(choice(...KINDS), 2, 1),
  pause: choice(0, 0, 200),
  segment: choice(4_096, 1_048_576),
});

const BUDGET: FaultBudget = {
  kinds: { 'disk-full': 2, 'disk-error': 2, 'slow-sync': 1, kill: 1, 'power-cut': 1 },
  total: 4,
  longest: seconds(8),
  programs: [DAEMON],
  machines: [SERVER],
  severity: { refusals: 1 },
};
const USERS: readonly (readonly [user: string, host: string])[] = [
  ['ann', 'p0'],
  ['bob', 'p1'],
  ['cyd', 'p2'],
];

/** Requests of who asks all the while. */
const TRICKLE = 12;

/** A sync takes its time; the daemon is killed, and while another one begins, or what it has begun goes on, the disk begins to fail; and when it has
 * recovered it fails once more. */
interface Drawn {
  readonly extra: Duration;
  readonly kill: Duration;
  readonly gap: Duration;
  readonly lasts: Duration;
  readonly between: Duration;
  readonly kind: 'disk-full' | 'disk-error';
}
const drawn: fc.Arbitrary<Drawn> = fc.record(
  {
    extra: durations({ min: millis(20), max: millis(200) }),
    kill: durations({ min: millis(450), max: millis(1_000) }),
    gap: fc.oneof(durations({ min: millis(50), max: millis(500) }), durations({ min: millis(50), max: seconds(3) })),
    lasts: durations({ min: millis(50), max: seconds(2) }),
    between: durations({ min: millis(50), max: seconds(2) }),
    kind: pick(['disk-full', 'disk-full', 'disk-error'] as const),
  },
  PLAIN,
);
const failing: fc.Arbitrary<readonly Fault[]> = drawn.map(
  ({ extra, kill, gap, lasts, between, kind }): readonly [SlowSyncFault, KillFault, DiskFault, DiskFault] => [
    { kind: 'slow-sync', at: ZERO, duration: seconds(8), machine: SERVER, extra },
    { kind: 'kill', at: kill, program: DAEMON },
    { kind, at: micros(kill + gap), duration: lasts, machine: SERVER },
    { kind, at: micros(kill + gap + lasts + between), duration: lasts, machine: SERVER },
  ],
  value => {
    const [slow, kill, full, again] = value as readonly [SlowSyncFault, KillFault, DiskFault, DiskFault];
    const between = micros(again.at - full.at - full.duration);
    return { extra: slow.extra, kill: kill.at, gap: micros(full.at - kill.at), lasts: full.duration, between, kind: full.kind };
  },
);

/** One call fails, amid those that come together, mostly as the first log begins, and then the power: whoever has not heard of it has promised too much. */
const FIRST = [4, 6, 7, 8, 9, 9, 9, 10];
const cutting: fc.Arbitrary<readonly Fault[]> = fc
  .record(
    {
      at: fc.oneof(fc.constant(ZERO), fc.constant(ZERO), durations({ min: ZERO, max: millis(1_500) })),
      spares: pick(FIRST),
      gap: durations({ min: millis(600), max: seconds(2) }),
    },
    PLAIN,
  )
  .map(
    ({ at, spares, gap }): readonly [DiskFault, PowerCutFault] => [
      { kind: 'disk-error', at, duration: gap, machine: SERVER, calls: 1, spares },
      { kind: 'power-cut', at: micros(at + gap), duration: seconds(1), machine: SERVER, unsynced: 'lost' },
    ],
    value => {
      const [{ at, duration, spares = 1 }] = value as readonly [DiskFault, PowerCutFault];
      return { at, spares, gap: duration };
    },
  );

const met = (name: string, text: string, is: (typeof warned)['log-failed']): SometimesProperty =>
  sometimes(name, text, () => ({ see: event => is.of(event) !== undefined }), ['log']);
const failedMet = met('log-failed', 'The log of a server cannot be written.', warned['log-failed']);

export const disk: Scenario<DiskPlan> = defineScenario<DiskPlan>({
  name: 'rover/disk',
  protocol: 'rover',
  title: 'While a disk takes nothing nothing is promised, and what was promised is done when it takes something again.',
  // What is tried again after a second may share the turn of another for the log.
  housekeeping: { programs: { [DAEMON]: { holds: { listeners: 1, pipes: 1 }, idleTimers: [ZERO, seconds(1)] } } },
  programs: () => CASTING,
  plans: profile => plans<Disk>(profile, { faults: fc.oneof(failing, cutting) }, arbitraries),
  workload: shapes,
  build: (world, { asked, pause, segment, profile }) => {
    addServer(world, '--timeout=300', '--identity=system', `--segment=${segment}`, ...quirkArgs(profile));
    for (const [index, [user, host]] of USERS.entries())
      addPeer(
        world,
        host,
        { user, host },
        'pause=350',
        ...asked.flatMap((kind, at) => [
          `until=${JSON.stringify({ ...tokensOf(kind, host, at + index), MSGID: String(at + 1) })}`,
          `pause=${pause}`,
        ]),
      );
    // Somebody asks all the while.
    const trickle = Array.from({ length: TRICKLE }, (_, at) => [
      `until=${JSON.stringify({ COMMAND: 'TESTNULL', MSGID: String(at + 1) })}`,
      'pause=300',
    ]);
    addPeer(world, 'p3', { user: 'nobody', host: 'p3' }, 'pause=350', ...trickle.flat());
    addClient(world, 'c0', 'bob', ...(['deliver', 'look'] as const).map((kind, at) => sendOf(kind, 'c0', at)));
  },
  properties: [serverAsModelled, logIsWhole, logForgets, clientAsModelled, peersFinish('300 s'), allFinish('300 s'), doneMet, failedMet],
  chaos: seconds(10),
  liveness: seconds(320),
  maxEvents: 20_000,
  busyLoop: 5_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
