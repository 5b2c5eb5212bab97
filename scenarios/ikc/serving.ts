/**
 * A server with any limits: how many links at a time, how many connections, how many processes, how long a negotiation; clients that come at any
 * time, strangers that say nothing and keep their place, and a signal.
 */
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { choice, flag, integer, list } from '../../src/check/fields.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { seconds } from '../../src/host/time.ts';
import { asModelled } from './model.ts';
import { AT_HUB, addMachine, CASTING, client, HUB, HUB_SOCKET, kept, quirkArgs, SERVER, server, stranger } from './parts/network.ts';
import { wordsOf } from './parts/steps.ts';
import { honestClient, lineOf } from './parts/strangers.ts';
import { asksAsTold } from './properties/asks.ts';
import { noOrphans } from './properties/ends.ts';
import { printsWhatComes } from './properties/prints.ts';
import { namesAreKept } from './properties/registry.ts';
import { enoughMet, everybodyIsServed, servesAsTold, waitedMet } from './properties/serving.ts';
import { allFinish, answeredMet, outcomesAreOwn } from './properties/steps.ts';
import { tellsWhatHappens } from './properties/tells.ts';

interface Serving {
  /** When each client comes, in milliseconds. */
  readonly clients: readonly number[];
  readonly steps: readonly string[];
  /** Milliseconds before each. */
  readonly pause: number;
  /** When each stranger comes, in milliseconds; and how many lines it says before it falls silent. */
  readonly strangers: readonly number[];
  readonly lines: number;
  /** Milliseconds after which all but the first of them, who come together, break their connections, served or not; 0: they do not. */
  readonly leaves: number;
  /** 0: not told. */
  readonly concurrency: number;
  readonly connections: number;
  readonly processes: number;
  /** Seconds of a negotiation; 0: not told. */
  readonly timeout: number;
  readonly unix: boolean;
  /** When the server is told to end, in milliseconds; 0: it is not. */
  readonly ends: number;
  /** When it is killed, in milliseconds; 0: it is not. */
  readonly kills: number;
}
export type ServingPlan = CommonPlan & Serving;

const LATEST = 4_000;
/** Milliseconds. */
const LATE = [1, 5, 40, 300];
const { arbitraries, shapes } = workloads<Serving>({
  clients: list(integer(100, LATEST), 6, 2),
  steps: list(choice('echo', 'list', 'slow', 'note', 'all kinds', 'subscribe'), 3, 1),
  pause: choice(0, 20, 600),
  strangers: list(integer(100, LATEST), 4, 2),
  lines: integer(0, 9),
  leaves: choice(0, 1, 400, 2_500),
  concurrency: choice(0, 1, 1, 2, 2, 3),
  connections: choice(0, 0, 1, 2, 3, 5),
  processes: choice(0, 0, 0, 0, 1, 2, 3, 4),
  timeout: choice(0, 1, 3),
  unix: flag(),
  ends: choice(0, 0, 0, 300, 2_000, 5_000),
  kills: choice(0, 0, 0, 0, 0, 1_000, 3_000),
});

const BUDGET: FaultBudget = {
  kinds: { segmentation: 1, latency: 1, kill: 1 },
  total: 1,
  longest: seconds(4),
  programs: [SERVER],
};

export const serving: Scenario<ServingPlan> = defineScenario<ServingPlan>({
  name: 'ikc/serving',
  protocol: 'ikc',
  title: 'A server serves as many as it was told, one after the other, and everybody in the end.',
  programs: () => CASTING,
  // A process of several has those that serve, and their pipes.
  housekeeping: { programs: { [SERVER]: {} } },
  plans: profile => plans<Serving>(profile, { faults: faults(BUDGET, { until: seconds(8), timeouts: [seconds(1)] }) }, arbitraries),
  workload: shapes,
  build: (
    world,
    { clients, steps, pause, strangers, lines, leaves, concurrency, connections, processes, timeout, unix, ends, kills, profile },
  ) => {
    const quirks = quirkArgs(profile);
    const at = unix ? HUB_SOCKET : AT_HUB;
    const limits = Object.entries({ concurrency, connections, processes, 'negotiation-timeout': timeout })
      .filter(([, value]) => value > 0)
      .map(([name, value]) => `--${name}=${value}`);
    const several = processes > 1 ? ['--run=/run'] : [];
    const once = (after: number) => [`--after=${after}`, '--once'];
    const asks = clients.map((after, index) => {
      const name = `c${index}`;
      const patient = ['--negotiation-timeout=200', '--timeout=60000'];
      return kept(client(at, `--name=${name}`, ...patient, `--pause=${pause}`, ...quirks, ...wordsOf(steps, name)), ...once(after));
    });
    const says = honestClient('stranger-00000001-00000001-00000001', 'stranger').slice(0, lines);
    // Some come when it has been told to end, and may not have yet.
    const late = ends === 0 ? [] : LATE.map(after => ends + after);
    // The first keeps its place, and those behind it go away.
    const [first = 0] = strangers;
    const comes = leaves === 0 ? strangers : strangers.map((_, index) => first + 20 * index);
    const others = [...comes, ...late].map((after, index) => {
      const goes = leaves === 0 || index === 0 ? ['ends'] : [`pause=${leaves}`, 'reset'];
      return kept(stranger('connect', at, ...says.map(each => lineOf(each, 'crlf')), ...goes), ...once(after));
    });
    const hub = kept(
      server(at, '--name=hub', '--alias=centre', ...limits, ...several, ...quirks),
      '--once',
      ...(ends === 0 ? [] : [`--ends=${ends}`]),
      ...(kills === 0 ? [] : [`--kills=${kills}`]),
    );
    addMachine(world, HUB, [hub, ...others, ...(unix ? asks : [])]);
    if (!unix) for (const [index, each] of asks.entries()) addMachine(world, `m${index}`, [each]);
  },
  properties: [
    asModelled,
    tellsWhatHappens,
    servesAsTold,
    everybodyIsServed,
    outcomesAreOwn(),
    asksAsTold,
    printsWhatComes,
    namesAreKept,
    allFinish('250 s'),
    noOrphans('30 s'),
    answeredMet,
    waitedMet,
    enoughMet,
  ],
  chaos: seconds(20),
  liveness: seconds(260),
  maxEvents: 100_000,
  busyLoop: 40_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
