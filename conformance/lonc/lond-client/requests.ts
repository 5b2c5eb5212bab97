/**
 * Requests of a gateway to lond, connecting again, and the end.
 */
import { seconds } from '../../../src/host/time.ts';
import type { Case } from '../../case.ts';
import { casesOf } from '../../rows.ts';
import { HOSTS, hostLine } from '../settings.ts';
import {
  A,
  alsoJoins,
  B,
  citing,
  close,
  dialogue,
  ENDS,
  ends,
  HANG_UP,
  hears,
  joins,
  LEAVING,
  LOND,
  LOND2,
  LOSES,
  ONLINE,
  OVER,
  opens,
  place,
  put,
  quiet,
  SETTLING,
  say,
  setup,
  silent,
  TERM,
  turnsAway,
} from '../vocabulary.ts';
import { asks, BROKEN, COMMON, id, SLOW } from './words.ts';

const BEFORE_300 = seconds(250);

export const REQUEST_CASES: readonly Case[] = [
  ...casesOf(COMMON, id, {
    // ── requests ──────────────────────────────────────────────────────────────────────────────────────────────────────
    'request.bytes': {
      title: 'A request of any bytes arrives as it was',
      requirements: [id('request')],
      steps: [...ONLINE, say(A, 'put:dom:user:x%3a=\xe4\x01\x80 :=;"'), hears(LOND, 'put:dom:user:x%3a=\xe4\x01\x80 :=;"'), ...OVER],
    },
    'request.cr': {
      title: 'CR is a byte of a request',
      requirements: [id('line-feed'), id('request')],
      steps: [...ONLINE, say(A, 'ping\r'), hears(LOND, 'ping\r'), ...OVER],
    },
    'request.empty': {
      title: 'An empty request is an empty line',
      requirements: [id('request')],
      steps: [...ONLINE, say(A, ''), hears(LOND, ''), ...OVER],
    },
    'request.one-client': {
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
    'request.two-clients': {
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
    'request.half-answer': {
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
    'request.limit': {
      ...SLOW,
      rev: 2,
      title: 'A request is given up after 300 s, and the connection with it',
      requirements: [id('request-limit'), id('order-lost')],
      steps: [...ONLINE, ...asks('slow'), quiet(BEFORE_300, LOND, LOND2), citing(id('order-lost'), ends(LOND, seconds(90))), ...OVER],
    },
    'idle.hours': {
      ...SLOW,
      title: 'An idle connection stays open for hours, and is used then',
      requirements: [id('idle')],
      deadline: seconds(9_000),
      steps: [...ONLINE, quiet(seconds(7_200), LOND, LOND2), say(A, 'ping'), hears(LOND, 'ping'), ...OVER],
    },
    'unasked.line': {
      title: 'A line that nobody asked for ends the connection',
      requirements: [id('unasked')],
      steps: [...ONLINE, say(LOND, 'who asked'), BROKEN, ...OVER],
    },
    'unasked.second-answer': {
      title: 'A second answer to one request ends the connection',
      requirements: [id('unasked')],
      steps: [...ONLINE, ...asks('ping'), put(LOND, 'srv1\nsrv1\n'), BROKEN, ...OVER],
    },
  }),
  ...casesOf(COMMON, id, {
    // ── connecting again ──────────────────────────────────────────────────────────────────────────────────────────────
    'reconnect.idle': {
      rev: 2,
      title: 'An idle connection that ends is opened again at once',
      requirements: [id('idle-loss')],
      steps: [...ONLINE, close(LOND), opens(LOND2), ...OVER],
    },
    'reconnect.request': {
      rev: 2,
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
    'reconnect.reset': {
      rev: 2,
      title: 'A connection that is reset is opened again at once',
      requirements: [id('reconnects')],
      steps: [...ONLINE, ...asks('ping'), { verb: 'reset', channel: LOND }, opens(LOND2), ...OVER],
    },
    'reconnect.two-clients': {
      rev: 2,
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
    'stays.con-lost': {
      rev: 2,
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
    'stays.client': {
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
  }),
  ...casesOf(COMMON, id, {
    // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────
    'end.farewell': {
      title: 'At SIGTERM lond is told exit',
      requirements: [id('farewell'), id('terminates')],
      steps: [...ONLINE, TERM, hears(LOND, 'exit'), say(LOND, 'bye'), citing(id('terminates'), ENDS)],
    },
    'end.connection': {
      rev: 2,
      title: 'At SIGTERM the connection ends, whether lond answers a farewell or not',
      requirements: [id('terminates')],
      steps: [...ONLINE, TERM, ends(LOND, LEAVING), { verb: 'expect-exit', within: LEAVING }],
    },
    'hang-up.anew': {
      title: 'At SIGHUP lond is told exit, the connection ends, and a new one is opened',
      requirements: [id('hang-up')],
      steps: [...ONLINE, HANG_UP, hears(LOND, 'exit'), say(LOND, 'bye'), ends(LOND, LEAVING), opens(LOND2, SETTLING), ...OVER],
    },
    'hang-up.hosts': {
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
  }),
];
