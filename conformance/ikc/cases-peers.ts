/**
 * Cases for a server with several callers: who is known by which name, who is gone, and the end.
 */
import { seconds } from '../../src/host/time.ts';
import type { Case, Pattern, Step } from '../case.ts';
import { READ } from './frames.ts';
import {
  A,
  answer,
  B,
  C,
  calls,
  close,
  disturb,
  ENDS,
  ends,
  exchanges,
  GREETED,
  hears,
  joins,
  joinsAs,
  leaves,
  namesOf,
  needing,
  OPEN,
  pings,
  plays,
  put,
  request,
  START,
  say,
  sends,
  serverCase,
  setup,
  silent,
  TERM,
} from './vocabulary-server.ts';

const [a, b, c] = [namesOf(A), namesOf(B), namesOf(C)];
/** Through the server, to whoever the specifier names. */
const forwards = (channel: string, to: string): Step => sends(channel, `forward target=${to}`);
const told = (more: Pattern['fields'] = {}): Pattern =>
  request('what was forwarded', { 'event-session': 'sink', 'event-state': 'told', params: '{"told":[1,"two"]}', ...more });
const TOLD = told();
/** Claims to be another kernel, whether that is believed or not, and leaves. */
const claims = (id: string): readonly Step[] => [
  ...setup('a caller claims an id', calls(B), ...plays(B, exchanges(id).slice(0, -1)), say(B, 'WORLD')),
  ...leaves(B),
];
const PLAIN = 'event,params';

// biome-ignore format: a conversation is read along the line.
export const PEER_CASES: readonly Case[] = [
  // ── registration ──────────────────────────────────────────────────────────────────────────────────────────────────
  needing('forward', serverCase('posts.names', 'What is for a kernel, by its id, its alias and its name', 'posts',
    START, ...joins(A, B), ...[b.me, b['my-alias'], b['my-name']].flatMap(name => [forwards(A, `poe://${name}/sink/told`), hears(B, TOLD)]), silent(A))),
  needing('forward', serverCase('posts.self', 'What is for the kernel that asks for it', 'posts',
    ...OPEN, forwards(A, `poe://${a.me}/sink/told`), hears(A, TOLD))),
  needing('forward', serverCase('posts.all', 'What is for all kernels', 'everybody',
    START, ...joins(A, B, C), forwards(A, 'poe://*/sink/told'), hears(A, TOLD), hears(B, TOLD), hears(C, TOLD), silent(A, B, C))),
  needing('forward', serverCase('posts.plain', 'Nothing is added to what is for all kernels', 'leaks',
    START, ...joins(A, B), forwards(A, 'poe://*/sink/told'), hears(B, told({ keys: { oneOf: [PLAIN, 'event,from,params'] } })))),
  needing('forward', serverCase('posts.default', 'What names no kernel', 'default-kernel',
    ...OPEN, forwards(A, 'poe:/sink/told'), hears(A, TOLD))),
  needing('forward', serverCase('namesakes.first', 'A name that two announce is that of the first', 'namesakes',
    START, ...joinsAs(A, a.me, 'Same'), ...joinsAs(B, b.me, 'Same'), ...joins(C), forwards(C, 'poe://Same/sink/told'), hears(A, TOLD), silent(B))),
  needing('forward', serverCase('namesakes.stays', 'It stays the name of the first when the other leaves', 'namesakes',
    START, ...joinsAs(A, a.me, 'Same'), ...joinsAs(B, b.me, 'Same'), ...joins(C), ...leaves(B), forwards(C, 'poe://Same/sink/told'), hears(A, TOLD))),
  serverCase('ids.claimed', 'A kernel is served on when another connection has claimed its id and left', 'ids',
    ...OPEN, ...claims(a.me), silent(A), ...pings(A)),
  serverCase('ids.own', 'Callers are served on when a connection has claimed the id of the server and left', 'own-id',
    ...OPEN, ...claims('{kernel}'), silent(A), ...pings(A), ...joins(C), ...pings(C)),
  serverCase('ids.again', 'A kernel that has left comes again with its id', 'forgets',
    ...OPEN, ...leaves(A), calls(C), ...plays(C, exchanges(a.me, c.me)), ...pings(C)),
  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────
  serverCase('ends.leaves', 'A caller that ends its side is let go', 'peer-gone',
    START, ...joins(A, B), ...leaves(A), silent(B), ...pings(B)),
  serverCase('ends.closes', 'A caller that closes takes nobody with it', 'peer-gone',
    START, ...joins(A, B), close(A), silent(B), ...pings(B)),
  serverCase('ends.resets', 'A caller that breaks off takes nobody with it', 'broken',
    START, ...joins(A, B), sends(A, 'ping-1'), { verb: 'reset', channel: A }, silent(B), ...pings(B)),
  serverCase('ends.in-frame', 'A caller that leaves in the midst of a frame takes nobody with it', 'broken',
    START, ...joins(A, B), put(A, '1000\0\x05\x0b'), close(A), silent(B), ...pings(B)),
  serverCase('ends.half-open', 'A caller that falls silent in the midst of a frame takes nobody with it', 'broken',
    START, ...joins(A, B), disturb(A, { kind: 'half-open', after: { bytes: 20 } }), sends(A, 'ping'), silent(B), ...pings(B)),
  needing('echo', serverCase('ends.slow-reader', 'Large answers reach a caller that reads late, whole', 'flushes',
    START, ...joins(A, B), { verb: 'pause', channel: A }, sends(A, ...Array.from({ length: 3 }, () => 'echo-long')), silent(B), ...pings(B),
    { verb: 'resume', channel: A }, hears(A, ...Array.from({ length: 3 }, () => answer('echoed', READ['echo-long'] ?? ''))))),
  serverCase('ends.term', 'SIGTERM ends connections and the server', 'terminates',
    START, ...joins(A, B), TERM, ends(A, seconds(15)), ends(B, seconds(15)), close(A), close(B), ENDS),
  serverCase('ends.term-early', 'SIGTERM in a negotiation', 'terminates-early',
    ...GREETED, TERM, ends(A, seconds(15)), close(A), ENDS),
];
