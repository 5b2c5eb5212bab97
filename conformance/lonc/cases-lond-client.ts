/**
 * Cases for a gateway, seen from the lond it connects to: the dialogue, what ends it, and requests. Where a request has to
 * come from somewhere, the tester is a local client as well.
 * May import: host, case.ts, vocabulary.ts, settings.ts.
 */
import { seconds } from '../../src/host/time.ts';
import type { Case, Step } from '../case.ts';
import {
  A,
  admits,
  B,
  CHALLENGE,
  CLIENT,
  CONNECTIONS,
  citing,
  close,
  DEADLINE,
  dialogue,
  ENDS,
  ends,
  greets,
  hears,
  hearsIn,
  hearsLast,
  joins,
  LOND,
  LOND2,
  ONLINE,
  OVER,
  opens,
  ponged,
  put,
  quiet,
  SERVER,
  SETTLING,
  START,
  say,
  silent,
  TERM,
  turnsAway,
  USR1,
} from './vocabulary.ts';

const id = (name: string): string => `lonc.lond-client.${name}`;
const COMMON = { rev: 1, role: 'lond-client', deadline: DEADLINE } as const;
/** In virtual time only. */
const SLOW = { ...COMMON, slow: true, deadline: seconds(1_500) } as const;

const BROKEN: Step = ends(LOND);
const BACK_OFF = seconds(118);
/** Back-off at most, and a little. */
const AGAIN = seconds(250);
const LIMIT = seconds(10);

/** What lond says instead of what comes next, and the gateway has to leave. */
const leaves = (...steps: readonly Step[]): readonly Step[] => [START, ...steps, BROKEN, turnsAway(), ...OVER];

export const LOND_CLIENT_CASES: readonly Case[] = [
  // ── the dialogue ──────────────────────────────────────────────────────────────────────────────────────────────────
  {
    ...COMMON,
    id: id('dialogue.init'),
    title: 'The first line is init, and nothing follows before the challenge',
    requirements: [id('init'), id('connects'), id('line-feed')],
    steps: [START, citing(id('connects'), opens(LOND)), hears(LOND, 'init'), silent(LOND), ...OVER],
  },
  {
    ...COMMON,
    id: id('dialogue.one-connection'),
    title: 'There is one connection, in the dialogue and after it',
    requirements: [id('connects'), id('idle')],
    steps: [...ONLINE, citing(id('idle'), silent(LOND, LOND2)), ...OVER],
  },
  {
    ...COMMON,
    id: id('dialogue.echo'),
    title: 'The challenge comes back as it was',
    requirements: [id('echo'), id('line-feed')],
    steps: [START, ...greets(LOND), say(LOND, CHALLENGE), hears(LOND, CHALLENGE), silent(LOND), ...OVER],
  },
  {
    ...COMMON,
    id: id('dialogue.echo-any'),
    title: 'A challenge of other characters than digits comes back as it was',
    requirements: [id('echo')],
    steps: [START, ...greets(LOND), say(LOND, 'Qz: %41 \xe4 7'), hears(LOND, 'Qz: %41 \xe4 7'), ...OVER],
  },
  {
    ...COMMON,
    id: id('dialogue.echo-pieces'),
    title: 'A challenge in pieces comes back whole, when it has ended',
    requirements: [id('pieces'), id('echo')],
    steps: [
      START,
      ...greets(LOND),
      put(LOND, '10086'),
      silent(LOND),
      put(LOND, '1774'),
      silent(LOND),
      put(LOND, '3\n'),
      hears(LOND, '1008617743'),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    id: id('dialogue.settles'),
    title: 'Nothing is said for five seconds after ok',
    requirements: [id('settles')],
    steps: [START, ...admits(LOND), quiet(seconds(4.5), LOND), hearsIn(SETTLING, LOND, 'pong'), ...OVER],
  },
  {
    ...COMMON,
    id: id('dialogue.pong'),
    title: 'After the pause comes pong, and after its answer ekey',
    requirements: [id('pong')],
    steps: [
      START,
      ...admits(LOND),
      hearsIn(SETTLING, LOND, 'pong'),
      silent(LOND),
      say(LOND, `${SERVER}:${CLIENT}`),
      hears(LOND, 'ekey'),
      silent(LOND),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    id: id('dialogue.pong-con-lost'),
    title: 'An answer to pong that says con_lost is an answer',
    requirements: [id('pong-answer')],
    steps: [START, ...admits(LOND), hearsIn(SETTLING, LOND, 'pong'), say(LOND, `${SERVER}:con_lost`), hears(LOND, 'ekey'), ...OVER],
  },
  {
    ...COMMON,
    id: id('dialogue.pong-other'),
    title: 'An answer to pong with another host id is an answer',
    requirements: [id('pong-answer')],
    steps: [START, ...admits(LOND), hearsIn(SETTLING, LOND, 'pong'), say(LOND, 'somebody:else'), hears(LOND, 'ekey'), ...OVER],
  },
  // ── what ends it ──────────────────────────────────────────────────────────────────────────────────────────────────
  {
    ...COMMON,
    id: id('refused.verdict'),
    title: 'An echo that is answered bye, refused ends the connection',
    requirements: [id('verdict')],
    twin: id('dialogue.pong'),
    deviation: 'bye and refused instead of the challenge and ok',
    steps: leaves(...greets(LOND), say(LOND, 'bye'), hears(LOND, 'bye'), say(LOND, 'refused')),
  },
  {
    ...COMMON,
    id: id('refused.not-ok'),
    title: 'An answer that only begins with ok is none',
    requirements: [id('verdict')],
    twin: id('dialogue.pong'),
    deviation: 'okay instead of ok',
    steps: leaves(...greets(LOND), say(LOND, CHALLENGE), hears(LOND, CHALLENGE), say(LOND, 'okay')),
  },
  {
    ...COMMON,
    id: id('refused.cr'),
    title: 'CR is a byte: ok with a CR is not ok',
    requirements: [id('line-feed'), id('verdict')],
    twin: id('dialogue.pong'),
    deviation: 'ok CR LF instead of ok LF',
    steps: leaves(...greets(LOND), say(LOND, CHALLENGE), hears(LOND, CHALLENGE), say(LOND, 'ok\r')),
  },
  ...(
    [
      ['init', 'in place of the challenge', greets(LOND)],
      ['challenge', 'in place of ok', [...greets(LOND), say(LOND, CHALLENGE), hears(LOND, CHALLENGE)]],
      ['settle', 'during the pause', admits(LOND)],
      ['pong', 'in place of the answer to pong', [...admits(LOND), hearsIn(SETTLING, LOND, 'pong')]],
      ['ekey', 'in place of the build key', [...ponged(LOND), hears(LOND, 'ekey')]],
    ] as const
  ).map(
    ([name, where, steps]): Case => ({
      ...COMMON,
      id: id(`ended.${name}`),
      title: `An end of file ${where} is no answer: the gateway leaves, and does not go online`,
      requirements: [id('end-is-failure')],
      twin: id('dialogue.pong'),
      deviation: `end of file ${where}`,
      steps: [START, ...steps, { verb: 'half-close', channel: LOND }, ends(LOND, SETTLING), silent(LOND2), turnsAway(), ...OVER],
    }),
  ),
  {
    ...SLOW,
    id: id('limit.init'),
    title: 'No challenge within 60 s: the connection is closed, and no empty line sent',
    requirements: [id('init-limit')],
    steps: [START, ...greets(LOND), quiet(seconds(58), LOND), hearsLastSoon(), ...OVER],
  },
  {
    ...SLOW,
    id: id('limit.verdict'),
    title: 'No answer to the echo within 60 s: the connection is closed',
    requirements: [id('verdict-limit')],
    steps: [START, ...greets(LOND), say(LOND, CHALLENGE), hears(LOND, CHALLENGE), quiet(seconds(58), LOND), hearsLastSoon(), ...OVER],
  },
  {
    ...SLOW,
    id: id('limit.pong'),
    title: 'No answer to pong within 60 s: the connection is closed',
    requirements: [id('pong-limit')],
    steps: [START, ...admits(LOND), hearsIn(SETTLING, LOND, 'pong'), quiet(seconds(58), LOND), hearsLastSoon(), ...OVER],
  },
  {
    ...SLOW,
    id: id('limit.ekey'),
    title: 'No build key within 60 s: the connection is closed',
    requirements: [id('pong-limit')],
    steps: [START, ...ponged(LOND), hears(LOND, 'ekey'), quiet(seconds(58), LOND), hearsLastSoon(), ...OVER],
  },
  {
    ...SLOW,
    id: id('back-off.refused'),
    title: 'After a refusal nothing is tried for 120 s, and then it is tried again',
    requirements: [id('back-off'), id('tries-again')],
    steps: [
      START,
      ...greets(LOND),
      say(LOND, 'bye'),
      hears(LOND, 'bye'),
      say(LOND, 'refused'),
      BROKEN,
      quiet(BACK_OFF, LOND2),
      citing(id('tries-again'), opens(LOND2, AGAIN)),
      hears(LOND2, 'init'),
      ...OVER,
    ],
  },
  {
    ...SLOW,
    id: id('back-off.unreachable'),
    title: 'When nobody listens nothing is tried for 120 s, and then it is tried again',
    requirements: [id('back-off'), id('tries-again')],
    steps: [
      { verb: 'deafen' },
      START,
      // It has tried meanwhile, and was refused.
      quiet(seconds(3), LOND),
      { verb: 'listen' },
      quiet(seconds(110), LOND),
      citing(id('tries-again'), opens(LOND, AGAIN)),
      hears(LOND, 'init'),
      ...OVER,
    ],
  },
  {
    ...SLOW,
    id: id('back-off.silence'),
    title: 'After a lond that never answered the echo nothing is tried for 120 s',
    requirements: [id('back-off-silence')],
    steps: [START, ...greets(LOND), say(LOND, CHALLENGE), hears(LOND, CHALLENGE), ends(LOND, seconds(70)), quiet(BACK_OFF, LOND2), ...OVER],
  },
  {
    ...SLOW,
    deadline: seconds(6_000),
    id: id('attempts.given-up'),
    title: 'A host that fails six times is left alone, until SIGUSR1',
    requirements: [id('gives-up'), id('poke')],
    steps: [
      START,
      ...CONNECTIONS.slice(0, 6).flatMap(channel => [opens(channel, seconds(370)), hears(channel, 'init'), close(channel)]),
      quiet(seconds(1_500), 'lond7'),
      USR1,
      citing(id('poke'), opens('lond7', LIMIT)),
      ...OVER,
    ],
  },
  // ── requests ──────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    ...COMMON,
    id: id('request.bytes'),
    title: 'A request of any bytes arrives as it was',
    requirements: [id('request')],
    steps: [...ONLINE, say(A, 'put:dom:user:x%3a=\xe4\x01\x80 :=;"'), hears(LOND, 'put:dom:user:x%3a=\xe4\x01\x80 :=;"'), ...OVER],
  },
  {
    ...COMMON,
    id: id('request.cr'),
    title: 'CR is a byte of a request',
    requirements: [id('line-feed'), id('request')],
    steps: [...ONLINE, say(A, 'ping\r'), hears(LOND, 'ping\r'), ...OVER],
  },
  {
    ...COMMON,
    id: id('request.empty'),
    title: 'An empty request is an empty line',
    requirements: [id('request')],
    steps: [...ONLINE, say(A, ''), hears(LOND, ''), ...OVER],
  },
  {
    ...COMMON,
    id: id('request.one-client'),
    title: 'Of two requests of one client the second waits for the first answer',
    requirements: [id('one-outstanding')],
    steps: [
      ...ONLINE,
      put(A, 'first\nsecond\n'),
      hears(LOND, 'first'),
      silent(LOND),
      say(LOND, 'one'),
      hears(LOND, 'second'),
      silent(LOND),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    id: id('request.two-clients'),
    title: 'Of requests of two clients the second waits for the first answer',
    requirements: [id('one-outstanding')],
    steps: [
      ...ONLINE,
      joins(B),
      say(A, 'first'),
      hears(LOND, 'first'),
      say(B, 'second'),
      silent(LOND),
      say(LOND, 'one'),
      hears(LOND, 'second'),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    id: id('request.half-answer'),
    title: 'Half an answer is none: the next request waits for its end',
    requirements: [id('pieces'), id('one-outstanding')],
    steps: [
      ...ONLINE,
      put(A, 'first\nsecond\n'),
      hears(LOND, 'first'),
      put(LOND, 'on'),
      silent(LOND),
      put(LOND, 'e\n'),
      hears(LOND, 'second'),
      ...OVER,
    ],
  },
  {
    ...SLOW,
    id: id('request.limit'),
    title: 'A request is given up after 300 s, and the connection with it',
    requirements: [id('request-limit'), id('order-lost')],
    steps: [
      ...ONLINE,
      say(A, 'slow'),
      hears(LOND, 'slow'),
      quiet(seconds(295), LOND, LOND2),
      citing(id('order-lost'), ends(LOND, LIMIT)),
      ...OVER,
    ],
  },
  {
    ...SLOW,
    id: id('idle.hours'),
    title: 'An idle connection stays open for hours, and is used then',
    requirements: [id('idle')],
    deadline: seconds(9_000),
    steps: [...ONLINE, quiet(seconds(7_200), LOND, LOND2), say(A, 'ping'), hears(LOND, 'ping'), ...OVER],
  },
  {
    ...COMMON,
    id: id('unasked.line'),
    title: 'A line that nobody asked for ends the connection',
    requirements: [id('unasked')],
    steps: [...ONLINE, say(LOND, 'who asked'), BROKEN, ...OVER],
  },
  {
    ...COMMON,
    id: id('unasked.second-answer'),
    title: 'A second answer to one request ends the connection',
    requirements: [id('unasked')],
    steps: [...ONLINE, say(A, 'ping'), hears(LOND, 'ping'), put(LOND, 'srv1\nsrv1\n'), BROKEN, ...OVER],
  },
  // ── connecting again ──────────────────────────────────────────────────────────────────────────────────────────────
  {
    ...COMMON,
    id: id('reconnect.idle'),
    title: 'An idle connection that ends is opened again at once',
    requirements: [id('reconnects')],
    steps: [...ONLINE, close(LOND), opens(LOND2), hears(LOND2, 'init'), ...OVER],
  },
  {
    ...COMMON,
    id: id('reconnect.request'),
    title: 'A connection that ends on a request is opened again at once, with a whole dialogue and no old request',
    requirements: [id('reconnects'), id('reconnect-dialogue')],
    steps: [
      ...ONLINE,
      say(A, 'ping'),
      hears(LOND, 'ping'),
      close(LOND),
      opens(LOND2),
      citing(id('reconnect-dialogue'), hears(LOND2, 'init')),
      ...dialogue(LOND2)
        .slice(2)
        .map(step => citing(id('reconnect-dialogue'), step)),
      silent(LOND2),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    id: id('reconnect.reset'),
    title: 'A connection that is reset is opened again at once',
    requirements: [id('reconnects')],
    steps: [...ONLINE, say(A, 'ping'), hears(LOND, 'ping'), { verb: 'reset', channel: LOND }, opens(LOND2), hears(LOND2, 'init'), ...OVER],
  },
  {
    ...COMMON,
    id: id('reconnect.two-clients'),
    title: 'Also when two requests of one client were waiting, it is opened again',
    race: 'the connection is lost, and the second request is taken',
    requirements: [id('reconnects')],
    steps: [...ONLINE, put(A, 'one\ntwo\n'), hears(LOND, 'one'), close(LOND), opens(LOND2), hears(LOND2, 'init'), ...OVER],
  },
  {
    ...COMMON,
    id: id('stays.con-lost'),
    title: 'A reply of the text con_lost does not end a healthy connection',
    requirements: [id('stays')],
    steps: [
      ...ONLINE,
      say(A, 'get:x'),
      hears(LOND, 'get:x'),
      say(LOND, 'con_lost'),
      quiet(seconds(1), LOND, LOND2),
      say(A, 'ping'),
      hears(LOND, 'ping'),
      ...OVER,
    ],
  },
  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    ...COMMON,
    id: id('end.farewell'),
    title: 'At SIGTERM lond is told exit',
    requirements: [id('farewell'), id('terminates')],
    steps: [...ONLINE, TERM, hears(LOND, 'exit'), say(LOND, 'bye'), citing(id('terminates'), ENDS)],
  },
  {
    ...COMMON,
    id: id('end.connection'),
    title: 'At SIGTERM the connection ends, and is not opened again',
    requirements: [id('terminates')],
    steps: [...ONLINE, TERM, hears(LOND, 'exit'), say(LOND, 'bye'), hearsLast(LOND), ENDS],
  },
];

/** Nothing more is said, and the connection ends. */
function hearsLastSoon(): Step {
  return { verb: 'expect-sequence', channel: LOND, items: [], thenEof: true, within: LIMIT };
}
