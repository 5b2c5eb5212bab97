/**
 * Cases for a server once a caller is connected: frames, images, requests.
 */
import { seconds } from '../../src/host/time.ts';
import type { Case, Pattern, Step } from '../case.ts';
import { READ } from './frames.ts';
import {
  A,
  answer,
  asks,
  B,
  bytewise,
  deviating,
  ERROR,
  ends,
  error,
  expects,
  hears,
  joins,
  namesOf,
  needing,
  OPEN,
  one,
  PONG,
  pings,
  pong,
  put,
  request,
  SHAKEN,
  START,
  sends,
  serverCase,
  silent,
  some,
  stillPings,
} from './vocabulary-server.ts';

const { me } = namesOf(A);
const TWO: readonly Step[] = [START, ...joins(A, B)];
const asked = (name: string, ...items: readonly (Pattern | string)[]): readonly Step[] => [sends(A, name), hears(A, ...items)];
/** Each is answered by an error, and then ping by its answer. */
const errorThenPong: readonly Step[] = [expects(A, some(ERROR), one(PONG))];
/** It comes in place of a ping that is right. */
const broken = (name: string, title: string, shows: string, deviation: string, ...steps: readonly Step[]): Case =>
  deviating('ping.answer', deviation, serverCase(name, title, shows, ...TWO, ...steps, silent(B), ...pings(B)));
const unreadable = (name: string, title: string, shows: string, ...images: readonly string[]): Case =>
  broken(name, title, shows, 'what cannot be read comes before it', sends(A, ...images, 'ping'), ...errorThenPong);
/** Whatever is said of it, the connection goes on. */
const survived = (name: string, title: string, shows: string, ...images: readonly string[]): Case =>
  broken(name, title, shows, 'what is no request comes before it', ...images.flatMap(image => [sends(A, image), ...stillPings(A)]));
const closing = (name: string, title: string, shows: string, ...bytes: readonly string[]): Case =>
  broken(name, title, shows, 'what is no frame comes in its place', ...bytes.map(each => put(A, each)), ends(A, seconds(20)));

const echoes = (name: string, title: string, shows = 'images'): Case =>
  needing(
    'echo',
    serverCase(`echo.${name}`, title, shows, ...OPEN, ...asked(`echo-${name}`, answer('echoed', READ[`echo-${name}`] ?? ''))),
  );

const RECEIPT = { 'event-session': 'IKC', 'event-state': 'IKC:receipt 5 poe://there', error: false } as const;
const receipt = (begins: string): Pattern => request('the receipt', { ...RECEIPT, params: { begins } });
const HAS = receipt('[{"kernel":"');
const HAS_NOT = receipt('"NOT poe:');

const JSON_PING = `<<json {"event":"poe://{kernel}/IKC/ping","params":"PING","rsvp":{"kernel":"${me}","session":"caller","state":"pong"}}>>`;
const CUTS = Array.from({ length: 70 }, (_, index) => `ping:${index + 2}`);

// biome-ignore format: a conversation is read along the line.
export const REQUEST_CASES: readonly Case[] = [
  // ── frames ────────────────────────────────────────────────────────────────────────────────────────────────────────
  serverCase('frames.bytes', 'A request byte by byte', 'frame-pieces',
    ...OPEN, bytewise(A), ...pings(A), silent(A)),
  serverCase('frames.together', 'Requests in one write', 'together in-order',
    ...OPEN, sends(A, 'ping-1', 'ping-2', 'ping-3', 'ping-4', 'ping-5'), hears(A, pong(1), pong(2), pong(3), pong(4), pong(5)), silent(A)),
  serverCase('frames.zeros', 'A count with zeros before it', 'zeros',
    ...OPEN, put(A, '000<<ping>>'), hears(A, PONG)),
  serverCase('frames.early', 'A request in one write with WORLD', 'early',
    ...SHAKEN, ...asks(A, 'FREEZER Storable', 'OK'), put(A, 'WORLD\r\n<<ping>>'), hears(A, 'UP', PONG)),
  closing('frames.letter', 'A letter where a count has to be', 'no-frame', 'x'),
  closing('frames.letter-later', 'A letter behind digits', 'no-frame', '12x'),
  closing('frames.no-count', 'A zero byte without a count', 'no-frame', '\0'),
  closing('frames.gigabyte', 'A frame of a gigabyte is announced', 'frame-limit', '1073741824\0'),
  closing('frames.greatest', 'A frame of 2^31 - 1 bytes is announced', 'frame-limit', '2147483647\0'),
  closing('frames.endless', 'A count without an end', 'frame-limit', '9'.repeat(4_096)),
  unreadable('frames.empty', 'A frame of no bytes', 'unreadable', 'hex '),
  // ── images ────────────────────────────────────────────────────────────────────────────────────────────────────────
  echoes('text', 'Strings'),
  echoes('bytes', 'Bytes of any value'),
  echoes('short-most', 'A string of 255 bytes, the longest in the short form'),
  echoes('long-least', 'A string of 256 bytes, the shortest in the long form'),
  echoes('long', 'A string of 70,000 bytes'),
  echoes('small', 'Numbers of one byte'),
  echoes('word', 'Numbers of 32 bits'),
  echoes('large', 'Numbers of more than 32 bits'),
  echoes('fractions', 'Fractions'),
  echoes('digits', 'Strings that look like numbers stay what they are'),
  echoes('undef', 'undef'),
  echoes('sparse', 'An array with holes'),
  echoes('truth', 'True and false'),
  echoes('empty', 'Empty arrays and hashes'),
  echoes('hash', 'Hashes in arrays in hashes'),
  echoes('keys', 'Keys of any bytes, and an empty one'),
  echoes('wide', 'Characters that are no bytes'),
  echoes('wide-long', 'Many of them'),
  echoes('wide-keys', 'Keys of characters that are no bytes'),
  echoes('refs', 'References to strings, to references, to arrays'),
  echoes('shared', 'The same array twice', 'sharing'),
  echoes('shared-late', 'The same array twice, behind undef and in a hash', 'sharing'),
  echoes('ring', 'An array that holds itself', 'sharing'),
  echoes('loop', 'A hash that holds itself', 'sharing'),
  echoes('weak', 'A weak reference', 'sharing'),
  echoes('objects', 'Objects, several of a class', 'objects'),
  echoes('long-class', 'A class with a long name', 'objects'),
  serverCase('images.minors', 'Minor versions', 'minors',
    ...OPEN, ...['ping-minor-4', 'ping-minor-6', 'ping-minor-7', 'ping-minor-255'].flatMap(name => asked(name, PONG))),
  serverCase('images.followed', 'Something behind an image, in its frame', 'minors',
    ...OPEN, ...asked('ping-followed', PONG), ...pings(A)),
  serverCase('images.native', 'An image of a machine of the same kind', 'native',
    ...OPEN, ...asked('ping-native', PONG)),
  unreadable('images.cut', 'Images that are cut off, at every byte', 'unreadable', ...CUTS),
  unreadable('images.major', 'An image of a later major version', 'unreadable', 'ping-major', 'hex 070b0a03616263'),
  unreadable('images.foreign', 'An image of a machine of another kind', 'unreadable', 'ping-foreign', 'hex 040b0431323334040404080a03616263'),
  unreadable('images.opcode', 'What is no item', 'unreadable', 'unknown-opcode', 'hex 050b24'),
  unreadable('images.tags', 'References to what was not there', 'unreadable', 'unseen-tag', 'unseen-class', 'hex 050b0000000009'),
  unreadable('images.text', 'A text that is no image', 'unreadable', 'hex 68656c6c6f'),
  survived('images.code', 'Code, and objects with code of their own', 'unreadable', 'code', 'hook'),
  unreadable('images.array', 'An array of 2^31 - 1 items is announced', 'announced', 'announced-array', 'announced-all'),
  unreadable('images.hash', 'A hash of 2^31 - 1 items is announced', 'announced', 'announced-hash', 'announced-flagged'),
  unreadable('images.string', 'A string of 2^31 - 1 bytes is announced', 'announced', 'announced-string', 'announced-wide', 'announced-class'),
  survived('images.deep', 'Arrays in arrays, 100,000 times', 'deep', 'deep'),
  // ── requests ──────────────────────────────────────────────────────────────────────────────────────────────────────
  serverCase('ping.answer', 'ping is answered PONG, once', 'ping frames',
    ...OPEN, ...asked('ping', PONG), silent(A)),
  serverCase('ping.form', 'The event of an answer is the rsvp of its call', 'answer',
    ...OPEN, ...asked('ping', answer('pong', '"PONG"', { event: `poe://${me}/caller/pong`, rsvp: '', error: false }))),
  serverCase('ping.from', 'An answer says whom it is from', 'from',
    ...OPEN, ...asked('ping', answer('pong', '"PONG"', { known: true, 'from-session': 'IKC', 'from-state': 'IKC:proxy' }))),
  serverCase('ping.hash', 'An event that is a hash', 'events',
    ...OPEN, ...asked('ping-hash', PONG)),
  serverCase('ping.star', 'An event for any kernel', 'events',
    ...OPEN, ...asked('ping-star', PONG)),
  serverCase('ping.short', 'A specifier without poe:', 'events',
    ...OPEN, ...asked('ping-short', PONG)),
  serverCase('ping.names', 'The alias and the name of the caller', 'own-names',
    ...OPEN, ...asked('ping-alias', PONG), ...asked('ping-name', PONG)),
  serverCase('ping.post', 'ping without rsvp has no answer', 'no-rsvp',
    ...OPEN, sends(A, 'post'), silent(A), ...pings(A)),
  serverCase('ping.proxy', 'ping through IKC:proxy', 'proxy',
    ...OPEN, ...asked('ping-proxy', PONG)),
  serverCase('ping.two', 'Two callers have their own answers', 'own-answer',
    ...TWO, sends(A, 'ping-1'), sends(B, 'ping-2'), hears(A, pong(1)), hears(B, pong(2)), silent(A, B)),
  serverCase('ping.third', 'The answer is not for another kernel', 'third',
    ...TWO, sends(A, 'ping-third'), ...stillPings(A), silent(B)),
  survived('rsvp.nowhere', 'An rsvp to a kernel that there is not', 'bad-rsvp', 'ping-nowhere'),
  survived('rsvp.list', 'An rsvp that is an array', 'bad-rsvp', 'rsvp-list'),
  survived('rsvp.empty', 'An rsvp that is an empty hash', 'bad-rsvp', 'rsvp-empty'),
  survived('rsvp.text', 'An rsvp that is no specifier', 'bad-rsvp', 'rsvp-text'),
  survived('payload.list', 'A payload that is an array', 'no-request', 'payload-list'),
  survived('payload.scalar', 'A payload that is a string', 'no-request', 'payload-scalar'),
  survived('payload.no-event', 'A request without an event', 'no-request', 'no-event'),
  survived('payload.event-list', 'An event that is an array', 'no-request', 'event-list'),
  survived('payload.proxy', 'Params of IKC:proxy that are no array', 'no-request', 'proxy-text'),
  serverCase('error.session', 'A session that there is not', 'error',
    ...OPEN, ...asked('no-session', error({ 'event-kernel': me })), ...pings(A)),
  serverCase('error.state', 'A state that is not published', 'error',
    ...OPEN, ...asked('no-state', error({ 'event-kernel': me })), ...pings(A)),
  serverCase('error.specifier', 'An event that is no specifier', 'error',
    ...OPEN, ...asked('no-specifier', ERROR), ...pings(A)),
  serverCase('error.names', 'An error names what it is about', 'error-names',
    ...OPEN, ...asked('no-session', error({ about: '/nosuch/x' })), ...asked('no-state', error({ about: '/IKC/nosuch' }))),
  serverCase('error.tells', 'An error tells nothing else', 'error-tells',
    ...OPEN, ...asked('no-session', error({ tells: false })), ...asked('no-specifier', error({ tells: false }))),
  serverCase('error.quiet', 'An error about an error is not sent', 'error-quiet',
    ...OPEN, sends(A, 'no-session-error'), silent(A), ...pings(A)),
  serverCase('error.hidden', 'States of IKC that are not for others', 'published',
    ...OPEN, ...asked('hidden-shutdown', ERROR), ...asked('hidden-unregister', ERROR), ...pings(A)),
  serverCase('error.told', 'An error that the server is told', 'told-error',
    ...OPEN, sends(A, 'remote-error'), silent(A), ...pings(A)),
  serverCase('have.session', 'do_you_have a session', 'has', ...OPEN, ...asked('have-session', HAS)),
  serverCase('have.state', 'do_you_have a state, as a hash and as a text', 'has', ...OPEN, ...asked('have-state', HAS), ...asked('have-string', HAS)),
  serverCase('have.no-kernel', 'do_you_have without a kernel', 'has', ...OPEN, ...asked('have-no-kernel', HAS)),
  serverCase('have.not', 'do_you_have what there is not', 'has-not', ...OPEN, ...asked('have-no-session', HAS_NOT), ...asked('have-no-state', HAS_NOT)),
  survived('have.text', 'do_you_have of a text', 'bad-have', 'have-text'),
  survived('have.hash', 'do_you_have of a hash', 'bad-have', 'have-hash'),
  survived('have.no-specifier', 'do_you_have of no specifier', 'bad-have', 'have-no-specifier'),
  needing('add', serverCase('call.result', 'What a state returns', 'result', ...OPEN, ...asked('add', answer('answer', '742')))),
  needing('echo', serverCase('call.proxy', 'The arguments of a call through IKC:proxy', 'proxy', ...OPEN, ...asked('echo-proxy', answer('echoed', '"through"')))),
  needing('void', serverCase('call.nothing', 'A state that returns nothing', 'no-result',
    ...OPEN, ...asked('void', answer('answer', { oneOf: ['undef', '[]', '""'] })))),
  needing('fail', serverCase('call.fails', 'A state that fails', 'failed', ...TWO, ...asked('fail', ERROR), ...pings(A), ...pings(B))),
  needing('list', serverCase('call.list', 'A call that wants a list', 'list', ...OPEN, ...asked('list', answer('answer', { begins: '[' })))),
  needing('notes', serverCase('call.once', 'Every request reaches its state, once', 'once',
    ...OPEN, sends(A, 'note', 'note'), sends(A, 'note'), ...asked('count', answer('answer', '3')))),
  needing('json', serverCase('json.ping', 'JSON in place of images', 'json',
    ...SHAKEN, ...asks(A, 'FREEZER JSON', 'OK'), ...asks(A, 'WORLD', 'UP'), put(A, JSON_PING), hears(A, PONG))),
];
