/**
 * Clients that are not ours and keep to nothing: numbers in any order, twice, with other content, of lower and higher epochs, with wrong
 * secrets, cut anywhere; from several machines under one name. In the end each begins anew in a higher epoch, and is served as if nothing had been.
 */
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { choice, integer, list } from '../../src/check/fields.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { seconds } from '../../src/host/time.ts';
import { serverAsModelled } from './model.ts';
import { addPeer, addServer, CASTING, DAEMON, PARENT, quirkArgs, SERVER, WORKER } from './parts/network.ts';
import { type Kind, tokensOf } from './parts/requests.ts';
import { logForgets, logIsWhole } from './properties/log.ts';
import { wholeIsAnswered } from './properties/quirks.ts';
import { answeredInTime, conflictMet, doneMet, heldMet, peersFinish } from './properties/server.ts';

interface Strange {
  readonly peers: number;
  /** Each is a step: what is asked, as which number, in which epoch, and how far it gets. */
  readonly steps: readonly number[];
  readonly pause: number;
  readonly segment: number;
}
export type StrangersPlan = CommonPlan & Strange;

const { arbitraries, shapes } = workloads<Strange>({
  peers: integer(1, 3),
  steps: list(integer(0, 99_999), 14),
  pause: choice(0, 30, 900),
  segment: choice(1_048_576, 4_096),
});

/** Who the peers say they are: the third is the first once more. */
const PEERS: readonly (readonly [machine: string, user: string, host: string])[] = [
  ['p0', 'ann', 'desk'],
  ['p1', 'bob', 'desk'],
  ['p2', 'ann', 'desk'],
];
const ASKED: readonly Kind[] = ['deliver', 'card', 'delivered', 'look', 'uncard', 'echo', 'sleep', 'error', 'no-card', 'reset'];
const VERBS = ['ask', 'ask', 'ask', 'lose', 'cut'] as const;
const LAST = 9;

/** One of its digits after the other. */
function stepOf(drawn: number, host: string): string {
  let left = drawn;
  const digit = (most: number): number => {
    const found = left % most;
    left = Math.floor(left / most);
    return found;
  };
  const number = 1 + digit(5);
  const kind = ASKED[digit(ASKED.length)] ?? 'null';
  const verb = VERBS[digit(VERBS.length)] ?? 'ask';
  const epoch = [0, 0, 0, 3][digit(4)] ?? 0;
  const isWrong = digit(12) === 11;
  const tokens = { ...tokensOf(kind, host, number), MSGID: `${number}`, EPOCH: `${epoch}`, ...(isWrong ? { AUTH: 'guessed' } : {}) };
  return `${verb}=${verb === 'cut' ? `${90 + (drawn % 200)} ` : ''}${JSON.stringify(tokens)}`;
}

const closing = (host: string): readonly string[] =>
  (['deliver', 'delivered', 'look'] as const).map(
    (kind, index) =>
      `until=${JSON.stringify({ ...tokensOf(kind, host, 70 + index), MSGID: `${index + 1}`, EPOCH: `${LAST}`, ACKED: `${index}` })}`,
  );

const BUDGET: FaultBudget = {
  kinds: {
    latency: 1,
    segmentation: 1,
    partition: 1,
    kill: 2,
    'power-cut': 2,
    'disk-full': 1,
    'disk-error': 1,
    'no-descriptors': 1,
  },
  total: 3,
  longest: seconds(8),
  programs: [DAEMON, PARENT, WORKER],
  machines: [SERVER],
  severity: { refusals: 3 },
};

export const strangers: Scenario<StrangersPlan> = defineScenario<StrangersPlan>({
  name: 'rover/strangers',
  protocol: 'rover',
  title: 'Whatever numbers, epochs and contents come, each is run once and in order, or refused, and nothing comes too early.',
  programs: () => CASTING,
  plans: profile =>
    plans<Strange>(profile, { faults: faults(BUDGET, { until: seconds(10), timeouts: [seconds(1), seconds(4)] }) }, arbitraries),
  workload: shapes,
  build: (world, { peers, steps, pause, segment, profile }) => {
    addServer(world, '--timeout=400', `--segment=${segment}`, ...quirkArgs(profile));
    for (const [index, [machine, user, host]] of PEERS.slice(0, peers).entries()) {
      const own = steps.filter((_, at) => at % peers === index).flatMap(each => [stepOf(each, host), `pause=${pause}`]);
      addPeer(world, machine, { user, host }, `pause=${400 + 100 * index}`, ...own, ...closing(host));
    }
  },
  properties: [
    serverAsModelled,
    logIsWhole,
    logForgets,
    wholeIsAnswered,
    answeredInTime('120 s'),
    peersFinish('280 s'),
    doneMet,
    heldMet,
    conflictMet,
  ],
  chaos: seconds(25),
  liveness: seconds(300),
  maxEvents: 60_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
