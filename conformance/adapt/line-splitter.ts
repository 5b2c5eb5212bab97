/**
 * Bytes to lines, with a limit.
 */
import { concat } from '../../src/host/bytes.ts';

/** Of one line; nothing is kept of a longer one. */
export const SHIM_LINE_LIMIT = 1_048_576;
const NEWLINE = 0x0a;

export class LineSplitter {
  #held: Uint8Array[] = [];
  #length = 0;

  /** The lines that are complete now, without their ends; after one that is too long there are no more. */
  feed(bytes: Uint8Array): readonly (Uint8Array | 'too long')[] {
    const lines: Uint8Array[] = [];
    let from = 0;
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, from)) {
      if (!this.#hold(bytes.subarray(from, at))) return [...lines, 'too long'];
      lines.push(concat(this.#held));
      this.#held = [];
      this.#length = 0;
      from = at + 1;
    }
    return this.#hold(bytes.subarray(from)) ? lines : [...lines, 'too long'];
  }

  #hold(part: Uint8Array): boolean {
    this.#length += part.length;
    if (this.#length > SHIM_LINE_LIMIT) return false;
    this.#held.push(part.slice());
    return true;
  }
}
