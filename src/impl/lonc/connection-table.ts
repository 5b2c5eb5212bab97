/**
 * THE TABLE that a gateway child's connection is led by: in each state, what each input does and which state is next (README.md, L2
 * and L3).
 *
 *     start -> connect -> init -> challenge -> settle -> pong -> key -> delayed -> listen -> serve
 *                 ^                                                       |^               |^
 *                 |                                                       v|               v|
 *                 |                                                   delivering         asking
 *                 +------------------------- reconnect <----- when one of these four is lost
 *
 * and from every other step, when it fails: back-off -> ended.
 * A pair that is absent cannot come: `begin`, `drained`, `listening` and `request` are given by the daemon, which knows the state; a
 * timer runs from `init` to `key`, while a request is outstanding, and in `back-off`; and lond has a stream to speak on from `init` to
 * `asking`. What lond says or does is in every row of these.
 * Lacks: who holds the state (connection.ts).
 */
import type { Duration } from '../../host/time.ts';
import { seconds } from '../../host/time.ts';
import type * as tables from '../tables/table.ts';
import type { Action, ConnectionState, Input, InputName, InputOf, NoAnswer, Note } from './connection-actions.ts';
import { ACCEPTED, EKEY, INIT, PONG } from './wire.ts';

// README.md, L3: the timers.
export const DIALOGUE_TIMEOUT: Duration = seconds(60);
export const REQUEST_TIMEOUT: Duration = seconds(300);
export const DELAYED_TIMEOUT: Duration = seconds(60);
export const SETTLE_TIME: Duration = seconds(5);
export const BACK_OFF_MIN = 120;
/** The back-off is BACK_OFF_MIN seconds and a random number below this. */
export const BACK_OFF_SPREAD = 240;

/** What a row may look at beside its input. */
export interface Facts {
  /** The state that the input came in. */
  readonly state: ConnectionState;
  /** Host id of the peer: what the reply to pong must begin with. */
  readonly peer: string;
  /** A random integer below `bound`. */
  readonly random: (bound: number) => number;
  /** Clients can connect: a later dialogue leads to `serve` at once. */
  readonly served: boolean;
  readonly rules: LinkRules;
}

/** Decisions that several rows depend on. */
export interface LinkRules {
  /** L3: how long the replies to pong and ekey are waited for; undefined: for ever. */
  readonly pongLimit: Duration | undefined;
  /** L3: a connection whose dialogue has failed is closed before the back-off. */
  readonly closesFailed: boolean;
}

export type Way<Name extends InputName> = tables.Way<ConnectionState, InputOf<Name>, Facts, Action>;
export type Row = tables.Row<ConnectionState, Input, Facts, Action>;
export type ConnectionTable = tables.Table<ConnectionState, Input, Facts, Action>;

// ── what is done ────────────────────────────────────────────────────────────────────────────────────────────────────

const CANCEL: Action = { action: 'cancel' };
const DISCONNECT: Action = { action: 'disconnect' };
const CLOSED = 'lond closed the connection';
const UNASKED = 'a line that answers no request';

export const note = (text: Note, detail = ''): Action => ({ action: 'note', note: text, text: detail });

export const say = (text: string, delay: Duration): readonly Action[] => [
  { action: 'send', text },
  { action: 'timer', delay },
];

const ask = (text: string, { rules: { pongLimit } }: Facts): readonly Action[] =>
  pongLimit === undefined ? [CANCEL, { action: 'send', text }] : say(text, pongLimit);

/** The reply to pong is looked at, and whatever it is the dialogue goes on (L2). */
export const ponged = (reply: string, facts: Facts): readonly Action[] => [
  ...(reply.startsWith(facts.peer) ? [] : [note('pong-reply', reply)]),
  ...ask(EKEY, facts),
];

function fail(detail: string, { state, random, rules }: Facts): readonly Action[] {
  const rest = BACK_OFF_MIN + random(BACK_OFF_SPREAD);
  return [
    ...(rules.closesFailed ? [DISCONNECT] : []),
    { action: 'back-off', seconds: rest, step: state, detail },
    { action: 'timer', delay: seconds(rest) },
  ];
}

const lose = (detail: string): readonly Action[] => [CANCEL, { action: 'lost', detail }, DISCONNECT];

export const unanswered = (cause: NoAnswer): readonly Action[] => [CANCEL, { action: 'no-answer', cause }];

// ── ways that several rows have ─────────────────────────────────────────────────────────────────────────────────────

export const way = <Name extends InputName>(next: ConnectionState, does: Way<Name>['does']): readonly Way<Name>[] => [{ next, does }];

const CONNECT = way<'begin'>('connect', () => [{ action: 'connect' }]);
const refused = ({ reason }: { readonly reason: string }, facts: Facts): readonly Action[] => fail(reason, facts);

/** What comes from lond and ends a dialogue. */
const FAIL: Pick<Row, 'line' | 'end' | 'violation'> = {
  line: way('back-off', (_, facts) => fail(UNASKED, facts)),
  end: way('back-off', (_, facts) => fail(CLOSED, facts)),
  violation: way('back-off', ({ detail }, facts) => fail(detail, facts)),
};
const STEP: Row = { ...FAIL, timeout: way('back-off', (_, facts) => fail('timeout', facts)) };

/** A line that answers nothing shakes the order of all that follow. */
const IDLE: Row = {
  line: way('reconnect', () => lose(UNASKED)),
  end: way('reconnect', () => lose(CLOSED)),
  violation: way('reconnect', ({ detail }) => lose(detail)),
};

const OUTSTANDING: Row = {
  end: way('reconnect', () => [...unanswered('end'), ...lose(CLOSED)]),
  violation: way('reconnect', ({ detail }) => [...unanswered('violation'), ...lose(detail)]),
  timeout: way('reconnect', () => [...unanswered('timeout'), ...lose('a request was not answered in time')]),
};

const request: Way<'request'>['does'] = ({ text, timeout }) => say(text, timeout);
const answer: Way<'line'>['does'] = ({ text }) => [CANCEL, { action: 'answer', text }];

/** The last reply of the dialogue; with the first one the socket is still to be opened. */
export const keyed = <Name extends InputName>(key: (given: InputOf<Name>) => Action): readonly Way<Name>[] => [
  { when: (_, { served }) => served, next: 'serve', does: given => [CANCEL, key(given), note('open'), { action: 'serve' }] },
  { next: 'delayed', does: given => [CANCEL, key(given), note('open'), { action: 'drain' }] },
];

// ── the table ───────────────────────────────────────────────────────────────────────────────────────────────────────

export const TABLE: ConnectionTable = {
  start: { begin: CONNECT },
  connect: { opened: way('init', () => [note('connected'), ...say(INIT, DIALOGUE_TIMEOUT)]), refused: way('back-off', refused) },
  init: { ...STEP, line: way('challenge', ({ text }) => say(text, DIALOGUE_TIMEOUT)) },
  challenge: {
    ...STEP,
    line: [
      { when: ({ text }) => text === ACCEPTED, next: 'settle', does: () => [{ action: 'timer', delay: SETTLE_TIME }] },
      { next: 'back-off', does: ({ text }, facts) => [note('init-reply', text), ...fail(`init answered '${text}'`, facts)] },
    ],
    timeout: way('back-off', (_, facts) => [note('init-timeout'), ...fail('timeout', facts)]),
  },
  settle: { ...FAIL, timeout: way('pong', (_, facts) => [note('ponging'), ...ask(PONG, facts)]) },
  pong: { ...STEP, line: way('key', ({ text }, facts) => ponged(text, facts)) },
  key: { ...STEP, line: keyed(({ text }) => ({ action: 'key', reply: text })) },
  delayed: { ...IDLE, request: way('delivering', request), drained: way('listen', () => [{ action: 'listen' }]) },
  delivering: { ...OUTSTANDING, line: way('delayed', answer) },
  listen: { ...FAIL, listening: way('serve', () => [{ action: 'serve' }]), 'not-listening': way('back-off', refused) },
  serve: { ...IDLE, request: way('asking', request) },
  asking: { ...OUTSTANDING, line: way('serve', answer) },
  reconnect: { begin: CONNECT },
  'back-off': { timeout: way('ended', () => [{ action: 'end' }]) },
  ended: {},
};
