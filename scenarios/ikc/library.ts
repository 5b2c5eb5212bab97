/**
 * A kernel as a library: a program that is connected to two hubs and called by a client, asks one, the other and both, watches them come and go,
 * and publishes what it likes. One hub ends in between.
 */
import { NO_FAULTS } from '../../src/check/budget.ts';
import { integer } from '../../src/check/fields.ts';
import { locals, pick, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { instantOf, seconds } from '../../src/host/time.ts';
import { LINK_DEFAULTS } from '../../src/sim/core/options.ts';
import { WATCHER } from './daemons/names.ts';
import { asModelled } from './model.ts';
import { AT_HUB, addMachine, CASTING, client, HUB, kept, quirkArgs, server } from './parts/network.ts';
import { libraryDoes, senderIsAnswered, watchersAreTold } from './properties/library.ts';
import { namesAreKept } from './properties/registry.ts';
import { allFinish, outcomesAreOwn } from './properties/steps.ts';
import { tellsWhatHappens } from './properties/tells.ts';

interface Library {
  /** When the client comes, in milliseconds. */
  readonly comes: number;
}
export type LibraryPlan = CommonPlan & Library;
const { arbitraries, shapes } = workloads<Library>({ comes: integer(8_400, 8_600) });

const AT_OTHER = '10.0.0.2:603';
const AT_WATCHER = '10.0.0.3:604';
/** Milliseconds; by then the watcher has done what needs both. */
const ENDS = 9_100;
const ASKS = [
  ...['--call=poe:/own/hello "you"', '--list=poe:/own/hello "all"', '--call=poe:/own/later {"a":1}', '--call=poe:/own/later-refused'],
  ...[
    '--call=poe:/own/twice',
    '--call=poe:/own/reply',
    '--call=poe:/own/fails',
    '--call=poe:/own/fails-later',
    '--call=poe:/own/hidden',
    '--list=poe:/own/items',
  ],
  ...[
    '--call=poe:/own/items',
    '--post=poe:/own/hello "nobody"',
    '--subscribe=poe:/own/hello',
    '--subscribe=poe:/own/hidden',
    '--subscribe=poe:/kept',
  ],
];

export const library: Scenario<LibraryPlan> = defineScenario<LibraryPlan>({
  name: 'ikc/library',
  protocol: 'ikc',
  title: 'A kernel that is a library does what is asked of it, at one kernel and at all, and tells who comes and goes.',
  programs: () => CASTING,
  plans: profile => plans<Library>(profile, { link: pick([LINK_DEFAULTS]), local: locals({ reads: [4_096, 65_536] }) }, arbitraries),
  workload: shapes,
  build: (world, { comes, profile }) => {
    const quirks = quirkArgs(profile);
    addMachine(world, HUB, [kept(server(AT_HUB, '--name=A', ...quirks), '--once', `--ends=${ENDS}`)]);
    addMachine(world, 'other', [server(AT_OTHER, '--name=B', ...quirks)]);
    const machine = addMachine(world, 'watcher', []);
    const asker = addMachine(world, 'asker', []);
    world.at(instantOf(500_000), () => void machine.start(WATCHER, [AT_HUB, AT_OTHER, AT_WATCHER]));
    const { program, args } = client(AT_WATCHER, '--name=asker', '--timeout=5000', ...quirks, ...ASKS);
    world.at(instantOf(comes * 1_000), () => void asker.start(program, args));
  },
  properties: [
    asModelled,
    tellsWhatHappens,
    libraryDoes('20 s'),
    watchersAreTold,
    senderIsAnswered('20 s'),
    outcomesAreOwn(['asker']),
    namesAreKept,
    allFinish('20 s'),
  ],
  chaos: seconds(12),
  liveness: seconds(30),
  maxEvents: 60_000,
  busyLoop: 40_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
