/**
 * Several hosts, each with a gateway and a lond, and light traffic between any two, while children and londs are killed and
 * stopped, machines cannot reach each other, and connections break, fall silent, or are slow.
 * The budget: what is killed is started again by a parent, and parents are spared; chaos is so short, and kills so few, that
 * no link can use up its six lives.
 * May import: check, host, sim, fast-check, the folders beside it.
 */
import fc from 'fast-check';
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { PLAIN, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { boolean, integerFrom, listUpTo, object } from '../../src/check/shape.ts';
import { seconds } from '../../src/host/time.ts';
import { CLIENT } from './daemons/names.ts';
import { clearAsk, KEYS, secretAsk } from './parts/asks.ts';
import { buildNetwork, CASTING, GATEWAY, GATEWAY_CHILD, hostIds, LOND, LOND_CHILD, type MachineSpec, quirkArgs } from './parts/network.ts';
import { allAnswered, answersAreOwn, conLostMet, replyMet, secretMet } from './properties/answers.ts';
import { attemptsAsConfigured, oneChildPerHost, restartedAtOnce, restartMet } from './properties/children.ts';
import { backOffMet, linksUp, lostMet, timeoutMet } from './properties/links.ts';
import { noSecretInLogs, noSecretOnWire } from './properties/secrets.ts';

interface Ask {
  /** Numbers of hosts, taken modulo their count. */
  readonly from: number;
  readonly to: number;
  /** Seconds. */
  readonly at: number;
  /** Requests sent together. */
  readonly count: number;
  readonly secret: boolean;
}

export type MeshPlan = CommonPlan & { readonly hosts: number; readonly asks: readonly Ask[] };

const HOSTS: readonly [least: number, most: number] = [2, 3];
const ASKS_MAX = 10;
const TOGETHER_MAX = 4;
const CHAOS_SECONDS = 300;
/** The last key is that of the probes. */
const PROBE = KEYS - 1;
const CHAOS = seconds(CHAOS_SECONDS);
/**
 * An attempt to connect (127 s), or a dialogue (three steps of 60 s); a back-off (359 s); and a request that waits (300 s) on a
 * connection that fell silent, before the next dialogue (5 s).
 */
const LINKS_UP = seconds(180 + 359 + 300 + 25);
const LIVENESS = seconds(900);

const BUDGET: FaultBudget = {
  kinds: { kill: 2, reset: 2, 'half-open': 1, partition: 2, latency: 1, segmentation: 1, pause: 1 },
  total: 4,
  longest: seconds(400),
  programs: [GATEWAY_CHILD, LOND_CHILD],
  machines: ['h1', 'h2'],
  severity: { extra: seconds(2), call: 60 },
};

export const mesh: Scenario<MeshPlan> = defineScenario<MeshPlan>({
  name: 'lonc/mesh',
  protocol: 'lonc',
  title: 'Whatever happens to the links between hosts, every client gets its own answers, and in the end every link is up.',
  programs: () => CASTING,
  plans: profile =>
    plans<Omit<MeshPlan, keyof CommonPlan>>(
      profile,
      {
        faults: faults(BUDGET, {
          until: seconds(250),
          timeouts: [seconds(60), seconds(300)],
          moments: [seconds(5), seconds(10)],
          spread: seconds(5),
        }),
      },
      { hosts: fc.integer({ min: HOSTS[0], max: HOSTS[1] }), asks: fc.array(asking(), { maxLength: ASKS_MAX, size: 'max' }) },
    ),
  workload: {
    hosts: integerFrom(...HOSTS),
    asks: listUpTo(
      ASKS_MAX,
      object({
        from: integerFrom(0, HOSTS[1]),
        to: integerFrom(0, HOSTS[1]),
        at: integerFrom(0, CHAOS_SECONDS),
        count: integerFrom(1, TOGETHER_MAX),
        secret: boolean,
      }),
    ),
  },
  build: (world, plan) => buildNetwork(world, machinesOf(plan)),
  properties: [
    answersAreOwn,
    allAnswered(LINKS_UP),
    linksUp(LINKS_UP),
    oneChildPerHost,
    attemptsAsConfigured,
    restartedAtOnce,
    noSecretInLogs,
    noSecretOnWire,
    replyMet,
    secretMet,
    conLostMet,
    restartMet,
    lostMet,
    backOffMet,
    timeoutMet,
  ],
  chaos: CHAOS,
  liveness: LIVENESS,
  maxEvents: 12_000,
  busyLoop: 5_000,
  budget: BUDGET,
  expected: {
    corrected: 'holds',
    'as-written': {
      fails: ['answers-are-own', 'links-up'],
      mayFail: ['all-answered', 'one-child-per-host', 'attempts-as-configured', 'restarted-at-once', 'event-limit'],
    },
  },
});

function asking(): fc.Arbitrary<Ask> {
  const host = fc.integer({ min: 0, max: HOSTS[1] });
  return fc.record(
    {
      from: host,
      to: host,
      at: fc.noBias(fc.integer({ min: 0, max: CHAOS_SECONDS })),
      count: fc.integer({ min: 1, max: TOGETHER_MAX }),
      secret: fc.boolean(),
    },
    PLAIN,
  );
}

function machinesOf({ hosts, asks, profile }: MeshPlan): readonly MachineSpec[] {
  const ids = hostIds(hosts);
  const probes = ids.map(peer => [CLIENT, `--peer=${peer}`, `--probe=${CHAOS_SECONDS * 1_000 + 100}:${clearAsk(PROBE)}`]);
  return ids.map((id, index) => ({
    id,
    daemons: [[LOND], [GATEWAY, ...quirkArgs(profile, undefined)]],
    others: [...asks.flatMap((ask, number) => (ask.from % hosts === index ? [clientFor(ask, number, ids)] : [])), ...probes],
  }));
}

function clientFor({ to, at, count, secret }: Ask, number: number, ids: readonly string[]): readonly string[] {
  const keys = Array.from({ length: count }, (_, index) => number * TOGETHER_MAX + index);
  const lines = keys.map(secret ? secretAsk : clearAsk).join('|');
  return [CLIENT, `--peer=${ids[to % ids.length]}`, `--say=${at * 1_000}:${lines}`];
}
