/**
 * The traps of the published gateway, one row each, in the order of their numbers (src/impl/lonc/quirks.ts); those of a schedule that
 * was observed with it have its name (README.md).
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { seconds } from '../../src/host/time.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT, KEEPER, OPERATOR } from './daemons/names.ts';
import { clearAsk, HALF, HUSH, keyValue, PING, PUT, SLOW, secretAsk, wordAsk } from './parts/asks.ts';
import { LATER, type LinkSpec, link } from './parts/link.ts';
import { allAnswered, answersAreOwn, conLostMet, replyMet, secretMet } from './properties/answers.ts';
import { attemptsAsConfigured, oneChildPerHost, restartedAtOnce, restartMet, startsMet } from './properties/children.ts';
import {
  answersAtOnce,
  closeRequestStays,
  closesFailed,
  dialogueIsBounded,
  echoesChallenge,
  endsInOrder,
  endsWhenTold,
  failureBacksOff,
  keepsHealthyConnection,
  keepsToItself,
  reconnects,
  secureIsOpen,
  socketRemoved,
  takesItsOwn,
  wholeMessages,
} from './properties/connection.ts';
import { noSigpipe } from './properties/deaths.ts';
import { delayedArrives, delayedInOrder, removedWhenAnswered } from './properties/delayed.ts';
import { backOffMet, delayedMet, lostMet, onlineMet } from './properties/links.ts';
import { noSecretInLogs, noSecretOnWire } from './properties/secrets.ts';

type Line = readonly string[];

const client = (...args: Line): Line => [CLIENT, '--peer=h2', ...args];
/** Of the host in the schedules. */
const observed = (...args: Line): Line => [CLIENT, '--peer=srv1', ...args];
const say = (at: number, ...lines: Line): string => `--say=${at}:${lines.join('|')}`;
/** Sends signals, each at its time and to a child or the gateway. */
const operator = (...signals: readonly (readonly [at: number, signal: string, to: string])[]): Line => [
  OPERATOR,
  ...signals.map(each => `--send=${each.join(':')}`),
];
/** Keeps a message for later at each of these times. */
const keeper = (...times: readonly number[]): Line => [KEEPER, '--peer=h2', ...times.map(at => `--keep=${at}:put:net:all:env:d#=1`)];
/** `count` of something, by their numbers from 0 on. */
const times = <Value>(count: number, make: (index: number) => Value): readonly Value[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** After a reply that takes longer than its limit of 300 s. */
const LATE = 400;

const TABLE: readonly LinkSpec[] = [
  {
    // A-B06, L-01: another client waits meanwhile, and gets it. It takes A-B05, too: of a connection that is given up nobody reads it.
    slug: 'late-reply',
    title: 'A reply that comes too late is nobody’s.',
    quirk: QUIRK.KEEP_LATE_REPLY,
    ranges: { gap: [100, 200_000], count: [0, 60_000] },
    cast: ({ first, gap, count }) => ({
      peer: 'srv1',
      lond: [`--do=1:late:${300_500 + count}`],
      local: [observed(say(first, SLOW), '--lines=1'), observed(say(first + gap, PING))],
    }),
    properties: [answersAreOwn, allAnswered(seconds(40)), conLostMet, replyMet],
    fails: ['answers-are-own'],
    chaos: LATE,
  },
  {
    // A-B05 and A-B06, L-05: the connection is kept, and every later reply on it answers the request before.
    slug: 'late-reply-pipelined',
    title: 'Requests that were sent together are answered in turn, although one of them is not.',
    quirk: QUIRK.DEFER_RECONNECT,
    ranges: { count: [0, 60_000] },
    cast: ({ first, gap, count }) => ({
      peer: 'srv1',
      lond: [`--do=1:late:${300_500 + count}`],
      local: [observed(say(first, SLOW, PING, PUT), say(first + 370_000 + gap, PING))],
    }),
    properties: [answersAreOwn, allAnswered(seconds(40)), conLostMet, replyMet],
    fails: ['answers-are-own'],
    chaos: LATE,
  },
  {
    // A-B06b, L-02: half of it comes before the limit, and the other half is the reply to the next request.
    slug: 'partial-reply',
    title: 'A reply that is late by half is nobody’s.',
    quirk: QUIRK.DROP_PARTIAL,
    ranges: { gap: [100, 200_000], count: [0, 60_000] },
    cast: ({ first, gap, count }) => ({
      peer: 'srv1',
      lond: [`--do=1:half:${300_500 + count}`],
      local: [observed(say(first, HALF), '--lines=1'), observed(say(first + gap, PING))],
    }),
    properties: [answersAreOwn, allAnswered(seconds(40)), conLostMet, replyMet],
    fails: ['answers-are-own'],
    chaos: LATE,
  },
  {
    // A-B03, L-03: lond closes the connection instead of answering, and the client is told so again after every reconnect.
    slug: 'con-lost-repeated',
    title: 'A client is told con_lost once for each request that had no answer.',
    quirk: QUIRK.REPEAT_CON_LOST,
    cast: ({ first, count }) => ({
      peer: 'srv1',
      lond: [`--do=${count}:close`],
      local: [observed(...times(count, index => say(first + 500 * index, PING)))],
    }),
    properties: [answersAreOwn, allAnswered(seconds(40)), conLostMet],
    fails: ['answers-are-own'],
    chaos: 40,
  },
  {
    // A-B04: what a lond says tears its healthy connection down.
    slug: 'con-lost-in-band',
    title: 'A reply is a reply, whatever it says.',
    quirk: QUIRK.IN_BAND_MARKER,
    cast: ({ first }) => ({ local: [client(say(first, wordAsk('con_lost')))] }),
    properties: [answersAreOwn, keepsHealthyConnection, conLostMet],
    fails: ['keeps-healthy-connection', 'answers-are-own'],
  },
  {
    // A-B05: two requests of one client fail together, their two answers are not the marker by which the loss is seen, and the dead
    // connection is kept.
    slug: 'reconnect-deferred',
    title: 'A connection that lond has ended is opened again at once.',
    quirk: QUIRK.DEFER_RECONNECT,
    ranges: { first: [6_000, 8_000] },
    cast: ({ first, gap }) => ({
      lond: ['--do=1:close'],
      local: [client(say(first, clearAsk(1), clearAsk(2)), say(first + 6_000 + gap, clearAsk(3)))],
    }),
    properties: [answersAreOwn, reconnects, allAnswered(seconds(40)), conLostMet, lostMet],
    fails: ['reconnects-after-loss'],
    mayFail: ['answers-are-own'],
    chaos: 10,
  },
  {
    // A-B07: it is not recognised, and goes to lond.
    slug: 'close-request',
    title: 'A child that is asked to close its connection ends, and tells nobody.',
    quirk: QUIRK.FORWARD_CLOSE,
    cast: ({ first }) => ({ local: [client(say(first, clearAsk(1), 'close_connection_exit'))] }),
    properties: [closeRequestStays, answersAreOwn, onlineMet],
    fails: ['close-request-stays-local'],
  },
  {
    // A-B08: ids and build key are short, and its newline goes into the key of this end, and not of the other.
    slug: 'build-key-newline',
    title: 'What one end encrypts, the other decrypts, however short the build key.',
    quirk: QUIRK.KEY_WITH_NEWLINE,
    cast: ({ first, count }) => ({ lond: 'ours', local: [client(say(first, secretAsk(count)))] }),
    properties: [answersAreOwn, noSecretOnWire, noSecretInLogs, secretMet],
    fails: ['answers-are-own'],
  },
  {
    // A-B09, L-06: an empty request follows an encrypted one, and its reply is taken for the next one’s (together with A-B06;
    // corrected, a line that nobody asked for ends the connection).
    slug: 'delayed-extra-newline',
    title: 'A delayed message is one request.',
    quirk: QUIRK.EXTRA_NEWLINE,
    cast: ({ first, gap }) => ({
      peer: 'srv1',
      // 14 bytes, as then.
      delayed: { '1000.put.srv1': `encrypt:put:${HUSH}:all:x\n` },
      lond: ['--do=1:say:ok-enc'],
      local: [observed(say(first, PING), say(first + 500 + gap, PING))],
    }),
    properties: [answersAreOwn, noSecretOnWire, noSecretInLogs, delayedMet, replyMet],
    fails: ['answers-are-own'],
    mayFail: ['no-secret-in-logs'],
  },
  {
    // A-B10: in the order of the directory.
    slug: 'delayed-order',
    title: 'Delayed messages are sent in the order in which they were kept.',
    quirk: QUIRK.DIRECTORY_ORDER,
    ranges: { gap: [0, 2_000], count: [2, 8] },
    cast: ({ gap, count }) => ({ local: [keeper(...times(count, index => gap + 300 * index))] }),
    properties: [delayedInOrder, removedWhenAnswered, delayedArrives(seconds(40)), delayedMet],
    fails: ['delayed-in-order'],
  },
  {
    // A-B10b: a file of two lines, or an empty one. Its first line is sent, be it empty, and all of it deleted.
    slug: 'delayed-first-line',
    title: 'What was kept and is no message is kept on.',
    quirk: QUIRK.FIRST_LINE_ONLY,
    cast: ({ turn, count }) => ({
      delayed: { [`100${count}.put.h2`]: ['put:net:all:env:a=1\nput:net:all:env:b=2\n', '\n'][turn] ?? '' },
    }),
    properties: [wholeMessages, onlineMet],
  },
  {
    // A-B10c: the id of the host is a.b, and a message for axb is taken for its own.
    slug: 'host-id-pattern',
    title: 'A child sends the messages of its own host.',
    quirk: QUIRK.ID_AS_PATTERN,
    cast: ({ count }) => ({ peer: 'a.b', delayed: { [`100${count}.put.axb`]: 'put:net:all:env:a=1\n' } }),
    properties: [takesItsOwn, onlineMet],
  },
  {
    // A-B10d: its text is in two logs.
    slug: 'clear-text-logged',
    title: 'A log does not tell what was to be encrypted.',
    quirk: QUIRK.LOG_CLEAR_TEXT,
    cast: ({ count }) => ({ delayed: { '1000.put.h2': `encrypt:put:net:all:env:${HUSH}=${count}\n` } }),
    properties: [noSecretInLogs, noSecretOnWire, delayedMet],
    fails: ['no-secret-in-logs'],
  },
  {
    // A-B10e: it waits for the child’s death.
    slug: 'delayed-once',
    title: 'A message that is kept while a child serves is sent by it.',
    quirk: QUIRK.DELAYED_ONCE,
    cast: ({ first, gap }) => ({ local: [keeper(first, first + gap)] }),
    properties: [delayedArrives(seconds(320)), delayedInOrder, removedWhenAnswered, delayedMet],
    fails: ['delayed-arrives'],
    liveness: 400,
  },
  {
    // A-B11, L-10: a child is killed again and again, each time after a long and healthy life. The sixth death ends the link, until
    // SIGUSR1 revives it.
    slug: 'attempts-never-reset',
    title: 'Only deaths in a row are counted.',
    quirk: QUIRK.NEVER_RESET,
    cast: ({ first, gap }) => {
      const after = (lives: number): number => first + (950_000 + gap) * lives;
      const kills = times(6, index => [after(index + 1), 'SIGKILL', 'h2'] as const);
      return { gateway: true, local: [operator(...kills, [after(7), 'SIGUSR1', 'gateway'])] };
    },
    properties: [attemptsAsConfigured, restartedAtOnce, oneChildPerHost, restartMet],
    fails: ['attempts-as-configured'],
    chaos: 7_000,
  },
  {
    // A-B12, L-07: SIGUSR1 to the gateway, which passes it on to a child that waits for requests. That child serves nobody until
    // somebody connects; then it serves who has asked meanwhile, and closes all who were silent.
    slug: 'status-signal-hangs',
    title: 'A child that tells its status goes on serving.',
    quirk: QUIRK.HANG_ON_USR1,
    cast: ({ first, gap, count }) => ({
      gateway: true,
      // At 5.9 s it is online: the dialogue has a pause of 5 s. The last client is later than the others may have to wait.
      local: [
        operator([first, 'SIGUSR1', 'gateway']),
        client('--open=5900'),
        client('--open=5900', say(first + 1_500 + gap, clearAsk(count))),
        client(`--open=${45_000 + gap}`),
      ],
    }),
    properties: [answersAreOwn, allAnswered(seconds(20)), onlineMet, replyMet],
    fails: ['all-answered'],
  },
  {
    // A-B13, L-09: a child that was started again has the handlers of its parent. At SIGTERM it ends all the others, which their
    // parent starts again.
    slug: 'restart-inherits-handlers',
    title: 'A child that is told to end ends itself.',
    quirk: QUIRK.INHERIT_HANDLERS,
    cast: ({ first, gap }) => ({
      gateway: true,
      ownLond: true,
      knows: ['h1', 'h2'],
      local: [operator([first, 'SIGKILL', 'h2'], [first + 500 + gap, 'SIGTERM', 'h2'])],
    }),
    properties: [keepsToItself, oneChildPerHost, restartMet],
    fails: ['child-keeps-to-itself'],
  },
  {
    // A-B14, L-08: SIGUSR1 to a gateway when the last attempt for a host is alive. The second child takes the socket; who is connected
    // to the first one waits for nothing (A-B12).
    slug: 'rearm-duplicates-child',
    title: 'Nobody gets a second child while the first one lives.',
    quirk: QUIRK.DUPLICATE_CHILD,
    ranges: { count: [4, 6] },
    cast: ({ first, gap, count }) => {
      const kills = times(count, index => [first + 300 * index, 'SIGKILL', 'h2'] as const);
      // The dialogue of the last child has a pause of 5 s.
      const online = first + 300 * count + 6_000;
      return {
        gateway: true,
        local: [
          operator(...kills, [online + 500 + gap, 'SIGUSR1', 'gateway']),
          client(`--open=${online}`, say(online + 5_000, clearAsk(count))),
        ],
      };
    },
    properties: [oneChildPerHost, attemptsAsConfigured, answersAreOwn, allAnswered(seconds(20)), restartMet],
    fails: ['one-child-per-host', 'all-answered'],
    chaos: 30,
  },
  {
    // A-B15, L-04: two requests of one client fail together, which is not noticed (A-B05), and it asks a third time. That write kills
    // the child.
    slug: 'sigpipe-kills',
    title: 'A child survives its lond.',
    quirk: QUIRK.DIE_OF_SIGPIPE,
    cast: ({ first, gap }) => ({
      peer: 'srv1',
      lond: ['--do=1:close'],
      local: [observed(say(first, SLOW, PING), say(first + 500 + gap, PING))],
    }),
    properties: [noSigpipe, answersAreOwn, conLostMet],
    fails: ['child-survives'],
    mayFail: ['answers-are-own'],
  },
  {
    // A-B17: lond says nothing any more, after ok, and is waited for for ever.
    slug: 'pong-without-timeout',
    title: 'Every step of the dialogue has a limit.',
    quirk: QUIRK.WAIT_FOR_PONG,
    cast: ({ turn }) => ({ lond: [`--silent=${turn === 0 ? 'pong' : 'ekey'}`] }),
    properties: [dialogueIsBounded, backOffMet],
    chaos: 90,
    liveness: 300,
  },
  {
    // A-B18: lond closes the connection instead of answering pong or ekey, and that is an answer.
    slug: 'end-at-pong-accepted',
    title: 'A connection that has ended is not a secure one.',
    quirk: QUIRK.ACCEPT_EOF,
    cast: ({ turn }) => ({ lond: [`--closes=${turn === 0 ? 'pong' : 'ekey'}`] }),
    properties: [secureIsOpen, dialogueIsBounded, backOffMet],
    fails: ['secure-is-open'],
    liveness: 300,
  },
  {
    // A-B19: an empty line is sent as its echo, and it is taken for the verdict.
    slug: 'init-timeout-ignored',
    title: 'A challenge that comes too late is not answered.',
    quirk: QUIRK.IGNORE_INIT_TIMEOUT,
    cast: ({ gap }) => ({ lond: [`--late=init:${60_100 + 10 * gap}`] }),
    properties: [echoesChallenge, backOffMet],
    chaos: 120,
  },
  {
    // A-B20: lond does not say ok. Its child ends at once, and uses up its attempts in minutes.
    slug: 'no-back-off',
    title: 'A child that fails backs off before it ends.',
    quirk: QUIRK.NO_BACK_OFF,
    cast: ({ turn }) => ({ gateway: true, lond: ['--silent=challenge', ...(turn === 0 ? [] : ['--late=init:1000'])] }),
    properties: [failureBacksOff, attemptsAsConfigured, backOffMet],
    fails: ['failure-backs-off'],
    chaos: 700,
  },
  {
    // A-B21: lond is gone, and the socket stays open.
    slug: 'listens-in-back-off',
    title: 'Nobody waits for a child that backs off.',
    quirk: QUIRK.LISTEN_IN_BACK_OFF,
    ranges: { gap: [200, 9_000] },
    cast: ({ first, gap }) => ({
      lond: ['--until=1', '--do=1:close'],
      local: [client(say(first, clearAsk(1))), client(say(first + gap, clearAsk(2)))],
    }),
    properties: [answersAreOwn, allAnswered(seconds(60)), conLostMet, backOffMet],
    fails: ['all-answered'],
  },
  {
    // A-B23: a reply that begins with the letters enc is decrypted, to nothing.
    slug: 'enc-prefix',
    title: 'Only what is encrypted is decrypted.',
    quirk: QUIRK.DECRYPT_PREFIX,
    cast: ({ first, turn }) => ({ local: [client(say(first, wordAsk(turn === 0 ? 'encyclopedia' : 'enchanted:3:x')))] }),
    properties: [answersAreOwn, replyMet],
  },
  {
    // A-B24: what came of it before the end of the connection is passed on, without an end.
    slug: 'unterminated-reply',
    title: 'A reply that is cut off is none.',
    quirk: QUIRK.PASS_UNTERMINATED,
    cast: ({ first, gap }) => ({
      lond: ['--do=1:cut'],
      local: [client(say(first, clearAsk(1)), say(first + 7_000 + gap, clearAsk(2)))],
    }),
    properties: [answersAreOwn, allAnswered(seconds(40)), conLostMet],
    fails: ['answers-are-own'],
    mayFail: ['all-answered'],
  },
  {
    // A-B26: the file stays.
    slug: 'socket-file-left',
    title: 'A child that ends removes its socket.',
    quirk: QUIRK.LEAVE_SOCKET,
    cast: ({ first }) => ({ local: [operator([first, 'SIGTERM', 'h2'])] }),
    properties: [socketRemoved, endsWhenTold, onlineMet],
    fails: ['socket-file-removed'],
  },
  {
    // A-B29: it dies of SIGTERM.
    slug: 'start-up-unguarded',
    title: 'A gateway that is told to end while it starts ends in order.',
    quirk: QUIRK.UNGUARDED_START,
    ranges: { gap: [1, 50] },
    cast: ({ gap }) => ({ gateway: true, local: [operator([LATER + gap, 'SIGTERM', 'gateway'])] }),
    properties: [endsInOrder, startsMet],
  },
  {
    // A-B30: lond closes the connection instead of admitting, and the child holds its end until its back-off is over.
    slug: 'failed-link-held',
    title: 'A connection whose dialogue has failed is closed.',
    quirk: QUIRK.HOLD_FAILED,
    cast: ({ turn }) => ({ lond: [`--closes=${turn === 0 ? 'init' : 'challenge'}`] }),
    properties: [closesFailed, backOffMet],
  },
  {
    // A-B31: nobody asks for a while, and it is the answer to what is asked next.
    slug: 'idle-link-unread',
    title: 'A line that nobody asked for is no answer.',
    quirk: QUIRK.IDLE_UNREAD,
    ranges: { gap: [1_000, 4_000] },
    cast: ({ first, gap }) => ({
      lond: [`--do=1:say:${keyValue('h2', 1)}\nstray`],
      local: [client(say(first, clearAsk(1)), say(first + gap, clearAsk(2)))],
    }),
    properties: [answersAreOwn, allAnswered(seconds(40)), replyMet],
    fails: ['answers-are-own'],
  },
  {
    // A-B32: two clients ask at about the same time, and the first one waits for what the second one asked as well.
    slug: 'answers-held-back',
    title: 'An answer is given when it comes.',
    quirk: QUIRK.HOLD_ANSWERS,
    ranges: { first: [8_000, 9_000], gap: [100, 1_000], count: [20_000, 30_000] },
    cast: ({ first, gap, count }) => ({
      lond: ['--do=1:late:2000', `--do=2:late:${count}`],
      local: [client(say(first, clearAsk(1))), client(say(first + gap, clearAsk(2)))],
    }),
    properties: [answersAtOnce, answersAreOwn, allAnswered(seconds(40)), replyMet],
    fails: ['answered-when-it-comes'],
  },
  {
    // A-B01, a variant: after every odd number of transactions the signals of a child are blocked.
    slug: 'signal-mask-toggles',
    title: 'A child that is told to end ends, however many requests it has had.',
    quirk: QUIRK.TOGGLE_MASK,
    cast: ({ first, count }) => ({
      local: [client(say(first, ...times(count, clearAsk))), operator([first + 1_000, 'SIGTERM', 'h2'])],
    }),
    properties: [endsWhenTold, answersAreOwn, replyMet],
    fails: ['ends-when-told'],
  },
];

export const traps: readonly Scenario[] = TABLE.map(link);
