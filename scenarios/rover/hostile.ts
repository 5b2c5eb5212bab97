/**
 * Somebody who sends bytes at the limits and beyond them, all at once or in pieces, says nothing at all, or ends in the middle. Each is refused
 * for what is wrong with it or served, the daemon lives, and honest clients beside him do not notice.
 */
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { choice, flag, list } from '../../src/check/fields.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { seconds } from '../../src/host/time.ts';
import { serverAsModelled } from './model.ts';
import { LIMITS, muteOf, rawOf, WRONG } from './parts/limits.ts';
import { addClient, addPeer, addServer, CASTING, quirkArgs } from './parts/network.ts';
import { sendOf } from './parts/requests.ts';
import { allFinish, clientAsModelled, toldMet } from './properties/client.ts';
import { answeredInTime, busyMet, peersFinish, refusedMet, serverSurvives } from './properties/server.ts';

const AT_LIMITS: readonly string[] = Object.keys(LIMITS).flatMap(name => [`${name} -1`, name, `${name} +1`]);

interface Hostile {
  readonly sent: readonly string[];
  /** He ends his direction behind each. */
  readonly mute: boolean;
}
export type HostilePlan = CommonPlan & Hostile;

const { arbitraries, shapes } = workloads<Hostile>({
  sent: list(choice(...AT_LIMITS, ...Object.keys(WRONG)), 8, 3),
  mute: flag(),
});

const BUDGET: FaultBudget = { kinds: { segmentation: 1, latency: 1 }, total: 2, longest: seconds(1) };

const textOf = (name: string): string => {
  const [limit = '', by = '0'] = name.split(' ');
  return WRONG[name] ?? LIMITS[limit]?.(Number(by)) ?? '';
};

export const hostile: Scenario<HostilePlan> = defineScenario<HostilePlan>({
  name: 'rover/hostile',
  protocol: 'rover',
  title: 'Whatever bytes come, each connection is answered as it deserves, the daemon lives, and others are served.',
  programs: () => CASTING,
  plans: profile => plans<Hostile>(profile, { faults: faults(BUDGET, { until: seconds(4), timeouts: [seconds(1)] }) }, arbitraries),
  workload: shapes,
  build: (world, { sent, mute, profile }) => {
    addServer(world, '--timeout=300', ...quirkArgs(profile));
    const steps = sent.map(name => (mute ? muteOf : rawOf)(textOf(name)));
    addPeer(world, 'p0', { user: 'eve', host: 'hostile' }, 'pause=300', ...steps);
    const asks = (['deliver', 'card', 'delivered', 'look'] as const).map((kind, index) => sendOf(kind, 'c0', index));
    addClient(world, 'c0', 'bob', ...asks, '--window=1');
  },
  properties: [
    serverAsModelled,
    clientAsModelled,
    serverSurvives,
    answeredInTime('65 s'),
    peersFinish('600 s'),
    allFinish('20 s'),
    toldMet,
    refusedMet,
    busyMet,
  ],
  chaos: seconds(8),
  liveness: seconds(620),
  maxEvents: 60_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
