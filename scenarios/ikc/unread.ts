/**
 * Clients whose output nobody reads to its end: what reads it closes its end before, at any byte. They do all that they were told, and end as
 * they would have.
 */
import { NO_FAULTS } from '../../src/check/budget.ts';
import { choice, integer } from '../../src/check/fields.ts';
import { pick, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { seconds } from '../../src/host/time.ts';
import { LINK_DEFAULTS } from '../../src/sim/core/options.ts';
import { READER } from './daemons/names.ts';
import { asModelled } from './model.ts';
import { AT_HUB, addMachine, CASTING, CLIENT, HUB, LITE, quirkArgs, server } from './parts/network.ts';
import { wordsOf } from './parts/steps.ts';
import { asksAsTold } from './properties/asks.ts';
import { noBrokenPipe } from './properties/ends.ts';
import { allFinish, answeredMet, outcomesAreOwn } from './properties/steps.ts';

interface Unread {
  /** How many bytes are read; 0: none, and nobody could. */
  readonly read: number;
  /** Milliseconds before each step. */
  readonly pause: number;
}
const { arbitraries, shapes } = workloads<Unread>({ read: integer(0, 300), pause: choice(0, 20, 300) });
const STEPS = ['echo', 'missing', 'list', 'note', 'echo', 'void', 'count'];

export const unread: Scenario<CommonPlan & Unread> = defineScenario<CommonPlan & Unread>({
  name: 'ikc/unread',
  protocol: 'ikc',
  title: 'Whether anybody reads what it prints is nothing to a client.',
  programs: () => CASTING,
  plans: profile => plans<Unread>(profile, { link: pick([LINK_DEFAULTS]) }, arbitraries),
  workload: shapes,
  build: (world, { read, pause, profile }) => {
    const quirks = quirkArgs(profile);
    addMachine(world, HUB, [server(AT_HUB, '--name=hub', '--alias=centre', ...quirks)]);
    for (const [machine, program] of [
      ['m0', CLIENT],
      ['m1', LITE],
    ] as const) {
      const words = [
        `--connect=${AT_HUB}`,
        `--name=${machine}`,
        `--pause=${pause}`,
        '--timeout=5000',
        ...quirks,
        ...wordsOf(STEPS, machine),
      ];
      addMachine(world, machine, [{ program: READER, args: [String(read), program, ...words] }]);
    }
  },
  properties: [noBrokenPipe, asModelled, outcomesAreOwn(), asksAsTold, allFinish('20 s'), answeredMet],
  chaos: seconds(1),
  liveness: seconds(30),
  maxEvents: 20_000,
  busyLoop: 10_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
