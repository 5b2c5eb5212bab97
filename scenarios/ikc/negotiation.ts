/**
 * Peers that are not ours, which say what B3 and B4 have, as far as they like, and then anything at all: one calls the hub, one is called by
 * a client of ours. Beside them an honest client, which must not notice.
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
import { honestClient, honestServer, LINES, lineOf, type Terminator } from './parts/strangers.ts';
import { asksAsTold } from './properties/asks.ts';
import { negotiationsEnd, openMet, timeoutMet } from './properties/links.ts';
import { printsWhatComes } from './properties/prints.ts';
import { namesAreKept } from './properties/registry.ts';
import { allFinish, answeredMet, outcomesAreOwn } from './properties/steps.ts';
import { tellsWhatHappens } from './properties/tells.ts';

interface Negotiation {
  /** Lines of an honest negotiation that the strangers begin with. */
  readonly honest: number;
  /** What they say then. */
  readonly lines: readonly (typeof LINES)[number][];
  /** Milliseconds between two lines; 0: all at once. */
  readonly pause: number;
  readonly terminator: Terminator;
  /** Honest lines after that. */
  readonly after: number;
  readonly ending: 'silence' | 'end' | 'reset';
  readonly offers: 'Storable' | 'JSON' | 'JSON, Storable';
}
export type NegotiationPlan = CommonPlan & Negotiation;

const MOST = 12;
const { arbitraries, shapes } = workloads<Negotiation>({
  honest: integer(0, MOST),
  lines: list(choice(...LINES), 10),
  pause: choice(0, 20, 500),
  terminator: choice('crlf', 'lfcr', 'cr', 'lf'),
  after: integer(0, MOST),
  ending: choice('silence', 'end', 'reset'),
  offers: choice('Storable', 'JSON', 'JSON, Storable'),
});

const BUDGET: FaultBudget = { kinds: { segmentation: 2, latency: 1 }, total: 2, longest: seconds(8) };

/** At its own machine, which is the third. */
const OTHER = '10.0.0.3:603';

export const negotiation: Scenario<NegotiationPlan> = defineScenario<NegotiationPlan>({
  name: 'ikc/negotiation',
  protocol: 'ikc',
  title: 'Whatever a peer says, each line has its answer, and each negotiation ends.',
  programs: () => CASTING,
  plans: profile => plans<Negotiation>(profile, { faults: faults(BUDGET, { until: seconds(8), timeouts: [seconds(1)] }) }, arbitraries),
  workload: shapes,
  build: (world, { honest, lines, pause, terminator, after, ending, offers, profile }) => {
    const quirks = quirkArgs(profile);
    const says = (whole: readonly string[]): readonly string[] => {
      const said = [...whole.slice(0, honest), ...lines, ...whole.slice(honest, honest + after)];
      const steps = said.flatMap(each => [lineOf(each, terminator), ...(pause === 0 ? [] : [`pause=${pause}`])]);
      return ending === 'silence' ? steps : [...steps, 'pause=3000', ending];
    };
    addMachine(world, HUB, [server(AT_HUB, '--name=hub', '--alias=centre', ...quirks)]);
    addMachine(world, 'm0', [client(AT_HUB, '--name=c0', '--repeat=3', '--pause=2000', '--call=poe:/demo/echo "c0"', ...quirks)]);
    addMachine(world, 'm1', [stranger('listen', OTHER, ...says(honestServer('other-00000001-00000001-00000001')))]);
    const offered = offers.split(', ').map(each => `--serializer=${each}`);
    addMachine(world, 'm2', [
      client(OTHER, '--name=c2', ...offered, '--call=poe:/demo/echo 1', '--timeout=3000', '--reconnect', ...quirks),
    ]);
    addMachine(world, 'm3', [stranger('connect', AT_HUB, ...says(honestClient('stranger-00000001-00000001-00000001', 'stranger')))]);
  },
  properties: [
    asModelled,
    tellsWhatHappens,
    outcomesAreOwn(['m0']),
    asksAsTold,
    printsWhatComes,
    namesAreKept,
    negotiationsEnd('31 s'),
    allFinish('20 s', ['m0']),
    answeredMet,
    openMet,
    timeoutMet,
  ],
  chaos: seconds(20),
  liveness: seconds(60),
  maxEvents: 60_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
