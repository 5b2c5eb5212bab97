/**
 * Two machines, and on each of them clients that ask the other one question after question, while londs and gateway children are
 * killed. `FULL` is the large plan: 100,000 requests of 50 clients, a lond killed three times and a gateway child once
 * (bench/gateway.ts runs it; on the kernel it runs its like). What is drawn has a few clients with a few questions each.
 * The budget: four kills cost a link four lives, and perhaps a fifth, of a child that tries to connect before its lond is up again.
 */
import fc from 'fast-check';
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { integerFrom } from '../../src/check/shape.ts';
import { seconds } from '../../src/host/time.ts';
import { LINK_DEFAULTS, LOCAL_DEFAULTS } from '../../src/sim/core/options.ts';
import type { KillFault } from '../../src/sim/fault.ts';
import { ASKER } from './daemons/names.ts';
import { LATER } from './parts/link.ts';
import { buildNetwork, CASTING, GATEWAY, GATEWAY_CHILD, hostIds, LOND, LOND_CHILD, quirkArgs } from './parts/network.ts';
import { allAnswered, answersAreOwn, asksComeToAnEnd, conLostMet, replyMet } from './properties/answers.ts';
import { attemptsAsConfigured, oneChildPerHost, restartedAtOnce, restartMet } from './properties/children.ts';
import { deathsTold } from './properties/deaths.ts';
import { backOffMet, lostMet } from './properties/links.ts';

export interface ExchangeWorkload {
  /** How many clients both machines have together. */
  readonly clients: number;
  /** How many questions each client asks. */
  readonly requests: number;
  /** Milliseconds between an answer and the next question. */
  readonly pause: number;
}
export type ExchangePlan = CommonPlan & ExchangeWorkload;

const CLIENTS: readonly [least: number, most: number] = [1, 50];
const REQUESTS: readonly [least: number, most: number] = [1, 2_000];
const PAUSE_MAX = 60_000;
/** The most that is drawn of each, so that together they take no longer than FULL. */
const FEW_CLIENTS = 6;
const FEW_REQUESTS = 20;
const SHORT_PAUSE = 50_000;

const CHAOS = seconds(1_400);
/** What is left of 2,000 questions with pauses of half a second; a dialogue, a back-off, and a client’s own retry. */
const DONE = seconds(1_000 + 180 + 359 + 25);

const BUDGET: FaultBudget = {
  kinds: { kill: 4 },
  total: 4,
  longest: seconds(1),
  programs: [GATEWAY_CHILD, LOND_CHILD],
  severity: { call: 100 },
};
const EVENTS_PER_REQUEST = 150;
const EVENTS_BESIDE = 10_000;

export const exchange: Scenario<ExchangePlan> = defineScenario<ExchangePlan>({
  name: 'lonc/exchange',
  protocol: 'lonc',
  title: 'Of all that clients ask, everything is answered by its own answer or con_lost, whoever is killed meanwhile.',
  programs: () => CASTING,
  plans: profile =>
    plans<ExchangeWorkload>(
      profile,
      { faults: faults(BUDGET, { until: seconds(700), timeouts: [seconds(1)] }) },
      {
        clients: fc.integer({ min: CLIENTS[0], max: FEW_CLIENTS }),
        requests: fc.integer({ min: REQUESTS[0], max: FEW_REQUESTS }),
        pause: fc.noBias(fc.integer({ min: 0, max: SHORT_PAUSE })),
      },
    ),
  workload: { clients: integerFrom(...CLIENTS), requests: integerFrom(...REQUESTS), pause: integerFrom(0, PAUSE_MAX) },
  build: (world, { clients, requests, pause, profile }) => {
    const ids = hostIds(2);
    const askers = Array.from({ length: clients }, (_, client) => [
      ASKER,
      `--peer=${ids[(client + 1) % 2]}`,
      `--client=${client}`,
      `--requests=${requests}`,
      `--pause=${pause}`,
    ]);
    buildNetwork(
      world,
      ids.map((id, own) => ({
        id,
        after: LATER,
        // Only each other: the newest gateway child, which is the one that is killed, is then one that works.
        knows: ids.filter(other => other !== id),
        daemons: [[LOND], [GATEWAY, ...quirkArgs(profile)]],
        others: askers.filter((_, client) => client % 2 === own),
      })),
    );
  },
  properties: [
    answersAreOwn,
    allAnswered(DONE),
    asksComeToAnEnd(DONE),
    attemptsAsConfigured,
    restartedAtOnce,
    oneChildPerHost,
    deathsTold,
    replyMet,
    conLostMet,
    restartMet,
    lostMet,
    backOffMet,
  ],
  chaos: CHAOS,
  liveness: seconds(1_600),
  maxEvents: EVENTS_BESIDE,
  maxEventsOf: ({ clients, requests }) => EVENTS_BESIDE + EVENTS_PER_REQUEST * clients * requests,
  busyLoop: 10_000,
  budget: BUDGET,
  expected: {
    corrected: 'holds',
    'as-written': {
      fails: ['answers-are-own'],
      mayFail: ['all-answered', 'asks-come-to-an-end', 'one-child-per-host', 'attempts-as-configured', 'deaths-are-told', 'event-limit'],
    },
  },
});

/** A process is killed in the midst of something: at a call of its Host. */
const kill = (at: number, program: string, call: number): KillFault => ({ kind: 'kill', at: seconds(at), program, call });

/** As many requests, clients and kills as the bench has on the kernel. A pause in the service takes up to 359 s. */
export const FULL: ExchangePlan = {
  profile: 'corrected',
  faults: [kill(100, LOND_CHILD, 10), kill(500, LOND_CHILD, 11), kill(900, LOND_CHILD, 12), kill(960, GATEWAY_CHILD, 20)],
  link: LINK_DEFAULTS,
  local: LOCAL_DEFAULTS,
  schedule: { strategy: 'fifo' },
  clients: 50,
  requests: 2_000,
  pause: 500,
};
