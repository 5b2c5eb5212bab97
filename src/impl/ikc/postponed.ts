/**
 * Calls that have been taken and are answered later, by the link on which they came. Each is settled once, or goes with its link.
 */
import type { Link } from './link.ts';
import { type Later, Refusal } from './sessions.ts';

/** Calls of one link that wait; one more is refused. */
export const LATER_MAX = 1_000;

export class Postponed {
  readonly #calls: Map<Link, Set<Later>> = new Map();

  /** Throws a Refusal where the link has LATER_MAX. */
  add(link: Link, { answer, refuse }: Later): Later {
    const calls = this.#calls.get(link) ?? new Set();
    if (calls.size >= LATER_MAX) throw new Refusal('Too many calls of this kernel wait for their answers');
    this.#calls.set(link, calls);
    const call: Later = {
      answer: value => {
        if (this.drop(link, call)) answer(value);
      },
      refuse: text => {
        if (this.drop(link, call)) refuse(text);
      },
    };
    calls.add(call);
    return call;
  }

  /** Whether it was waiting. */
  drop(link: Link, call: Later): boolean {
    return this.#calls.get(link)?.delete(call) === true;
  }

  gone(link: Link): void {
    this.#calls.delete(link);
  }

  refuseAll(text: string): void {
    for (const calls of [...this.#calls.values()]) for (const call of [...calls]) call.refuse(text);
  }
}
