/**
 * Our clients, and a server that is not ours and has moods: it does not answer, answers half, something else, later, or that it is busy. Whatever
 * becomes of their machines and the network, each request is asked in its turn until it is answered, and its answer is told once.
 */
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { choice, integer, list } from '../../src/check/fields.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { instantOf, millis, seconds } from '../../src/host/time.ts';
import { MOODS, type Mood } from './daemons/foreign.ts';
import { FOREIGN, KILLER } from './daemons/names.ts';
import { addClient, addMachine, CASTING, CLIENT, PORT, SERVER } from './parts/network.ts';
import { allFinish, clientAsModelled, logAgainMet, refusalMet, resumedMet, toldMet } from './properties/client.ts';
import { logForgets, logIsWhole } from './properties/log.ts';

interface Asked {
  readonly clients: number;
  /** What each is told to send. */
  readonly sends: readonly string[];
  readonly window: number;
  readonly moods: readonly Mood[];
  /** Numbers that the server takes as TESTNULL alone, and that fail. */
  readonly refuses: number;
  readonly fails: number;
  /** Milliseconds until each client is killed, after the answers to several numbers have come behind that to the first; 0: it is not. */
  readonly killed: number;
}
export type QueuePlan = CommonPlan & Asked;

const SENDS = ['EXPORT Irolo__a x\ty', 'IMPORTDATA Irolo__a', 'TESTECHO  é & = +\n', 'RESET Irolo__a', 'TESTNULL'] as const;

const { arbitraries, shapes } = workloads<Asked>({
  clients: integer(1, 2),
  sends: list(choice(...SENDS), 6, 1),
  window: choice(4, 1, 2),
  moods: list(choice(...MOODS), 6, 1),
  refuses: integer(0, 6),
  fails: integer(0, 6),
  killed: choice(0, 0, 0, 0, 7_000),
});

const MACHINES: readonly string[] = ['c0', 'c1'];
/** The second process of a machine: the first starts it, and again when it has died. */
const CLIENT_PID = 101;
/** The first is answered behind three others, and those that come next are not, by the time at which a client is killed. */
const BEHIND: readonly Mood[] = ['slow', 'answer', 'answer', 'answer', 'slow', 'slow'];
const BUDGET: FaultBudget = {
  kinds: {
    latency: 1,
    segmentation: 1,
    reset: 2,
    'half-open': 1,
    partition: 1,
    kill: 2,
    pause: 1,
    'power-cut': 2,
    'disk-full': 1,
    'disk-error': 1,
    'slow-sync': 1,
    'clock-step': 1,
    'no-descriptors': 1,
    'no-memory': 1,
  },
  total: 4,
  longest: seconds(10),
  programs: [CLIENT],
  machines: MACHINES,
  severity: { refusals: 3, shapes: ['isolate', 'one-way', 'symmetric'] },
};

export const queue: Scenario<QueuePlan> = defineScenario<QueuePlan>({
  name: 'rover/queue',
  protocol: 'rover',
  title: 'What a client has taken is asked in its turn, until it is answered, and its answer is told once.',
  programs: () => CASTING,
  plans: profile =>
    plans<Asked>(
      profile,
      {
        faults: faults(BUDGET, {
          until: seconds(12),
          timeouts: [seconds(1), seconds(4)],
          moments: [millis(100), seconds(1)],
          spread: millis(100),
        }),
      },
      arbitraries,
    ),
  workload: shapes,
  build: (world, { clients, sends, window, moods, refuses, fails, killed }) => {
    const server = addMachine(world, SERVER);
    const all = [...(killed > 0 ? BEHIND : []), ...moods];
    server.start(FOREIGN, [`--port=${PORT}`, `--moods=${all.join(',')}`, '--calm=25000', `--refuse=${refuses}`, `--fail=${fails}`]);
    for (const [index, name] of MACHINES.slice(0, clients).entries()) {
      const asks = killed > 0 ? [...sends, ...SENDS] : sends;
      const room = `--window=${killed > 0 ? BEHIND.length - 2 : window}`;
      const machine = addClient(world, name, index === 0 ? 'ann' : 'bob', room, ...asks.map(each => `--send=${each}`));
      if (killed > 0) world.at(instantOf(killed * 1_000), () => void machine.start(KILLER, [String(CLIENT_PID), 'SIGKILL']));
    }
  },
  properties: [clientAsModelled, logIsWhole, logForgets, allFinish('400 s'), resumedMet, toldMet, refusalMet, logAgainMet],
  chaos: seconds(30),
  liveness: seconds(420),
  maxEvents: 60_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
