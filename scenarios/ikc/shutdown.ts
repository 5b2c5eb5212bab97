/**
 * A server that is told to end at any moment, while its clients ask and negotiate: what it has accepted is answered or refused, and it ends.
 */
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { choice, flag, integer, list } from '../../src/check/fields.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { seconds } from '../../src/host/time.ts';
import { asModelled } from './model.ts';
import {
  AT_HUB,
  addMachine,
  CASTING,
  client,
  HUB,
  HUB_SOCKET,
  type KernelSpec,
  kept,
  quirkArgs,
  server,
  stranger,
} from './parts/network.ts';
import { KINDS, wordsOf } from './parts/steps.ts';
import { honestClient, lineOf } from './parts/strangers.ts';
import { asksAsTold } from './properties/asks.ts';
import { acceptedIsSettled, goneAtShutdownMet, serverEnds } from './properties/ends.ts';
import { printsWhatComes } from './properties/prints.ts';
import { allFinish, answeredMet, outcomesAreOwn } from './properties/steps.ts';
import { tellsWhatHappens } from './properties/tells.ts';

interface Shutdown {
  readonly clients: number;
  readonly steps: readonly string[];
  readonly pause: number;
  readonly unix: boolean;
  /** When the server is told, in milliseconds. */
  readonly ends: number;
  /** Lines of a stranger that has not finished its negotiation by then. */
  readonly lines: number;
}
export type ShutdownPlan = CommonPlan & Shutdown;

const { arbitraries, shapes } = workloads<Shutdown>({
  clients: integer(1, 4),
  steps: list(choice(...KINDS), 6, 1),
  pause: choice(0, 20, 300),
  unix: flag(),
  ends: integer(1, 2_000),
  lines: integer(0, 9),
});

const BUDGET: FaultBudget = { kinds: { segmentation: 1, latency: 1 }, total: 2, longest: seconds(2) };

/** When the server listens. */
const LATER = '--after=10';
const once = (...args: Parameters<typeof client>): KernelSpec => kept(client(...args), '--once', LATER);

export const shutdown: Scenario<ShutdownPlan> = defineScenario<ShutdownPlan>({
  name: 'ikc/shutdown',
  protocol: 'ikc',
  title: 'A server that is told to end settles what it has accepted, and ends.',
  programs: () => CASTING,
  plans: profile => plans<Shutdown>(profile, { faults: faults(BUDGET, { until: seconds(2), timeouts: [seconds(1)] }) }, arbitraries),
  workload: shapes,
  build: (world, { clients: count, steps, pause, unix, ends, lines, profile }) => {
    const quirks = quirkArgs(profile);
    const indices = Array.from({ length: count }, (_, index) => index);
    const at = unix ? HUB_SOCKET : AT_HUB;
    const asks = indices.map(index =>
      once(at, `--name=c${index}`, '--repeat=5', `--pause=${pause}`, ...quirks, ...wordsOf(steps, `c${index}`)),
    );
    const says = honestClient('stranger-00000001-00000001-00000001', 'stranger').slice(0, lines);
    addMachine(world, HUB, [
      kept(server(at, '--name=hub', '--alias=centre', ...quirks), `--ends=${ends}`),
      ...(unix ? asks : []),
      kept(stranger('connect', at, ...says.map(each => lineOf(each, 'crlf'))), '--once', LATER),
    ]);
    if (!unix) for (const [index, each] of asks.entries()) addMachine(world, `m${index}`, [each]);
  },
  properties: [
    asModelled,
    tellsWhatHappens,
    outcomesAreOwn(),
    asksAsTold,
    printsWhatComes,
    acceptedIsSettled,

    serverEnds,
    allFinish('15 s'),
    answeredMet,
    goneAtShutdownMet,
  ],
  chaos: seconds(4),
  liveness: seconds(40),
  maxEvents: 200_000,
  busyLoop: 60_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
