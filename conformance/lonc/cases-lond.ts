/**
 * Cases for a lond, seen from a gateway that calls it.
 */
import { seconds } from '../../src/host/time.ts';
import type { Case, Step } from '../case.ts';
import { casesOf } from '../rows.ts';
import { BUILD_KEY } from './channels.ts';
import { HOSTS, hostLine } from './settings.ts';
import {
  A,
  ANY_LINE,
  admitted,
  B,
  begins,
  bytewise,
  calls,
  citing,
  close,
  DEADLINE,
  disturb,
  ENDS,
  ends,
  hears,
  hearsIn,
  hearsLast,
  keeps,
  keyed,
  line,
  never,
  OVER,
  once,
  oneOf,
  place,
  put,
  quiet,
  SERVER,
  START,
  say,
  sealedText,
  setup,
  silent,
  TERM,
} from './vocabulary.ts';

const id = (name: string): string => `lonc.lond.${name}`;
const COMMON = { rev: 1, role: 'lond', deadline: DEADLINE } as const;
const COMMANDS = { needs: ['commands'] } as const;
const SLOW = { slow: true, deadline: seconds(9_000) } as const;

/** Longer than a caller waits for the ping that lond sends back. */
const REVERSE = seconds(30);
const TWO_ADMITTED: readonly Step[] = [START, ...setup('two callers are admitted', ...admitted(B), ...admitted(A))];
const othersAreServed: readonly Step[] = [silent(B), say(B, 'ping'), hears(B, ANY_LINE)];
const ADMITTED: readonly Step[] = [START, ...setup('the caller is admitted', ...admitted(A))];
const KEYED: readonly Step[] = [START, ...setup('the caller is admitted, and has a key', ...keyed(A))];
const reaches = (channel: string): readonly Step[] => setup('the caller connects', calls(channel));
/** The greeting up to the challenge, which is kept under a name. */
const challenged = (channel: string): readonly Step[] =>
  setup('the caller is given a challenge', calls(channel), say(channel, 'init'), keeps(channel, 'challenge'));
const asks = (request: string, ...replies: readonly Parameters<typeof hears>[1][]): readonly Step[] => [
  say(A, request),
  hears(A, ...replies),
];
/** What a case is not about, but has to know. */
const PINGED: readonly Step[] = setup('ping is answered with the host id', ...asks('ping', SERVER));
const stored = (pairs: string): readonly Step[] => setup('something is put', ...asks(`put:dom:user:notes:${pairs}`, 'ok'));
const NUMBER = { type: 'line', fields: { text: { form: 'number' } }, name: 'a number' } as const;
/** What follows the id is the business of the caller's lond. */
const OWN_ID = { type: 'line', fields: { text: { begins: SERVER } }, name: 'the id of the lond, and any more' } as const;

export const LOND_CASES: readonly Case[] = casesOf(COMMON, id, {
  // ── the dialogue ──────────────────────────────────────────────────────────────────────────────────────────────────
  'greeting.waits': {
    title: 'A caller that says nothing hears nothing',
    requirements: [id('waits')],
    steps: [START, ...reaches(A), silent(A), ...OVER],
  },
  'greeting.challenge': {
    rev: 2,
    title: 'init is answered with one line',
    requirements: [id('challenge')],
    steps: [START, ...reaches(A), say(A, 'init'), hears(A, ANY_LINE), silent(A), ...OVER],
  },
  'greeting.admitted': {
    rev: 2,
    title: 'The challenge, sent back, is answered ok',
    requirements: [id('admits'), id('line-feed'), id('waits')],
    steps: [
      START,
      ...challenged(A),
      say(A, '{challenge}'),
      hears(A, begins('ok')),
      citing(id('line-feed'), never(A, line('ok\r'))),
      once(A, line('ok')),
      citing(id('waits'), silent(A)),
      ...OVER,
    ],
  },
  'greeting.echo-reduced': {
    title: 'The challenge with a minus before it and a blank after it is the challenge',
    requirements: [id('reduces')],
    steps: [START, ...challenged(A), say(A, '-{challenge} '), hears(A, 'ok'), ...OVER],
  },
  'greeting.init-reduced': {
    title: 'init with a CR is init',
    requirements: [id('reduces')],
    steps: [START, ...reaches(A), say(A, 'init\r'), hears(A, ANY_LINE), silent(A), ...OVER],
  },
  'greeting.pieces': {
    title: 'init in pieces is init, when it has ended',
    requirements: [id('pieces')],
    steps: [START, ...reaches(A), put(A, 'in'), silent(A), put(A, 'it'), silent(A), put(A, '\n'), hears(A, ANY_LINE), ...OVER],
  },
  'greeting.other-first': {
    title: 'Another first line is answered bye, refused, and the connection ends',
    requirements: [id('refuses-first')],
    twin: id('greeting.admitted'),
    deviation: 'ping instead of init',
    steps: [START, ...reaches(A), say(A, 'ping'), hearsLast(A, 'bye', 'refused'), ...OVER],
  },
  'greeting.other-echo': {
    title: 'Another echo is answered bye, refused, and the connection ends',
    requirements: [id('refuses-echo')],
    twin: id('greeting.admitted'),
    deviation: 'a digit more in the echo',
    steps: [START, ...challenged(A), say(A, '{challenge}1'), hearsLast(A, 'bye', 'refused'), ...OVER],
  },
  'greeting.empty-echo': {
    title: 'An empty echo is refused',
    requirements: [id('refuses-echo')],
    twin: id('greeting.admitted'),
    deviation: 'an empty line instead of the echo',
    steps: [START, ...challenged(A), say(A, ''), hearsLast(A, 'bye', 'refused'), ...OVER],
  },
  'greeting.other-connection': {
    rev: 2,
    title: 'The challenge of another connection is not accepted',
    requirements: [id('fresh')],
    twin: id('greeting.admitted'),
    deviation: 'the echo is the challenge of another connection',
    steps: [
      START,
      ...challenged(A),
      ...setup('another caller is given a challenge', calls(B), say(B, 'init'), hears(B, ANY_LINE)),
      say(B, '{challenge}'),
      quiet(seconds(2), A),
      never(B, line('ok')),
      ...OVER,
    ],
  },
  'greeting.address': {
    title: 'A caller from an address that is not in the table is refused before it speaks',
    requirements: [id('refuses-address')],
    twin: id('greeting.admitted'),
    deviation: 'the address of the caller is not in the table',
    steps: [
      place(HOSTS, hostLine('srv1', '127.0.0.2') + hostLine('cli1', '127.0.0.3')),
      START,
      ...reaches(A),
      hearsLast(A, 'bye', 'refused'),
      ...OVER,
    ],
  },
  'greeting.limit': {
    ...SLOW,
    title: 'A caller that says nothing for two minutes is disconnected',
    requirements: [id('greeting-limit')],
    steps: [START, ...reaches(A), ends(A, seconds(130)), ...OVER],
  },
  'pong.own-id': {
    rev: 2,
    title: 'The answer to pong begins with the host id of the lond',
    requirements: [id('pong')],
    steps: [...ADMITTED, say(A, 'pong'), hearsIn(REVERSE, A, OWN_ID), silent(A), ...OVER],
  },
  'pong.con-lost': {
    title: 'Where the caller has no lond the answer to pong says con_lost',
    requirements: [id('pong-colon')],
    steps: [...ADMITTED, say(A, 'pong'), hearsIn(REVERSE, A, 'srv1:con_lost'), ...OVER],
  },
  'ekey.line': {
    title: 'ekey is answered with one line',
    requirements: [id('ekey')],
    steps: [
      ...ADMITTED,
      ...asks('ekey', { type: 'line', fields: { length: { atLeast: 1 } }, name: 'a line with a build key' }),
      silent(A),
      ...OVER,
    ],
  },
  'dialogue.whole': {
    rev: 2,
    title: 'The dialogue of a gateway, and then a request',
    requirements: [id('admits'), id('pong'), id('ekey'), id('one-line')],
    steps: [
      START,
      ...reaches(A),
      ...admitted(A).slice(1),
      say(A, 'pong'),
      citing(id('pong'), hearsIn(REVERSE, A, ANY_LINE)),
      ...asks('ekey', ANY_LINE).map(step => citing(id('ekey'), step)),
      ...asks('ping', ANY_LINE).map(step => citing(id('one-line'), step)),
      citing(id('one-line'), silent(A)),
      ...OVER,
    ],
  },
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
  // ── encryption ────────────────────────────────────────────────────────────────────────────────────────────────────
  'enc.request': {
    rev: 2,
    title: 'An encrypted ping is a ping',
    requirements: [id('key')],
    steps: [...KEYED, ...PINGED, ...asks('encrypt:ping', SERVER), ...OVER],
  },
  'enc.clear-after-key': {
    rev: 2,
    title: 'Requests in clear are understood after ekey as well',
    requirements: [id('ping'), id('key')],
    steps: [
      ...KEYED,
      ...asks('ping', SERVER),
      ...asks('encrypt:ping', SERVER).map(step => citing(id('key'), step)),
      ...asks('ping', SERVER),
      ...OVER,
    ],
  },
  'enc.auth': {
    title: 'auth, encrypted, is not refused for being in clear',
    requirements: [id('encrypted-only'), id('key')],
    steps: [
      ...KEYED,
      say(A, 'encrypt:auth:dom:nobody:secret'),
      hears(A, ANY_LINE),
      {
        verb: 'expect-count',
        channel: A,
        message: { type: 'line', fields: { text: 'refused' }, name: 'the line refused' },
        least: 0,
        most: 0,
      },
      ...OVER,
    ],
  },
  'enc.long': {
    ...COMMANDS,
    title: 'A request of many blocks is understood',
    requirements: [id('key')],
    steps: [
      ...KEYED,
      ...stored('a=1'),
      ...asks(`encrypt:put:dom:user:notes:a=${'x'.repeat(500)}`, 'ok'),
      ...asks('get:dom:user:notes:a', 'x'.repeat(500)),
      ...OVER,
    ],
  },
  'enc.eget': {
    ...COMMANDS,
    title: 'The answer to eget is encrypted',
    requirements: [id('eget')],
    steps: [...KEYED, ...stored('a=secret'), ...asks('eget:dom:user:notes:a', sealedText('secret')), ...OVER],
  },
  'enc.eget-no-key': {
    ...COMMANDS,
    title: 'eget before ekey is answered error:no_key',
    requirements: [id('eget')],
    twin: id('enc.request'),
    deviation: 'no ekey before',
    steps: [...ADMITTED, ...stored('a=secret'), ...asks('eget:dom:user:notes:a', 'error:no_key'), ...OVER],
  },
  'enc.new-key': {
    rev: 2,
    title: 'After a second ekey the new key counts',
    requirements: [id('key-new')],
    steps: [
      ...KEYED,
      ...setup('the first key counts', ...asks('encrypt:ping', SERVER), say(A, 'ekey'), keeps(A, BUILD_KEY)),
      ...asks('encrypt:ping', SERVER),
      ...OVER,
    ],
  },
  'enc.broken': {
    rev: 2,
    title: 'Blocks that are not whole are answered with one line, and the connection goes on',
    requirements: [id('enc-broken')],
    twin: id('enc.request'),
    deviation: 'one digit less than a block',
    steps: [
      ...KEYED,
      // Who fills the block with zeros, as the published end does, has some unknown command; others say what is wrong.
      ...asks('enc:4:123456789abcdef', ANY_LINE),
      silent(A),
      ...asks('ping', ANY_LINE),
      ...OVER,
    ],
  },
  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────
  'end.terminates': {
    title: 'At SIGTERM the connections end, and then lond',
    requirements: [id('terminates')],
    steps: [...ADMITTED, TERM, ends(A), ENDS],
  },
});
