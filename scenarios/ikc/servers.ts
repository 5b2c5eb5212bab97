/**
 * Clients of servers that are not ours, which say as much as there may be and one more, what has no meaning where it comes, or nothing; which end,
 * or are not there. What each client prints, and how it ends, is known in so many words. All of them in each run.
 */
import { NO_FAULTS } from '../../src/check/budget.ts';
import { integer } from '../../src/check/fields.ts';
import { locals, pick, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { instantOf, seconds } from '../../src/host/time.ts';
import { LINK_DEFAULTS } from '../../src/sim/core/options.ts';
import { asModelled } from './model.ts';
import { addMachine, CASTING, CLIENT, LITE, quirkArgs, stranger } from './parts/network.ts';
import { NAME, SERVERS } from './parts/servers.ts';
import { printsAllThat } from './properties/servers.ts';
import { tellsWhatHappens } from './properties/tells.ts';

interface Servers {
  /** Milliseconds between two clients. */
  readonly gap: number;
}
const { arbitraries, shapes } = workloads<Servers>({ gap: integer(0, 20) });
/** Of the first machine. */
const AT = '10.0.0.1';
const FIRST_PORT = 700;
const placeOf = (index: number): string => `${AT}:${FIRST_PORT + index}`;
const DUE = new Map(
  SERVERS.map(({ prints }, index) => [`m${index}`, prints.map(each => each.replaceAll('ADDRESS', placeOf(index)))] as const),
);

export const servers: Scenario<CommonPlan & Servers> = defineScenario<CommonPlan & Servers>({
  name: 'ikc/servers',
  protocol: 'ikc',
  title: 'Whatever a server says, its client prints what has come of it, and ends.',
  programs: () => CASTING,
  exempt: { 'no-unanswered-wait': 'A server that is silent is waited for as long as the client was told.' },
  plans: profile => plans<Servers>(profile, { link: pick([LINK_DEFAULTS]), local: locals({ reads: [4_096, 65_536] }) }, arbitraries),
  workload: shapes,
  build: (world, { gap, profile }) => {
    const others = SERVERS.flatMap(({ says }, index) => (says === undefined ? [] : [stranger('listen', placeOf(index), ...says)]));
    addMachine(world, 'others', others);
    for (const [index, { isLite, args = [] }] of SERVERS.entries()) {
      const machine = addMachine(world, `m${index}`, []);
      const told = [`--connect=${placeOf(index)}`, `--name=${NAME}`, '--timeout=3000', ...quirkArgs(profile), ...args];
      world.at(instantOf((500 + gap * index) * 1_000), () => void machine.start(isLite ? LITE : CLIENT, told));
    }
  },
  properties: [asModelled, tellsWhatHappens, printsAllThat(DUE, '40 s')],
  chaos: seconds(5),
  liveness: seconds(50),
  maxEvents: 60_000,
  busyLoop: 40_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
