/**
 * The sessions of this kernel: their states, and which of them others may ask for (B9).
 * Lacks: queues; a handler runs to its end before the next request is looked at.
 */
import type { PerlValue } from '../storable/values.ts';
import type { Link } from './link.ts';
import type { Specifier } from './specifier.ts';

/** What a state returns to somebody who asks for a list: its items. Who asks for one value gets the last of them, as from Perl. */
export class List {
  readonly items: readonly PerlValue[];
  constructor(items: readonly PerlValue[]) {
    this.items = items;
  }
}

/** `undefined` is nothing: undef for who wants a value, no items for who wants a list. */
export type Returned = PerlValue | List | undefined;

/** In scalar context. */
export function scalarOf(returned: Returned): PerlValue {
  return returned instanceof List ? (returned.items.at(-1) ?? null) : (returned ?? null);
}

/** In list context. */
export function itemsOf(returned: Returned): PerlValue[] {
  if (returned instanceof List) return [...returned.items];
  return returned === null || returned === undefined ? [] : [returned];
}

/** May throw a Refusal, whose text the peer is told; any other Error is told without its text. */
export type Handler = (call: Invocation) => Returned;

/** Why a handler does not do what it was asked for, in words for the peer. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

export interface Invocation {
  /** Which state it is: one handler can serve several. */
  readonly state: string;
  readonly args: readonly PerlValue[];
  /** The session that sent it, if it said so. Nothing holds the peer to the truth. */
  readonly from: Specifier | undefined;
  /** By which the request came. */
  readonly link: Link;
  readonly wantsList: boolean;
  /** The answer comes later: what the handler returns is none. Exactly one of the two is called, once; more has no effect. */
  later(): Later;
  /** Posts to the session that sent it. False where there is none, or it is gone. */
  respond(state: string, args: readonly PerlValue[]): boolean;
}

export interface Later {
  answer(value: Returned): void;
  refuse(text: string): void;
}

interface Session {
  readonly states: Map<string, Handler>;
  readonly published: Set<string>;
}

export class Sessions {
  readonly #sessions: Map<string, Session> = new Map();

  /** `published`: all of them unless it is said. A session of that name is replaced. */
  define(name: string, states: Readonly<Record<string, Handler>>, published: readonly string[] = Object.keys(states)): void {
    this.#sessions.set(name, { states: new Map(Object.entries(states)), published: new Set(published) });
  }

  remove(name: string): void {
    this.#sessions.delete(name);
  }

  /** One state more, which is not published. */
  add(name: string, state: string, handler: Handler): void {
    this.#sessions.get(name)?.states.set(state, handler);
  }

  drop(name: string, state: string): void {
    this.#sessions.get(name)?.states.delete(state);
  }

  publish(name: string, states: readonly string[]): void {
    for (const state of states) this.#sessions.get(name)?.published.add(state);
  }

  /** Without `states` all that is published of it. */
  retract(name: string, states?: readonly string[]): void {
    const published = this.#sessions.get(name)?.published;
    if (states === undefined) published?.clear();
    else for (const state of states) published?.delete(state);
  }

  has(name: string): boolean {
    return this.#sessions.has(name);
  }

  handler(name: string, state: string): Handler | undefined {
    return this.#sessions.get(name)?.states.get(state);
  }

  /** Without a state: whether there is anything of it to be asked for. */
  isPublished(name: string, state?: string): boolean {
    const published = this.#sessions.get(name)?.published;
    if (published === undefined) return false;
    return state === undefined ? published.size > 0 : published.has(state);
  }

  get published(): readonly (readonly [session: string, states: readonly string[]])[] {
    return [...this.#sessions].flatMap(([name, { published }]) => (published.size === 0 ? [] : [[name, [...published]] as const]));
  }
}
