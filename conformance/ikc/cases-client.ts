/**
 * Cases for a client, seen from the server that it calls.
 */
import { seconds } from '../../src/host/time.ts';
import type { Case, Pattern, Step } from '../case.ts';
import {
  A,
  A_NAME,
  ASKS,
  asks,
  B,
  bytewise,
  CALL,
  CALLED,
  clientCase,
  close,
  deviating,
  ENDS,
  ERROR,
  ends,
  error,
  exchanges,
  exits,
  expects,
  hears,
  hearsLast,
  leaves,
  MET,
  namesOf,
  needing,
  never,
  OFFERS,
  OPEN,
  OUT,
  one,
  opens,
  openWith,
  PONG,
  pings,
  plays,
  pong,
  put,
  request,
  say,
  sends,
  setup,
  silent,
  some,
  started,
  stillPings,
  TELLS_ERROR,
  TERM,
  tells,
  tellsOf,
  WORLD,
} from './vocabulary-client.ts';

const { me } = namesOf(A);
const IAM = `IAM ${me}`;
type Heard = readonly (Pattern | string)[];

const answered = (text: string, ...items: Heard): readonly Step[] => [say(A, text), hears(A, ...items)];
/** Each is refused, and the right one is taken then. */
const refused = (lines: readonly string[], next: string, ...items: Heard): readonly Step[] => [
  ...lines.flatMap(each => answered(each, 'NOT')),
  ...answered(next, ...items),
];
const unheard = (text: string, next: string, ...items: Heard): readonly Step[] => [say(A, text), silent(A), ...answered(next, ...items)];
const endingWith = (end: string): readonly Step[] => [...MET, ...plays(A, exchanges(A), end), asks()];
const RAW: Pattern = { type: 'frame', name: 'a frame' };

/** It comes while the client waits for its answer, in place of a ping that is right. */
const broken = (name: string, title: string, shows: string, deviation: string, ...steps: readonly Step[]): Case =>
  deviating('peer.ping', deviation, clientCase(name, title, shows, ...OPEN, ...steps));
const unreadable = (name: string, title: string, shows: string, ...images: readonly string[]): Case =>
  broken(name, title, shows, 'what cannot be read comes before it', sends(A, ...images, 'ping'), expects(A, some(ERROR), one(PONG)));
const survived = (name: string, title: string, shows: string, ...images: readonly string[]): Case =>
  broken(name, title, shows, 'what is no request comes before it', ...images.flatMap(image => [sends(A, image), ...stillPings(A)]));
const closing = (name: string, title: string, shows: string, bytes: string): Case =>
  broken(name, title, shows, 'what is no frame comes in its place', put(A, bytes), ends(A, seconds(20)));
/** The server ends the connection after so many lines. */
const dropped = (name: string, title: string, steps: readonly Step[]): Case =>
  clientCase(name, title, 'notices', ...steps, ...leaves(A), ENDS);

const POSTED = request('the post', { event: 'poe://Inet/test/posted', params: '{"x":[1,"two"]}', rsvp: '', error: false });
const SUBSCRIBES = (state: string): Pattern =>
  request('do_you_have', {
    'event-session': 'IKC',
    'event-state': 'do_you_have',
    'rsvp-state': { not: '' },
    params: { begins: `[{"kernel":"Inet","session":"test","state":"${state}"},"` },
  });
const GIVEN_UP = seconds(600);
const SLOW = { slow: true, deadline: seconds(700) } as const;
const JSON_CALLED = { ...CALLED, fields: { ...CALLED.fields, json: true } };

// biome-ignore format: a conversation is read along the line.
export const CLIENT_CASES: readonly Case[] = [
  // ── phase 000 ─────────────────────────────────────────────────────────────────────────────────────────────────────
  clientCase('hello.first', 'HELLO is the first line, and nothing follows it', 'hello lines',
    { verb: 'start' }, opens(A), hears(A, 'HELLO'), silent(A)),
  clientCase('server.names', 'Each name of the server is answered OK', 'takes-names',
    ...MET, ...[IAM, 'IAM 127.0.0.1:44155', 'IAM unix:_tmp_srv.sock', 'IAM Ca-b_c.1', 'IAM   Inet', 'IAM\tIkc'].flatMap(each => answered(each, 'OK')), silent(A)),
  clientCase('server.refused', 'What is no name is refused', 'refuses-names',
    ...MET, ...refused(['IAM bad name', 'IAM', 'IAM ', 'IAM x ', 'IAM *', 'IAM \xe9'], IAM, 'OK')),
  clientCase('server.not', 'NOT is not answered', 'not',
    ...MET, ...unheard('NOT', IAM, 'OK')),
  clientCase('server.other', 'Anything but a name and DONE is refused', 'refuses',
    ...MET, ...refused(['OK', 'HELLO', 'UP', 'done', 'DONE ', ''], IAM, 'OK')),
  // ── phase 001 ─────────────────────────────────────────────────────────────────────────────────────────────────────
  clientCase('names.first', 'DONE is answered with one name', 'announces',
    ...MET, ...answered(IAM, 'OK'), ...answered('DONE', A_NAME), silent(A)),
  clientCase('names.each', 'Each OK is answered with a name, the last with DONE', 'announces',
    ...ASKS, ...answered('OK', A_NAME), ...answered('OK', 'IAM Cli'), ...answered('OK', 'DONE')),
  clientCase('names.order', 'The address, the aliases from the last to the first, the name', 'order',
    started('--alias=Ca', '--alias=Second', CALL), ...setup('it says its id', ...MET.slice(1), ...answered(IAM, 'OK'), ...answered('DONE', A_NAME)),
    ...answered('OK', A_NAME), ...answered('OK', 'IAM Second'), ...answered('OK', 'IAM Ca'), ...answered('OK', 'IAM Cli'), ...answered('OK', 'DONE')),
  clientCase('names.false', 'An alias 0 is told, and the names after it', 'all-names',
    started('--alias=Ca', '--alias=0', CALL), ...setup('it says its address', ...MET.slice(1), ...answered(IAM, 'OK'), ...answered('DONE', A_NAME), ...answered('OK', A_NAME)),
    ...answered('OK', 'IAM 0'), ...answered('OK', 'IAM Ca'), ...answered('OK', 'IAM Cli'), ...answered('OK', 'DONE')),
  clientCase('names.not', 'NOT is not answered', 'not',
    ...ASKS, ...unheard('NOT', 'OK', A_NAME)),
  clientCase('names.other', 'Anything but OK is refused', 'refuses',
    ...ASKS, ...refused(['ok', 'OK ', 'DONE', IAM, 'UP', ''], 'OK', A_NAME)),
  // ── phases 002 and 003 ────────────────────────────────────────────────────────────────────────────────────────────
  clientCase('serializer.offers', 'The first serializer follows DONE, and then nothing', 'offers',
    ...ASKS, ...setup('it says its names', ...answered('OK', A_NAME), ...answered('OK', 'IAM Cli')), ...answered('OK', 'DONE', 'FREEZER Storable'), silent(A)),
  clientCase('serializer.world', 'WORLD follows the OK to a serializer', 'world',
    ...OFFERS, ...answered('OK', 'WORLD'), silent(A)),
  clientCase('serializer.other', 'Anything but OK and NOT is refused', 'refuses',
    ...OFFERS, ...refused(['ok', 'UP', 'HELLO', IAM, 'DONE', ''], 'OK', 'WORLD')),
  needing('json', clientCase('serializer.next', 'The next serializer follows the refusal of one', 'next-serializer',
    started('--serializer=JSON', '--serializer=Storable', CALL), ...setup('it says its names', ...MET.slice(1), ...plays(A, exchanges(A).slice(0, 5))),
    ...answered('OK', 'DONE', 'FREEZER JSON'), ...answered('NOT', 'FREEZER Storable'), ...answered('OK', 'WORLD'), say(A, 'UP'), hears(A, CALLED))),
  needing('json', clientCase('serializer.json', 'JSON in place of images', 'json',
    started('--serializer=JSON', CALL), ...setup('it says its names', ...MET.slice(1), ...plays(A, exchanges(A).slice(0, 5))),
    ...answered('OK', 'DONE', 'FREEZER JSON'), ...answered('OK', 'WORLD'), say(A, 'UP'), hears(A, JSON_CALLED))),
  clientCase('serializer.none', 'When every serializer is refused the connection ends', 'all-refused',
    ...OFFERS, say(A, 'NOT'), hearsLast(A)),
  clientCase('serializer.surplus', 'An OK too many does not open a channel that is then refused', 'surplus',
    ...ASKS, ...setup('it says its names', ...answered('OK', A_NAME), ...answered('OK', 'IAM Cli')), put(A, 'OK\r\nOK\r\n'), hears(A, 'DONE', 'FREEZER Storable'),
    say(A, 'NOT', 'UP'), ends(A, seconds(40)), never(A, RAW)),
  clientCase('world.not', 'NOT is not answered', 'not',
    ...WORLD, say(A, 'NOT'), silent(A)),
  clientCase('world.other', 'Anything but UP is refused', 'refuses',
    ...WORLD, ...refused(['HELLO', 'up', 'UP ', IAM, 'DONE', ''], 'UP', CALLED)),
  // ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  clientCase('lines.lf', 'Lines that end with LF', 'endings', ...endingWith('\n')),
  clientCase('lines.cr', 'Lines that end with CR', 'endings', ...endingWith('\r')),
  clientCase('lines.lf-cr', 'Lines that end with LF CR', 'endings', ...endingWith('\n\r')),
  clientCase('lines.pieces', 'A line in pieces is one line, when it has ended', 'pieces',
    ...MET, put(A, 'IAM In'), silent(A), put(A, 'et'), silent(A), put(A, '\r\n'), hears(A, 'OK'), ...answered('DONE', A_NAME)),
  clientCase('lines.bytes', 'The negotiation, byte by byte', 'pieces',
    ...MET, bytewise(A), ...plays(A, exchanges(A)), asks()),
  clientCase('lines.split', 'CR, and later LF, end one line', 'split-ending',
    ...MET, put(A, `${IAM}\r`), hears(A, 'OK'), put(A, '\n'), silent(A), ...answered('DONE', A_NAME)),
  clientCase('lines.split-switch', 'CR, and later its LF, end the last line', 'split-switch',
    ...WORLD, put(A, 'UP\r'), hears(A, CALLED), put(A, '\n'), ...pings(A)),
  clientCase('lines.endless', 'A line without an end ends the connection', 'long-line',
    ...MET, put(A, 'x'.repeat(4_096), 64), ends(A, seconds(20))),
  // ── negotiations that do not come to their end ────────────────────────────────────────────────────────────────────
  { ...clientCase('stuck.limit', 'A negotiation that stands still is given up', 'time-limit', ...ASKS, ends(A, GIVEN_UP)), ...SLOW },
  { ...clientCase('stuck.silent', 'A server that says nothing is given up', 'time-limit', ...MET, ends(A, GIVEN_UP)), ...SLOW },
  dropped('stuck.dropped', 'A server that leaves after HELLO', MET),
  dropped('stuck.dropped-later', 'A server that leaves after WORLD', WORLD),
  // ── requests of the client ────────────────────────────────────────────────────────────────────────────────────────
  clientCase('call.form', 'A call', 'calls frames images',
    ...WORLD, say(A, 'UP'), hears(A, CALLED)),
  clientCase('call.rsvp', 'The kernel in rsvp is known to the server', 'reachable',
    started('--alias=Ca', CALL), ...setup('it is connected', ...MET.slice(1), ...plays(A, exchanges(A).slice(0, 4)), ...answered('OK', 'IAM Ca'), ...answered('OK', 'IAM Cli'), ...plays(A, exchanges(A).slice(5))),
    hears(A, { ...CALLED, fields: { ...CALLED.fields, known: true } })),
  clientCase('call.answer', 'What comes to the state that rsvp names is the answer', 'answered',
    ...OPEN, sends(A, 'answer'), tellsOf(tells('[1,"two"]'))),
  clientCase('call.once', 'A second answer is none', 'once',
    ...openWith('--stay', CALL), asks(), sends(A, 'answer-text', 'answer'), tellsOf(tells('"first"')), ...stillPings(A), never(OUT, tells('[1,"two"]'))),
  clientCase('call.error', 'An error in place of an answer', 'told-error',
    ...OPEN, sends(A, 'answer-error'), tellsOf(TELLS_ERROR)),
  clientCase('call.two', 'Two calls', 'in-order',
    ...openWith('--call=poe://Inet/test/first 1', '--call=poe://Inet/test/second 2'), asks(request('the first call', { event: 'poe://Inet/test/first', params: '1' })),
    sends(A, 'answer-text'), asks(request('the second call', { event: 'poe://Inet/test/second', params: '2' })), sends(A, 'answer'), tellsOf(tells('"first"'), tells('[1,"two"]'))),
  clientCase('call.list', 'A call that wants a list', 'lists',
    ...openWith('--list=poe://Inet/test/called [1,2]'), hears(A, { ...CALLED, fields: { ...CALLED.fields, list: true } })),
  clientCase('post.form', 'A post', 'posts',
    ...openWith('--post=poe://Inet/test/posted {"x":[1,"two"]}'), hears(A, POSTED)),
  clientCase('subscribe.session', 'A session is subscribed to', 'subscribes',
    ...openWith('--subscribe=poe://Inet/test'), asks(SUBSCRIBES(''))),
  clientCase('subscribe.state', 'A state is subscribed to', 'states',
    ...openWith('--subscribe=poe://Inet/test/called', '--stay'), asks(SUBSCRIBES('called')), sends(A, 'receipt-state'), ...stillPings(A), never(OUT, TELLS_ERROR)),
  clientCase('subscribe.refused', 'A subscription is refused', 'refused',
    ...openWith('--subscribe=poe://Inet/test'), asks(SUBSCRIBES('')), sends(A, 'receipt-no'), tellsOf(TELLS_ERROR)),
  // ── requests of the server ────────────────────────────────────────────────────────────────────────────────────────
  clientCase('peer.ping', 'ping is answered PONG, once', 'ping',
    ...OPEN, ...pings(A), silent(A)),
  clientCase('peer.bytes', 'A request byte by byte', 'frame-pieces',
    ...OPEN, bytewise(A), ...pings(A), silent(A)),
  clientCase('peer.together', 'Requests in one write', 'together',
    ...OPEN, sends(A, 'ping-1', 'ping-2', 'ping-3'), hears(A, pong(1), pong(2), pong(3)), silent(A)),
  clientCase('peer.early', 'A request in one write with UP', 'early',
    ...WORLD, put(A, 'UP\r\n<<ping>>'), { verb: 'expect-among', channel: A, message: PONG, within: seconds(5) }),
  clientCase('peer.have', 'do_you_have', 'has',
    ...OPEN, sends(A, 'have-state'), hears(A, request('the receipt', { 'event-state': 'IKC:receipt 5 poe://there', error: false, params: { begins: '[{"kernel":"' } }))),
  clientCase('peer.error', 'A session that there is not', 'error',
    ...OPEN, sends(A, 'no-session'), hears(A, error({ 'event-kernel': me })), ...pings(A)),
  clientCase('peer.quiet', 'An error about an error is not sent', 'error-quiet',
    ...OPEN, sends(A, 'no-session-error'), silent(A), ...pings(A)),
  survived('peer.no-request', 'Payloads that are no requests', 'no-request', 'payload-list', 'payload-scalar', 'no-event', 'event-list', 'rsvp-list', 'rsvp-text'),
  unreadable('peer.unreadable', 'Images that cannot be read', 'unreadable', 'hex ', 'hex 050b', 'hex 050b24', 'hex 070b0a03616263', 'ping-foreign', 'unseen-tag', 'ping:40'),
  unreadable('peer.announced', 'Counts of 2^31 - 1 are announced', 'announced', 'announced-array', 'announced-hash', 'announced-string', 'announced-all'),
  survived('peer.deep', 'Arrays in arrays, 100,000 times', 'deep', 'deep'),
  closing('peer.letter', 'A letter where a count has to be', 'no-frame', 'x'),
  closing('peer.gigabyte', 'A frame of a gigabyte is announced', 'frame-limit', '1073741824\0'),
  closing('peer.endless', 'A count without an end', 'frame-limit', '9'.repeat(4_096)),
  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────
  clientCase('ends.done', 'When all is answered the client ends', 'done',
    ...OPEN, sends(A, 'answer'), ends(A, seconds(15)), close(A), exits(0)),
  clientCase('ends.server', 'When the server is gone the client does not wait on', 'server-gone',
    ...OPEN, ...leaves(A), ENDS),
  clientCase('ends.again', 'When the server is gone the client comes again', 'again',
    ...openWith('--reconnect', CALL), ...setup('it calls', asks()), close(A), { verb: 'expect-open', channel: B, within: seconds(40) }, hears(B, 'HELLO')),
  clientCase('ends.term', 'SIGTERM ends the connection and the client', 'terminates',
    ...OPEN, TERM, ends(A, seconds(15)), close(A), ENDS),
  clientCase('ends.term-early', 'SIGTERM in a negotiation', 'terminates-early',
    ...ASKS, TERM, ends(A, seconds(15)), close(A), ENDS),
];
