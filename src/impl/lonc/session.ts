/**
 * One connection of a lond, sans IO: who calls, the challenge, then one line in and one line out (README.md, L2 and L6).
 *
 *     greeting -> challenged -> open -> closed
 *
 * An unknown address, a wrong first line and a wrong echo are told `bye`, `refused`, and the connection ends.
 * Rule 1: every change of state is in SESSION_TRANSITIONS. Rule 2: replies are in the order of requests; while one is being
 * answered the next ones wait.
 * Lacks: sockets, storage, the meaning of commands: lond-child.ts and commands.ts have them.
 */
import type { Duration } from '../../host/time.ts';
import { seconds } from '../../host/time.ts';
import type { Idea } from '../cipher/idea.ts';
import { decrypted, encrypted, serverCipher } from './secure-text.ts';
import { ACCEPTED, BYE, EKEY, EXIT, INIT, PING, PONG, REFUSED, REPLY_MAX, SECRET_COMMANDS, wordsOf } from './wire.ts';

export type SessionState = 'start' | 'greeting' | 'challenged' | 'open' | 'closed';
export type SessionEvent = 'known' | 'unknown' | 'init' | 'echo' | 'wrong' | 'exit' | 'end';

export const SESSION_TRANSITIONS: Readonly<Record<SessionState, Readonly<Partial<Record<SessionEvent, SessionState>>>>> = {
  start: { known: 'greeting', unknown: 'closed' },
  greeting: { init: 'challenged', wrong: 'closed', end: 'closed' },
  challenged: { echo: 'open', wrong: 'closed', end: 'closed' },
  open: { exit: 'closed', end: 'closed' },
  closed: {},
};

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

export type SessionAction =
  | { readonly action: 'send'; readonly text: string }
  | { readonly action: 'timer'; readonly delay: Duration }
  | { readonly action: 'cancel' }
  /** Answer a command, now or later, with `answer`. */
  | { readonly action: 'command'; readonly text: string }
  /** Ask the caller who it is, through our own gateway, and give the reply to `answer`. */
  | { readonly action: 'reverse-ping' }
  /** The caller is who it should be, or is not, and why. */
  | { readonly action: 'admitted' }
  | { readonly action: 'refused'; readonly detail: string }
  | { readonly action: 'close'; readonly detail: string };

export interface SessionOptions {
  readonly own: string;
  /** Id of the host with the caller's address. */
  readonly caller: string | undefined;
  readonly facts: LondFacts;
  /** A challenge is made of decimal digits that are hard to guess. */
  readonly challenge: () => string;
  readonly buildKey: () => string;
}

export class Session {
  readonly #options: SessionOptions;
  #state: SessionState = 'start';
  #actions: SessionAction[] = [];
  #challenge = '';
  #cipher: Idea | undefined;
  /** The request being answered. */
  #current: { readonly kind: 'command' | 'pong'; readonly encryptReply: boolean } | undefined;
  #waiting: string[] = [];

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  get state(): SessionState {
    return this.#state;
  }

  begin(): readonly SessionAction[] {
    return this.#collect(() => {
      const known = this.#options.caller !== undefined;
      this.#move(known ? 'known' : 'unknown');
      if (known) this.#do({ action: 'timer', delay: this.#options.facts.greetingTimeout });
      else this.#refuse('the address is not in the hosts table');
    });
  }

  line(text: string): readonly SessionAction[] {
    return this.#collect(() => this.#line(text));
  }

  /** The answer to the `command` or `reverse-ping` that was asked for. */
  answer(text: string): readonly SessionAction[] {
    return this.#collect(() => {
      if (this.#state !== 'open' || this.#current === undefined) return;
      const { kind, encryptReply } = this.#current;
      this.#current = undefined;
      const reply = kind === 'pong' ? `${this.#options.own}:${text}` : text;
      this.#reply(encryptReply ? this.#encryptedReply(reply) : reply);
      this.#requestNext();
    });
  }

  timeout(): readonly SessionAction[] {
    return this.#end('timeout');
  }

  /** The caller ended the stream, or broke the rules of lines. */
  end(detail: string): readonly SessionAction[] {
    return this.#end(detail);
  }

  // ── greeting ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #line(text: string): void {
    switch (this.#state) {
      case 'greeting':
        this.#init(text);
        return;
      case 'challenged':
        this.#echo(text);
        return;
      case 'open':
        if (this.#current === undefined) this.#request(text);
        else if (this.#waiting.length < WAITING_MAX) this.#waiting.push(text);
        else this.#close('end', `more than ${WAITING_MAX} requests before the answer to one`);
        return;
      case 'start':
      case 'closed':
        return;
      default:
        this.#state satisfies never;
    }
  }

  #init(text: string): void {
    if (wordsOf(text) !== INIT) {
      this.#move('wrong');
      this.#refuse('the first line is not init');
      return;
    }
    this.#move('init');
    this.#challenge = this.#options.challenge();
    this.#do({ action: 'send', text: this.#challenge });
    this.#do({ action: 'timer', delay: this.#options.facts.greetingTimeout });
  }

  #echo(text: string): void {
    if (wordsOf(text) !== this.#challenge) {
      this.#move('wrong');
      this.#refuse('the challenge came back changed');
      return;
    }
    this.#move('echo');
    this.#do({ action: 'cancel' });
    this.#do({ action: 'send', text: ACCEPTED });
    this.#do({ action: 'admitted' });
  }

  #refuse(detail: string): void {
    this.#do({ action: 'send', text: BYE });
    this.#do({ action: 'send', text: REFUSED });
    this.#do({ action: 'refused', detail });
    this.#do({ action: 'close', detail });
  }

  // ── requests ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #request(line: string): void {
    const clear = line.startsWith('enc:') ? this.#decrypt(line) : line;
    if (clear === undefined) return;
    const [command = ''] = clear.split(':', 1);
    const { facts, own } = this.#options;
    if (clear === line && facts.encryptedOnly.includes(command)) this.#reply(REFUSED);
    else if (clear === PING) this.#reply(own);
    else if (clear === EKEY) this.#newKey();
    else if (clear === EXIT || clear === INIT) {
      this.#reply(BYE);
      this.#close('exit', clear);
    } else {
      this.#current = { kind: clear === PONG ? 'pong' : 'command', encryptReply: facts.encryptedReply.includes(command) };
      this.#do({ action: 'timer', delay: facts.requestTimeout });
      this.#do(clear === PONG ? { action: 'reverse-ping' } : { action: 'command', text: clear });
    }
  }

  #requestNext(): void {
    const next = this.#current === undefined ? this.#waiting.shift() : undefined;
    if (next === undefined) return;
    this.#request(next);
    this.#requestNext();
  }

  /** The text of an encrypted line; undefined if it could not be decrypted, which is answered here. */
  #decrypt(line: string): string | undefined {
    const clear = this.#cipher === undefined ? undefined : decrypted(this.#cipher, line);
    if (clear === undefined) this.#reply(this.#cipher === undefined ? 'error:no_key' : 'error:not_decrypted');
    return clear;
  }

  #newKey(): void {
    const { own, caller = '', buildKey } = this.#options;
    const key = buildKey();
    this.#cipher = serverCipher({ server: own, client: caller }, key);
    this.#reply(key);
  }

  #encryptedReply(reply: string): string {
    if (this.#cipher === undefined) return 'error:no_key';
    return reply.length > CLEAR_MAX ? `error:more than ${CLEAR_MAX} bytes to encrypt` : encrypted(this.#cipher, reply);
  }

  #reply(text: string): void {
    this.#do({ action: 'cancel' });
    this.#do({ action: 'send', text });
  }

  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #end(detail: string): readonly SessionAction[] {
    return this.#collect(() => {
      if (this.#state !== 'closed') this.#close('end', detail);
    });
  }

  #close(event: 'exit' | 'end', detail: string): void {
    this.#move(event);
    this.#current = undefined;
    this.#waiting = [];
    this.#do({ action: 'cancel' });
    this.#do({ action: 'close', detail });
  }

  #collect(act: () => void): readonly SessionAction[] {
    this.#actions = [];
    act();
    return this.#actions;
  }

  #do(action: SessionAction): void {
    this.#actions.push(action);
  }

  #move(event: SessionEvent): void {
    const next = SESSION_TRANSITIONS[this.#state][event];
    if (next === undefined) throw new Error(`'${event}' of a session that is ${this.#state}`);
    this.#state = next;
  }
}
