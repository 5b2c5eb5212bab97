/**
 * The connection of a gateway child to one lond, sans IO: inputs in, actions out (README.md, L2 and L3).
 *
 *     start -> connect -> init -> challenge -> settle -> pong -> key -> delayed -> listen -> serve
 *                 ^                                                                           |
 *                 +---------------------------------- reconnect ------------------------------+
 *
 * from `delayed`, too, it may be lost; and from every other step before `serve`, when it fails: back-off -> ended.
 * Rule 1: every change of state is in connection-table.ts; an input that is absent there is refused by a throw, since the daemon made it.
 * Rule 2: at most one request is outstanding, and a line that answers none ends the connection.
 * Lacks: sockets, the queue of requests, the cipher: child.ts has them.
 * May import: host, connection-actions, connection-table, quirks, wire.
 */
import type { Duration } from '../../host/time.ts';
import { seconds } from '../../host/time.ts';
import type { Action, Input, Note } from './connection-actions.ts';
import type { ConnectionEvent, ConnectionState } from './connection-table.ts';
import { TRANSITIONS } from './connection-table.ts';
import type { Quirks } from './quirks.ts';
import { QUIRK } from './quirks.ts';
import { ACCEPTED, EKEY, INIT, PONG } from './wire.ts';

// README.md, L3: the timers.
export const DIALOGUE_TIMEOUT: Duration = seconds(60);
export const REQUEST_TIMEOUT: Duration = seconds(300);
export const DELAYED_TIMEOUT: Duration = seconds(60);
export const SETTLE_TIME: Duration = seconds(5);
export const BACK_OFF_MIN = 120;
/** The back-off is BACK_OFF_MIN seconds and a random number below this. */
export const BACK_OFF_SPREAD = 240;
/** A-B06: lines nobody asked for that are kept. More than that is no late reply. */
const STALE_MAX = 64;

/** What comes from lond. */
const UPSTREAM: readonly Input['input'][] = ['line', 'end', 'violation'];

export interface ConnectionOptions {
  /** Host id of the peer: what the reply to pong must begin with. */
  readonly peer: string;
  readonly quirks: Quirks;
  /** A random integer below `bound`. */
  readonly random: (bound: number) => number;
}

export class Connection {
  readonly #options: ConnectionOptions;
  #state: ConnectionState = 'start';
  #actions: Action[] = [];
  /** A request is outstanding. */
  #busy = false;
  /** The peer has ended the stream. */
  #ended = false;
  /** A-B06: lines that answered nothing. */
  #stale: string[] = [];
  /** Clients can connect: a later dialogue leads to `serve` at once. */
  #listening = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** A request may be given. */
  get free(): boolean {
    return !this.#busy && (this.#state === 'delayed' || this.#state === 'serve');
  }

  handle(input: Input): readonly Action[] {
    this.#actions = [];
    this.#dispatch(input);
    return this.#actions;
  }

  #dispatch(input: Input): void {
    // A-B30: the stream is still there, and nobody reads it.
    if (this.#state === 'back-off' && this.#quirk(QUIRK.HOLD_FAILED) && UPSTREAM.includes(input.input)) return;
    switch (input.input) {
      case 'begin':
        this.#move('begin');
        this.#ended = false;
        this.#stale = [];
        this.#do({ action: 'connect' });
        return;
      case 'opened':
        this.#move('opened');
        this.#note('connected', '');
        this.#say(INIT, DIALOGUE_TIMEOUT);
        return;
      case 'refused':
      case 'not-listening':
        this.#fail(input.reason);
        return;
      case 'line':
        this.#line(input.text);
        return;
      case 'end':
        this.#end(input.rest);
        return;
      case 'violation':
        this.#broken('violation', input.detail);
        return;
      case 'timeout':
        this.#timeout();
        return;
      case 'drained':
        this.#move('drained');
        this.#do({ action: 'listen' });
        return;
      case 'listening':
        this.#move('listening');
        this.#listening = true;
        this.#do({ action: 'serve' });
        return;
      case 'request':
        this.#request(input.text, input.timeout);
        return;
      case 'declare-lost':
        this.#lose('declared');
        return;
      default:
        input satisfies never;
    }
  }

  // ── what comes from lond ──────────────────────────────────────────────────────────────────────────────────────────

  #line(text: string): void {
    switch (this.#state) {
      case 'init':
        this.#move('reply');
        this.#say(text, DIALOGUE_TIMEOUT);
        return;
      case 'challenge':
        this.#verdict(text);
        return;
      case 'pong':
        this.#ponged(text);
        return;
      case 'key':
        this.#keyed(text, true);
        return;
      case 'delayed':
      case 'serve':
        if (this.#busy) this.#answer(text, true);
        else this.#unasked(text);
        return;
      default:
        this.#unasked(text);
    }
  }

  #verdict(text: string): void {
    if (text !== ACCEPTED) {
      this.#note('init-reply', text);
      this.#fail(`init answered '${text}'`);
      return;
    }
    this.#move('accepted');
    this.#timer(SETTLE_TIME);
  }

  /** The reply is looked at, and whatever it is the dialogue goes on (L2). */
  #ponged(text: string): void {
    if (!text.startsWith(this.#options.peer)) this.#note('pong-reply', text);
    this.#move('reply');
    this.#ask(EKEY);
  }

  #keyed(reply: string, ended: boolean): void {
    this.#do({ action: 'cancel' });
    this.#do({ action: 'key', reply, ended });
    this.#move(this.#listening ? 'rekeyed' : 'keyed');
    this.#note('open', '');
    this.#do({ action: this.#listening ? 'serve' : 'drain' });
  }

  /** Rule 2. */
  #unasked(text: string): void {
    const kept = this.#quirk(QUIRK.KEEP_LATE_REPLY) || this.#quirk(QUIRK.IDLE_UNREAD);
    if (!kept) this.#broken('violation', 'a line that answers no request');
    else if (this.#stale.length < STALE_MAX) this.#stale.push(text);
  }

  #end(rest: string): void {
    const again = this.#ended;
    this.#ended = true;
    switch (this.#state) {
      case 'pong':
      case 'key':
        // A-B18: nothing read is a reply, too.
        if (!this.#quirk(QUIRK.ACCEPT_EOF)) this.#fail('lond closed the connection');
        else if (this.#state === 'pong') this.#ponged(rest);
        else this.#keyed(rest, false);
        return;
      case 'delayed':
      case 'serve':
        // A-B24: what came of the last line, without its end. `0` is false where this was written.
        if (this.#busy && rest !== '' && rest !== '0' && this.#quirk(QUIRK.PASS_UNTERMINATED)) this.#answer(rest, false);
        // A-B05, A-B31: it ended before, and is used on.
        else if (this.#busy || !again) this.#broken('end', 'lond closed the connection');
        return;
      case 'settle':
        // Nobody reads while it settles; as written the end is met at pong.
        if (!this.#quirk(QUIRK.ACCEPT_EOF)) this.#fail('lond closed the connection');
        return;
      case 'listen':
        if (!this.#quirk(QUIRK.IDLE_UNREAD)) this.#fail('lond closed the connection');
        return;
      default:
        this.#fail('lond closed the connection');
    }
  }

  // ── requests ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #request(text: string, timeout: Duration): void {
    if (!this.free) throw new Error(`a request in state ${this.#state}${this.#busy ? ', with another one outstanding' : ''}`);
    this.#busy = true;
    this.#say(text, timeout);
    const stale = this.#stale.shift();
    if (stale !== undefined) this.#answer(stale, true);
    else if (this.#ended) this.#broken('end', 'lond closed the connection');
  }

  #answer(text: string, ended: boolean): void {
    this.#busy = false;
    this.#do({ action: 'cancel' });
    this.#do({ action: 'answer', text, ended });
    if (this.#ended) this.#broken('end', 'lond closed the connection');
  }

  #noAnswer(cause: 'timeout' | 'end' | 'violation'): void {
    this.#busy = false;
    this.#do({ action: 'cancel' });
    this.#do({ action: 'no-answer', cause });
  }

  // ── failures ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #timeout(): void {
    switch (this.#state) {
      case 'settle':
        this.#move('settled');
        this.#note('ponging', '');
        this.#ask(PONG);
        return;
      case 'init':
        // A-B19: the reply is empty, and is echoed.
        if (!this.#quirk(QUIRK.IGNORE_INIT_TIMEOUT)) this.#fail('timeout');
        else this.#line('');
        return;
      case 'challenge':
        this.#note('init-timeout', '');
        if (this.#quirk(QUIRK.NO_BACK_OFF)) this.#giveUp();
        else this.#fail('timeout');
        return;
      case 'back-off':
        this.#move('rested');
        this.#do({ action: 'end' });
        return;
      case 'delayed':
      case 'serve':
        this.#broken('timeout', 'a request was not answered in time');
        return;
      default:
        this.#fail('timeout');
    }
  }

  /** A-B20. */
  #giveUp(): void {
    this.#move('given-up');
    this.#do({ action: 'disconnect' });
    this.#do({ action: 'end' });
  }

  /** The connection is of no use any more, in whatever state. */
  #broken(cause: 'timeout' | 'end' | 'violation', detail: string): void {
    if (this.#state !== 'serve' && this.#state !== 'delayed') {
      this.#fail(detail);
      return;
    }
    const asked = this.#busy;
    if (asked) this.#noAnswer(cause);
    if (cause === 'timeout' && this.#quirk(QUIRK.DROP_PARTIAL)) this.#do({ action: 'forget-partial' });
    if (!this.#usedOn(cause, asked)) this.#lose(detail);
    else if (cause === 'timeout' && !this.#quirk(QUIRK.KEEP_LATE_REPLY)) this.#ended = true;
  }

  /** A-B10b: the loop goes on, on whatever connection is left. A-B05: so does the other one. A-B31: and who waits for clients. */
  #usedOn(cause: 'timeout' | 'end' | 'violation', asked: boolean): boolean {
    if (this.#state === 'delayed') return this.#quirk(QUIRK.FIRST_LINE_ONLY);
    return asked ? this.#quirk(QUIRK.DEFER_RECONNECT) : cause === 'end' && this.#quirk(QUIRK.IDLE_UNREAD);
  }

  #lose(detail: string): void {
    this.#move('lost');
    this.#do({ action: 'cancel' });
    this.#do({ action: 'lost', detail });
    this.#do({ action: 'disconnect' });
  }

  #fail(detail: string): void {
    const step = this.#state;
    this.#move('failed');
    const rest = BACK_OFF_MIN + this.#options.random(BACK_OFF_SPREAD);
    if (!this.#quirk(QUIRK.HOLD_FAILED)) this.#do({ action: 'disconnect' });
    this.#do({ action: 'back-off', seconds: rest, step, detail });
    this.#timer(seconds(rest));
  }

  // ── small change ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** A step of the dialogue that as written has no limit (A-B17). */
  #ask(text: string): void {
    if (this.#quirk(QUIRK.WAIT_FOR_PONG)) {
      this.#do({ action: 'cancel' });
      this.#do({ action: 'send', text });
    } else this.#say(text, DIALOGUE_TIMEOUT);
    // A-B31: what came in the pause is read now. A-B18: and so is its end.
    const stale = this.#stale.shift();
    if (stale !== undefined) this.#line(stale);
    else if (this.#ended) this.#end('');
  }

  #say(text: string, timeout: Duration): void {
    this.#do({ action: 'send', text });
    this.#timer(timeout);
  }

  #timer(delay: Duration): void {
    this.#do({ action: 'timer', delay });
  }

  #note(note: Note, text: string): void {
    this.#do({ action: 'note', note, text });
  }

  #do(action: Action): void {
    this.#actions.push(action);
  }

  #move(event: ConnectionEvent): void {
    const next = TRANSITIONS[this.#state][event];
    if (next === undefined) throw new Error(`'${event}' in state ${this.#state}`);
    this.#state = next;
  }

  #quirk(quirk: (typeof QUIRK)[keyof typeof QUIRK]): boolean {
    return this.#options.quirks.has(quirk);
  }
}
