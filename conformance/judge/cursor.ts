/**
 * A place in an expected sequence: which of its items may come now, and which one a message is.
 */
import type { ExpectedMessage, ExpectSequence, Message, Saved } from '../case.ts';
import { describeExpected, matches } from './match.ts';

export class SequenceCursor {
  readonly #items: readonly ExpectedMessage[];
  readonly #thenEof: boolean;
  #position = 0;
  /** The item at the position was met, and may be met again. */
  #met = false;

  constructor(step: ExpectSequence) {
    this.#items = step.items;
    this.#thenEof = step.thenEof === true;
  }

  /** Nothing more is awaited. */
  get complete(): boolean {
    return !this.#thenEof && this.#position >= this.#items.length;
  }

  /** The channel may end here. */
  get mayEnd(): boolean {
    return this.#thenEof && this.#items.slice(this.#position).every((_, index) => this.#mayPass(this.#position + index));
  }

  /** The item that the message is; the place moves there. Undefined when it is none of those that may come now. */
  advance(message: Message, saved: Saved): ExpectedMessage | undefined {
    const at = this.#reach(message, saved);
    const expected = this.#items[at];
    if (expected === undefined) return undefined;
    this.#met = expected.times === 'any' || expected.times === 'some';
    this.#position = this.#met ? at : at + 1;
    return expected;
  }

  /** How many kinds of message may come now. */
  get alternatives(): number {
    return this.#possible().length;
  }

  /** The items that may come now, as text. */
  describe(): string {
    return describeExpected(this.#possible(), this.mayEnd);
  }

  /** An item that has to come goes before one that may, and a wildcard comes last. -1 for none. */
  #reach(message: Message, saved: Saved): number {
    let possible = -1;
    let wildcard = -1;
    for (const [index, expected] of this.#possible().entries()) {
      if (!matches(expected.message, message, saved)) continue;
      const at = this.#position + index;
      if (expected.message.type === '*') wildcard = wildcard < 0 ? at : wildcard;
      else if (!this.#mayPass(at)) return at;
      else if (possible < 0) possible = at;
    }
    return possible < 0 ? wildcard : possible;
  }

  #possible(): readonly ExpectedMessage[] {
    const possible = [];
    for (let at = this.#position; at < this.#items.length; at++) {
      const expected = this.#items[at];
      if (expected === undefined) break;
      possible.push(expected);
      if (!this.#mayPass(at)) break;
    }
    return possible;
  }

  #mayPass(at: number): boolean {
    const times = this.#items[at]?.times;
    return times === 'optional' || times === 'any' || (times === 'some' && at === this.#position && this.#met);
  }
}
