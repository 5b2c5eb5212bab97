/**
 * The traps of the negotiation, B-T01 to B-T10: a row for each.
 */
import { utf8 } from '../../../src/host/bytes.ts';
import { QUIRK } from '../../../src/impl/ikc/quirks.ts';
import { CALL, caller, HUB_SERVER, listener, ours } from '../parts/cast.ts';
import { AT_HUB, client, HUB_SOCKET, server, stranger } from '../parts/network.ts';
import { frameOf } from '../parts/requests.ts';
import { ACCEPTS, frame, joins, NONSENSE, ping, raw, SERVES, says, wait } from '../parts/said.ts';
import { FIRST_PID, type IkcTrap } from '../parts/trap.ts';
import { negotiationsEnd } from '../properties/links.ts';
import {
  alwaysOffers,
  calledByPath,
  endsWhenTold,
  kernelsSurvive,
  linesMakeSense,
  namesAreTold,
  offersWhatItHas,
  opensWithItsOwn,
  peersFinish,
} from '../properties/quirks.ts';
import { allFinish, outcomesAreOwn } from '../properties/steps.ts';

export const NEGOTIATION_TRAPS: readonly IkcTrap[] = [
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
];
