/**
 * A stream that begins with lines and goes on with frames, out of any segmentation. A line ends with CR LF, LF CR, CR or LF. A frame is
 * its length in decimal digits, NUL, and so many bytes. Who reads says when frames begin (`toFrames`), having asked for one item after
 * the other: what has come behind the last line is a frame already.
 * A lone CR is a whole terminator, so a line is given out before it is known whether an LF comes with the next read. That LF then is
 * the second half of its terminator, and no line, nor the beginning of a frame.
 * Lacks: writing (`frameOf` is all of it); what lines and payloads mean.
 */
import { concat, utf8 } from '../../host/bytes.ts';
import { ByteQueue } from './byte-queue.ts';
import { type FrameViolation, violation } from './violation.ts';

export interface LinesThenFramesOptions {
  /** The longest line, in bytes without its terminator. */
  readonly lineMax: number;
  /** The longest payload, in bytes. */
  readonly frameMax: number;
  /** The most digits of a length; zeros in front of it count. */
  readonly digitsMax: number;
  /** Sentences of the protocol that a violation cites: of lines, and of frames. */
  readonly clauses: { readonly line: string; readonly frame: string };
  /** Whether a terminator that two reads have between them is one, within the lines and behind the last one. Default: both. */
  readonly joins?: { readonly lines: boolean; readonly atSwitch: boolean };
}

export type LineOrFrame =
  /** One character for each byte, U+0000 to U+00FF. */
  | { readonly kind: 'line'; readonly text: string }
  /** Of so many bytes; a view of what has come, which stays valid. */
  | { readonly kind: 'frame'; readonly payload: Uint8Array }
  | FrameViolation;

const LF = 0x0a;
const CR = 0x0d;
const NUL = 0x00;
const DIGIT_ZERO = 0x30;
const ALWAYS = { lines: true, atSwitch: true } as const;

/** A frame as it is sent. */
export const frameOf = (payload: Uint8Array): Uint8Array => concat([utf8(`${payload.length}\0`), payload]);

export class LinesThenFrames {
  readonly #options: LinesThenFramesOptions;
  readonly #input = new ByteQueue();
  #mode: 'lines' | 'frames' | 'stopped' = 'lines';
  /** What has come of a line. */
  #text = '';
  /** The byte that would be the second half of the last terminator, and whether that came with the present read. */
  #half: number | undefined;
  #halfIsFresh = false;
  /** What has come of a length: its digits and its value; and the value when it is whole. */
  #digits = 0;
  #announced = 0;
  #length: number | undefined;

  constructor(options: LinesThenFramesOptions) {
    this.#options = options;
  }

  /** Bytes that are held: of an item that is not whole, and behind it. */
  get buffered(): number {
    return this.#input.length + this.#text.length;
  }

  /** What has come of the item that is not whole, for messages; undefined where the stream may end. */
  get unfinished(): string | undefined {
    if (this.#text.length > 0) return `${this.#text.length} bytes of a line`;
    if (this.#length !== undefined) return `${this.#input.length} of ${this.#length} bytes of a frame`;
    return this.#digits === 0 ? undefined : 'the length of a frame';
  }

  /** Takes what one read gave; `next` gives the items. Who does not ask for them must not feed more. */
  feed(bytes: Uint8Array): void {
    if (this.#mode === 'stopped') return;
    this.#halfIsFresh = false;
    this.#input.push(bytes);
  }

  /** The next item that is whole. After a violation there is none. */
  next(): LineOrFrame | undefined {
    if (this.#mode === 'lines') return this.#line();
    return this.#mode === 'frames' ? this.#frame() : undefined;
  }

  /** What comes behind the line that was given out last are frames. */
  toFrames(): void {
    this.#mode = 'frames';
  }

  #line(): LineOrFrame | undefined {
    const input = this.#input;
    while (input.length > 0) {
      const byte = input.byte();
      if (this.#isHalf(byte, (this.#options.joins ?? ALWAYS).lines)) continue;
      if (byte === CR || byte === LF) return this.#endOfLine(byte);
      if (this.#text.length === this.#options.lineMax)
        return this.#stop(
          this.#options.clauses.line,
          `a line of more than ${this.#options.lineMax} bytes: no end of line, or not this protocol`,
        );
      this.#text += String.fromCharCode(byte);
    }
    return undefined;
  }

  #endOfLine(terminator: number): LineOrFrame {
    const text = this.#text;
    this.#text = '';
    this.#half = terminator === CR ? LF : CR;
    this.#halfIsFresh = true;
    return { kind: 'line', text };
  }

  /** Asked of the first byte behind a terminator, and then no more. */
  #isHalf(byte: number, joins: boolean): boolean {
    const half = this.#half;
    this.#half = undefined;
    return byte === half && (joins || this.#halfIsFresh);
  }

  #frame(): LineOrFrame | undefined {
    const wrong = this.#header();
    if (wrong !== undefined) return this.#stop(this.#options.clauses.frame, wrong);
    const length = this.#length;
    if (length === undefined || this.#input.length < length) return undefined;
    this.#length = undefined;
    return { kind: 'frame', payload: this.#input.take(length) };
  }

  /** Reads digits and NUL as far as they have come. Tells what is wrong with them. */
  #header(): string | undefined {
    const { frameMax, digitsMax, joins = ALWAYS } = this.#options;
    while (this.#length === undefined && this.#input.length > 0) {
      const byte = this.#input.byte();
      if (this.#isHalf(byte, joins.atSwitch)) continue;
      const digit = byte - DIGIT_ZERO;
      if (byte === NUL && this.#digits > 0) {
        this.#length = this.#announced;
        this.#digits = 0;
        this.#announced = 0;
      } else if (digit < 0 || digit > 9) return `byte 0x${byte.toString(16).padStart(2, '0')} where a frame has the digits of its length`;
      else if (this.#digits === digitsMax) return `a length of more than ${digitsMax} digits`;
      else {
        this.#digits += 1;
        this.#announced = 10 * this.#announced + digit;
        if (this.#announced > frameMax) return `a frame of more than ${frameMax} bytes is announced`;
      }
    }
    return undefined;
  }

  #stop(clause: string, detail: string): FrameViolation {
    const offset = this.#input.consumed - 1;
    this.#mode = 'stopped';
    this.#text = '';
    this.#input.clear();
    return violation(clause, detail, offset);
  }
}
