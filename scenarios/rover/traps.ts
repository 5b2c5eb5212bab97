/**
 * A scenario for each trap that a program of ours can play (src/impl/rover/quirks.ts), in the order of the traps. As written the server has this
 * quirk and no other; whoever asks is a peer that is not ours.
 */
import type { Property } from '../../src/check/property.ts';
import type { Scenario } from '../../src/check/scenario.ts';
import type { Numbers } from '../../src/check/trap.ts';
import { QUIRK, type Quirk, TRAPS } from '../../src/impl/rover/quirks.ts';
import { serverAsModelled } from './model.ts';
import { rawOf, WRONG } from './parts/limits.ts';
import { formOf, type Tokens } from './parts/messages.ts';
import { CGI_STATE, PORT } from './parts/network.ts';
import { tokensOf } from './parts/requests.ts';
import { ask, type Cast, PARENT_PID, type PeerSpec, type RoverTrap, trap } from './parts/trap.ts';
import {
  earlierFirst,
  forkedKeeps,
  hears,
  logIsCut,
  noOrphans,
  nothingIsHandedOver,
  wholeIsAnswered,
  workersEnd,
} from './properties/quirks.ts';
import { peersFinish, serverSurvives } from './properties/server.ts';

type Row = Omit<RoverTrap, 'quirk'>;

/** One peer. */
const alone =
  (steps: (numbers: Numbers) => readonly string[], server: readonly string[] = []): Row['cast'] =>
  numbers => ({ peers: [ann(steps(numbers))], server });
const ann = (steps: readonly string[], more: Partial<PeerSpec> = {}): PeerSpec => ({ user: 'ann', host: 'desk', steps, ...more });
const bob = (steps: readonly string[], more: Partial<PeerSpec> = {}): PeerSpec => ({ user: 'bob', host: 'desk', steps, ...more });

const card = (own: number, more: Tokens = {}): Tokens => ({ ...tokensOf('card', 'desk', own), ...more });
const look: Tokens = tokensOf('look', 'desk', 0);
const deliver = (own: number): Tokens => tokensOf('deliver', 'desk', own);
const delivered: Tokens = tokensOf('delivered', 'desk', 0);
/** An export that takes its time. */
const slow = (milliseconds: number, lines = 'slow\tcard'): Tokens => ({
  COMMAND: 'TESTEXPORT',
  OBJECT: 'Irolo__desk',
  DATA: `${milliseconds}\n${lines}`,
});
const pause = ({ gap }: Numbers): string => `pause=${gap}`;
/** Of the bytes that are wrong (parts/limits.ts), these. */
const sends =
  (...names: readonly string[]): Row['cast'] =>
  ({ turn }) => ({
    peers: [{ user: 'eve', host: 'hostile', steps: [names[turn % names.length] ?? '', ...names].map(name => rawOf(WRONG[name] ?? '')) }],
  });
const fails: readonly Property[] = [serverAsModelled];

/** Through an httpd. */
const forked = (steps: readonly string[], args: readonly string[]): Cast => ({ peers: [ann(steps, { cgi: true })], cgi: args });
const IN_FILES = [`--state=${CGI_STATE}`] as const;
const get = (tokens: Tokens): string => rawOf(`GET /rover?${formOf({ USER: 'ann', AUTH: 'secret-of-ann', ...tokens })} HTTP/1.0\r\n\r\n`);

const ROWS: Readonly<Record<Quirk, Row>> = {
  [QUIRK.PUT_TOLD]: { title: 'A POST is read as a POST.', cast: alone(() => [ask('ask', 1, card(1))]), properties: fails },
  [QUIRK.DUPLICATES_SILENT]: {
    title: 'A duplicate has the answer of the first.',
    cast: alone(numbers => [ask('ask', 1, deliver(1)), pause(numbers), ask('ask', 1, deliver(1))]),
    properties: [wholeIsAnswered],
  },
  [QUIRK.GAPS_UNBOUNDED]: {
    title: 'What waits for a number that does not come is bounded.',
    cast: alone(({ count }) => [ask('ask', 66 + count, card(1))]),
    properties: fails,
  },
  [QUIRK.NO_EPOCHS]: {
    title: 'Who has lost his numbers begins anew.',
    cast: alone(numbers => [ask('ask', 1, deliver(1)), pause(numbers), ask('ask', 1, { ...delivered, EPOCH: '5' })]),
    properties: fails,
  },
  [QUIRK.HOST_IS_ADDRESS]: {
    title: 'A client keeps its name, wherever it is.',
    cast: ({ gap }) => ({ peers: [ann([ask('ask', 1, card(1))]), ann([ask('ask', 2, card(2))], { after: 300 + gap })] }),
    properties: [hears('p1', { 2: [200] })],
  },
  [QUIRK.KEYS_JOINED]: {
    title: 'A stream is of two names, as they are said.',
    cast: alone(numbers => [ask('ask', 1, card(1)), pause(numbers), ask('ask', 1, card(2, { HOST: 'Desk' }))]),
    properties: fails,
  },
  [QUIRK.ORDER_BEFORE_AUTH]: {
    title: 'Nobody moves the stream of another.',
    cast: alone(numbers => [ask('ask', 1, { ...card(1), AUTH: 'guessed' }), pause(numbers), ask('ask', 1, card(2))]),
    properties: fails,
  },
  [QUIRK.WORKER_OVERTAKEN]: {
    title: 'What comes later is run later, however long the one before takes.',
    cast: ({ gap }) => ({
      peers: [
        ann([ask('until', 1, slow(4_000))]),
        ann([ask('until', 2, { COMMAND: 'RESET', OBJECT: 'Irolo__desk' })], { after: 1_300 + gap }),
      ],
    }),
    properties: [earlierFirst],
  },
  [QUIRK.WORKER_FORGOTTEN]: {
    title: 'What a worker has changed stays changed.',
    cast: alone(({ gap }) => [ask('until', 1, slow(1_100 + gap)), ask('until', 2, look)]),
    properties: fails,
  },
  [QUIRK.OUTPUT_TWICE]: {
    title: 'A request has one answer, wherever it has been run.',
    cast: alone(({ gap }) => [ask('until', 1, slow(1_100 + gap))]),
    properties: fails,
  },
  [QUIRK.ALARM_STAYS]: {
    title: 'The alarm of a request ends with it.',
    cast: ({ gap }) => ({
      peers: [ann([ask('until', 1, slow(900))]), bob([ask('until', 1, slow(900))], { after: Math.min(gap, 800) })],
    }),
    properties: [nothingIsHandedOver],
  },
  [QUIRK.WORKER_STAYS]: {
    title: 'A worker whose request has failed ends.',
    cast: alone(({ gap }) => [ask('until', 1, slow(1_100 + gap, 'no tab'))]),
    properties: [workersEnd],
  },
  [QUIRK.WORKER_KILLS]: {
    title: 'A fatal error in a worker ends the worker.',
    cast: alone(() => [ask('ask', 1, { COMMAND: 'TESTFATAL' })], ['--identity=system']),
    properties: [serverSurvives],
  },
  [QUIRK.POISON]: {
    title: 'What ends the server again and again does so three times.',
    cast: alone(() => [ask('until', 1, { COMMAND: 'TESTFATAL' }), ask('until', 2, card(1))]),
    properties: [peersFinish('100 s')],
  },
  [QUIRK.IDENTITY_STAYS]: {
    title: 'Each request has the rights of its own user.',
    cast: ({ gap }) => ({
      peers: [
        ann([ask('until', 1, { COMMAND: 'TESTERROR', DATA: 'no' })]),
        bob([ask('until', 1, card(1)), 'pause=3000', ask('until', 2, look)], { after: 200 + gap }),
        ann([ask('until', 1, { ...look, HOST: 'other', OBJECT: 'Irolo__other' })], { after: 2_500 + gap }),
      ],
    }),
    properties: fails,
  },
  [QUIRK.OUTPUT_STALE]: {
    title: 'Nobody is told what was said to another.',
    cast: ({ gap }) => ({
      peers: [
        ann([ask('until', 1, { COMMAND: 'TESTECHO', DATA: 'a secret\n' })]),
        bob([ask('ask', 1, { ...card(1), AUTH: 'x' })], { after: 200 + gap }),
      ],
    }),
    properties: fails,
  },
  [QUIRK.FLUSH_PARTIAL]: {
    title: 'An answer is whole, or it is an error.',
    cast: alone(({ count }) => [ask('ask', 1, { COMMAND: 'TESTERROR', DATA: `half ${count}` })]),
    properties: fails,
  },
  [QUIRK.SILENCE_BLOCKS]: {
    title: 'Who says nothing keeps nobody waiting.',
    cast: ({ gap }) => ({ peers: [ann(['raw=']), bob([ask('until', 1, card(1))], { after: 200 + gap })] }),
    properties: [peersFinish('40 s')],
  },
  [QUIRK.LENGTH_GUESSED]: {
    title: 'A length is a number, or the request is refused.',
    cast: sends('no length', 'a signed length'),
    properties: fails,
  },
  [QUIRK.CODING_UNREAD]: {
    title: 'What says that the body is something else is heeded.',
    cast: sends('chunks', 'another expectation'),
    properties: fails,
  },
  [QUIRK.FIELDS_EXACT]: {
    title: 'A field is known in any letters, and said twice it has to be the same.',
    cast: sends('two lengths', 'a type with parameters'),
    properties: fails,
  },
  [QUIRK.PAIRS_LOOSE]: {
    title: 'What is no list of pairs is refused.',
    cast: sends('a pair without =', 'a token twice'),
    properties: fails,
  },
  [QUIRK.GET_CHANGES]: {
    title: 'By GET nothing is changed.',
    cast: () => forked([get({ COMMAND: 'EXPORT', OBJECT: 'Irolo__desk', DATA: 'a\tb' })], IN_FILES),
    properties: [hears('p0', { 2: [405] })],
  },
  [QUIRK.CGI_UNORDERED]: {
    title: 'A client has one order, whichever way it comes.',
    cast: () => forked([ask('ask', 2, card(1))], [...IN_FILES, `--daemon=127.0.0.1:${PORT}`]),
    properties: [hears('p0', { 2: [202] })],
  },
  [QUIRK.CGI_IS_NOBODY]: {
    title: 'Who asks through an httpd has his own rights.',
    cast: () => forked([ask('ask', 1, card(1))], IN_FILES),
    properties: [hears('p0', { 2: [200] })],
  },
  [QUIRK.RESET_NULL]: {
    title: 'A procedure that is not there is not called.',
    cast: alone(() => [ask('ask', 1, tokensOf('no-reset', 'desk', 0))]),
    properties: [serverSurvives],
  },
  [QUIRK.SLOTS_SWAPPED]: {
    title: 'Each procedure is called for what it is.',
    cast: alone(({ turn }) => [ask('ask', 1, turn === 0 ? { COMMAND: 'RESET', OBJECT: 'Irolo__desk' } : tokensOf('no-reset', 'desk', 0))]),
    properties: fails,
  },
  [QUIRK.PREFIX_LOOSE]: {
    title: 'An object is of the module whose id it begins with.',
    cast: alone(({ count }) => [
      ask('ask', 1, card(1, { OBJECT: ['xIrolo__desk', 'irolo__desk', 'IROLO__desk', 'my Irolo__desk'][count] ?? '' })),
    ]),
    properties: fails,
  },
  [QUIRK.TARGET_NAMED]: {
    title: 'A request is run as who has shown to be it.',
    cast: alone(() => [ask('until', 1, card(1, { USERSERVER: 'bob' })), ask('until', 2, look)]),
    properties: fails,
  },
  [QUIRK.LOG_GROWS]: {
    title: 'The log does not grow for ever.',
    cast: alone(
      ({ count }) =>
        Array.from({ length: 9 + count }, (_, index) =>
          ask('until', index + 1, { COMMAND: 'TESTECHO', DATA: 'x'.repeat(1_000), ACKED: String(index) }),
        ),
      ['--segment=4096'],
    ),
    properties: [logIsCut(12_288)],
    maxEvents: 80_000,
  },
  [QUIRK.UNDECLARED]: {
    // What ends the server is run between the delivery and its result.
    title: 'What was done outside of the log is not done again.',
    cast: ({ gap }) => ({
      peers: [
        { user: 'cyd', host: 'desk', steps: [ask('ask', 1, { COMMAND: 'TESTSLEEP', DATA: '900' })] },
        ann([ask('until', 1, deliver(1)), 'pause=100', ask('until', 2, delivered)], { after: 100 + Math.min(gap, 300) }),
        bob([ask('ask', 1, { COMMAND: 'TESTFATAL' })], { after: 600 }),
      ],
    }),
    properties: fails,
  },
  [QUIRK.HELD_SILENT]: {
    title: 'Who comes too early is told so.',
    cast: alone(({ count }) => [ask('ask', 2 + count, card(1))]),
    properties: [wholeIsAnswered],
  },
  [QUIRK.ORPHAN_SERVES]: {
    title: 'A daemon without a parent ends.',
    cast: ({ gap }) => ({ peers: [ann([ask('until', 1, card(1))])], kills: [[gap, PARENT_PID, 'SIGKILL']] }),
    properties: [noOrphans('1 s')],
  },
  [QUIRK.PARSED_TWICE]: { title: 'The pairs are read once.', cast: sends('a token twice'), properties: fails },
  [QUIRK.PRINTS_ANSWERED]: { title: 'Only an answer is in an answer.', cast: alone(() => [ask('ask', 1, card(1))]), properties: fails },
  [QUIRK.CGI_UNSYNCED]: {
    title: 'What is told is durable.',
    cast: () => forked([ask('ask', 1, card(1))], IN_FILES),
    properties: [forkedKeeps],
  },
};

const TABLE: readonly RoverTrap[] = TRAPS.flatMap(({ quirk }) => (quirk === undefined ? [] : [{ quirk, ...ROWS[quirk] }]));

export const traps: readonly Scenario[] = TABLE.map(trap);

/** Which property each quirk breaks in its scenario, which has its name. A run of it is kept in traces/rover/. */
export const SHOWN: readonly { readonly quirk: Quirk; readonly violates: string }[] = TABLE.map(
  ({ quirk, fails: broken = [], properties }) => ({
    quirk,
    violates: broken[0] ?? properties[0]?.name ?? '',
  }),
);
