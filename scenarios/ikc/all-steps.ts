/**
 * A hub, and a client that does everything that a client can be told to do, once, in one run, with nothing going wrong: each kind of step has its
 * own outcome, and the exchange, which draws few of them, need not be long to have met them all.
 */
import { NO_FAULTS } from '../../src/check/budget.ts';
import { choice, flag, integer } from '../../src/check/fields.ts';
import { pick, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { seconds } from '../../src/host/time.ts';
import { LINK_DEFAULTS } from '../../src/sim/core/options.ts';
import { asModelled } from './model.ts';
import { AT_HUB, addMachine, CASTING, client, HUB, quirkArgs, server } from './parts/network.ts';
import { PATIENT_KINDS, wordsOf } from './parts/steps.ts';
import { asksAsTold } from './properties/asks.ts';
import { negotiationsEnd, serializersAgree } from './properties/links.ts';
import { printsWhatComes } from './properties/prints.ts';
import { namesAreKept } from './properties/registry.ts';
import { allFinish, answeredMet, outcomesAreOwn, refusedMet } from './properties/steps.ts';
import { tellsWhatHappens } from './properties/tells.ts';

interface AllSteps {
  /** With which it begins; the others follow, and those before it. */
  readonly from: number;
  /** Milliseconds before each. */
  readonly pause: number;
  readonly json: boolean;
}

const { arbitraries, shapes } = workloads<AllSteps>({ from: integer(0, PATIENT_KINDS.length - 1), pause: choice(40, 200), json: flag() });

export const allSteps: Scenario<CommonPlan & AllSteps> = defineScenario<CommonPlan & AllSteps>({
  name: 'ikc/all-steps',
  protocol: 'ikc',
  title: 'Everything that a client can be told to do has its own outcome.',
  programs: () => CASTING,
  plans: profile => plans<AllSteps>(profile, { link: pick([LINK_DEFAULTS]) }, arbitraries),
  workload: shapes,
  build: (world, { from, pause, json, profile }) => {
    const quirks = quirkArgs(profile);
    const kinds = [...PATIENT_KINDS.slice(from), ...PATIENT_KINDS.slice(0, from)];
    const offers = json ? ['--serializer=JSON', '--serializer=Storable'] : [];
    addMachine(world, HUB, [server(AT_HUB, '--name=hub', '--alias=centre', ...quirks)]);
    const words = wordsOf(kinds, 'c0');
    addMachine(world, 'm0', [
      client(AT_HUB, '--name=c0', ...offers, `--pause=${pause}`, '--timeout=5000', '--reconnect', ...quirks, ...words),
    ]);
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
    allFinish('100 s'),
    answeredMet,
    refusedMet,
  ],
  chaos: seconds(1),
  liveness: seconds(110),
  maxEvents: 100_000,
  busyLoop: 40_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
