/**
 * A program that uses our library, and whose gateway is not ours: it answers at the last moment or too late, half, or never, or there is none; and
 * its disk may refuse it a call. No faults: each step of the library has its time.
 */
import fc from 'fast-check';
import { NO_FAULTS } from '../../src/check/budget.ts';
import { locals, pick, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { integerFrom, listUpTo, oneOf } from '../../src/check/shape.ts';
import { seconds } from '../../src/host/time.ts';
import { library as libraryProgram } from './daemons/library.ts';
import { ANSWERING, LIBRARY } from './daemons/names.ts';
import { refused } from './daemons/refused.ts';
import { buildNetwork, CASTING } from './parts/network.ts';
import { GATEWAY_PID, SPOOL } from './parts/places.ts';
import { tellsWhatHappens } from './properties/journals.ts';
import { answeredWith, commandsRecorded, delayedTold, keptStays, repliedTold } from './properties/library.ts';
import { stepByStep } from './properties/steps.ts';

export interface LoneLibraryWorkload {
  /** How each connection is answered: of WAYS. */
  readonly ways: readonly number[];
  /** What is asked, one after the other: of COMMANDS. */
  readonly commands: readonly number[];
  /** Of LEFT. */
  readonly left: number;
  /** Which call the disk refuses it, of those among the messages; 0: none. */
  readonly refuses: number;
  /** How many names are taken that it would give what it keeps first, where it is not answered at all. */
  readonly taken: number;
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
/** To write, to sync, to rename, to sync the directory, to read. */
const REFUSALS = [0, 0, 0, 1, 2, 3, 4, 5];
const TAKEN_MAX = 2;
/** The second in which a world begins. */
const EPOCH = 1_767_225_600;
/** When it keeps what it was asked for after one second and nobody has answered: at once, or when it has looked for the socket again. */
const FIRST_KEPT = [1, 16];
/** All that may come before an answer: four connections, each with its reply. */
const EACH = 4 * 2 * 320;

export const loneLibrary: Scenario<LoneLibraryPlan> = defineScenario<LoneLibraryPlan>({
  name: 'lonc/lone-library',
  protocol: 'lonc',
  title: 'A command that has to get there takes its steps, each in its time, whatever the gateway makes of it.',
  programs: ({ refuses }) => ({ ...CASTING, [LIBRARY]: refused(libraryProgram, SPOOL, refuses) }),
  plans: profile =>
    plans<LoneLibraryWorkload>(
      profile,
      { local: locals({ reads: [16_384, 65_536] }) },
      {
        // Often enough there is no socket.
        ways: fc.oneof(
          fc.constant([]),
          ...Array.from({ length: 3 }, () => fc.array(pick([...WAYS.keys()]), { maxLength: WAYS_MAX, size: 'max' })),
        ),
        commands: fc.array(pick([...COMMANDS.keys(), ...Array.from({ length: 3 * SHORT }, (_, index) => index % SHORT)]), {
          minLength: 1,
          maxLength: COMMANDS_MAX,
        }),
        left: pick([...LEFT.keys()]),
        refuses: pick(REFUSALS),
        taken: pick([0, 1, TAKEN_MAX]),
      },
    ),
  workload: {
    ways: listUpTo(WAYS_MAX, integerFrom(0, WAYS.length - 1)),
    commands: listUpTo(COMMANDS_MAX, integerFrom(0, COMMANDS.length - 1)),
    left: integerFrom(0, LEFT.length - 1),
    refuses: oneOf(...REFUSALS),
    taken: integerFrom(0, TAKEN_MAX),
  },
  build: (world, { ways, commands, left, taken }) => {
    const answers = ways.map(each => WAYS[each] ?? 'never').join() || 'nobody';
    const asks = commands.map((each, index) => `--ask=${(1 + index * EACH) * 1_000}:${COMMANDS[each] ?? ''}`);
    buildNetwork(world, [
      {
        id: 'h1',
        knows: ['h2'],
        files: { [GATEWAY_PID]: LEFT[left] ?? '' },
        delayed: ways.length > 0 ? {} : Object.fromEntries(namesOf(COMMANDS[commands[0] ?? 0] ?? '', taken)),
        daemons: [[LIBRARY, '--peer=h2', ...asks]],
        others: [[ANSWERING, '--at=h2', `--answers=${answers}`, '--says=ok']],
      },
      { id: 'h2', daemons: [] },
    ]);
  },
  properties: [stepByStep, answeredWith, keptStays, commandsRecorded, tellsWhatHappens, delayedTold, repliedTold],
  chaos: seconds(COMMANDS_MAX * EACH),
  liveness: seconds(100),
  maxEvents: 3_000,
  busyLoop: 2_000,
  budget: NO_FAULTS,
  housekeeping: { programs: { [LIBRARY]: { holds: {}, idleTimers: [], asks: true } } },
  expected: { corrected: 'holds' },
});

/** Of the first process of the machine: another one had its pid in that second, and what that has kept is still there. */
function namesOf(command: string, taken: number): readonly (readonly [name: string, text: string])[] {
  const begins = ['encrypt:', 'passwd:'].find(each => command.startsWith(each)) ?? command.replace('#', '100x1').slice(0, 16);
  return FIRST_KEPT.flatMap(at =>
    Array.from(
      { length: taken },
      (_, index) => [`${EPOCH + at}.${index + 1}.100.${begins.replace(/\W/g, '')}.h2`, `put:net:all:env:kept${index}=1`] as const,
    ),
  );
}
