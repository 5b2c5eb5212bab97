/**
 * Peers that ask as much as a stream may, and one more: answers that are kept, requests that are held, and bytes of objects. Each knows how each
 * of its requests is answered.
 * Lacks: limits of a message (hostile.ts), of connections (crowd.ts), and of streams, which would take thousands of them.
 */
import { NO_FAULTS } from '../../src/check/budget.ts';
import { choice, list } from '../../src/check/fields.ts';
import { pick, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { seconds } from '../../src/host/time.ts';
import { LINK_DEFAULTS } from '../../src/sim/core/options.ts';
import { serverAsModelled } from './model.ts';
import type { Tokens } from './parts/messages.ts';
import { addPeer, addServer, CASTING, NAMES, quirkArgs } from './parts/network.ts';
import { answersAsDue } from './properties/due.ts';
import { doneMet, peersFinish } from './properties/server.ts';

interface Limits {
  /** Of ROWS, each by a peer of its own. */
  readonly rows: readonly string[];
}
export type LimitsPlan = CommonPlan & Limits;

// R4.
const KEPT = 64;
const HELD = 64;
/** Bytes of all objects of a user; and of a card beside its text: a name of one letter, a tab, and the end of its line. */
const OBJECTS = 4_194_304;
const BESIDE = 3;

/** What is asked under this number, and the status that is due. */
const step = (verb: string, number: number, due: number, tokens: Tokens = { COMMAND: 'TESTNULL' }): string =>
  `${verb}=${JSON.stringify({ DUE: String(due), MSGID: String(number), ...tokens })}`;
const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const OF_EPOCH: Tokens = { COMMAND: 'TESTNULL' };
const LAST = KEPT + 2;
/** An object of so many bytes, which is one card. */
const sized = (object: number, bytes: number): Tokens => ({
  COMMAND: 'EXPORT',
  OBJECT: `Irolo__r${object}`,
  DATA: 'a\t',
  FILL: String(bytes - BESIDE),
});
/** So that a request has room for it. */
const LARGE = 1_000_000;
/** Streams whose last answers are more than the answers of a user may be together, 8 MiB; nevertheless each is kept. */
const STREAMS = 9;
const ROWS: Readonly<Record<string, readonly string[]>> = {
  answers: [
    ...range(1, LAST).map(number => step('ask', number, 200)),
    ...range(1, 4).map(number => step('ask', number, number <= LAST - KEPT ? 410 : 200)),
  ],
  held: [
    step('lose', 1, 200, { COMMAND: 'TESTSLEEP', DATA: '9000' }),
    ...range(2, HELD + 1).map(number => step('ask', number, 202)),
    ...[HELD + 2, HELD + 3].map(number => step('ask', number, 503)),
    // Until the first has slept, and all that waited behind it have run.
    'pause=14000',
    ...[HELD + 1, HELD + 2].map(number => step('ask', number, 200)),
  ],
  epochs: [
    ...[1, 2].map(number => step('ask', number, 200, { ...OF_EPOCH, EPOCH: '1' })),
    ...[1, 2, 3].map(number => step('ask', number, 200, { ...OF_EPOCH, EPOCH: '2' })),
    // What the life before had is not what this one has.
    step('ask', 2, 409, { ...OF_EPOCH, EPOCH: '1', ACKED: '3' }),
    ...[1, 2, 3].map(number => step('ask', number, 200, { ...OF_EPOCH, EPOCH: '2' })),
    step('ask', 3, 200, { ...OF_EPOCH, EPOCH: '2', ACKED: '1' }),
    ...[1, 2].map(number => step('ask', number, number === 1 ? 410 : 200, { ...OF_EPOCH, EPOCH: '2' })),
  ],
  objects: [
    ...range(1, 4).map(number => step('ask', number, 200, sized(number, LARGE))),
    step('ask', 5, 422, sized(5, OBJECTS - 4 * LARGE + 1)),
    step('ask', 6, 200, sized(5, OBJECTS - 4 * LARGE)),
    step('ask', 7, 422, sized(6, BESIDE + 1)),
    // What becomes smaller always has room, and makes some.
    step('ask', 8, 200, sized(5, BESIDE + 1)),
    step('ask', 9, 200, sized(6, BESIDE + 1)),
  ],
  'last answers': [
    step('ask', 1, 200, sized(0, LARGE)),
    ...[...range(1, STREAMS), STREAMS].map(each => step('ask', 1, 200, { COMMAND: 'IMPORTBINARY', OBJECT: 'Irolo__r0', HOST: `r${each}` })),
  ],
};

const OF_STREAM = ['answers', 'held', 'epochs'];
/** What takes megabytes is rare. */
const OFTEN = Array.from({ length: 30 }, (_, index) => OF_STREAM[index % OF_STREAM.length] ?? '');
const { arbitraries, shapes } = workloads<Limits>({
  rows: list(choice(...OFTEN, 'objects', ...OFTEN, 'last answers', ...OFTEN), 2, 2),
});

const asDue = answersAsDue(args => [...args.matchAll(/ pause=| [a-z]+=\{"DUE":"(\d+)"/g)].map(([, due]) => Number(due)));

export const limits: Scenario<LimitsPlan> = defineScenario<LimitsPlan>({
  name: 'rover/limits',
  protocol: 'rover',
  title: 'A stream has as much as it may have, and what is beyond that is refused.',
  exempt: { 'no-log-flood': 'What was held is run at once, and told of.' },
  programs: () => CASTING,
  plans: profile => plans<Limits>(profile, { link: pick([LINK_DEFAULTS]) }, arbitraries),
  workload: shapes,
  build: (world, { rows, profile }) => {
    addServer(world, ...quirkArgs(profile));
    for (const [index, row] of rows.entries()) {
      const host = `p${index}`;
      addPeer(world, host, { user: NAMES[index] ?? '', host }, 'pause=400', ...(ROWS[row] ?? []));
    }
  },
  properties: [serverAsModelled, asDue, peersFinish('60 s'), doneMet],
  chaos: seconds(15),
  liveness: seconds(65),
  maxEvents: 20_000,
  busyLoop: 10_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
