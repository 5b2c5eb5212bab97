/**
 * One connection of a lond, sans IO: who calls, the challenge, then one line in and one line out. It is where the table
 * (session-table.ts) says. Replies are in the order of requests: while one is answered the next ones wait.
 * Lacks: sockets, storage, the meaning of commands: lond-child.ts and commands.ts have them.
 */
import type { Idea } from '../cipher/idea.ts';
import { wayOf } from '../tables/table.ts';
import { decrypted } from './secure-text.ts';
import type { SessionAction, SessionInput, SessionState } from './session-actions.ts';
import { type Facts, SESSION_TABLE, type SessionOptions } from './session-table.ts';

export class Session {
  readonly #facts: Facts;
  #state: SessionState = 'start';

  constructor(options: SessionOptions) {
    this.#facts = { ...options, sent: '', cipher: undefined, reply: answer => answer, waiting: [] };
  }

  get state(): SessionState {
    return this.#state;
  }

  handle(input: SessionInput): readonly SessionAction[] {
    const actions = [...this.#step(input)];
    for (let text = this.#nextWaiting(); text !== undefined; text = this.#nextWaiting())
      actions.push(...this.#step({ input: 'line', text }));
    return actions;
  }

  #step(input: SessionInput): readonly SessionAction[] {
    const { cipher } = this.#facts;
    const isRequest = input.input === 'line' && this.#state === 'open';
    const given = isRequest ? ({ input: 'request', line: input.text, clear: clearOf(input.text, cipher) } as const) : input;
    const way = wayOf(SESSION_TABLE, this.#state, given, this.#facts);
    const actions = way.does(given, this.#facts);
    this.#state = way.next;
    return actions;
  }

  #nextWaiting(): string | undefined {
    if (this.#state !== 'open') return undefined;
    const [next, ...rest] = this.#facts.waiting;
    this.#facts.waiting = rest;
    return next;
  }
}

/** What a line says; undefined for one that cannot be decrypted. */
function clearOf(line: string, cipher: Idea | undefined): string | undefined {
  if (!line.startsWith('enc:')) return line;
  return cipher === undefined ? undefined : decrypted(cipher, line);
}
