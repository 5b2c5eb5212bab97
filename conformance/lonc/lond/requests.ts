/**
 * Lines, connections and requests of a lond.
 */
import { seconds } from '../../../src/host/time.ts';
import type { Case, Step } from '../../case.ts';
import { casesOf } from '../../rows.ts';
import {
  A,
  ANY_LINE,
  admitted,
  B,
  begins,
  bytewise,
  citing,
  close,
  disturb,
  hears,
  hearsIn,
  hearsLast,
  keeps,
  line,
  never,
  OVER,
  once,
  oneOf,
  put,
  quiet,
  SERVER,
  START,
  say,
  setup,
  silent,
} from '../vocabulary.ts';
import { ADMITTED, asks, COMMANDS, COMMON, challenged, id, OWN_ID, PINGED, REVERSE, reaches, SLOW, stored } from './words.ts';

const TWO_ADMITTED: readonly Step[] = [START, ...setup('two callers are admitted', ...admitted(B), ...admitted(A))];
const othersAreServed: readonly Step[] = [silent(B), say(B, 'ping'), hears(B, ANY_LINE)];
const NUMBER = { type: 'line', fields: { text: { form: 'number' } }, name: 'a number' } as const;

export const REQUEST_CASES: readonly Case[] = casesOf(COMMON, id, {
  // ── lines and connections ─────────────────────────────────────────────────────────────────────────────────────────
  'lines.cr': {
    rev: 2,
    title: 'CR is a byte of a request: ping with a CR is unknown',
    requirements: [id('line-feed'), id('unknown')],
    steps: [...ADMITTED, ...asks('ping\r', ANY_LINE), never(A, line(SERVER)), citing(id('unknown'), once(A, line('unknown_cmd'))), ...OVER],
  },
  'lines.pieces': {
    rev: 2,
    title: 'A request in pieces is answered when it has ended',
    requirements: [id('pieces')],
    steps: [...ADMITTED, put(A, 'pi'), silent(A), put(A, 'ng\n'), hears(A, ANY_LINE), silent(A), ...OVER],
  },
  'lines.byte-by-byte': {
    title: 'The dialogue and a request are understood when every byte comes alone',
    requirements: [id('pieces')],
    steps: [
      START,
      ...reaches(A),
      bytewise(A),
      say(A, 'init'),
      keeps(A, 'challenge'),
      say(A, '{challenge}'),
      hears(A, begins('ok')),
      say(A, 'ping'),
      hears(A, ANY_LINE),
      silent(A),
      ...OVER,
    ],
  },
  'lines.empty': {
    rev: 2,
    title: 'An empty request is answered with one line',
    requirements: [id('one-line')],
    steps: [...ADMITTED, ...asks('', ANY_LINE), silent(A), ...asks('ping', ANY_LINE), ...OVER],
  },
  'lines.unknown': {
    rev: 2,
    title: 'An unknown request is answered unknown_cmd, and the connection goes on',
    requirements: [id('unknown'), id('one-line')],
    steps: [
      ...ADMITTED,
      ...asks('sing:loud', 'unknown_cmd'),
      ...[silent(A), ...asks('ping', ANY_LINE)].map(step => citing(id('one-line'), step)),
      ...OVER,
    ],
  },
  'lines.order': {
    rev: 3,
    title: 'Requests that come together are answered in their order',
    requirements: [id('order'), id('one-line')],
    steps: [
      ...ADMITTED,
      ...PINGED,
      put(A, 'ping\nping\nekey\n'),
      hears(A, SERVER, SERVER, ANY_LINE),
      citing(id('one-line'), silent(A)),
      ...OVER,
    ],
  },
  'lines.order-slow': {
    rev: 3,
    title: 'A request behind one that takes time waits for its answer',
    requirements: [id('order')],
    steps: [...ADMITTED, ...PINGED, put(A, 'pong\nekey\n'), hearsIn(REVERSE, A, OWN_ID, ANY_LINE), ...OVER],
  },
  'connections.idle': {
    ...SLOW,
    rev: 2,
    title: 'A connection that is idle for two hours is served then',
    requirements: [id('idle')],
    steps: [...ADMITTED, quiet(seconds(7_200), A), ...asks('ping', ANY_LINE), ...OVER],
  },
  'connections.two': {
    rev: 2,
    title: 'A caller in the middle of its greeting does not hold up another',
    requirements: [id('several')],
    steps: [START, ...challenged(A), ...admitted(B), say(B, 'ping'), hears(B, ANY_LINE), silent(A), ...OVER],
  },
  'connections.again': {
    rev: 3,
    title: 'A caller that has closed is admitted again',
    requirements: [id('again')],
    steps: [...ADMITTED, close(A), ...admitted(B), say(B, 'ping'), hears(B, ANY_LINE), ...OVER],
  },
  'connections.reset': {
    rev: 2,
    title: 'A caller that resets its connection takes nobody with it',
    requirements: [id('caller-gone')],
    steps: [...TWO_ADMITTED, say(A, 'ping'), { verb: 'reset', channel: A }, ...othersAreServed, ...OVER],
  },
  'connections.reset-in-line': {
    title: 'A connection that is reset in the midst of a request takes nobody with it',
    requirements: [id('caller-gone')],
    steps: [...TWO_ADMITTED, disturb(A, { kind: 'reset', after: { bytes: 2 } }), say(A, 'ping'), ...othersAreServed, ...OVER],
  },
  'connections.half-open': {
    title: 'A connection that falls silent in the midst of a request takes nobody with it',
    requirements: [id('caller-gone')],
    steps: [...TWO_ADMITTED, disturb(A, { kind: 'half-open', after: { bytes: 2 } }), say(A, 'ping'), ...othersAreServed, ...OVER],
  },
  // ── requests ──────────────────────────────────────────────────────────────────────────────────────────────────────
  'ping.own-id': {
    rev: 2,
    title: 'ping is answered with the host id of the lond',
    requirements: [id('ping')],
    steps: [...ADMITTED, ...asks('ping', SERVER), ...OVER],
  },
  'ping.capitals': {
    title: 'Case counts: PING is unknown',
    requirements: [id('unknown')],
    steps: [...ADMITTED, ...asks('PING', 'unknown_cmd'), ...OVER],
  },
  'exit.bye': {
    title: 'exit is answered bye, and the connection ends',
    requirements: [id('exit')],
    steps: [...ADMITTED, say(A, 'exit'), hearsLast(A, 'bye'), ...OVER],
  },
  'exit.second-init': {
    title: 'A second init is answered bye, and the connection ends',
    requirements: [id('second-init')],
    steps: [...ADMITTED, say(A, 'init'), hearsLast(A, 'bye'), ...OVER],
  },
  'load.number': {
    rev: 2,
    title: 'load is answered with a number',
    requirements: [id('load')],
    steps: [...ADMITTED, ...asks('load', NUMBER), ...OVER],
  },
  'auth.clear': {
    rev: 2,
    title: 'auth in clear is refused',
    requirements: [id('encrypted-only')],
    steps: [...ADMITTED, ...asks('auth:dom:user:secret', 'refused'), ...OVER],
  },
  'auth.others-clear': {
    title: 'passwd, makeuser, changeuserauth and currentauth in clear are refused',
    requirements: [id('encrypted-only')],
    steps: [
      ...ADMITTED,
      ...['passwd', 'makeuser', 'changeuserauth', 'currentauth'].flatMap(command => asks(`${command}:dom:user:x`, 'refused')),
      ...OVER,
    ],
  },
  'store.put-get': {
    ...COMMANDS,
    title: 'What was put is given: one value for each key',
    requirements: [id('put')],
    steps: [...ADMITTED, ...asks('put:dom:user:notes:a=1&b=%20x', 'ok'), ...asks('get:dom:user:notes:b&a', '%20x&1'), ...OVER],
  },
  'store.absent': {
    ...COMMANDS,
    rev: 2,
    title: 'A key that is not there has an empty value',
    requirements: [id('absent')],
    steps: [...ADMITTED, ...stored('a=1'), ...asks('get:dom:user:notes:z&a', '&1'), ...OVER],
  },
  'store.del': {
    ...COMMANDS,
    rev: 2,
    title: 'What was deleted is not given any more',
    requirements: [id('del')],
    steps: [
      ...ADMITTED,
      ...stored('a=1&b=2'),
      ...asks('del:dom:user:notes:a', 'ok'),
      ...asks('get:dom:user:notes:b', '2'),
      ...asks('get:dom:user:notes:a', ANY_LINE),
      never(A, line('1')),
      ...OVER,
    ],
  },
  'store.lists': {
    ...COMMANDS,
    title: 'keys gives the keys, dump the pairs',
    requirements: [id('lists')],
    steps: [
      ...ADMITTED,
      ...stored('a=1&b=2'),
      ...asks('keys:dom:user:notes', oneOf('a&b', 'b&a')),
      ...asks('dump:dom:user:notes', oneOf('a=1&b=2', 'b=2&a=1')),
      ...OVER,
    ],
  },
  'store.shared': {
    ...COMMANDS,
    title: 'What one connection has put another gets',
    requirements: [id('shared')],
    steps: [
      ...ADMITTED,
      ...setup('another caller is admitted', ...admitted(B)),
      ...stored('a=1'),
      say(B, 'get:dom:user:notes:a'),
      hears(B, '1'),
      ...OVER,
    ],
  },
  'store.roles': {
    ...COMMANDS,
    title: 'Roles cannot be put',
    requirements: [id('roles')],
    steps: [...ADMITTED, ...asks('put:dom:user:roles:a=1', 'refused'), ...OVER],
  },
  'store.home': {
    ...COMMANDS,
    title: 'home knows a user that has something, and no other',
    requirements: [id('home')],
    steps: [...ADMITTED, ...stored('a=1'), ...asks('home:dom:user', 'found'), ...asks('home:dom:nobody', 'not_found'), ...OVER],
  },
  'store.log': {
    ...COMMANDS,
    title: 'log is answered ok',
    requirements: [id('log')],
    steps: [...ADMITTED, ...asks('log:dom:user:went away', 'ok'), ...OVER],
  },
});
