/**
 * Somebody who negotiates as he should, and then sends frames that end a published kernel, or bytes that are none. Honest clients beside him
 * must not notice.
 */
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { choice, integer, list } from '../../src/check/fields.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { seconds } from '../../src/host/time.ts';
import { asModelled } from './model.ts';
import { AT_HUB, addMachine, CASTING, client, HUB, quirkArgs, server, stranger } from './parts/network.ts';
import { BREAKING, FRAMES, honestClient, lineOf } from './parts/strangers.ts';
import { asksAsTold } from './properties/asks.ts';
import { serverSurvives } from './properties/ends.ts';
import { openMet } from './properties/links.ts';
import { printsWhatComes } from './properties/prints.ts';
import { namesAreKept } from './properties/registry.ts';
import { allFinish, answeredMet, outcomesAreOwn } from './properties/steps.ts';
import { tellsWhatHappens } from './properties/tells.ts';

interface Hostile {
  readonly frames: readonly string[];
  /** What ends it. */
  readonly breaking: string;
  /** Milliseconds between two frames. */
  readonly pause: number;
  /** Milliseconds before the first. */
  readonly comes: number;
}
export type HostilePlan = CommonPlan & Hostile;

const { arbitraries, shapes } = workloads<Hostile>({
  frames: list(choice(...Object.keys(FRAMES)), 6),
  breaking: choice(...Object.keys(BREAKING)),
  pause: choice(0, 30, 400),
  comes: integer(0, 3_000),
});

const BUDGET: FaultBudget = { kinds: { segmentation: 1, latency: 1 }, total: 2, longest: seconds(1) };

export const hostile: Scenario<HostilePlan> = defineScenario<HostilePlan>({
  name: 'ikc/hostile',
  protocol: 'ikc',
  title: 'Whatever a peer sends, the server lives, says what was wrong, and serves the others.',
  programs: () => CASTING,
  plans: profile => plans<Hostile>(profile, { faults: faults(BUDGET, { until: seconds(4), timeouts: [seconds(1)] }) }, arbitraries),
  workload: shapes,
  build: (world, { frames, breaking, pause, comes, profile }) => {
    const quirks = quirkArgs(profile);
    const honest = (name: string) =>
      client(AT_HUB, `--name=${name}`, '--repeat=8', '--pause=500', `--call=poe:/demo/echo "${name}"`, ...quirks);
    const says = honestClient('stranger-00000001-00000001-00000001', 'stranger').map(each => lineOf(each, 'crlf'));
    const sends = frames.flatMap(each => [`pause=${pause}`, `raw=${FRAMES[each]}`]);
    addMachine(world, HUB, [server(AT_HUB, '--name=hub', '--alias=centre', ...quirks)]);
    addMachine(world, 'm0', [honest('c0')]);
    addMachine(world, 'm1', [honest('c1')]);
    addMachine(world, 'm2', [stranger('connect', AT_HUB, ...says, `pause=${comes}`, ...sends, `raw=${BREAKING[breaking]}`)]);
  },
  properties: [
    asModelled,
    tellsWhatHappens,
    serverSurvives,
    outcomesAreOwn(['m0', 'm1']),
    asksAsTold,
    printsWhatComes,
    namesAreKept,
    allFinish('10 s', ['m0', 'm1']),
    answeredMet,
    openMet,
  ],
  chaos: seconds(8),
  liveness: seconds(20),
  maxEvents: 60_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
