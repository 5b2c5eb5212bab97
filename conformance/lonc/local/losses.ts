/**
 * What clients of a gateway are told when lond is lost, says what nobody asked for, or is silent.
 */
import { seconds } from '../../../src/host/time.ts';
import type { Case, Step } from '../../case.ts';
import { casesOf } from '../../rows.ts';
import {
  A,
  alsoJoins,
  B,
  citing,
  close,
  connectedAgain,
  dialogue,
  disturb,
  ends,
  hears,
  hearsIn,
  LOND,
  LOND2,
  LOSES,
  line,
  never,
  ONLINE,
  OVER,
  oneOf,
  put,
  quiet,
  say,
  setup,
  silent,
  turnsAway,
} from '../vocabulary.ts';
import { asked, askedTwo, COMMON, id, serves } from './words.ts';

const SLOW = { slow: true, deadline: seconds(1_500) } as const;
/** Of the 300 s that a request is waited for, what nothing may happen in: the tester counts from when it has heard of it, which is later. */
const BEFORE = seconds(250);
const LIMIT = seconds(90);
/** With BEFORE certainly longer than 300 s, at any scale: a silence that is scaled ends up to 250 ms early. */
const AFTER = seconds(100);
/**
 * The answer to the request of A comes when that was given up, whatever A was told until then: the published gateway tells it only when the
 * request of the other client has its answer as well. Then the gateway has another connection, and gives what it still holds.
 */
const comesLate = (text: string): readonly Step[] => [
  put(LOND, text),
  ...setup('the gateway tells of the loss, and connects again', hears(A, 'con_lost'), close(A), ...dialogue(LOND2)),
  quiet(seconds(2), 'lond4'),
];

export const LOSS_CASES: readonly Case[] = casesOf(COMMON, id, {
  // ── the loss of lond ──────────────────────────────────────────────────────────────────────────────────────────────
  'lost.end': {
    title: 'A request whose connection ends is answered con_lost',
    requirements: [id('con-lost')],
    steps: [...ONLINE, ...asked(A, 'ping'), close(LOND), hears(A, 'con_lost'), ...OVER],
  },
  'lost.reset': {
    title: 'A request whose connection is reset is answered con_lost',
    requirements: [id('con-lost')],
    steps: [...ONLINE, ...asked(A, 'ping'), { verb: 'reset', channel: LOND }, hears(A, 'con_lost'), ...OVER],
  },
  'lost.once': {
    rev: 2,
    title: 'con_lost comes once, also after the next connection, and then the client is served',
    requirements: [id('con-lost-once'), id('persistent')],
    steps: [
      ...ONLINE,
      ...asked(A, 'ping'),
      close(LOND),
      ...setup('the request is answered con_lost', hears(A, 'con_lost')),
      ...connectedAgain(LOND2),
      quiet(seconds(7), A),
      ...serves(A, 'ping', 'srv1', LOND2).map(step => citing(id('persistent'), step)),
      ...OVER,
    ],
  },
  'lost.served-again': {
    title: 'After the next connection another client is served',
    requirements: [id('served-again')],
    steps: [...ONLINE, ...alsoJoins(B), ...LOSES, ...dialogue(LOND2), ...serves(B, 'load', '17', LOND2), ...OVER],
  },
  'lost.two-requests': {
    rev: 2,
    title: 'Of two requests of a client the first is answered con_lost, and the second on the next connection',
    race: 'the connection is lost, and the second request is taken',
    requirements: [id('next-request'), id('con-lost')],
    steps: [
      ...ONLINE,
      ...askedTwo('one', 'two'),
      close(LOND),
      citing(id('con-lost'), hears(A, 'con_lost')),
      silent(A),
      ...dialogue(LOND2),
      hears(LOND2, 'two'),
      say(LOND2, '2'),
      hears(A, '2'),
      ...OVER,
    ],
  },
  'lost.two-clients': {
    rev: 2,
    title: 'The request of another client that waited is answered on the next connection',
    race: 'the connection is lost, and the request that waited is sent',
    requirements: [id('next-request')],
    steps: [
      ...ONLINE,
      ...alsoJoins(B),
      ...asked(A, 'one'),
      say(B, 'two'),
      silent(A, B),
      close(LOND),
      ...setup('the first request is answered con_lost', hears(A, 'con_lost'), close(A)),
      silent(B),
      ...dialogue(LOND2),
      hears(LOND2, 'two'),
      say(LOND2, '2'),
      hears(B, '2'),
      ...OVER,
    ],
  },
  'lost.reset-two': {
    title: 'When the connection is reset with a second request waiting, every client stays connected',
    requirements: [id('gone-lond')],
    steps: [...ONLINE, ...alsoJoins(B), ...askedTwo('one', 'two'), { verb: 'reset', channel: LOND }, quiet(seconds(3), B), ...OVER],
  },
  'lost.idle': {
    rev: 2,
    title: 'A client that asked nothing hears nothing when the connection is lost, and is served on the next one',
    requirements: [id('con-lost-once'), id('persistent')],
    steps: [
      ...ONLINE,
      ...alsoJoins(B),
      ...LOSES,
      ...connectedAgain(LOND2),
      silent(B),
      ...serves(B, 'ping', 'srv1', LOND2).map(step => citing(id('persistent'), step)),
      ...OVER,
    ],
  },
  'lost.partial': {
    title: 'A reply that is cut off by the end of the connection is none',
    requirements: [id('whole-reply'), id('con-lost')],
    twin: id('lost.end'),
    deviation: 'half a reply before the end',
    steps: [...ONLINE, ...asked(A, 'ping'), put(LOND, 'srv'), { verb: 'half-close', channel: LOND }, hears(A, 'con_lost'), ...OVER],
  },
  'lost.reset-in-reply': {
    title: 'A reply that is cut off by a reset of the connection is none',
    requirements: [id('whole-reply'), id('con-lost')],
    twin: id('reply.pieces'),
    deviation: 'a reset after three bytes of the reply',
    steps: [
      ...ONLINE,
      ...asked(A, 'ping'),
      disturb(LOND, { kind: 'reset', after: { bytes: 3 } }),
      say(LOND, 'srv1'),
      hears(A, 'con_lost'),
      silent(A),
      ...OVER,
    ],
  },
  'unasked.next': {
    title: 'A line that nobody asked for is not the answer to the next request',
    requirements: [id('own-reply')],
    steps: [
      ...ONLINE,
      say(LOND, 'who asked'),
      quiet(seconds(4), A),
      say(A, 'ping'),
      quiet(seconds(2), 'lond3'),
      never(A, line('who asked')),
      ...OVER,
    ],
  },
  'limit.con-lost': {
    ...SLOW,
    rev: 2,
    title: 'A request that lond does not answer for 300 s is answered con_lost, and then nothing',
    requirements: [id('con-lost-timeout'), id('con-lost-once')],
    steps: [
      ...ONLINE,
      ...asked(A, 'slow'),
      quiet(BEFORE, A),
      hearsIn(LIMIT, A, 'con_lost'),
      citing(id('con-lost-once'), quiet(seconds(4), A)),
      ...OVER,
    ],
  },
  'limit.half-open': {
    ...SLOW,
    title: 'A request whose connection falls silent is answered con_lost when its limit has passed, and clients are served again',
    requirements: [id('con-lost-timeout'), id('served-again')],
    steps: [
      ...ONLINE,
      ...asked(A, 'slow'),
      disturb(LOND, { kind: 'half-open' }),
      quiet(BEFORE, A),
      hearsIn(LIMIT, A, 'con_lost'),
      close(A),
      ...connectedAgain(LOND2),
      ...alsoJoins(B),
      ...serves(B, 'ping', 'srv1', LOND2).map(step => citing(id('served-again'), step)),
      ...OVER,
    ],
  },
  'limit.late-reply': {
    ...SLOW,
    rev: 2,
    title: 'A late reply is not given to the client that asks next',
    requirements: [id('own-reply')],
    steps: [
      ...ONLINE,
      ...alsoJoins(B),
      ...asked(A, 'slow'),
      quiet(BEFORE, A),
      say(B, 'ping'),
      quiet(AFTER, 'lond3'),
      ...comesLate('late\n'),
      never(B, line('late')),
      ...OVER,
    ],
  },
  'limit.late-pipelined': {
    ...SLOW,
    title: 'A late reply is not given to the next request of the same client',
    requirements: [id('own-reply')],
    steps: [
      ...ONLINE,
      ...askedTwo('slow', 'ping'),
      quiet(seconds(390), 'lond3'),
      say(LOND, 'late'),
      quiet(seconds(2), 'lond3'),
      never(A, line('late')),
      ...OVER,
    ],
  },
  'limit.partial': {
    ...SLOW,
    rev: 2,
    title: 'The rest of a reply that was cut off by its limit is not given for the next one',
    requirements: [id('whole-reply'), id('own-reply')],
    steps: [
      ...ONLINE,
      ...alsoJoins(B),
      ...asked(A, 'slow'),
      put(LOND, 'par'),
      quiet(BEFORE, A),
      say(B, 'ping'),
      quiet(AFTER, 'lond3'),
      ...comesLate('t\n'),
      never(B, oneOf('t', 'part')),
      ...OVER,
    ],
  },
  'back-off.waiting': {
    rev: 2,
    title: 'Who waits while the gateway cannot connect again is answered con_lost, and others are turned away',
    requirements: [id('back-off-closed')],
    steps: [
      ...ONLINE,
      ...alsoJoins(B),
      ...asked(A, 'one'),
      say(B, 'two'),
      silent(A, B),
      { verb: 'close-listener' },
      close(LOND),
      ...setup('the first request is answered con_lost', hears(A, 'con_lost')),
      hears(B, 'con_lost'),
      ends(A),
      turnsAway(),
      ...OVER,
    ],
  },
});
