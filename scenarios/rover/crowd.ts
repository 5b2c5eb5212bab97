/**
 * More connections than a server serves at once, that say nothing and stay, and others when they have gone. Who is told to come again does so, and is
 * served in the end.
 */
import { NO_FAULTS } from '../../src/check/budget.ts';
import { choice } from '../../src/check/fields.ts';
import { pick, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { seconds } from '../../src/host/time.ts';
import { LINK_DEFAULTS } from '../../src/sim/core/options.ts';
import { CROWD } from './daemons/names.ts';
import { AT_SERVER, addLateClient, addMachine, addServer, CASTING, quirkArgs } from './parts/network.ts';
import { sendOf } from './parts/requests.ts';
import { allFinish, toldMet } from './properties/client.ts';
import { turnedMet, turnsAway } from './properties/crowd.ts';

interface Many {
  readonly count: number;
  /** Milliseconds. */
  readonly hold: number;
  /** Seconds that a request may take to come. */
  readonly requestTimeout: number;
  /** Who is told to come again closes at once. */
  readonly leaves: boolean;
}
export type CrowdPlan = CommonPlan & Many;

/** Milliseconds: by then the server listens. */
const FIRST = 400;
/** Those that come when the first have gone: a few too many. */
const AGAIN = 260;

const { arbitraries, shapes } = workloads<Many>({
  count: choice(257, 256, 258, 514, 514),
  hold: choice(2_500, 1_500, 5_000),
  requestTimeout: choice(30, 3),
  leaves: choice(true, false),
});

export const crowded: Scenario<CrowdPlan> = defineScenario<CrowdPlan>({
  name: 'rover/crowd',
  protocol: 'rover',
  title: 'Of too many connections so many are served, others are told to come again, and nobody is kept for long.',
  programs: () => CASTING,
  plans: profile => plans<Many>(profile, { link: pick([LINK_DEFAULTS]) }, arbitraries),
  workload: shapes,
  build: (world, { count, hold, requestTimeout, leaves, profile }) => {
    addServer(world, `--request-timeout=${requestTimeout}`, ...quirkArgs(profile));
    const asks = (['deliver', 'look'] as const).map((kind, at) => sendOf(kind, 'c0', at));
    addLateClient(world, 'c0', 'ann', 600, ...asks);
    addLateClient(world, 'c1', 'bob', 700, ...asks);
    const comes = (name: string, many: number, after: number): void =>
      void addMachine(world, name).start(CROWD, [
        ...[`--server=${AT_SERVER}`, `--count=${many}`, `--after=${after}`, `--hold=${hold}`],
        ...(leaves ? ['--leaves'] : []),
      ]);
    comes('m0', count, FIRST);
    // Who has gone is not counted any more.
    comes('m1', AGAIN, FIRST + hold + 1_000);
  },
  properties: [turnsAway, allFinish('120 s'), toldMet, turnedMet],
  chaos: seconds(12),
  liveness: seconds(130),
  maxEvents: 20_000,
  busyLoop: 5_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
