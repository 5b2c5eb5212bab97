/**
 * A hub, and kernels that connect to it over TCP and, on its own machine, over a Unix-domain socket: whatever becomes of their links, each
 * step of each has its own outcome, once and in order, and in the end all are done.
 */
import fc from 'fast-check';
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { choice, type Field, flag, integer, list } from '../../src/check/fields.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { seconds } from '../../src/host/time.ts';
import { asModelled } from './model.ts';
import { AT_HUB, addMachine, CASTING, CLIENT, client, HUB, HUB_SOCKET, kept, quirkArgs, SERVER, server } from './parts/network.ts';
import { PATIENT_KINDS, wordsOf } from './parts/steps.ts';
import { asksAsTold } from './properties/asks.ts';
import { negotiationsEnd, serializersAgree } from './properties/links.ts';
import { printsWhatComes } from './properties/prints.ts';
import { namesAreKept } from './properties/registry.ts';
import { againMet, allFinish, answeredMet, goneMet, outcomesAreOwn, refusedMet } from './properties/steps.ts';
import { tellsWhatHappens } from './properties/tells.ts';

interface Exchange {
  /** Clients of the hub. */
  readonly clients: number;
  readonly steps: readonly string[];
  readonly repeat: number;
  /** Milliseconds before each step. */
  readonly pause: number;
  /** Every second client offers JSON first. */
  readonly json: boolean;
  /** Every third client is on the machine of the hub. */
  readonly unix: boolean;
}
export type ExchangePlan = CommonPlan & Exchange;

const CLIENTS_MAX = 49;
/** More than these take their time: a server logs each request, and so many lines in a second would be a flood. */
const FEW = 8;
/** Most plans have few. */
const clients: Field<number> = {
  ...integer(1, CLIENTS_MAX),
  arbitrary: fc.oneof(
    { weight: 30, arbitrary: fc.integer({ min: 1, max: 4 }) },
    { weight: 1, arbitrary: fc.integer({ min: 5, max: CLIENTS_MAX }) },
  ),
};
const { arbitraries, shapes } = workloads<Exchange>({
  clients,
  steps: list(choice(...PATIENT_KINDS), 8, 1),
  repeat: integer(1, 3),
  pause: choice(0, 1, 40, 2_000),
  json: flag(),
  unix: flag(),
});

const BUDGET: FaultBudget = {
  kinds: {
    latency: 1,
    segmentation: 1,
    reset: 3,
    'half-open': 1,
    partition: 1,
    kill: 2,
    pause: 1,
    'power-cut': 1,
    'no-descriptors': 1,
    'no-memory': 1,
  },
  total: 4,
  longest: seconds(8),
  programs: [SERVER, CLIENT],
  machines: [HUB],
};

export const exchange: Scenario<ExchangePlan> = defineScenario<ExchangePlan>({
  name: 'ikc/exchange',
  protocol: 'ikc',
  title: 'Whatever becomes of their links, each step of each kernel has its own outcome, once and in order.',
  programs: () => CASTING,
  plans: profile =>
    plans<Exchange>(profile, { faults: faults(BUDGET, { until: seconds(12), timeouts: [seconds(1), seconds(5)] }) }, arbitraries),
  workload: shapes,
  build: (world, { clients: count, steps, repeat, pause, json, unix, profile }) => {
    const quirks = quirkArgs(profile);
    const kernel = (index: number, at: string) => {
      const offers = json && index % 2 === 1 ? ['--serializer=JSON', '--serializer=Storable'] : [];
      const name = `c${index}`;
      return client(
        at,
        `--name=${name}`,
        ...offers,
        `--repeat=${repeat}`,
        `--pause=${count > FEW ? Math.max(pause, 2_000) : pause}`,
        '--timeout=5000',
        '--reconnect',
        ...quirks,
        // A post at the end has no answer: whoever has made it asks whether it was heard.
        ...wordsOf(index % 2 === 0 ? [...steps, 'note'] : steps, name),
      );
    };
    const indices = Array.from({ length: count }, (_, index) => index);
    const isLocal = (index: number) => unix && index % 3 === 2;
    addMachine(world, HUB, [
      kept(server(AT_HUB, '--name=hub', '--alias=centre', ...quirks)),
      ...(unix ? [kept(server(HUB_SOCKET, '--name=local', '--alias=centre', ...quirks))] : []),
      ...indices.filter(isLocal).map(index => kernel(index, HUB_SOCKET)),
    ]);
    for (const index of indices) if (!isLocal(index)) addMachine(world, `m${index}`, [kernel(index, AT_HUB)]);
  },
  properties: [
    asModelled,
    tellsWhatHappens,
    outcomesAreOwn(),
    asksAsTold,
    printsWhatComes,
    namesAreKept,
    serializersAgree,
    negotiationsEnd('45 s'),
    allFinish('1600 s'),
    answeredMet,
    refusedMet,
    goneMet,
    againMet,
  ],
  chaos: seconds(20),
  liveness: seconds(1_620),
  maxEvents: 60_000,
  busyLoop: 40_000,
  maxEventsOf: ({ clients: count, repeat, steps }) => 50_000 + 400 * count * (10 + repeat * steps.length),
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
