/**
 * Requests that end the server, and kills of it: its parent starts it again within its bound, what had ended it often enough is answered so,
 * and nothing else is lost.
 */
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { choice, list } from '../../src/check/fields.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { seconds } from '../../src/host/time.ts';
import { serverAsModelled } from './model.ts';
import { addClient, addPeer, addServer, CASTING, DAEMON, quirkArgs, SERVER } from './parts/network.ts';
import { type Kind, sendOf, tokensOf } from './parts/requests.ts';
import { allFinish, clientAsModelled, toldMet } from './properties/client.ts';
import { logForgets, logIsWhole } from './properties/log.ts';
import { doneMet, endedMet, peersFinish, restartsInTime } from './properties/server.ts';

interface Fatal {
  readonly asked: readonly ('fatal' | Kind)[];
  /** Milliseconds between two requests. */
  readonly pause: number;
}
export type FatalPlan = CommonPlan & Fatal;

const { arbitraries, shapes } = workloads<Fatal>({
  asked: list(choice('fatal', 'deliver', 'card', 'sleep', 'long'), 5, 1),
  pause: choice(10, 700, 12_000),
});

const BUDGET: FaultBudget = {
  kinds: { kill: 3, 'power-cut': 1, latency: 1, segmentation: 1, reset: 1 },
  total: 3,
  longest: seconds(3),
  programs: [DAEMON],
  machines: [SERVER],
};

export const fatal: Scenario<FatalPlan> = defineScenario<FatalPlan>({
  name: 'rover/fatal',
  protocol: 'rover',
  title: 'Whatever ends the daemon, there is another within its bound, and what ends it again and again does so three times.',
  programs: () => CASTING,
  plans: profile => plans<Fatal>(profile, { faults: faults(BUDGET, { until: seconds(20), timeouts: [seconds(1)] }) }, arbitraries),
  workload: shapes,
  build: (world, { asked, pause, profile }) => {
    addServer(world, '--timeout=300', ...quirkArgs(profile));
    const steps = [...asked, 'delivered' as const, 'look' as const].flatMap((kind, at) => [
      `until=${JSON.stringify({ ...tokensOf(kind, 'p', at), MSGID: String(at + 1) })}`,
      `pause=${pause}`,
    ]);
    addPeer(world, 'p', { user: 'ann', host: 'p' }, 'pause=300', ...steps);
    const sends = (['deliver', 'card', 'delivered', 'look'] as const).map((kind, at) => sendOf(kind, 'c0', at));
    addClient(world, 'c0', 'bob', ...sends);
  },
  properties: [
    serverAsModelled,
    logIsWhole,
    logForgets,
    clientAsModelled,
    restartsInTime,
    peersFinish('500 s'),
    allFinish('500 s'),
    toldMet,
    doneMet,
    endedMet,
  ],
  chaos: seconds(30),
  liveness: seconds(520),
  maxEvents: 40_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
