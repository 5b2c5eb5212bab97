/**
 * One channel of a case as the machine sees it: bytes come in, items wait to be consumed, all of them are remembered.
 * Lacks: any idea of what is expected.
 */
import type { DatagramAddress } from '../../src/host/host.ts';
import type { Decoder, Item } from '../case.ts';

/** A hostile implementation decides how much it sends; this is what one channel may bring before the case is over. */
export const ITEM_LIMIT = 5_000;
/** Bytes of a channel that are looked at. What comes after them is counted and dropped but for its tail, by the recorder as well. */
export const CHANNEL_LIMIT = 1_048_576;
/** Of undecoded output, what a report shows. */
export const TAIL_LIMIT = 2_048;

export class Inbox {
  readonly #decoder: Decoder | undefined;
  readonly #waiting: Item[] = [];
  readonly #history: Item[] = [];
  #next = 0;
  #bytes = 0;
  #tail: Uint8Array = new Uint8Array(0);
  #ended = false;

  constructor(decoder: Decoder | undefined) {
    this.#decoder = decoder;
  }

  /** Items not consumed yet, oldest first. */
  peek(): Item | undefined {
    return this.#waiting[this.#next];
  }

  consume(): void {
    this.#next += 1;
  }

  /** Where the next item is in the history. */
  get position(): number {
    return this.#next;
  }

  get history(): readonly Item[] {
    return this.#history;
  }

  /** Bytes of a message that has begun and not come to its end. */
  get held(): number {
    return this.#decoder?.held ?? 0;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** All bytes that came, also those beyond the limit. */
  get bytes(): number {
    return this.#bytes;
  }

  get tail(): Uint8Array {
    return this.#tail;
  }

  get overflowing(): boolean {
    return this.#history.length > ITEM_LIMIT || (this.#decoder !== undefined && this.#bytes > CHANNEL_LIMIT);
  }

  data(bytes: Uint8Array, from?: DatagramAddress): void {
    const room = CHANNEL_LIMIT - this.#bytes;
    this.#bytes += bytes.length;
    this.#keepTail(bytes);
    if (room > 0 && this.#decoder !== undefined) this.#add(this.#decoder.feed(bytes.subarray(0, room), from));
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#decoder !== undefined) this.#add(this.#decoder.end());
  }

  #add(items: readonly Item[]): void {
    for (const item of items) {
      this.#waiting.push(item);
      this.#history.push(item);
      if (this.overflowing) return;
    }
  }

  #keepTail(bytes: Uint8Array): void {
    if (bytes.length >= TAIL_LIMIT) {
      this.#tail = bytes.slice(bytes.length - TAIL_LIMIT);
      return;
    }
    const whole = new Uint8Array(this.#tail.length + bytes.length);
    whole.set(this.#tail);
    whole.set(bytes, this.#tail.length);
    this.#tail = whole.slice(Math.max(0, whole.length - TAIL_LIMIT));
  }
}
