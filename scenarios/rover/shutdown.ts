/**
 * A server that is told to end at any moment, while it is asked and long requests run, and is started again later: it takes no more, ends in
 * time, and nothing that was answered or held is lost.
 */
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { choice, integer, list } from '../../src/check/fields.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { instantOf, seconds } from '../../src/host/time.ts';
import { KILLER } from './daemons/names.ts';
import { serverAsModelled } from './model.ts';
import { rawOf } from './parts/limits.ts';
import { requestOf } from './parts/messages.ts';
import { addClient, addPeer, addServer, CASTING, quirkArgs, startServer } from './parts/network.ts';
import { type Kind, type More, sendOf, tokensOf } from './parts/requests.ts';
import { allFinish, clientAsModelled, toldMet } from './properties/client.ts';
import { logForgets, logIsWhole } from './properties/log.ts';
import { serverEnds, unaskedAreClosed } from './properties/server.ts';

interface Shutdown {
  readonly sends: readonly Kind[];
  /** Milliseconds: when it is told, and how much later it is started again. */
  readonly ends: number;
  readonly again: number;
  /** How much sooner somebody connects who says so many bytes of a request, and no more. */
  readonly before: number;
  readonly begun: number;
  /** Milliseconds that a request may run; with the longer, one that is asked first runs longer than a server takes to end. */
  readonly limit: number;
}
export type ShutdownPlan = CommonPlan & Shutdown;

const { arbitraries, shapes } = workloads<Shutdown>({
  sends: list(choice('deliver', 'card', 'sleep', 'long', 'slow-card', 'look', 'shared'), 6, 1),
  ends: integer(200, 4_000),
  again: integer(6_500, 9_000),
  before: choice(50, 20, 150),
  begun: choice(0, 1, 60),
  limit: choice(400, 400, 400, 400, 400, 400, 400, 20_000),
});

/** The first that the machine starts is the init of the server. */
const PARENT_PID = 101;
const BUDGET: FaultBudget = { kinds: { segmentation: 1, latency: 1 }, total: 2, longest: seconds(2) };

export const shutdown: Scenario<ShutdownPlan> = defineScenario<ShutdownPlan>({
  name: 'rover/shutdown',
  protocol: 'rover',
  title: 'A server that is told to end does so in time, and the next one knows all that it has acknowledged.',
  programs: () => CASTING,
  plans: profile => plans<Shutdown>(profile, { faults: faults(BUDGET, { until: seconds(5), timeouts: [seconds(1)] }) }, arbitraries),
  workload: shapes,
  build: (world, { sends, ends, again, before, begun, limit, profile }) => {
    const args = [`--timeout=${limit}`, ...quirkArgs(profile)];
    const server = addServer(world, ...args);
    world.at(instantOf(ends * 1_000), () => void server.start(KILLER, [String(PARENT_PID), 'SIGTERM']));
    world.at(instantOf((ends + again) * 1_000), () => startServer(server, ...args));
    const half = requestOf(tokensOf('card', 'half', 0)).slice(0, begun);
    addPeer(world, 'p0', { user: 'ann', host: 'half' }, `pause=${ends - before}`, rawOf(half));
    for (const [name, user] of [
      ['c0', 'ann'],
      ['c1', 'bob'],
    ] as const) {
      const all: readonly (Kind | More)[] = [...(limit > 400 ? (['nap'] as const) : []), ...sends, 'delivered', 'look'];
      addClient(world, name, user, ...all.map((kind, index) => sendOf(kind, name, index)));
    }
  },
  properties: [serverAsModelled, logIsWhole, logForgets, clientAsModelled, serverEnds, unaskedAreClosed, allFinish('300 s'), toldMet],
  chaos: seconds(15),
  liveness: seconds(310),
  maxEvents: 60_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
