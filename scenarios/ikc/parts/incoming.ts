/**
 * What one end of a connection of IKC hears, told from the bytes alone (B3, B6): lines until the one after which frames begin, then frames.
 * Written a second time, for those who watch and for the peer that is not ours.
 * Of what is beyond a limit it says why, and reads no more.
 */

export interface Heard {
  readonly lines: readonly string[];
  readonly frames: readonly Uint8Array[];
}

/** Something that is no line, or no frame: why, and the offset of the byte at which it is seen. */
export interface Wrong {
  readonly why: string;
  readonly offset: number;
}

const LINE_MAX = 4_096;
const DIGITS_MAX = 20;
const FRAME_MAX = 16_777_216;
const CR = 13;
const LF = 10;
const NUL = 0;

export class Incoming {
  #held: number[] = [];
  /** Bytes of the frame that has begun, its count as well, once that is known. */
  #whole: number | undefined;
  #framed = false;
  /** The half of a terminator that the next byte may complete. */
  #half = -1;
  /** What is no frame has come: nothing can be read any more. */
  lost = false;
  /** The first of what is none. */
  wrong: Wrong | undefined;
  #at = 0;

  readonly #line: (line: string) => void;
  readonly #isOver: () => boolean;

  /** Of the small client: a line ends with CR LF and nothing else, and is as long as it likes if all of it is there. */
  readonly #isStrict: boolean;

  /** `line` is told each line as it comes; `isOver` says whether lines are over. By default they are after `UP` and `WORLD`, whatever was said before. */
  constructor(line: (line: string) => void = () => {}, isOver: () => boolean = () => this.#framed, isStrict = false) {
    this.#isStrict = isStrict;
    this.#line = line;
    this.#isOver = isOver;
  }

  /** Nothing has come of a line or a frame that is not whole. */
  get isWhole(): boolean {
    return this.#held.length === 0;
  }

  /** What has come of something that is not whole; undefined where there is none. */
  get unfinished(): string | undefined {
    if (this.#held.length === 0) return undefined;
    if (!this.#isOver()) return `${this.#held.length} bytes of a line`;
    const head = this.#held.indexOf(NUL) + 1;
    return this.#whole === undefined ? 'the length of a frame' : `${this.#held.length - head} of ${this.#whole - head} bytes of a frame`;
  }

  take(bytes: Uint8Array): Heard {
    const lines: string[] = [];
    const frames: Uint8Array[] = [];
    for (const byte of bytes) {
      if (this.wrong !== undefined) break;
      if (this.#isOver()) this.#inFrame(byte, frames);
      else this.#inLine(byte, lines);
      this.#at += 1;
    }
    return { lines, frames };
  }

  #inLine(byte: number, lines: string[]): void {
    const half = this.#half;
    this.#half = -1;
    if (this.#isStrict ? byte !== LF || this.#held.at(-1) !== CR : byte !== CR && byte !== LF) {
      if (this.#held.length === LINE_MAX && !this.#isStrict)
        this.#isWrong(`a line of more than ${LINE_MAX} bytes: no end of line, or not this protocol`);
      this.#held.push(byte);
      return;
    }
    if (this.#isStrict) this.#held.pop();
    else {
      if (half >= 0 && half !== byte) return;
      this.#half = byte;
    }
    const line = String.fromCharCode(...this.#held);
    this.#held = [];
    lines.push(line);
    this.#framed = line === 'UP' || line === 'WORLD';
    this.#line(line);
  }

  #isWrong(why: string): void {
    this.wrong ??= { why, offset: this.#at };
  }

  #inFrame(byte: number, frames: Uint8Array[]): void {
    const half = this.#half;
    this.#half = -1;
    if (this.lost || (half >= 0 && byte !== half && (byte === CR || byte === LF))) return;
    this.#held.push(byte);
    if (this.#whole === undefined) {
      if (byte === NUL && this.#held.length > 1) this.#whole = this.#held.length + Number(String.fromCharCode(...this.#held.slice(0, -1)));
      else {
        this.lost = !(byte >= 48 && byte <= 57);
        if (this.lost) this.#isWrong(`byte 0x${byte.toString(16).padStart(2, '0')} where a frame has the digits of its length`);
        else if (this.#held.length > DIGITS_MAX) this.#isWrong(`a length of more than ${DIGITS_MAX} digits`);
        else if (Number(String.fromCharCode(...this.#held)) > FRAME_MAX)
          this.#isWrong(`a frame of more than ${FRAME_MAX} bytes is announced`);
      }
    }
    if (this.#whole !== this.#held.length) return;
    frames.push(Uint8Array.from(this.#held.slice(this.#held.indexOf(NUL) + 1)));
    this.#held = [];
    this.#whole = undefined;
  }
}
