/**
 * Peers that say as much as there may be of a line, a name, a count, a frame and a specifier, and one more; that end at any byte; and whose
 * terminators come in two halves. All of them in each run.
 */
import { NO_FAULTS } from '../../src/check/budget.ts';
import { choice, flag } from '../../src/check/fields.ts';
import { locals, pick, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { utf8 } from '../../src/host/bytes.ts';
import { instantOf, seconds } from '../../src/host/time.ts';
import { LINK_DEFAULTS } from '../../src/sim/core/options.ts';
import { asModelled } from './model.ts';
import { AT_HUB, addMachine, CASTING, HUB, quirkArgs, server, stranger } from './parts/network.ts';
import { frameOf } from './parts/requests.ts';
import { answers, echo, joins, letters, ping, raw, says, wait } from './parts/said.ts';
import { serverSurvives } from './properties/ends.ts';
import { peersFinish } from './properties/quirks.ts';
import { namesAreKept } from './properties/registry.ts';
import { tellsWhatHappens } from './properties/tells.ts';

interface Bounds {
  /** Of the lines of a negotiation: one more than there may be. */
  readonly tooMany: boolean;
  /** Milliseconds between two parts of something. */
  readonly pause: number;
}
export type BoundsPlan = CommonPlan & Bounds;

type Steps = readonly string[];
// The limits of a link (README.md of ikc).
const NAME_MAX = 255;
const LINE_MAX = 4_096;
const LINES_MAX = 1_000;
const DIGITS_MAX = 20;
const FRAME_MAX = 16_777_216;
const SPECIFIER_MAX = 1_024;

const ID = 'id1';
const TOLD: Steps = ['say=HELLO', 'say=OK', 'say=OK', 'say=OK', 'hear=DONE'];
const text = (said: string): string => raw(utf8(said));
const answered = answers(ID);
const PING = frameOf(ping(ID));
const refused = 'has=remote_error';
/** A count of so many digits. */
const digits = (count: number): Uint8Array => Uint8Array.from([...utf8('0'.repeat(count - PING.indexOf(0))), ...PING]);
const specifier = (length: number): string => echo(ID, { event: `poe:/demo/echo?${letters(length - 'poe:/demo/echo?'.length)}` });
const state = (length: number): string => echo(ID, { rsvp: { kernel: ID, session: 'S', state: letters(length) } });

/** `parts` of one thing, and so long between two of them. */
const slowly = (pause: number, ...parts: readonly Uint8Array[]): Steps =>
  parts.flatMap((each, index) => (index === 0 ? [raw(each)] : [wait(pause), raw(each)]));
const ends = (...before: Steps): Steps => [...before, 'end', 'ends'];

const rowsOf = ({ pause, tooMany }: Bounds): Readonly<Record<string, Steps>> => ({
  'the longest name': [...TOLD, `say=IAM ${letters(NAME_MAX)}`, 'hear=OK', 'say=DONE', 'say=WORLD', 'hear=UP'],
  'too long a name': [...TOLD, `say=IAM ${letters(NAME_MAX + 1)}`, 'hear=NOT', `say=IAM ${ID}`, 'hear=OK'],
  'the longest line': ['say=HELLO', 'hear=IAM', `say=${letters(LINE_MAX)}`, 'hear=NOT', 'say=OK', 'hear=IAM'],
  'too long a line': ['say=HELLO', 'hear=IAM', `say=${letters(LINE_MAX + 1)}`, 'ends'],
  'a line without an end': ['say=HELLO', 'hear=IAM', raw(utf8(letters(LINE_MAX + 1))), 'ends'],
  [tooMany ? 'too many lines' : 'as many lines as may be']: [
    text('x\r\n'.repeat(LINES_MAX - (tooMany ? 0 : 1))),
    'say=HELLO',
    ...(tooMany ? ['ends'] : ['hear=IAM', 'lives']),
  ],
  'the longest count': [...joins(ID), raw(digits(DIGITS_MAX)), 'has="PONG"', ...answered],
  'too long a count': [...joins(ID), raw(digits(DIGITS_MAX + 1)), 'ends'],
  'a count without an end': [...joins(ID), raw(utf8('0'.repeat(DIGITS_MAX + 1))), 'ends'],
  'the largest frame': [...joins(ID), raw(utf8(`${FRAME_MAX}\0x`)), wait(3_000), 'lives'],
  'too large a frame': [...joins(ID), raw(utf8(`${FRAME_MAX + 1}\0x`)), 'ends'],
  'the longest specifier': [...joins(ID), specifier(SPECIFIER_MAX), 'has="params":"x"', ...answered],
  'too long a specifier': [...joins(ID), specifier(SPECIFIER_MAX + 1), refused, ...answered],
  'the longest state': [...joins(ID), state(SPECIFIER_MAX), 'has="params":"x"', ...answered],
  'too long a state': [...joins(ID), state(SPECIFIER_MAX + 1), refused, ...answered],
  // What is no frame.
  ...Object.fromEntries(
    ['a', '\0', '1:\0', '1/\0', ' 1\0', '1'.repeat(8), '99999999\0'].map(each => [
      `no frame: ${each}`,
      [...joins(ID), text(each), ...OVER(each)],
    ]),
  ),
  // An end at any byte.
  'an end at once': ends(),
  'an end in a first line': ends(text('H')),
  'an end behind a line': ends('say=HELLO', 'hear=IAM'),
  'an end in a line': ends('say=HELLO', 'hear=IAM', text('OK')),
  'an end behind half a terminator': ends('say=HELLO', 'hear=IAM', text('OK\r'), 'hear=IAM'),
  'an end when all is told': ends(...TOLD),
  'an end before the switch': ends(...says(ID)),
  'an end between frames': ends(...joins(ID), ...answered),
  'an end in a count': ends(...joins(ID), text('1')),
  'an end behind a count': ends(...joins(ID), text('7\0')),
  'an end in a frame': ends(...joins(ID), text('70\0abc')),
  'an end before the last byte': ends(...joins(ID), raw(PING.subarray(0, -1))),
  'a reset': [...joins(ID), 'reset'],
  'a reset in a frame': [...joins(ID), text('70\0abc'), wait(pause), 'reset'],
  // Terminators, whole and in halves.
  ...Object.fromEntries(
    ['\r\n', '\n\r', '\r', '\n'].flatMap(each => {
      const line = (said: string): Uint8Array => utf8(`${said}${each}`);
      const told = ['HELLO', 'OK', 'OK', 'OK'].map(line);
      const more = [`IAM ${ID}`, 'DONE', 'FREEZER Storable'].map(line);
      const name = JSON.stringify(each);
      const last = line('WORLD');
      return [
        [
          `lines with ${name}`,
          [...told.map(said => raw(said)), 'hear=DONE', ...more.map(said => raw(said)), raw(last, PING), 'has="PONG"'],
        ],
        [
          `lines in halves with ${name}`,
          [
            ...slowly(pause, ...told.flatMap(said => [said.subarray(0, -1), said.subarray(-1)])),
            'hear=DONE',
            ...slowly(pause, ...[...more, last].flatMap(said => [said.subarray(0, -1), said.subarray(-1)])),
            'hear=UP',
            ...slowly(pause, PING.subarray(0, 1), PING.subarray(1, 4), PING.subarray(4)),
            'has="PONG"',
          ],
        ],
      ];
    }),
  ),
});
/** Of seven bytes of a count more may come. */
const OVER = (said: string): Steps => (said.length === 8 ? [wait(1_000), 'lives', 'end', 'ends'] : ['ends']);

const { arbitraries, shapes } = workloads<Bounds>({ tooMany: flag(), pause: choice(1, 40, 300) });

export const bounds: Scenario<BoundsPlan> = defineScenario<BoundsPlan>({
  name: 'ikc/bounds',
  protocol: 'ikc',
  title: 'A server takes as much of a line, a count and a frame as there may be, and says what was wrong with more.',
  programs: () => CASTING,
  exempt: { 'no-log-flood': 'Each of some fifty links is told of, and each of its phases.' },
  plans: profile => plans<Bounds>(profile, { link: pick([LINK_DEFAULTS]), local: locals({ reads: [4_096, 65_536] }) }, arbitraries),
  workload: shapes,
  build: (world, plan) => {
    addMachine(world, HUB, [server(AT_HUB, '--name=hub', ...quirkArgs(plan.profile))]);
    const machine = addMachine(world, 'm0', []);
    for (const [index, steps] of Object.values(rowsOf(plan)).entries()) {
      const { program, args } = stranger('connect', AT_HUB, ...steps);
      world.at(instantOf(300_000 + 20_000 * index), () => void machine.start(program, args));
    }
  },
  properties: [asModelled, tellsWhatHappens, peersFinish('30 s'), serverSurvives, namesAreKept],
  chaos: seconds(5),
  liveness: seconds(40),
  maxEvents: 60_000,
  busyLoop: 40_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
