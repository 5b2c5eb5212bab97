/**
 * The socket of a gateway, requests and replies.
 */
import { seconds } from '../../../src/host/time.ts';
import type { Case } from '../../case.ts';
import { casesOf } from '../../rows.ts';
import {
  A,
  admits,
  alsoJoins,
  B,
  bytewise,
  CONNECTED,
  citing,
  ends,
  greets,
  hears,
  hearsIn,
  joins,
  LEAVING,
  LOND,
  lineOfLength,
  noFile,
  ONLINE,
  OVER,
  place,
  put,
  quiet,
  SETTLING,
  SOCKET,
  START,
  say,
  setup,
  silent,
  TERM,
  turnsAway,
} from '../vocabulary.ts';
import { asked, asks, COMMON, id, serves } from './words.ts';

const LARGE = 150_000;
/** More than anybody would keep in memory. */
const MANY: readonly string[] = Array.from({ length: 150 }, (_, index) => `get:${index}`);

export const REQUEST_CASES: readonly Case[] = casesOf(COMMON, id, {
  // ── the socket ────────────────────────────────────────────────────────────────────────────────────────────────────
  'socket.accepts': {
    rev: 2,
    title: 'After the dialogue the socket of the host accepts a client, and says nothing',
    requirements: [id('socket'), id('order')],
    steps: [...CONNECTED, joins(A), citing(id('order'), silent(A)), ...OVER],
  },
  'socket.not-before': {
    rev: 2,
    title: 'Before ok nobody listens',
    requirements: [id('socket-later')],
    steps: [START, ...setup('the gateway says init', ...greets(LOND)), silent(LOND), turnsAway(), ...OVER],
  },
  'socket.not-before-key': {
    rev: 2,
    title: 'Before the build key nobody listens',
    requirements: [id('socket-later')],
    steps: [START, ...setup('the gateway says pong', ...admits(LOND), hearsIn(SETTLING, LOND, 'pong')), silent(LOND), turnsAway(), ...OVER],
  },
  'socket.stale': {
    rev: 2,
    title: 'A file in the place of the socket is replaced',
    requirements: [id('socket-stale')],
    steps: [place(SOCKET, 'left'), ...CONNECTED, joins(A), ...OVER],
  },
  'socket.removed': {
    rev: 2,
    title: 'At SIGTERM the socket file is removed',
    requirements: [id('socket-removed')],
    steps: [...ONLINE, TERM, ...setup('the gateway ends', ends(LOND, LEAVING), { verb: 'expect-exit', within: LEAVING }), noFile(SOCKET)],
  },
  // ── requests and replies ──────────────────────────────────────────────────────────────────────────────────────────
  'reply.one': {
    rev: 2,
    title: 'A request is answered with what lond says, and so is the next one',
    requirements: [id('reply'), id('persistent'), id('order')],
    steps: [
      ...ONLINE,
      ...serves(A, 'ping', 'srv1'),
      ...asks(A, 'load').map(step => citing(id('persistent'), step)),
      say(LOND, '17'),
      citing(id('order'), hears(A, '17')),
      ...OVER,
    ],
  },
  'reply.bytes': {
    title: 'A reply of any bytes arrives as it was',
    requirements: [id('reply')],
    steps: [...ONLINE, ...serves(A, 'get:x', 'a=%20&b=\xe4\x01\x80 :\r'), ...OVER],
  },
  'reply.empty': {
    title: 'An empty reply is an empty line',
    requirements: [id('reply'), id('reply-is-reply')],
    steps: [...ONLINE, ...serves(A, 'get:x', ''), ...OVER],
  },
  'reply.pieces': {
    title: 'A reply in pieces arrives whole, when it has ended',
    requirements: [id('pieces'), id('reply')],
    steps: [...ONLINE, ...asked(A, 'ping'), put(LOND, 'sr'), silent(A), put(LOND, 'v1\n'), hears(A, 'srv1'), ...OVER],
  },
  'reply.byte-by-byte': {
    title: 'A reply arrives whole when every byte of it comes alone',
    requirements: [id('pieces'), id('reply')],
    steps: [...ONLINE, ...asked(A, 'ping'), bytewise(LOND), say(LOND, 'srv1'), hears(A, 'srv1'), silent(A), ...OVER],
  },
  'reply.zero': {
    title: 'A reply 0 is a reply',
    requirements: [id('reply-is-reply')],
    steps: [...ONLINE, ...serves(A, 'load', '0'), ...OVER],
  },
  'reply.con-lost': {
    rev: 2,
    title: 'A reply con_lost is a reply, comes once, and the connection goes on',
    requirements: [id('reply-is-reply'), id('con-lost-once')],
    steps: [
      ...ONLINE,
      ...serves(A, 'get:x', 'con_lost'),
      citing(id('con-lost-once'), quiet(seconds(8), A)),
      ...serves(A, 'ping', 'srv1'),
      ...OVER,
    ],
  },
  'request.pieces': {
    title: 'A request in pieces is one request',
    requirements: [id('pieces')],
    steps: [
      ...ONLINE,
      put(A, 'pi'),
      silent(LOND),
      put(A, 'n'),
      silent(LOND),
      put(A, 'g\n'),
      hears(LOND, 'ping'),
      say(LOND, 'srv1'),
      hears(A, 'srv1'),
      ...OVER,
    ],
  },
  'request.several': {
    title: 'Several requests in one write are answered in their order',
    requirements: [id('order'), id('pieces')],
    steps: [
      ...ONLINE,
      put(A, 'one\ntwo\nthree\n'),
      hears(LOND, 'one'),
      say(LOND, '1'),
      hears(LOND, 'two'),
      say(LOND, '2'),
      hears(LOND, 'three'),
      say(LOND, '3'),
      hears(A, '1', '2', '3'),
      silent(A),
      ...OVER,
    ],
  },
  'request.many': {
    title: 'As many requests as a client says at once are answered, each with its own reply',
    requirements: [id('order'), id('persistent')],
    steps: [
      ...ONLINE,
      put(A, MANY.map(text => `${text}\n`).join('')),
      ...MANY.flatMap(text => [hears(LOND, text), say(LOND, text)]),
      hears(A, ...MANY),
      ...serves(A, 'ping', 'srv1').map(step => citing(id('persistent'), step)),
      ...OVER,
    ],
  },
  'request.large': {
    title: 'A request of 150,000 bytes arrives whole',
    requirements: [id('large')],
    steps: [...ONLINE, put(A, 'x', LARGE), put(A, '\n'), hears(LOND, lineOfLength(LARGE)), ...OVER],
  },
  'reply.large': {
    rev: 2,
    title: 'A reply of 150,000 bytes arrives whole',
    requirements: [id('large')],
    steps: [...ONLINE, ...asked(A, 'dump'), put(LOND, 'x', LARGE), put(LOND, '\n'), hears(A, lineOfLength(LARGE)), ...OVER],
  },
  'reply.slow-reader': {
    title: 'A large reply waits for a client that does not read, and others do not',
    requirements: [id('slow-reader'), id('several')],
    steps: [
      ...ONLINE,
      ...alsoJoins(B),
      { verb: 'pause', channel: A },
      ...asked(A, 'dump'),
      put(LOND, 'x', LARGE),
      put(LOND, '\n'),
      ...serves(B, 'ping', 'srv1').map(step => citing(id('several'), step)),
      { verb: 'resume', channel: A },
      hears(A, lineOfLength(LARGE)),
      ...OVER,
    ],
  },
});
