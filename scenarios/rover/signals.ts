/**
 * A server and a client that get every signal that there is for them, in any order, while requests run: what is no order to end changes nothing, and
 * a client that is ended by one goes on with its queue in its next life.
 * Lacks: a server that is told to end (shutdown.ts).
 */
import { NO_FAULTS } from '../../src/check/budget.ts';
import { choice, integer, list } from '../../src/check/fields.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { instantOf, seconds } from '../../src/host/time.ts';
import type { Machine } from '../../src/sim/machine.ts';
import { KILLER } from './daemons/names.ts';
import { serverAsModelled } from './model.ts';
import { addClient, addServer, CASTING, CLIENT, DAEMON, PARENT, quirkArgs, startClient, WORKER } from './parts/network.ts';
import { type Kind, sendOf } from './parts/requests.ts';
import { allFinish, clientAsModelled, toldMet } from './properties/client.ts';
import { logForgets, logIsWhole } from './properties/log.ts';
import { diesOfNoSignal, inWorker } from './properties/server.ts';

interface Signalled {
  readonly sends: readonly Kind[];
  /** Milliseconds: when each of UNHEEDED is sent, by its number. */
  readonly times: readonly number[];
  /** Milliseconds: when the parent begins anew, or never, and when the client is ended. */
  readonly anew: number;
  readonly ends: number;
  readonly signal: 'SIGTERM' | 'SIGINT';
}
export type SignalsPlan = CommonPlan & Signalled;

const UNHEEDED: readonly (readonly [program: string, signal: string])[] = [
  [PARENT, 'SIGPIPE'],
  [PARENT, 'SIGUSR1'],
  [DAEMON, 'SIGPIPE'],
  [DAEMON, 'SIGHUP'],
  [DAEMON, 'SIGUSR1'],
  [WORKER, 'SIGPIPE'],
  [CLIENT, 'SIGPIPE'],
];
const NEVER = 0;
const [BEGUN, LAST] = [400, 2_400];

const { arbitraries, shapes } = workloads<Signalled>({
  sends: list(choice('deliver', 'card', 'look'), 1),
  times: list(integer(BEGUN, LAST), UNHEEDED.length, UNHEEDED.length),
  anew: choice(NEVER, NEVER, 600, 1_200, 2_000),
  ends: integer(BEGUN, LAST),
  signal: choice('SIGTERM', 'SIGINT'),
});

export const signals: Scenario<SignalsPlan> = defineScenario<SignalsPlan>({
  name: 'rover/signals',
  protocol: 'rover',
  title: 'A signal that is no order to end changes nothing, and who is ended by one has lost nothing.',
  // Who asks its children one after the other, and begins anew, has another time to wait for.
  housekeeping: {
    programs: { [PARENT]: { holds: { pipes: 'children' }, idleTimers: [seconds(1)] }, [CLIENT]: { endsWithin: seconds(1) } },
  },
  programs: () => CASTING,
  plans: profile => plans<Signalled>(profile, {}, arbitraries),
  workload: shapes,
  build: (world, { sends, times, anew, ends, signal, profile }) => {
    const server = addServer(world, '--timeout=200', ...quirkArgs(profile));
    // A worker is there from the first one on.
    const kinds: readonly Kind[] = ['long', ...sends];
    const asks = kinds.map((kind, index) => sendOf(kind, 'c0', index));
    const client = addClient(world, 'c0', 'ann', ...asks);
    const sent = (at: number, machine: Machine, program: string, name: string): void =>
      world.at(instantOf(at * 1_000), () => {
        const process = machine.newest(program);
        if (process !== undefined) machine.start(KILLER, [String(process.pid), name]);
      });
    for (const [index, [program, name]] of UNHEEDED.entries())
      sent(times[index] ?? BEGUN, program === CLIENT ? client : server, program, name);
    if (anew !== NEVER) sent(anew, server, PARENT, 'SIGHUP');
    sent(ends, client, CLIENT, signal);
    // He who had all his answers before that asks again.
    world.at(instantOf((LAST + 1_000) * 1_000), () => startClient(client, 'ann', 0, ...asks));
  },
  properties: [serverAsModelled, logIsWhole, logForgets, clientAsModelled, diesOfNoSignal, allFinish('60 s'), toldMet, inWorker],
  chaos: seconds(5),
  liveness: seconds(65),
  maxEvents: 10_000,
  busyLoop: 5_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
