/**
 * Who waits for the answer of a request: whoever has sent it, and has asked again meanwhile.
 */
import type { Answered } from './connection.ts';
import type { Place } from './form.ts';
import { keyOf, type State } from './state.ts';
import type { Answer, Reply } from './wire.ts';

export class Waiters {
  readonly #state: State;
  readonly #waiting: Map<string, Answered[]> = new Map();
  /** The body of the last answer. */
  #said: Uint8Array = new Uint8Array(0);

  constructor(state: State) {
    this.#state = state;
  }

  get said(): Uint8Array {
    return this.#said;
  }

  add(place: Place, answered: Answered): void {
    const key = keyOf(place);
    this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), answered]);
  }

  /** Tells all, and forgets them. `raw`: bytes before the answer. */
  tell(place: Place, reply: Reply, raw?: Uint8Array): void {
    const key = keyOf(place);
    const waiting = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    this.#said = reply.body;
    const next = this.#state.order.awaited(place.stream)?.number;
    const answer: Answer = { ...reply, message: place.number, ...(next === undefined ? {} : { next }) };
    for (const answered of waiting) answered(answer, raw);
  }
}
