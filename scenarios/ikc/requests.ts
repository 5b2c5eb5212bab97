/**
 * A peer that is not ours and sends requests in every form that one can have, one after the other, as images or as JSON: each is answered,
 * refused in so many words, or neither, as B8 and B9 say.
 */
import { NO_FAULTS } from '../../src/check/budget.ts';
import { choice, flag, integer } from '../../src/check/fields.ts';
import { locals, pick, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { utf8 } from '../../src/host/bytes.ts';
import { instantOf, seconds } from '../../src/host/time.ts';
import { LINK_DEFAULTS } from '../../src/sim/core/options.ts';
import { asModelled } from './model.ts';
import { formsOf } from './parts/forms.ts';
import { AT_HUB, addMachine, CASTING, HUB, quirkArgs, server, stranger } from './parts/network.ts';
import { framed, type Plain } from './parts/requests.ts';
import { frame, joins, ping, raw, wait } from './parts/said.ts';
import { serverSurvives } from './properties/ends.ts';
import { peersFinish } from './properties/quirks.ts';
import { tellsWhatHappens } from './properties/tells.ts';

interface Requests {
  /** With which form it begins; those before it come last. */
  readonly from: number;
  /** Milliseconds between two; 0: all are sent at once. */
  readonly pause: number;
  readonly json: boolean;
}
export type RequestsPlan = CommonPlan & Requests;

/** Of the peer. */
const [ID, ALIAS] = ['stranger-00000001-00000001-00000001', 'stranger'];
const MOST = 400;
const { arbitraries, shapes } = workloads<Requests>({ from: integer(0, MOST), pause: choice(0, 1, 5), json: flag() });

const asText = (request: Plain): string => raw(framed(utf8(JSON.stringify(request))));

export const requests: Scenario<RequestsPlan> = defineScenario<RequestsPlan>({
  name: 'ikc/requests',
  protocol: 'ikc',
  title: 'Each request has its answer, its refusal, or none, whatever form it has.',
  programs: () => CASTING,
  exempt: { 'no-log-flood': 'Each of some hundred requests is told of.' },
  plans: profile => plans<Requests>(profile, { link: pick([LINK_DEFAULTS]), local: locals({ reads: [4_096, 65_536] }) }, arbitraries),
  workload: shapes,
  build: (world, { from, pause, json, profile }) => {
    addMachine(world, HUB, [server(AT_HUB, '--name=hub', ...quirkArgs(profile))]);
    const all = formsOf(ID, ALIAS);
    const turned = [...all.slice(from % all.length), ...all.slice(0, from % all.length)];
    const write = json ? asText : frame;
    const asked = turned.flatMap(each => (pause === 0 ? [write(each)] : [write(each), wait(pause)]));
    const begins = joins(ID, ALIAS).map(each => (json ? each.replace('Storable', 'JSON') : each));
    const machine = addMachine(world, 'm0', []);
    const { program, args } = stranger('connect', AT_HUB, ...begins, ...asked, write(ping(ID)), wait(2_000), 'lives', 'end', 'ends');
    world.at(instantOf(500_000), () => void machine.start(program, args));
  },
  properties: [asModelled, tellsWhatHappens, serverSurvives, peersFinish('20 s')],
  chaos: seconds(10),
  liveness: seconds(20),
  maxEvents: 60_000,
  busyLoop: 40_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
