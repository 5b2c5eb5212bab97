/**
 * The traps of the published source, one row each, in the order of their numbers (src/impl/ikc/quirks.ts). Who is ours has the quirk that
 * a row is about; who is not (daemons/peer.ts) keeps to the protocol, unless the row is about one that does not.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { utf8 } from '../../src/host/bytes.ts';
import { QUIRK, type Quirk } from '../../src/impl/ikc/quirks.ts';
import { AT_HUB, client, HUB_SOCKET, type KernelSpec, LITE, server, stranger } from './parts/network.ts';
import { frameOf } from './parts/requests.ts';
import {
  ACCEPTS,
  answer,
  back,
  DEADLY,
  forward,
  frame,
  GREETS,
  HEARS_NAME,
  joins,
  NONSENSE,
  ping,
  raw,
  SERVES,
  SERVES_LITE,
  says,
  UNASKED,
  wait,
} from './parts/said.ts';
import { FIRST_PID, type IkcTrap, trap } from './parts/trap.ts';
import { negotiationsEnd } from './properties/links.ts';
import {
  alwaysOffers,
  answersStay,
  calledByPath,
  endsWhenTold,
  errorsTellLittle,
  junkIsNoAnswer,
  kernelsSurvive,
  linesMakeSense,
  namesAreTold,
  nothingLeaks,
  offersWhatItHas,
  opensWithItsOwn,
  peersFinish,
  refusedIsUnused,
} from './properties/quirks.ts';
import { allFinish, outcomesAreOwn } from './properties/steps.ts';

type Steps = readonly string[];

const HUB_SERVER: KernelSpec = server(AT_HUB, '--name=hub');
const ours = (...args: Steps): KernelSpec => client(AT_HUB, ...args);
const lite = (...args: Steps): KernelSpec => ({ program: LITE, args: [`--connect=${AT_HUB}`, '--name=lite', '--timeout=5000', ...args] });
const caller = (...steps: Steps): KernelSpec => stranger('connect', AT_HUB, ...steps);
const listener = (...steps: Steps): KernelSpec => stranger('listen', AT_HUB, ...steps);

const CALL = '--call=poe:/demo/echo "x"';
const OF_LITE: Steps = ['--call=poe:/demo/echo "x"', '--call=poe:/demo/echo "y"'];

// ── the table ───────────────────────────────────────────────────────────────────────────────────────────────────────

const TABLE: readonly IkcTrap[] = [
  {
    quirk: QUIRK.NEGOTIATE_FOREVER,
    title: 'A negotiation has an end, whatever the peer says next, or does not.',
    // To HELLO, DONE and FREEZER.
    cast: ({ count }) => ({ hub: [HUB_SERVER], others: [[0, caller(...says('id1').slice(0, 1 + 2 * count))]] }),
    properties: [negotiationsEnd('31 s')],
    chaos: 5,
  },
  {
    quirk: QUIRK.SPLIT_LINES,
    title: 'A line has one end, however its bytes come.',
    cast: ({ gap }) => ({
      hub: [HUB_SERVER],
      others: [[0, caller(raw(utf8('HELLO\r')), wait(gap), raw(utf8('\n')), ...joins('id1').slice(1))]],
    }),
    properties: [linesMakeSense, peersFinish('20 s')],
    fails: ['lines-make-sense'],
  },
  {
    quirk: QUIRK.SPLIT_SWITCH,
    title: 'The last line ends where frames begin, however its bytes come.',
    cast: ({ gap }) => ({
      hub: [HUB_SERVER],
      others: [[0, caller(...says('id1'), raw(utf8('WORLD\r')), wait(gap), raw(utf8('\n')), 'hear=UP', frame(ping('id1')), 'hear=#1')]],
    }),
    properties: [peersFinish('20 s'), kernelsSurvive],
    fails: ['peers-finish'],
  },
  {
    quirk: QUIRK.SAY_BAD_NAMES,
    title: 'A name that a peer would refuse is not told to it.',
    cast: ({ turn }) => ({ hub: [HUB_SERVER], others: [[0, ours(['--name=bad name', '--alias=bad/alias'][turn] ?? '', CALL)]] }),
    properties: [negotiationsEnd('10 s')],
    isRefused: true,
  },
  {
    quirk: QUIRK.STOP_AT_FALSE,
    title: 'All names are told, whatever they are.',
    cast: ({ count }) => ({
      hub: [HUB_SERVER],
      others: [[0, ours('--name=c', ...Array.from({ length: count }, (_, index) => `--alias=c${index}`), '--alias=0', CALL)]],
    }),
    properties: [namesAreTold('20 s'), outcomesAreOwn()],
    fails: ['names-are-told'],
  },
  {
    quirk: QUIRK.OFFER_UNKNOWN,
    title: 'What is offered is there.',
    cast: ({ gap }) => ({
      hub: [HUB_SERVER],
      others: [
        [0, ours('--serializer=Data::Dumper', CALL)],
        [gap, ours(CALL)],
      ],
    }),
    properties: [offersWhatItHas, outcomesAreOwn(), allFinish('20 s')],
    fails: ['offers-what-it-has'],
  },
  {
    quirk: QUIRK.GUESS,
    title: 'Two kernels that have no serializer in common do not guess one.',
    cast: () => ({ hub: [server(AT_HUB, '--name=hub', '--serializer=Storable')], others: [[0, ours('--serializer=JSON', CALL)]] }),
    properties: [opensWithItsOwn, allFinish('20 s')],
    fails: ['opens-with-its-own'],
  },
  {
    quirk: QUIRK.USE_UP_LIST,
    title: 'A client that connects again offers what it offered before.',
    cast: ({ gap }) => ({ hub: [listener(...SERVES, ...ACCEPTS, wait(gap), 'end')], others: [[0, ours('--reconnect', CALL)]] }),
    properties: [alwaysOffers],
  },
  {
    quirk: QUIRK.CALL_IT_N,
    title: 'A server on a Unix-domain socket has a name of its own.',
    cast: () => ({ hub: [server(HUB_SOCKET, '--name=hub')], local: client(HUB_SOCKET, CALL) }),
    properties: [calledByPath, outcomesAreOwn(), allFinish('20 s')],
    fails: ['called-by-its-path'],
  },
  {
    quirk: QUIRK.ANSWER_EARLY,
    title: 'A call that comes with the end of the negotiation is answered.',
    cast: () => ({
      hub: [HUB_SERVER],
      others: [[0, caller(...says('id1'), raw(utf8('WORLD\r\n'), frameOf(ping('id1'))), 'hear=UP', 'hear=#1')]],
    }),
    properties: [peersFinish('20 s')],
  },
  {
    // A peer that reads nothing and says nonsense: what the server says to that is unsent when it is told to end.
    quirk: QUIRK.NEGOTIATE_ON,
    title: 'A kernel that is told to end in a negotiation ends.',
    cast: ({ gap }) => ({
      hub: [server(HUB_SOCKET, '--name=hub')],
      local: stranger(
        'connect',
        HUB_SOCKET,
        'deaf',
        'say=HELLO',
        raw(utf8('\n'.repeat(NONSENSE))),
        wait(50 + gap),
        `kill=SIGTERM:${FIRST_PID}`,
      ),
    }),
    properties: [endsWhenTold],
  },
  {
    quirk: QUIRK.DIE_OF_FRAME,
    title: 'A frame of which nothing can be made is answered by an error, and nobody else notices.',
    ranges: { count: [0, DEADLY.length - 1] },
    cast: ({ gap, count }) => ({
      hub: [HUB_SERVER],
      others: [
        [0, ours('--name=c', '--pause=900', '--repeat=4', CALL)],
        [gap, caller(...joins('id1'), DEADLY[count] ?? '', 'hear=#1', frame(ping('id1')), 'hear=#1')],
      ],
    }),
    properties: [kernelsSurvive, peersFinish('20 s'), outcomesAreOwn(), allFinish('20 s')],
    fails: ['kernels-survive', 'peers-finish'],
  },
  {
    quirk: QUIRK.DIE_OF_NAME,
    title: 'Whatever a kernel is called, others go on.',
    cast: ({ turn }) => ({ hub: [HUB_SERVER], others: [[0, caller(...joins(...(turn === 0 ? ['id1', 'a:b'] : ['a:b'])), 'pause=100')]] }),
    properties: [kernelsSurvive, peersFinish('20 s')],
    fails: ['kernels-survive'],
    mayFail: ['peers-finish'],
  },
  {
    quirk: QUIRK.NO_DEFAULT,
    title: 'A call that names no kernel goes to the first peer.',
    cast: () => ({ hub: [HUB_SERVER], others: [[0, ours(CALL)]] }),
    properties: [outcomesAreOwn(), allFinish('20 s')],
    fails: ['outcomes-are-own'],
  },
  {
    quirk: QUIRK.LEAK_WILDCARD,
    title: 'A request to all goes to the peers, as it is.',
    cast: ({ gap }) => ({
      hub: [HUB_SERVER],
      others: [
        [0, caller(...joins('id1'), 'hear=#1')],
        [500 + gap, caller(...joins('id2'), frame(forward('poe://*/demo/note')), 'hear=#1')],
      ],
    }),
    properties: [nothingLeaks, peersFinish('20 s')],
    fails: ['requests-go-as-they-are'],
  },
  {
    quirk: QUIRK.STEAL_ALIAS,
    title: 'Who leaves takes its own names only.',
    cast: ({ gap }) => ({
      hub: [HUB_SERVER],
      others: [
        [0, caller(...joins('id1', 'Same'), 'hear=#1')],
        [500 + gap, caller(...joins('id2', 'Same'), 'end')],
        [1_000, caller(...joins('id3'), frame(forward('poe://Same/S/note')))],
      ],
    }),
    properties: [peersFinish('20 s')],
  },
  {
    quirk: QUIRK.SPOOF_ID,
    title: 'Who says the id of another kernel takes nothing from it.',
    cast: ({ gap }) => ({
      hub: [HUB_SERVER],
      others: [
        [0, caller(...joins('id1'), wait(4_000 + gap), frame(ping('id1')), 'hear=#1')],
        [500 + gap, caller(...joins('id1', 'Other'), 'end')],
      ],
    }),
    properties: [peersFinish('20 s')],
  },
  {
    quirk: QUIRK.KEEP_UNDEF,
    title: 'A call whose result is nothing is answered.',
    cast: ({ turn }) => ({
      hub: [HUB_SERVER],
      others: [[0, ours('--timeout=5000', ...([['--call=poe:/demo/void'], [CALL, '--call=poe:/demo/void', CALL]][turn] ?? []))]],
    }),
    properties: [outcomesAreOwn(), allFinish('20 s')],
    fails: ['outcomes-are-own'],
  },
  {
    quirk: QUIRK.LEND_PERMISSION,
    title: 'An answer goes to who has asked.',
    cast: ({ gap }) => ({
      hub: [HUB_SERVER],
      others: [
        [0, caller(...joins('id1'))],
        [500 + gap, caller(...joins('id2'), frame({ event: 'poe:/demo/echo', params: 1, rsvp: back('id1') }), 'hear=#1')],
      ],
    }),
    properties: [answersStay, peersFinish('20 s')],
  },
  {
    quirk: QUIRK.DIE_OF_SUBSCRIBE,
    title: 'A client subscribes, and goes on.',
    cast: ({ turn }) => ({ hub: [HUB_SERVER], others: [[0, ours(...(turn === 0 ? [] : [CALL]), '--subscribe=poe:/demo/echo', CALL)]] }),
    properties: [kernelsSurvive, outcomesAreOwn(), allFinish('20 s')],
    fails: ['kernels-survive'],
  },
  {
    quirk: QUIRK.IGNORE_SETUP,
    title: 'A client of a later version is told to go on with this one.',
    cast: ({ count }) => ({
      hub: [HUB_SERVER],
      others: [[0, caller(`say=SETUP KERNEL=a,b;FREEZER=Storable;PID=${count}`, 'hear=NOT', ...joins('id1'))]],
    }),
    properties: [peersFinish('20 s')],
  },
  {
    quirk: QUIRK.ALARM_STAYS,
    title: 'A small client whose serializer is refused says so, and lives on.',
    cast: () => ({ hub: [listener(...SERVES_LITE, 'say=NOT', 'ends')], others: [[0, lite(...OF_LITE, '--pause=20000')]] }),
    properties: [kernelsSurvive, allFinish('50 s')],
    fails: ['kernels-survive'],
  },
  {
    quirk: QUIRK.LOSE_STEP,
    title: 'A frame that nobody waits for is skipped.',
    cast: () => ({
      hub: [listener(...SERVES_LITE, ...ACCEPTS, 'hear=#1', frame(UNASKED), frame(answer(0, 'x')), 'hear=#1', frame(answer(1, 'y')))],
      others: [[0, lite(...OF_LITE)]],
    }),
    properties: [outcomesAreOwn(), allFinish('30 s')],
    fails: ['outcomes-are-own'],
  },
  {
    // Half of a frame is behind the one that was waited for.
    quirk: QUIRK.DROP_REST,
    title: 'What comes behind an answer is not lost.',
    cast: ({ count, gap }) => {
      const rest = frameOf(UNASKED);
      const at = 10 + 20 * count;
      return {
        hub: [
          listener(
            ...[...SERVES_LITE, ...ACCEPTS, 'hear=#1', raw(frameOf(answer(0, 'x')), rest.subarray(0, at)), wait(gap)],
            ...[raw(rest.subarray(at)), 'hear=#1', frame(answer(1, 'y'))],
          ),
        ],
        others: [[0, lite(...OF_LITE)]],
      };
    },
    properties: [outcomesAreOwn(), allFinish('30 s')],
    fails: ['outcomes-are-own'],
  },
  {
    quirk: QUIRK.SEEK_LENGTH,
    title: 'What is no frame is none.',
    cast: ({ count }) => ({
      hub: [listener(...SERVES_LITE, ...ACCEPTS, 'hear=#1', raw(utf8('junk '.repeat(1 + count)), frameOf(answer(0, 'x'))))],
      others: [[0, lite(CALL)]],
    }),
    properties: [junkIsNoAnswer, allFinish('30 s')],
    fails: ['junk-is-no-answer'],
  },
  {
    quirk: QUIRK.WAIT_AS_SERVER,
    title: 'One of two kernels begins.',
    cast: () => ({ hub: [HUB_SERVER], others: [[0, ours(CALL)]] }),
    properties: [outcomesAreOwn(), allFinish('15 s')],
    fails: ['all-finish'],
    chaos: 5,
  },
  {
    // Bytes that are no frame end the link, and its peer does not end its side.
    quirk: QUIRK.COUNT_UNSENT,
    title: 'What cannot be sent any more does not count as sent.',
    cast: ({ gap }) => ({
      hub: [HUB_SERVER],
      others: [
        [0, caller(...joins('id1'), 'keeps', raw(utf8('junk')))],
        [500 + gap, ours('--call=poe:/demo/forward ["poe://id1/S/note",5]')],
      ],
    }),
    properties: [outcomesAreOwn(), allFinish('20 s')],
    fails: ['outcomes-are-own'],
  },
  {
    quirk: QUIRK.TELL_ALL,
    title: 'An error tells what was asked for.',
    cast: ({ turn }) => ({ hub: [HUB_SERVER], others: [[0, ours(...(turn === 0 ? [] : [CALL]), '--call=poe:/secret/state')]] }),
    properties: [errorsTellLittle, outcomesAreOwn(), allFinish('20 s')],
    fails: ['errors-tell-little'],
  },
  {
    // The last answers to the names of the client come with some too many.
    quirk: QUIRK.TAKE_SURPLUS,
    title: 'An answer too many is not taken for another one.',
    cast: ({ count, turn }) => ({
      hub: [
        listener(
          ...[...GREETS, ...HEARS_NAME, raw(utf8('OK\r\n'.repeat(2 + count))), 'hear=FREEZER', 'say=NOT'],
          ...[...(turn === 0 ? [] : ['say=NOT']), 'hear=WORLD', 'say=UP'],
        ),
      ],
      others: [[0, ours('--serializer=JSON', '--serializer=Storable', CALL)]],
    }),
    properties: [refusedIsUnused],
  },
];

export const traps: readonly Scenario[] = TABLE.map(trap);

/** Which property each quirk breaks in its scenario, which has its name. A run of it is kept in traces/ikc/. */
export const SHOWN: readonly { readonly quirk: Quirk; readonly violates: string }[] = TABLE.map(({ quirk, fails = [], properties }) => ({
  quirk,
  violates: fails[0] ?? properties[0]?.name ?? '',
}));
