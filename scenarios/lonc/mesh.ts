/**
 * From 1 to 20 hosts, each with a gateway and a lond, and light traffic between those that know each other: requests, messages that
 * are kept for later, and clients that leave before they are answered; while children and londs are killed and stopped, machines
 * cannot reach each other, and connections break, fall silent, or are slow.
 * The budget: what is killed is started again by a parent, and parents are spared; chaos is so short, and kills so few, that
 * no link can use up its six lives.
 */
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { plans } from '../../src/check/plans.ts';
import { defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { seconds } from '../../src/host/time.ts';
import { linkCount, type MeshPlan, type MeshWorkload, meshMachines, meshShape, meshWorkload } from './parts/mesh-plan.ts';
import { buildNetwork, CASTING, GATEWAY_CHILD, LOND_CHILD } from './parts/network.ts';
import { allAnswered, answersAreOwn, conLostMet, replyMet, secretMet } from './properties/answers.ts';
import { attemptsAsConfigured, oneChildPerHost, restartedAtOnce, restartMet } from './properties/children.ts';
import { deathsTold, noSigpipe, writesToNobodyMet } from './properties/deaths.ts';
import { delayedArrives, delayedInOrder, removedWhenAnswered } from './properties/delayed.ts';
import { backOffMet, delayedMet, linksUp, lostMet, timeoutMet } from './properties/links.ts';
import { noSecretInLogs, noSecretOnWire } from './properties/secrets.ts';

const CHAOS_SECONDS = 300;
/**
 * An attempt to connect (127 s), or a dialogue (three steps of 60 s); a back-off (359 s); and a request that waits (300 s) on a
 * connection that fell silent, before the next dialogue (5 s).
 */
const LINKS_UP = seconds(180 + 359 + 300 + 25);
/** As long as the one above; then a message that waits in vain (60 s), and the next look at the files (300 s). */
const ARRIVES = seconds(180 + 359 + 300 + 60 + 300 + 25);
/** Most runs take a third of this. */
const EVENTS_PER_LINK = 900;
const EVENTS_BESIDE = 5_000;

const BUDGET: FaultBudget = {
  kinds: { kill: 2, reset: 2, 'half-open': 1, partition: 2, latency: 1, segmentation: 1, pause: 1 },
  total: 4,
  longest: seconds(400),
  programs: [GATEWAY_CHILD, LOND_CHILD],
  machines: ['h1', 'h2', 'h3'],
  severity: { extra: seconds(2), call: 60 },
};

export const mesh: Scenario<MeshPlan> = defineScenario<MeshPlan>({
  name: 'lonc/mesh',
  protocol: 'lonc',
  title: 'Whatever happens to the links between hosts, every client gets its own answers, and in the end every link is up.',
  programs: () => CASTING,
  plans: profile =>
    plans<MeshWorkload>(
      profile,
      {
        faults: faults(BUDGET, {
          until: seconds(250),
          timeouts: [seconds(60), seconds(300)],
          moments: [seconds(5), seconds(10)],
          spread: seconds(5),
        }),
      },
      meshWorkload(CHAOS_SECONDS),
    ),
  workload: meshShape(CHAOS_SECONDS),
  build: (world, plan) => buildNetwork(world, meshMachines(plan, CHAOS_SECONDS)),
  properties: [
    answersAreOwn,
    allAnswered(LINKS_UP),
    delayedInOrder,
    removedWhenAnswered,
    delayedArrives(ARRIVES),
    linksUp(LINKS_UP),
    attemptsAsConfigured,
    restartedAtOnce,
    oneChildPerHost,
    noSecretInLogs,
    noSecretOnWire,
    noSigpipe,
    deathsTold,
    replyMet,
    secretMet,
    conLostMet,
    delayedMet,
    restartMet,
    lostMet,
    backOffMet,
    timeoutMet,
    writesToNobodyMet,
  ],
  chaos: seconds(CHAOS_SECONDS),
  liveness: seconds(1_250),
  maxEvents: EVENTS_BESIDE,
  maxEventsOf: plan => EVENTS_BESIDE + EVENTS_PER_LINK * linkCount(plan),
  busyLoop: 5_000,
  budget: BUDGET,
  expected: {
    corrected: 'holds',
    'as-written': {
      fails: ['answers-are-own', 'links-up', 'delayed-arrives', 'delayed-in-order', 'child-survives'],
      mayFail: [
        'all-answered',
        'removed-when-answered',
        'one-child-per-host',
        'attempts-as-configured',
        'restarted-at-once',
        'deaths-are-told',
        'event-limit',
      ],
    },
  },
});
