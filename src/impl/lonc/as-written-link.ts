/**
 * The connection of a gateway child as published: what lond says is read only where a reply is waited for, so a late line is the next
 * reply, and an end is met by the next request. And what hangs on the connection: con_lost, and the signals of a transaction.
 * Each trap is played only if its rule, or its ways in the table, are there.
 */
import type { Host } from '../../host/host.ts';
import type { Signal } from '../../host/signal.ts';
import type { LoopClients } from './as-written-clients.ts';
import type { Link } from './connection.ts';
import type { Action, ConnectionState, Input } from './connection-actions.ts';

export interface ReadingRules {
  /** A-B06, A-B31: lines that nobody asked for wait for the next request. */
  readonly keepsLines: boolean;
  /** A-B06: so does what comes after a timeout. Otherwise a connection that is used on after one is as good as ended. */
  readonly keepsLate: boolean;
  /** A-B06b: what came of a line before a timeout is forgotten. */
  readonly dropsPartial: boolean;
  /** A-B24: a last line without its end is a reply. */
  readonly passesCut: boolean;
  /** A-B01: signals are blocked for a transaction, and unblocked as they were before it. */
  readonly togglesMask: boolean;
}

/** Lines nobody asked for that are kept. More than that is no late reply. */
const KEPT_MAX = 64;
/** A line that comes in these was not asked for. */
const UNASKED: readonly ConnectionState[] = ['settle', 'delayed', 'listen', 'serve'];
const AWAITS: readonly ConnectionState[] = ['pong', 'key', 'delivering', 'asking'];
const OUTSTANDING: readonly ConnectionState[] = ['delivering', 'asking'];
/** What the published gateway calls a transaction. */
const TRANSACTION: readonly ConnectionState[] = ['init', 'challenge', ...OUTSTANDING];
const TRANSACTION_SIGNALS: readonly Signal[] = ['SIGQUIT', 'SIGUSR1', 'SIGHUP', 'SIGINT', 'SIGTERM'];
const END: Input = { input: 'end', rest: '' };

export interface Around {
  readonly host: Host;
  readonly clients: LoopClients;
  /** Forgets what came of an unended line. */
  readonly forgetPartial: () => void;
}

export class UnreadLink implements Link {
  readonly #link: Link;
  readonly #around: Around;
  readonly #rules: ReadingRules;
  /** What waits to be read: lines, and after them the end, which is met again and again. */
  #lines: string[] = [];
  #ended = false;
  /** A-B01: the mask before the transaction. */
  #maskBefore: readonly Signal[] | undefined;

  constructor(link: Link, around: Around, rules: ReadingRules) {
    this.#link = link;
    this.#around = around;
    this.#rules = rules;
  }

  get state(): ConnectionState {
    return this.#link.state;
  }

  get free(): boolean {
    return this.#link.free;
  }

  handle(input: Input): readonly Action[] {
    const actions = this.#waits(input) ? [] : [...this.#read(input)];
    while (AWAITS.includes(this.state)) {
      const line = this.#lines.shift();
      if (line === undefined && !this.#ended) break;
      actions.push(...this.#read(line === undefined ? END : { input: 'line', text: line }));
    }
    return this.#withMask(input, this.#withClients(actions));
  }

  /** Whether nobody reads that now. */
  #waits(input: Input): boolean {
    switch (input.input) {
      case 'begin':
        this.#lines = [];
        this.#ended = false;
        return false;
      case 'line':
        if (!this.#rules.keepsLines || !UNASKED.includes(this.state)) return false;
        if (this.#lines.length < KEPT_MAX) this.#lines.push(input.text);
        return true;
      case 'end': {
        const again = this.#ended;
        this.#ended = true;
        return again && this.free;
      }
      default:
        return false;
    }
  }

  /** What is read, and what the answer to a request uncovers. */
  #read(input: Input): readonly Action[] {
    const asked = OUTSTANDING.includes(this.state);
    // `0` is false where this was written.
    if (asked && this.#rules.passesCut && input.input === 'end' && !['', '0'].includes(input.rest)) {
      const cut = this.#link.handle({ input: 'line', text: input.rest });
      return [...cut.map(each => (each.action === 'answer' ? { ...each, cut: true as const } : each)), ...this.#link.handle(END)];
    }
    const actions = this.#link.handle(input);
    if (!asked || !this.free) return actions;
    if (input.input === 'line' && this.#ended) return [...actions, ...this.#link.handle(END)];
    if (input.input !== 'timeout') return actions;
    if (!this.#rules.keepsLate) this.#ended = true;
    return this.#rules.dropsPartial ? [...actions, { action: 'aside', act: this.#around.forgetPartial }] : actions;
  }

  #withClients(actions: readonly Action[]): readonly Action[] {
    const { clients } = this.#around;
    return actions.flatMap((each): readonly Action[] => {
      if (each.action === 'lost') return [{ action: 'aside', act: () => clients.release() }, each];
      return each.action === 'serve' ? [each, { action: 'aside', act: () => clients.served() }] : [each];
    });
  }

  // ── A-B01 ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  #withMask({ input }: Input, actions: readonly Action[]): readonly Action[] {
    if (!this.#rules.togglesMask) return actions;
    const within = input === 'request' || TRANSACTION.includes(this.state);
    const begun = actions.flatMap((each): readonly Action[] =>
      each.action === 'send' && within ? [{ action: 'aside', act: () => this.#block() }, each] : [each],
    );
    return TRANSACTION.includes(this.state) ? begun : [...begun, { action: 'aside', act: () => this.#restore() }];
  }

  #block(): void {
    this.#restore();
    this.#maskBefore = this.#around.host.signals.mask('block', TRANSACTION_SIGNALS);
  }

  /** `unblock` where `set` was meant. */
  #restore(): void {
    const before = this.#maskBefore;
    this.#maskBefore = undefined;
    if (before !== undefined) this.#around.host.signals.mask('unblock', before);
  }
}
