/**
 * Bytes in pieces of any size to lines, with the place of each in the file.
 * Lacks: other line ends than LF; a CR before it belongs to the line.
 */
import { fromUtf8 } from '../host/bytes.ts';

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Bytes before it in the file. */
  readonly offset: number;
  /** `bytes` from `start` to `end` are the line with its newline. They belong to the splitter: valid until the call returns. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Without the newline; `undefined` when it is not UTF-8. */
  readonly text: string | undefined;
}

export class LineSplitter {
  readonly #limit: number;
  readonly #take: (line: Line) => void;
  #number = 1;
  #offset = 0;
  /** The first `#kept` bytes are the start of a line whose end has not come yet. */
  #buffer: Uint8Array = new Uint8Array(1024);
  #kept = 0;

  constructor(limit: number, take: (line: Line) => void) {
    this.#limit = limit;
    this.#take = take;
  }

  /** Where the unfinished line is. */
  get position(): { readonly number: number; readonly offset: number } {
    return { number: this.#number, offset: this.#offset };
  }

  /** False when a line is longer than the limit; nothing may be pushed after that. */
  push(bytes: Uint8Array): boolean {
    let start = 0;
    if (this.#kept > 0) {
      const newline = bytes.indexOf(LF);
      const end = newline < 0 ? bytes.length : newline + 1;
      if (!this.#keep(bytes, 0, end)) return false;
      if (newline < 0) return true;
      this.#emit(this.#buffer, 0, this.#kept, fromUtf8(this.#buffer.subarray(0, this.#kept - 1)));
      this.#kept = 0;
      start = end;
    }
    const last = bytes.lastIndexOf(LF) + 1;
    if (last > start && !this.#whole(bytes, start, last)) return false;
    return this.#keep(bytes, Math.max(start, last), bytes.length);
  }

  /** The last line, which has no newline; `undefined` when there is none. */
  rest(): Line | undefined {
    if (this.#kept === 0) return undefined;
    const bytes = this.#buffer.subarray(0, this.#kept);
    return { number: this.#number, offset: this.#offset, bytes, start: 0, end: this.#kept, text: fromUtf8(bytes) };
  }

  #whole(bytes: Uint8Array, start: number, last: number): boolean {
    // One conversion for all lines of a piece. Where every character is one byte, places in the text are places in the bytes.
    const region = fromUtf8(bytes.subarray(start, last));
    const plain = region !== undefined && region.length === last - start ? region : undefined;
    for (let from = start; from < last; ) {
      const newline = bytes.indexOf(LF, from);
      if (newline + 1 - from > this.#limit) return false;
      const text = plain === undefined ? fromUtf8(bytes.subarray(from, newline)) : plain.slice(from - start, newline - start);
      this.#emit(bytes, from, newline + 1, text);
      from = newline + 1;
    }
    return true;
  }

  #emit(bytes: Uint8Array, start: number, end: number, text: string | undefined): void {
    const line = { number: this.#number, offset: this.#offset, bytes, start, end, text };
    this.#number++;
    this.#offset += end - start;
    this.#take(line);
  }

  #keep(bytes: Uint8Array, start: number, end: number): boolean {
    const length = this.#kept + end - start;
    if (length > this.#limit) return false;
    if (length > this.#buffer.length) {
      // Doubling: a long line in small pieces is copied twice on average, not once for each piece.
      const larger = new Uint8Array(Math.max(length, 2 * this.#buffer.length));
      larger.set(this.#buffer.subarray(0, this.#kept));
      this.#buffer = larger;
    }
    this.#buffer.set(bytes.subarray(start, end), this.#kept);
    this.#kept = length;
    return true;
  }
}

const LF = 0x0a;
