/**
 * A server and clients of ours, of several users and hosts, over a network that comes and goes, on machines that lose power and whose disks
 * fail: each request is run once, in its order, and what was answered stays true.
 */
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { choice, integer, list } from '../../src/check/fields.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { millis, seconds } from '../../src/host/time.ts';
import { serverAsModelled } from './model.ts';
import { addLateClient, addServer, CASTING, CLIENT, DAEMON, PARENT, quirkArgs, SERVER, WORKER } from './parts/network.ts';
import { KINDS, type Kind, sendOf } from './parts/requests.ts';
import { allFinish, clientAsModelled, resumedMet, toldMet } from './properties/client.ts';
import { logForgets, logIsWhole } from './properties/log.ts';
import { wholeIsAnswered } from './properties/quirks.ts';

interface Exchange {
  readonly clients: number;
  readonly sends: readonly Kind[];
  /** Milliseconds between the beginnings of two clients. */
  readonly apart: number;
  readonly window: number;
  /** Bytes of a segment of the log of the server. */
  readonly segment: number;
}
export type ExchangePlan = CommonPlan & Exchange;

const { arbitraries, shapes } = workloads<Exchange>({
  clients: integer(1, 4),
  sends: list(choice(...KINDS), 8, 1),
  apart: choice(0, 300, 1_500),
  window: choice(4, 1, 8),
  segment: choice(1_048_576, 4_096),
});

/** Two of one user, one of another, and nobody. */
const CLIENTS: readonly (readonly [machine: string, user: string])[] = [
  ['c0', 'ann'],
  ['c1', 'ann'],
  ['c2', 'bob'],
  ['c3', 'nobody'],
];

const BUDGET: FaultBudget = {
  kinds: {
    latency: 1,
    segmentation: 1,
    reset: 2,
    'half-open': 1,
    partition: 2,
    kill: 2,
    pause: 1,
    'power-cut': 2,
    'disk-full': 1,
    'disk-error': 1,
    'slow-sync': 1,
    'clock-step': 1,
    'no-descriptors': 1,
    'no-processes': 1,
    'no-memory': 1,
  },
  total: 4,
  longest: seconds(10),
  programs: [DAEMON, PARENT, WORKER, CLIENT],
  machines: [SERVER, 'c0', 'c1', 'c2', 'c3'],
  severity: { refusals: 3 },
};

/** By when most clients are at it. */
const MOMENTS = [millis(400), millis(1_500)];

export const exchange: Scenario<ExchangePlan> = defineScenario<ExchangePlan>({
  name: 'rover/exchange',
  protocol: 'rover',
  title: 'Whatever becomes of machines and network, each request is run once, in its order, and its answer stays true.',
  programs: () => CASTING,
  plans: profile =>
    plans<Exchange>(
      profile,
      { faults: faults(BUDGET, { until: seconds(8), timeouts: [seconds(1), seconds(5)], moments: MOMENTS, spread: millis(400) }) },
      arbitraries,
    ),
  workload: shapes,
  build: (world, { clients, sends, apart, window, segment, profile }) => {
    addServer(world, '--timeout=500', `--segment=${segment}`, ...quirkArgs(profile));
    for (const [index, [name, user]] of CLIENTS.slice(0, clients).entries()) {
      const all: readonly Kind[] = [...sends, 'delivered', 'look'];
      addLateClient(world, name, user, index * apart, `--window=${window}`, ...all.map((kind, at) => sendOf(kind, name, at)));
    }
  },
  properties: [serverAsModelled, logIsWhole, logForgets, wholeIsAnswered, clientAsModelled, allFinish('400 s'), resumedMet, toldMet],
  chaos: seconds(20),
  liveness: seconds(420),
  maxEvents: 100_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
