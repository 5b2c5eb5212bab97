/**
 * The driver of incremental parsers. A grammar is a generator that reads a ByteQueue as if everything had arrived and
 * says `yield` where it has not: straight-line code, any segmentation, and it can be dropped in mid-word.
 *
 *     function* lines(input, emit) {
 *       for (;;) {
 *         if (input.length < 2) yield { field: 'length', bytes: 2, boundary: true };
 *         …
 *         emit(item);
 *       }
 *     }
 *
 * A grammar that returns has stopped for good (after a violation): what comes later is counted and forgotten.
 * Lacks: output; text.
 */
import { ByteQueue } from './byte-queue.ts';

/** What a grammar waits for. The driver resumes it when `bytes` can be read. */
export interface Need {
  /** The name of the field being read, for messages. */
  readonly field: string;
  readonly bytes: number;
  /** True where the input may end if none of these bytes has arrived. */
  readonly boundary: boolean;
}

export type Grammar<Item> = (input: ByteQueue, emit: (item: Item) => void) => Generator<Need, void, void>;

/** The input ended inside a field. */
export interface Truncation {
  readonly field: string;
  /** Offset where the part that did arrive begins. */
  readonly offset: number;
  readonly have: number;
  readonly want: number;
}

const NOTHING: readonly never[] = [];
const STOPPED: Need = { field: '', bytes: Number.POSITIVE_INFINITY, boundary: true };

export class Parser<Item> {
  readonly #input = new ByteQueue();
  readonly #steps: Generator<Need, void, void>;
  #items: Item[] = [];
  #want: Need;
  #stopped = false;
  #ignored = 0;

  constructor(grammar: Grammar<Item>) {
    this.#steps = grammar(this.#input, item => {
      this.#items.push(item);
    });
    // A grammar does nothing before it wants its first byte.
    this.#want = this.#resume();
  }

  /** The grammar has returned: nothing will be parsed any more. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Bytes that came after the grammar had stopped. */
  get ignored(): number {
    return this.#ignored;
  }

  /** Bytes that arrived and wait for the rest of their field: what this parser holds in memory. */
  get buffered(): number {
    return this.#input.length;
  }

  /** Offset of the next byte to be read. */
  get offset(): number {
    return this.#input.consumed;
  }

  /** Takes any piece of the input, and returns what it completes. */
  push(bytes: Uint8Array): readonly Item[] {
    if (this.#stopped) {
      this.#ignored += bytes.length;
      return NOTHING;
    }
    this.#input.push(bytes);
    while (this.#input.length >= this.#want.bytes) this.#want = this.#resume();
    if (this.#items.length === 0) return NOTHING;
    const items = this.#items;
    this.#items = [];
    return items;
  }

  /** Says that there will be no more input. Undefined when it ended where it may. */
  finish(): Truncation | undefined {
    const { field, bytes, boundary } = this.#want;
    const have = this.#input.length;
    if (this.#stopped || (boundary && have === 0)) return undefined;
    return { field, offset: this.#input.consumed, have, want: bytes };
  }

  #resume(): Need {
    const step = this.#steps.next();
    if (step.done !== true) return step.value;
    this.#stopped = true;
    this.#ignored += this.#input.length;
    this.#input.clear();
    return STOPPED;
  }
}
