/**
 * A program that uses our library, and whose gateway is not ours: it answers at the last moment or too late, half, or never, or there is none. No
 * faults: each step of the library has its time.
 */
import fc from 'fast-check';
import { NO_FAULTS } from '../../src/check/budget.ts';
import { locals, pick, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { integerFrom, listUpTo } from '../../src/check/shape.ts';
import { seconds } from '../../src/host/time.ts';
import { ANSWERING, LIBRARY } from './daemons/names.ts';
import { buildNetwork, CASTING } from './parts/network.ts';
import { GATEWAY_PID } from './parts/places.ts';
import { answeredWith, delayedTold, repliedTold } from './properties/library.ts';
import { stepByStep } from './properties/steps.ts';

export interface LoneLibraryWorkload {
  /** How each connection is answered: of WAYS. */
  readonly ways: readonly number[];
  /** What is asked, one after the other: of COMMANDS. */
  readonly commands: readonly number[];
  /** Of LEFT. */
  readonly left: number;
}
export type LoneLibraryPlan = CommonPlan & LoneLibraryWorkload;

const REQUEST_MAX = 1_048_576;
const AROUND = [-1, 0, 1];
/** Before 310 s, and after them. */
const WAYS = ['lost', 'lost', 'closes', 'half', 'never', 'two', '0', '1000', '309900', '310100'];
const WAYS_MAX = 9;
const COMMANDS: readonly string[] = [
  'put:net:all:env:d#=1',
  'encrypt:put:net:all:env:hush#=1',
  'passwd:net:all:hush#',
  'ping',
  '',
  '#a.b-c%20d=e&f:ghijklmnopqrstuvw',
  ...AROUND.map(more => `#{${REQUEST_MAX + more - 5}}`),
];
/** How many of them are short. */
const SHORT = COMMANDS.length - AROUND.length;
const COMMANDS_MAX = 3;
/** Nobody; nobody any more; the owner of the socket; nobody who has a number. */
const LEFT = ['', '99\n', '101\n', '101\n', '101', 'x\n'];
/** All that may come before an answer: four connections, each with its reply. */
const EACH = 4 * 2 * 320;

export const loneLibrary: Scenario<LoneLibraryPlan> = defineScenario<LoneLibraryPlan>({
  name: 'lonc/lone-library',
  protocol: 'lonc',
  title: 'A command that has to get there takes its steps, each in its time, whatever the gateway makes of it.',
  programs: () => CASTING,
  plans: profile =>
    plans<LoneLibraryWorkload>(
      profile,
      { local: locals({ reads: [16_384, 65_536] }) },
      {
        ways: fc.array(pick([...WAYS.keys()]), { maxLength: WAYS_MAX, size: 'max' }),
        commands: fc.array(pick([...COMMANDS.keys(), ...Array.from({ length: 3 * SHORT }, (_, index) => index % SHORT)]), {
          minLength: 1,
          maxLength: COMMANDS_MAX,
        }),
        left: pick([...LEFT.keys()]),
      },
    ),
  workload: {
    ways: listUpTo(WAYS_MAX, integerFrom(0, WAYS.length - 1)),
    commands: listUpTo(COMMANDS_MAX, integerFrom(0, COMMANDS.length - 1)),
    left: integerFrom(0, LEFT.length - 1),
  },
  build: (world, { ways, commands, left }) => {
    const answers = ways.map(each => WAYS[each] ?? 'never').join() || 'nobody';
    const asks = commands.map((each, index) => `--ask=${(1 + index * EACH) * 1_000}:${COMMANDS[each] ?? ''}`);
    buildNetwork(world, [
      {
        id: 'h1',
        knows: ['h2'],
        files: { [GATEWAY_PID]: LEFT[left] ?? '' },
        daemons: [[LIBRARY, '--peer=h2', ...asks]],
        others: [[ANSWERING, '--at=h2', `--answers=${answers}`, '--says=ok']],
      },
      { id: 'h2', daemons: [] },
    ]);
  },
  properties: [stepByStep, answeredWith, delayedTold, repliedTold],
  chaos: seconds(COMMANDS_MAX * EACH),
  liveness: seconds(100),
  maxEvents: 3_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
