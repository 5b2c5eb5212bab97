/**
 * Cases for a gateway, seen from the lond it connects to: the dialogue, what ends it, and requests. Where a request has to
 * come from somewhere, the tester is a local client as well.
 */
import type { Duration } from '../../src/host/time.ts';
import { seconds } from '../../src/host/time.ts';
import type { Case, Step } from '../case.ts';
import { HOSTS, hostLine } from './settings.ts';
import {
  A,
  admits,
  alsoJoins,
  B,
  begins,
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
  HANG_UP,
  hears,
  hearsIn,
  joins,
  LEAVING,
  LOND,
  LOND2,
  LOSES,
  line,
  never,
  ONLINE,
  OVER,
  once,
  opens,
  place,
  ponged,
  put,
  quiet,
  SERVER,
  SETTLING,
  START,
  say,
  setup,
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
// What must not happen before its time is watched for a good part of it: the tester begins to count when it has heard something, which is
// later than the gateway, by more where the computer is busy or the gateway's time is short.
const BEFORE_60 = seconds(45);
const BACK_OFF = seconds(100);
const BEFORE_300 = seconds(250);
/** Back-off at most, and a little. */
const AGAIN = seconds(270);
const POKED = seconds(10);
/** Longer than the pause after `ok`: who took something for `ok` has gone on by then. */
const GOES_ON = seconds(8);
/** Nothing more is said, and the connection ends. */
const LETS_GO: Step = { verb: 'expect-sequence', channel: LOND, items: [], thenEof: true, within: seconds(30) };

const GREETED: readonly Step[] = [START, ...setup('the gateway says init', ...greets(LOND))];
const ECHOED: readonly Step[] = [...GREETED, ...setup('the gateway echoes the challenge', say(LOND, CHALLENGE), hears(LOND, CHALLENGE))];
const ADMITTED: readonly Step[] = [START, ...setup('the gateway is admitted', ...admits(LOND))];
const ASKED_PONG: readonly Step[] = [...ADMITTED, ...setup('the gateway says pong', hearsIn(SETTLING, LOND, 'pong'))];
const ASKED_KEY: readonly Step[] = [START, ...setup('the gateway says ekey', ...ponged(LOND), hears(LOND, 'ekey'))];
const REFUSED: readonly Step[] = [
  ...GREETED,
  ...setup('the gateway echoes bye', say(LOND, 'bye'), hears(LOND, 'bye')),
  say(LOND, 'refused'),
];

/** Nobody asks lond anything on this connection, and no local client is let in. Whether it is closed is left open. */
const stopsThere = (requirement: string): readonly Step[] => [
  quiet(GOES_ON, LOND2),
  citing(requirement, never(LOND, line('pong'))),
  citing(requirement, turnsAway()),
];
/** lond says this in place of ok. */
const says = (answer: string, requirement: string): readonly Step[] => [...ECHOED, say(LOND, answer), ...stopsThere(requirement), ...OVER];
/** A request on its way, and the client that waits for it. */
const asks = (text: string): readonly Step[] => setup('a request is on its way', say(A, text), hears(LOND, text));
/** Nothing is tried for so long, and then it is tried again. */
const restsAndTries = (rest: Duration, channel: string): readonly Step[] => [
  quiet(rest, channel),
  citing(id('tries-again'), opens(channel, AGAIN)),
];
/** As many lives that fail in the dialogue, each on a connection of its own. */
const failsTimes = (count: number): readonly Step[] =>
  setup(
    'the dialogue fails again and again',
    ...CONNECTIONS.slice(0, count).flatMap(channel => [opens(channel, seconds(370)), hears(channel, 'init'), close(channel)]),
  );

export const LOND_CLIENT_CASES: readonly Case[] = [
  // ── the dialogue ──────────────────────────────────────────────────────────────────────────────────────────────────
  {
    ...COMMON,
    rev: 2,
    id: id('dialogue.init'),
    title: 'The first line is init, and nothing follows before the challenge',
    requirements: [id('init'), id('connects'), id('line-feed')],
    steps: [
      START,
      citing(id('connects'), opens(LOND)),
      hears(LOND, begins('init')),
      citing(id('line-feed'), never(LOND, line('init\r'))),
      once(LOND, line('init')),
      silent(LOND),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    rev: 2,
    id: id('dialogue.one-connection'),
    title: 'There is one connection, in the dialogue and after it',
    requirements: [id('connects'), id('idle')],
    steps: [...ONLINE, silent(LOND2), citing(id('idle'), silent(LOND)), ...OVER],
  },
  {
    ...COMMON,
    rev: 2,
    id: id('dialogue.echo'),
    title: 'The challenge comes back as it was',
    requirements: [id('echo')],
    steps: [...GREETED, say(LOND, CHALLENGE), hears(LOND, CHALLENGE), silent(LOND), ...OVER],
  },
  {
    ...COMMON,
    id: id('dialogue.echo-any'),
    title: 'A challenge of other characters than digits comes back as it was',
    requirements: [id('echo')],
    steps: [...GREETED, say(LOND, 'Qz: %41 \xe4 7'), hears(LOND, 'Qz: %41 \xe4 7'), ...OVER],
  },
  {
    ...COMMON,
    id: id('dialogue.echo-pieces'),
    title: 'A challenge in pieces comes back whole, when it has ended',
    requirements: [id('pieces'), id('echo')],
    steps: [
      ...GREETED,
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
    rev: 2,
    id: id('dialogue.settles'),
    title: 'Nothing is said for five seconds after ok',
    requirements: [id('settles'), id('pong')],
    steps: [...ADMITTED, quiet(seconds(3.5), LOND), citing(id('pong'), hearsIn(SETTLING, LOND, 'pong')), ...OVER],
  },
  {
    ...COMMON,
    id: id('dialogue.pong'),
    title: 'After the pause comes pong, and after its answer ekey',
    requirements: [id('pong')],
    steps: [
      ...ADMITTED,
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
    steps: [...ASKED_PONG, say(LOND, `${SERVER}:con_lost`), hears(LOND, 'ekey'), ...OVER],
  },
  {
    ...COMMON,
    id: id('dialogue.pong-other'),
    title: 'An answer to pong with another host id is an answer',
    requirements: [id('pong-answer')],
    steps: [...ASKED_PONG, say(LOND, 'somebody:else'), hears(LOND, 'ekey'), ...OVER],
  },
  // ── what ends it ──────────────────────────────────────────────────────────────────────────────────────────────────
  {
    ...COMMON,
    rev: 2,
    id: id('refused.verdict'),
    title: 'After an echo that is answered bye, refused nothing more is said, and the gateway does not go online',
    requirements: [id('verdict')],
    twin: id('dialogue.pong'),
    deviation: 'bye and refused instead of the challenge and ok',
    steps: [...REFUSED, ...stopsThere(id('verdict')), ...OVER],
  },
  {
    ...COMMON,
    rev: 2,
    id: id('refused.not-ok'),
    title: 'An answer that only begins with ok is none',
    requirements: [id('verdict')],
    twin: id('dialogue.pong'),
    deviation: 'okay instead of ok',
    steps: says('okay', id('verdict')),
  },
  {
    ...COMMON,
    rev: 2,
    id: id('refused.cr'),
    title: 'CR is a byte: ok with a CR is not ok',
    requirements: [id('line-feed'), id('verdict')],
    twin: id('dialogue.pong'),
    deviation: 'ok CR LF instead of ok LF',
    steps: says('ok\r', id('line-feed')),
  },
  {
    ...COMMON,
    id: id('refused.closes'),
    title: 'A connection that was refused is closed at once',
    requirements: [id('lets-go')],
    twin: id('dialogue.pong'),
    deviation: 'bye and refused instead of the challenge and ok',
    steps: [...REFUSED, BROKEN, ...OVER],
  },
  ...(
    [
      ['init', 'in place of the challenge', GREETED],
      ['challenge', 'in place of ok', ECHOED],
      ['settle', 'during the pause', ADMITTED],
      ['pong', 'in place of the answer to pong', ASKED_PONG],
      ['ekey', 'in place of the build key', ASKED_KEY],
    ] as const
  ).map(
    ([name, where, steps]): Case => ({
      ...COMMON,
      rev: 2,
      id: id(`ended.${name}`),
      title: `An end of file ${where} is no answer: the gateway does not go online`,
      requirements: [id('end-is-failure')],
      twin: id('dialogue.pong'),
      deviation: `end of file ${where}`,
      steps: [...steps, { verb: 'half-close', channel: LOND }, quiet(GOES_ON, LOND2), turnsAway(), ...OVER],
    }),
  ),
  {
    ...COMMON,
    id: id('ended.closes'),
    title: 'A connection that lond has ended in the dialogue is closed at once',
    requirements: [id('lets-go')],
    twin: id('dialogue.pong'),
    deviation: 'end of file in place of ok',
    steps: [...ECHOED, { verb: 'half-close', channel: LOND }, BROKEN, ...OVER],
  },
  {
    ...SLOW,
    rev: 2,
    id: id('limit.init'),
    title: 'No challenge within 60 s: the connection is closed, and no empty line sent',
    requirements: [id('init-limit')],
    steps: [...GREETED, quiet(BEFORE_60, LOND), LETS_GO, ...OVER],
  },
  {
    ...SLOW,
    rev: 2,
    id: id('limit.verdict'),
    title: 'No answer to the echo within 60 s: the connection is closed',
    requirements: [id('verdict-limit')],
    steps: [...ECHOED, quiet(BEFORE_60, LOND), LETS_GO, ...OVER],
  },
  {
    ...SLOW,
    rev: 2,
    id: id('limit.pong'),
    title: 'No answer to pong within 60 s: the connection is closed',
    requirements: [id('pong-limit')],
    steps: [...ASKED_PONG, quiet(BEFORE_60, LOND), LETS_GO, ...OVER],
  },
  {
    ...SLOW,
    rev: 2,
    id: id('limit.ekey'),
    title: 'No build key within 60 s: the connection is closed',
    requirements: [id('pong-limit')],
    steps: [...ASKED_KEY, quiet(BEFORE_60, LOND), LETS_GO, ...OVER],
  },
  {
    ...SLOW,
    rev: 2,
    id: id('back-off.refused'),
    title: 'After a refusal nothing is tried for 120 s, and then it is tried again',
    requirements: [id('back-off'), id('tries-again')],
    steps: [...REFUSED, ...restsAndTries(BACK_OFF, LOND2), ...OVER],
  },
  {
    ...SLOW,
    rev: 2,
    id: id('back-off.unreachable'),
    title: 'When nobody listens any more nothing is tried for 120 s, and then it is tried again',
    requirements: [id('back-off'), id('tries-again')],
    steps: [
      ...ONLINE,
      ...asks('ping'),
      { verb: 'close-listener' },
      close(LOND),
      // It has been told that the connection is lost, tries to open it again, and is refused: in the first half of the wait.
      ...setup('the gateway tells of the loss', hears(A, 'con_lost')),
      quiet(seconds(60), LOND2),
      { verb: 'listen' },
      ...restsAndTries(seconds(40), LOND2),
      ...OVER,
    ],
  },
  {
    ...SLOW,
    rev: 2,
    id: id('back-off.silence'),
    title: 'After a lond that never answered the echo nothing is tried for 120 s',
    requirements: [id('back-off-silence')],
    steps: [...ECHOED, ...setup('the gateway gives up waiting', ends(LOND, seconds(70))), quiet(BACK_OFF, LOND2), ...OVER],
  },
  {
    ...SLOW,
    deadline: seconds(6_000),
    id: id('attempts.given-up'),
    title: 'A host that fails six times is left alone, until SIGUSR1',
    requirements: [id('gives-up'), id('poke')],
    steps: [START, ...failsTimes(6), quiet(seconds(1_500), 'lond7'), USR1, citing(id('poke'), opens('lond7', POKED)), ...OVER],
  },
  {
    ...SLOW,
    deadline: seconds(6_000),
    id: id('attempts.poked-online'),
    title: 'At SIGUSR1 a host whose sixth life is a healthy one is not connected to a second time',
    requirements: [id('poke-once')],
    steps: [
      START,
      ...failsTimes(5),
      ...setup('the sixth life goes online', opens('lond6', seconds(370)), ...dialogue('lond6').slice(1), joins(A)),
      USR1,
      quiet(seconds(15), 'lond7'),
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
      ...alsoJoins(B),
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
    rev: 2,
    id: id('request.limit'),
    title: 'A request is given up after 300 s, and the connection with it',
    requirements: [id('request-limit'), id('order-lost')],
    steps: [...ONLINE, ...asks('slow'), quiet(BEFORE_300, LOND, LOND2), citing(id('order-lost'), ends(LOND, seconds(90))), ...OVER],
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
    steps: [...ONLINE, ...asks('ping'), put(LOND, 'srv1\nsrv1\n'), BROKEN, ...OVER],
  },
  // ── connecting again ──────────────────────────────────────────────────────────────────────────────────────────────
  {
    ...COMMON,
    rev: 2,
    id: id('reconnect.idle'),
    title: 'An idle connection that ends is opened again at once',
    requirements: [id('idle-loss')],
    steps: [...ONLINE, close(LOND), opens(LOND2), ...OVER],
  },
  {
    ...COMMON,
    rev: 2,
    id: id('reconnect.request'),
    title: 'A connection that ends on a request is opened again at once, with a whole dialogue and no old request',
    requirements: [id('reconnects'), id('reconnect-dialogue')],
    steps: [
      ...ONLINE,
      ...LOSES,
      opens(LOND2),
      ...dialogue(LOND2)
        .slice(1)
        .map(step => citing(id('reconnect-dialogue'), step)),
      citing(id('reconnect-dialogue'), silent(LOND2)),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    rev: 2,
    id: id('reconnect.reset'),
    title: 'A connection that is reset is opened again at once',
    requirements: [id('reconnects')],
    steps: [...ONLINE, ...asks('ping'), { verb: 'reset', channel: LOND }, opens(LOND2), ...OVER],
  },
  {
    ...COMMON,
    rev: 2,
    id: id('reconnect.two-clients'),
    title: 'Also when two requests of one client were waiting, it is opened again',
    race: 'the connection is lost, and the second request is taken',
    requirements: [id('reconnects')],
    steps: [
      ...ONLINE,
      ...setup('the first of two requests is on its way', put(A, 'one\ntwo\n'), hears(LOND, 'one')),
      close(LOND),
      opens(LOND2),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    rev: 2,
    id: id('stays.con-lost'),
    title: 'A reply of the text con_lost does not end a healthy connection',
    requirements: [id('stays')],
    steps: [
      ...ONLINE,
      ...asks('get:x'),
      say(LOND, 'con_lost'),
      quiet(seconds(1), LOND, LOND2),
      say(A, 'ping'),
      hears(LOND, 'ping'),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    id: id('stays.client'),
    title: 'A client that was told con_lost, and stays, does not end the next connection',
    requirements: [id('stays')],
    steps: [
      ...ONLINE,
      ...asks('ping'),
      close(LOND),
      ...setup('the gateway tells of the loss, and connects again', hears(A, 'con_lost'), ...dialogue(LOND2)),
      quiet(seconds(2), LOND2, 'lond3'),
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
    rev: 2,
    id: id('end.connection'),
    title: 'At SIGTERM the connection ends, whether lond answers a farewell or not',
    requirements: [id('terminates')],
    steps: [...ONLINE, TERM, ends(LOND, LEAVING), { verb: 'expect-exit', within: LEAVING }],
  },
  {
    ...COMMON,
    id: id('hang-up.anew'),
    title: 'At SIGHUP lond is told exit, the connection ends, and a new one is opened',
    requirements: [id('hang-up')],
    steps: [...ONLINE, HANG_UP, hears(LOND, 'exit'), say(LOND, 'bye'), ends(LOND, LEAVING), opens(LOND2, SETTLING), ...OVER],
  },
  {
    ...COMMON,
    id: id('hang-up.hosts'),
    title: 'After SIGHUP a host that was taken from the table is not connected to, and one that is new is',
    requirements: [id('hang-up-reads')],
    steps: [
      ...ONLINE,
      place(HOSTS, hostLine('srv2')),
      HANG_UP,
      ...setup('the gateway begins anew', ends(LOND, LEAVING), opens(LOND2, SETTLING), ...dialogue(LOND2).slice(1)),
      joins(B, 'sock/srv2'),
      turnsAway(),
      ...OVER,
    ],
  },
];
