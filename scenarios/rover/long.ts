/**
 * Requests that take long, of some users, and short ones of others, who do not wait for them. Workers are killed.
 */
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { choice, integer, list } from '../../src/check/fields.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { millis, seconds } from '../../src/host/time.ts';
import { serverAsModelled } from './model.ts';
import { addPeer, addServer, CASTING, quirkArgs, WORKER } from './parts/network.ts';
import { type Kind, tokensOf } from './parts/requests.ts';
import { wholeIsAnswered } from './properties/quirks.ts';
import { answeredInTime, doneMet, inWorker, othersAreServed, peersFinish, serverSurvives } from './properties/server.ts';

interface Long {
  /** Each with a stream of its own, of long requests: milliseconds of each. */
  readonly sleepers: number;
  readonly sleeps: readonly number[];
  readonly pause: number;
}
export type LongPlan = CommonPlan & Long;

const TIMEOUT = 200;
/** Two more than there may be workers. */
const SLEEPERS_MAX = 10;
const { arbitraries, shapes } = workloads<Long>({
  sleepers: integer(1, SLEEPERS_MAX),
  sleeps: list(choice(TIMEOUT - 1, TIMEOUT, TIMEOUT + 1, 900, 5_000), 3, 1),
  pause: choice(50, 0, 400),
});

const BUDGET: FaultBudget = {
  kinds: { latency: 1, segmentation: 1, kill: 2 },
  total: 3,
  longest: seconds(3),
  programs: [WORKER],
};

export const long: Scenario<LongPlan> = defineScenario<LongPlan>({
  name: 'rover/long',
  protocol: 'rover',
  title: 'A long request never keeps another stream waiting, and its own goes on when it has ended.',
  programs: () => CASTING,
  plans: profile => plans<Long>(profile, { faults: faults(BUDGET, { until: seconds(6), timeouts: [seconds(1)] }) }, arbitraries),
  workload: shapes,
  build: (world, { sleepers, sleeps, pause, profile }) => {
    addServer(world, `--timeout=${TIMEOUT}`, ...quirkArgs(profile));
    const asked = (number: number, tokens: object): string => `until=${JSON.stringify({ ...tokens, MSGID: String(number) })}`;
    for (let index = 0; index < sleepers; index++) {
      const steps = sleeps.map((each, at) => asked(at + 1, { COMMAND: 'TESTSLEEP', DATA: String(each) }));
      const last = asked(sleeps.length + 1, tokensOf('deliver', `s${index}`, index));
      addPeer(world, `s${index}`, { user: 'ann', host: `s${index}` }, 'pause=300', ...steps, last);
    }
    // Longer than a request may take to come.
    addPeer(world, 'q', { user: 'cyd', host: 'q' }, 'pause=300', asked(1, { COMMAND: 'TESTSLEEP', DATA: '31000' }));
    const short: readonly Kind[] = ['card', 'deliver', 'look', 'delivered', 'echo', 'card', 'look'];
    addPeer(
      world,
      'p',
      { user: 'bob', host: 'p' },
      'pause=400',
      ...short.flatMap((kind, at) => [asked(at + 1, tokensOf(kind, 'p', at)), `pause=${pause}`]),
    );
  },
  properties: [
    serverAsModelled,
    wholeIsAnswered,
    serverSurvives,
    // All may be at their beginning at once, and the network takes its time.
    othersAreServed(millis(TIMEOUT * SLEEPERS_MAX + 1_800)),
    answeredInTime('60 s'),
    peersFinish('120 s'),
    doneMet,
    inWorker,
  ],
  chaos: seconds(10),
  liveness: seconds(150),
  maxEvents: 40_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
