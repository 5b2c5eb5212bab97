/**
 * Bytes that have arrived and were not read yet, in the chunks they came in. Reading across chunks joins them once.
 * Memory follows what has arrived: nothing is allocated for bytes that were only announced, except that small chunks
 * are gathered in a block of at most BLOCK_MAX bytes, which keeps feeding byte by byte linear in time and space.
 * What `take` returns may be a view of a chunk: it stays valid, and keeps the whole chunk alive.
 * Lacks: writing, seeking back.
 */
import { EMPTY } from '../../host/bytes.ts';

/** A chunk shorter than this is copied behind the one before instead of being kept as an array of its own. */
const SMALL_CHUNK = 256;
const BLOCK_MIN = 64;
const BLOCK_MAX = 4_096;
/** How many read chunks may lie before the current one until the list is cut. */
const SPENT_MAX = 64;

export class ByteQueue {
  #chunks: Uint8Array[] = [];
  /** Index of the chunk being read, and how much of it has been. */
  #head = 0;
  #current: Uint8Array = EMPTY;
  #position = 0;
  #length = 0;
  #consumed = 0;
  /** Where small chunks are gathered, and how much of it is filled. What is filled never changes, so views of it stay valid. */
  #block: Uint8Array = EMPTY;
  #filled = 0;
  /** Where the last chunk begins in the block; below zero when that chunk is not a part of it. */
  #blockStart = -1;

  /** Bytes that can be read now. */
  get length(): number {
    return this.#length;
  }

  /** Bytes read or skipped since the beginning: the offset of the next one. */
  get consumed(): number {
    return this.#consumed;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.#length === 0) this.#restart(bytes);
    else if (bytes.length < SMALL_CHUNK) this.#gather(bytes);
    else this.#append(bytes);
    this.#length += bytes.length;
  }

  /** Reads one byte. Reading more than `length` is a bug of the caller, here and below, and throws. */
  byte(): number {
    this.#require(1);
    if (this.#position === this.#current.length) this.#nextChunk();
    const byte = this.#current[this.#position] ?? 0;
    this.#position += 1;
    this.#length -= 1;
    this.#consumed += 1;
    return byte;
  }

  /** Reads four bytes, least significant first. */
  uint32(): number {
    this.#require(4);
    const [low, second, third, high] = [this.byte(), this.byte(), this.byte(), this.byte()];
    return low + second * 0x100 + third * 0x1_0000 + high * 0x100_0000;
  }

  take(count: number): Uint8Array {
    this.#require(count);
    if (count === 0) return EMPTY;
    if (this.#position === this.#current.length) this.#nextChunk();
    const end = this.#position + count;
    if (end > this.#current.length) return this.#join(count);
    const view = this.#current.subarray(this.#position, end);
    this.#position = end;
    this.#length -= count;
    this.#consumed += count;
    return view;
  }

  /** Reads at most `count` bytes and forgets them. Returns how many there were. */
  skip(count: number): number {
    const skipped = Math.min(count, this.#length);
    let left = skipped;
    while (left > 0) {
      if (this.#position === this.#current.length) this.#nextChunk();
      const step = Math.min(left, this.#current.length - this.#position);
      this.#position += step;
      left -= step;
    }
    this.#length -= skipped;
    this.#consumed += skipped;
    return skipped;
  }

  /** Whether the next bytes are these. Reads nothing; false also when they have not all arrived, or lie in two chunks. */
  startsWith(bytes: Uint8Array): boolean {
    const start = this.#position;
    if (start + bytes.length > this.#current.length) return false;
    for (let index = 0; index < bytes.length; index++) if (this.#current[start + index] !== bytes[index]) return false;
    return true;
  }

  /** Forgets everything unread. */
  clear(): void {
    this.skip(this.#length);
    this.#restart(EMPTY);
  }

  #require(count: number): void {
    if (count > this.#length) throw new Error(`ByteQueue: ${count} bytes asked for, ${this.#length} there`);
  }

  #restart(bytes: Uint8Array): void {
    this.#chunks = [bytes];
    this.#head = 0;
    this.#current = bytes;
    this.#position = 0;
    this.#blockStart = -1;
  }

  #append(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#blockStart = -1;
  }

  #gather(bytes: Uint8Array): void {
    if (this.#filled + bytes.length > this.#block.length) this.#newBlock(bytes.length);
    const end = this.#filled + bytes.length;
    this.#block.set(bytes, this.#filled);
    if (this.#blockStart < 0) {
      this.#blockStart = this.#filled;
      this.#chunks.push(this.#block.subarray(this.#filled, end));
    } else {
      const longer = this.#block.subarray(this.#blockStart, end);
      this.#chunks[this.#chunks.length - 1] = longer;
      if (this.#head === this.#chunks.length - 1) this.#current = longer;
    }
    this.#filled = end;
  }

  #newBlock(least: number): void {
    const size = Math.min(BLOCK_MAX, Math.max(BLOCK_MIN, 2 * this.#block.length));
    this.#block = new Uint8Array(Math.max(size, least));
    this.#filled = 0;
    this.#blockStart = -1;
  }

  #nextChunk(): void {
    this.#head += 1;
    if (this.#head > SPENT_MAX) {
      // At least half of the list is spent, or it is short: every chunk is moved a bounded number of times.
      if (this.#head * 2 >= this.#chunks.length) {
        this.#chunks = this.#chunks.slice(this.#head);
        this.#head = 0;
      }
    }
    const next = this.#chunks[this.#head];
    if (next === undefined) throw new Error('ByteQueue: length says there is a chunk, and there is none');
    this.#current = next;
    this.#position = 0;
  }

  #join(count: number): Uint8Array {
    const whole = new Uint8Array(count);
    let filled = 0;
    while (filled < count) {
      if (this.#position === this.#current.length) this.#nextChunk();
      const step = Math.min(count - filled, this.#current.length - this.#position);
      whole.set(this.#current.subarray(this.#position, this.#position + step), filled);
      this.#position += step;
      filled += step;
    }
    this.#length -= count;
    this.#consumed += count;
    return whole;
  }
}
