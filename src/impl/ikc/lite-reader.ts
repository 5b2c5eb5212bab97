/**
 * What the small client reads: lines that end with CR LF and nothing else, then frames (B15).
 * Lacks: the other ends of a line, which the small client of the source does not know either.
 */
import { concat, EMPTY } from '../../host/bytes.ts';
import { DIGITS_MAX, FRAME_MAX, LINE_MAX } from './limits.ts';

export interface LiteReaderRules {
  /** B-T21b: the length of a frame that nobody waits for is that of the next one, too. */
  readonly keepsLength: boolean;
  /** B-T21c: what is behind the frame that was waited for is dropped. */
  readonly dropsRest: boolean;
  /** B-T21d: whether a length is looked for behind the beginning, too. */
  readonly seeksLength: boolean;
}

export const CORRECTED_LITE_READER: LiteReaderRules = { keepsLength: false, dropsRest: false, seeksLength: false };

/** What was read, nothing yet, or why nothing more can be. */
export type Read<Item> = { readonly item: Item } | { readonly problem: string } | undefined;

const CR = 0x0d;
const LF = 0x0a;
const NUL = 0;
const DIGIT_ZERO = 0x30;

export class LiteReader {
  readonly #rules: LiteReaderRules;
  #bytes: Uint8Array = EMPTY;
  /** What has come behind them: it is joined when it is wanted, so that each byte is copied once. */
  #further: Uint8Array[] = [];
  #furtherLength = 0;
  #length: number | undefined;

  constructor(rules: LiteReaderRules) {
    this.#rules = rules;
  }

  feed(bytes: Uint8Array): void {
    this.#further.push(bytes);
    this.#furtherLength += bytes.length;
  }

  #join(): void {
    if (this.#further.length === 0) return;
    this.#bytes = concat([this.#bytes, ...this.#further]);
    this.#further = [];
    this.#furtherLength = 0;
  }

  /** One character for each byte. */
  line(): Read<string> {
    this.#join();
    for (let at = this.#bytes.indexOf(LF); at >= 0; at = this.#bytes.indexOf(LF, at + 1)) {
      if (this.#bytes[at - 1] !== CR) continue;
      const text = String.fromCharCode(...this.#bytes.subarray(0, Math.min(at - 1, LINE_MAX)));
      this.#bytes = this.#bytes.subarray(at + 1);
      return { item: text };
    }
    return this.#bytes.length > LINE_MAX + 1 ? { problem: `a line of more than ${LINE_MAX} bytes` } : undefined;
  }

  /** A payload. */
  frame(): Read<Uint8Array> {
    const problem = this.#length === undefined ? this.#header() : undefined;
    if (problem !== undefined) return { problem };
    const length = this.#length;
    if (length === undefined || this.#bytes.length + this.#furtherLength < length) return undefined;
    this.#join();
    const item = this.#bytes.slice(0, length);
    this.#bytes = this.#bytes.subarray(length);
    if (!this.#rules.keepsLength) this.#length = undefined;
    return { item };
  }

  /** The frame that was waited for has been taken. */
  taken(): void {
    this.#length = undefined;
    this.#join();
    if (this.#rules.dropsRest) this.#bytes = EMPTY;
  }

  /** What is wrong with the length, if anything is. */
  #header(): string | undefined {
    this.#join();
    const end = this.#bytes.indexOf(NUL);
    const head = end < 0 ? this.#bytes : this.#bytes.subarray(0, end);
    let start = 0;
    if (this.#rules.seeksLength) {
      if (head.length > FRAME_MAX) return `no length in ${FRAME_MAX} bytes`;
      start = head.length;
      while (start > 0 && isDigit(head[start - 1])) start--;
    } else if (!head.every(isDigit)) return 'a frame whose length is no number';
    if (head.length - start > DIGITS_MAX) return `a length of more than ${DIGITS_MAX} digits`;
    if (end < 0) return undefined;
    if (start === end) return 'a frame without a length';
    const length = head.subarray(start).reduce((value, byte) => value * 10 + byte - DIGIT_ZERO, 0);
    if (length > FRAME_MAX) return `a frame of ${length} bytes: the limit is ${FRAME_MAX}`;
    this.#length = length;
    this.#bytes = this.#bytes.subarray(end + 1);
    return undefined;
  }
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= DIGIT_ZERO && byte <= DIGIT_ZERO + 9;
