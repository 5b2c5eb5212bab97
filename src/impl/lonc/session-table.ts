/**
 * THE TABLE that lond's end of a connection is led by: in each state, what each input does and which state is next (README.md, L2 and
 * L6).
 *
 *     start -> greeting -> challenged -> open <-> answering
 *
 * and from each of them: closed. An unknown address, a wrong first line and a wrong echo are told `bye`, `refused`.
 * A pair that is absent cannot come: `begin` and `answer` are given by the daemon, which knows the state, and a timer runs where a line
 * is waited for before `ok`, and while a request is answered.
 * Lacks: who holds the state (session.ts); sockets, storage and the meaning of commands (lond-child.ts, commands.ts).
 */
import type { Duration } from '../../host/time.ts';
import { seconds } from '../../host/time.ts';
import type { Idea } from '../cipher/idea.ts';
import type * as tables from '../tables/table.ts';
import { encrypted, serverCipher } from './secure-text.ts';
import type { SessionAction, SessionInput, SessionState } from './session-actions.ts';
import { ACCEPTED, BYE, EKEY, EXIT, INIT, PING, PONG, REFUSED, REPLY_MAX, SECRET_COMMANDS, wordsOf } from './wire.ts';

/** What is known of lond only by recollection: defaults, not proof. */
export interface LondFacts {
  /** How long the caller may take for its two lines before `ok`. */
  readonly greetingTimeout: Duration;
  /** How long the answer to one request may take; then the connection ends. */
  readonly requestTimeout: Duration;
  /** Commands that are refused in clear. */
  readonly encryptedOnly: readonly string[];
  /** Commands whose reply is encrypted. */
  readonly encryptedReply: readonly string[];
}

export const LOND_FACTS: LondFacts = {
  greetingTimeout: seconds(60),
  requestTimeout: seconds(120),
  encryptedOnly: SECRET_COMMANDS,
  encryptedReply: ['eget'],
};

/** The longest reply whose encrypted form is a reply: two digits a byte, one block more, and what is before them. */
const CLEAR_MAX: number = REPLY_MAX / 2 - 32;
/** Requests that wait while one is answered. A gateway has one outstanding. */
const WAITING_MAX = 16;

export interface SessionOptions {
  readonly own: string;
  /** Id of the host with the caller's address. */
  readonly caller: string | undefined;
  readonly facts: LondFacts;
  /** A challenge is made of decimal digits that are hard to guess. */
  readonly challenge: () => string;
  readonly buildKey: () => string;
}

/** What a row may look at beside its input, and what it leaves for those to come. */
export interface Facts extends SessionOptions {
  /** The challenge that was sent. */
  sent: string;
  cipher: Idea | undefined;
  /** What is done to the answer that is waited for. */
  reply: (answer: string) => string;
  /** Lines that came while a request was answered. */
  waiting: readonly string[];
}

/** A line of a caller who has been admitted; `clear` is its text, undefined where that cannot be had. */
interface Request {
  readonly input: 'request';
  readonly line: string;
  readonly clear: string | undefined;
}

type Input = SessionInput | Request;
type Way<Name extends Input['input']> = tables.Way<SessionState, Extract<Input, { readonly input: Name }>, Facts, SessionAction>;
type Row = tables.Row<SessionState, Input, Facts, SessionAction>;
export type SessionTable = tables.Table<SessionState, Input, Facts, SessionAction>;

// ── what is done ────────────────────────────────────────────────────────────────────────────────────────────────────

const CANCEL: SessionAction = { action: 'cancel' };
const send = (text: string): SessionAction => ({ action: 'send', text });
const wait = (delay: Duration): SessionAction => ({ action: 'timer', delay });
const reply = (text: string): readonly SessionAction[] => [CANCEL, send(text)];
const close = (detail: string): readonly SessionAction[] => [CANCEL, { action: 'close', detail }];
const refuse = (detail: string): readonly SessionAction[] => [
  send(BYE),
  send(REFUSED),
  { action: 'refused', detail },
  { action: 'close', detail },
];

function challenge(facts: Facts): readonly SessionAction[] {
  facts.sent = facts.challenge();
  return [send(facts.sent), wait(facts.facts.greetingTimeout)];
}

function newKey(facts: Facts): readonly SessionAction[] {
  const { own, caller = '', buildKey } = facts;
  const key = buildKey();
  facts.cipher = serverCipher({ server: own, client: caller }, key);
  return reply(key);
}

function encryptedReply(text: string, cipher: Idea | undefined): string {
  if (cipher === undefined) return 'error:no_key';
  return text.length > CLEAR_MAX ? `error:more than ${CLEAR_MAX} bytes to encrypt` : encrypted(cipher, text);
}

function command({ clear: text = '' }: Request, facts: Facts): readonly SessionAction[] {
  const { requestTimeout, encryptedReply: secret } = facts.facts;
  const encrypts = secret.includes(nameOf(text));
  facts.reply = answer => (encrypts ? encryptedReply(answer, facts.cipher) : answer);
  return [wait(requestTimeout), { action: 'command', text }];
}

function reversePing(_: Request, facts: Facts): readonly SessionAction[] {
  facts.reply = answer => `${facts.own}:${answer}`;
  return [wait(facts.facts.requestTimeout), { action: 'reverse-ping' }];
}

function keepForLater({ text }: { readonly text: string }, facts: Facts): readonly SessionAction[] {
  facts.waiting = [...facts.waiting, text];
  return [];
}

// ── what a request is ───────────────────────────────────────────────────────────────────────────────────────────────

const nameOf = (text: string): string => text.split(':', 1)[0] ?? '';

type When = NonNullable<Way<'request'>['when']>;

const is =
  (...texts: readonly string[]): When =>
  ({ clear }) =>
    clear !== undefined && texts.includes(clear);

const isUnreadable: When = ({ clear }) => clear === undefined;
const isSecretInClear: When = ({ line, clear }, { facts }) => clear === line && facts.encryptedOnly.includes(nameOf(line));

// ── the table ───────────────────────────────────────────────────────────────────────────────────────────────────────

const way = <Name extends Input['input']>(next: SessionState, does: Way<Name>['does']): readonly Way<Name>[] => [{ next, does }];
const ENDS: Row = { end: way('closed', ({ detail }) => close(detail)) };
const TIMED: Row = { ...ENDS, timeout: way('closed', () => close('timeout')) };
const unheard = way('closed', () => []);

export const SESSION_TABLE: SessionTable = {
  start: {
    begin: [
      { when: (_, { caller }) => caller !== undefined, next: 'greeting', does: (_, { facts }) => [wait(facts.greetingTimeout)] },
      { next: 'closed', does: () => refuse('the address is not in the hosts table') },
    ],
  },
  greeting: {
    ...TIMED,
    line: [
      { when: ({ text }) => wordsOf(text) === INIT, next: 'challenged', does: (_, facts) => challenge(facts) },
      { next: 'closed', does: () => refuse('the first line is not init') },
    ],
  },
  challenged: {
    ...TIMED,
    line: [
      { when: ({ text }, { sent }) => wordsOf(text) === sent, next: 'open', does: () => [...reply(ACCEPTED), { action: 'admitted' }] },
      { next: 'closed', does: () => refuse('the challenge came back changed') },
    ],
  },
  open: {
    ...ENDS,
    request: [
      { when: isUnreadable, next: 'open', does: (_, { cipher }) => reply(cipher === undefined ? 'error:no_key' : 'error:not_decrypted') },
      { when: isSecretInClear, next: 'open', does: () => reply(REFUSED) },
      { when: is(PING), next: 'open', does: (_, { own }) => reply(own) },
      { when: is(EKEY), next: 'open', does: (_, facts) => newKey(facts) },
      { when: is(EXIT, INIT), next: 'closed', does: ({ clear = '' }) => [...reply(BYE), ...close(clear)] },
      { when: is(PONG), next: 'answering', does: reversePing },
      { next: 'answering', does: command },
    ],
  },
  answering: {
    ...TIMED,
    line: [
      { when: (_, { waiting }) => waiting.length < WAITING_MAX, next: 'answering', does: keepForLater },
      { next: 'closed', does: () => close(`more than ${WAITING_MAX} requests before the answer to one`) },
    ],
    answer: way('open', ({ text }, facts) => reply(facts.reply(text))),
  },
  closed: { line: unheard, answer: unheard, timeout: unheard, end: unheard },
};
