/**
 * What a server takes of one peer, at the limits that take time: as much as it says, one more, and crowds. Each peer knows what becomes of what it
 * says, and gets to its end.
 * Lacks: limits of a line, a count and a frame (bounds.ts).
 */
import { NO_FAULTS } from '../../src/check/budget.ts';
import { choice, list } from '../../src/check/fields.ts';
import { locals, pick, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { utf8 } from '../../src/host/bytes.ts';
import { instantOf, seconds } from '../../src/host/time.ts';
import { LINK_DEFAULTS } from '../../src/sim/core/options.ts';
import { AT_HUB, addMachine, CASTING, HUB, quirkArgs, server, stranger } from './parts/network.ts';
import { frameOf } from './parts/requests.ts';
import { answers, back, echo, frame, joins, letters, ping, raw, says, wait } from './parts/said.ts';
import { serverSurvives } from './properties/ends.ts';
import { peersFinish } from './properties/quirks.ts';
import { servesAsTold } from './properties/serving.ts';

interface Limits {
  /** Of ROWS, each by a peer of its own. */
  readonly rows: readonly string[];
  /** Connections that say nothing, beside; 0: none. */
  readonly crowd: number;
  /** So many links at a time, where there is a crowd; 0: any. */
  readonly concurrency: number;
}
export type LimitsPlan = CommonPlan & Limits;

type Steps = readonly string[];
// The limits of a link (README.md of ikc).
const LATER_MAX = 1_000;
const NEGOTIATING_MAX = 1_024;
const HELD_MAX = 256;

const ID = 'id1';
const answered = answers(ID);
const slow = (count: number): Steps => Array.from({ length: count }, () => frame({ event: 'poe:/demo/slow', params: 900, rsvp: back(ID) }));
/** More than it sends to who does not read, and more than the kernels between hold. */
const LARGE = Array.from({ length: 24 }, () => echo(ID, { params: letters(30_000) }));
/** Many frames that are none, and a request now and then: each is answered by more bytes than it has. Then more answers than it sends to who does not read. */
const NONE = utf8('5\0nobod');
const SMALL = raw(...Array.from({ length: 80 }, () => [...Array.from({ length: 500 }, () => NONE), frameOf(ping(ID))]).flat());
const BATCH = 3_000;

const ROWS: Readonly<Record<string, Steps>> = {
  'as many calls as may wait': [...joins(ID), ...slow(LATER_MAX), `hear=#${LATER_MAX}`, 'has="params":900', ...slow(1), 'has="params":900'],
  'too many calls that wait': [...joins(ID), ...slow(LATER_MAX + 1), 'has=Too many calls', `hear=#${LATER_MAX + 1}`, ...answered],
  'as slow as may be': [
    ...joins(ID),
    frame({ event: 'poe:/demo/slow', params: 3_600_000, rsvp: back(ID) }),
    frame(ping(ID)),
    'next="PONG"',
  ],
  'much that is read late': [...joins(ID), 'deaf', ...LARGE, wait(2_000), 'reads', `hear=#${LARGE.length}`, ...answered],
  'much that is never read': [...joins(ID), 'deaf', ...LARGE, wait(2_000), 'end'],
  'little that is much to answer': [
    ...joins(ID),
    'deaf',
    SMALL,
    wait(1_000),
    'reads',
    `hear=#${BATCH}`,
    'deaf',
    wait(1_000),
    'stuck',
    'reset',
  ],
  'a negotiation that is silent': ['say=HELLO', 'hear=IAM', wait(29_000), 'lives', 'ends'],
  'a negotiation that is slow': [...says(ID), wait(25_000), 'say=WORLD', 'hear=UP', wait(10_000), 'lives', ...answered],
};

const { arbitraries, shapes } = workloads<Limits>({
  rows: list(choice(...Object.keys(ROWS)), 3, 2),
  crowd: choice(0, 0, 0, 0, 0, 0, 0, HELD_MAX, HELD_MAX + 1, NEGOTIATING_MAX - 1, NEGOTIATING_MAX),
  concurrency: choice(0, 1),
});

/** Who comes first, before a crowd of the others, and who comes last: one more than may be there, or heard as before. */
const FIRST_OF_MANY = (crowd: number): Steps => [
  ...['say=HELLO', 'hear=IAM'],
  ...(crowd >= NEGOTIATING_MAX ? ['ends'] : [wait(6_000), 'lives', 'say=OK', 'hear=IAM']),
];
const LAST_OF_MANY = (crowd: number): Steps => (crowd > HELD_MAX ? ['ends'] : [wait(3_000), 'lives']);

export const limits: Scenario<LimitsPlan> = defineScenario<LimitsPlan>({
  name: 'ikc/limits',
  protocol: 'ikc',
  title: 'A server takes as much as it says, and no more, of whoever calls it.',
  programs: () => CASTING,
  exempt: {
    'no-leak': 'Those who say nothing stay.',
    'no-log-flood': 'Each of a thousand connections, lines and calls is told of.',
    'no-unanswered-wait': 'Who is deaf is not heard.',
  },
  plans: profile => plans<Limits>(profile, { link: pick([LINK_DEFAULTS]), local: locals({ reads: [4_096, 65_536] }) }, arbitraries),
  workload: shapes,
  build: (world, { rows, crowd, concurrency, profile }) => {
    const quirks = quirkArgs(profile);
    const isHeld = crowd > 0 && crowd <= HELD_MAX + 1 && concurrency > 0;
    addMachine(world, HUB, [server(AT_HUB, '--name=hub', ...(isHeld ? ['--concurrency=1'] : []), ...quirks)]);
    const at = (milliseconds: number, act: () => void) => world.at(instantOf(milliseconds * 1_000), act);
    // With one link at a time nobody else is served.
    if (!isHeld)
      for (const [index, row] of rows.entries()) {
        const machine = addMachine(world, `m${index}`, []);
        const { program, args } = stranger('connect', AT_HUB, ...(ROWS[row] ?? []));
        at(crowd > 0 ? 10_000 : 100, () => void machine.start(program, args));
      }
    if (crowd === 0) return;
    const many = addMachine(world, 'many', []);
    const start = ({ program, args }: ReturnType<typeof stranger>) => void many.start(program, args);
    const isFull = crowd >= NEGOTIATING_MAX - 1;
    // Who is open is none of those that negotiate, however many come.
    if (isFull) at(100, () => start(stranger('connect', AT_HUB, ...joins(ID), wait(6_000), 'lives', ...answered)));
    // Who has gone is none of them either.
    if (isFull) at(150, () => start(stranger('connect', AT_HUB, 'say=HELLO', 'hear=IAM', 'reset')));
    at(200, () => start(stranger('connect', AT_HUB, ...(isFull || isHeld ? FIRST_OF_MANY(isHeld ? 0 : crowd) : [wait(1)]))));
    for (let index = 1; index < crowd; index++) at(300 + index, () => start(stranger('connect', AT_HUB, wait(1))));
    at(2_000, () =>
      start(stranger('connect', AT_HUB, ...(isHeld ? LAST_OF_MANY(crowd) : ['say=HELLO', 'hear=IAM', wait(3_000), 'lives']))),
    );
  },
  properties: [peersFinish('60 s'), serverSurvives, servesAsTold],
  chaos: seconds(12),
  liveness: seconds(60),
  maxEvents: 100_000,
  busyLoop: 60_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
