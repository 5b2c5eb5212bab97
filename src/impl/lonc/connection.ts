/**
 * The connection of a gateway child to one lond, sans IO: inputs in, actions out. It is where the table (connection-table.ts) says.
 * At most one request is outstanding.
 * Lacks: sockets, the queue of requests, the cipher: child.ts has them.
 */

import { wayOf } from '../tables/table.ts';
import type { Action, ConnectionState, Input } from './connection-actions.ts';
import type { ConnectionTable, Facts, LinkRules } from './connection-table.ts';
import { DIALOGUE_TIMEOUT, TABLE } from './connection-table.ts';

export interface Link {
  readonly state: ConnectionState;
  /** A request may be given. */
  readonly free: boolean;
  handle(input: Input): readonly Action[];
}

export interface ConnectionRules extends LinkRules {
  /** L3: what an input leads to. */
  readonly table: ConnectionTable;
}

export const CORRECTED: ConnectionRules = { table: TABLE, pongLimit: DIALOGUE_TIMEOUT, closesFailed: true };

export class Connection implements Link, Facts {
  readonly peer: string;
  readonly random: (bound: number) => number;
  readonly rules: ConnectionRules;
  #state: ConnectionState = 'start';
  #served = false;

  constructor({ peer, random }: Pick<Facts, 'peer' | 'random'>, rules: ConnectionRules = CORRECTED) {
    this.peer = peer;
    this.random = random;
    this.rules = rules;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get free(): boolean {
    return this.#state === 'serve' || this.#state === 'delayed';
  }

  get served(): boolean {
    return this.#served;
  }

  handle(input: Input): readonly Action[] {
    const way = wayOf(this.rules.table, this.#state, input, this);
    const actions = way.does(input, this);
    this.#state = way.next;
    this.#served ||= way.next === 'serve';
    return actions;
  }
}
