/**
 * What one end of a connection of IKC hears, told from the bytes alone (B3, B6): lines until the one after which frames begin, then frames.
 * Written a second time, for those who watch and for the peer that is not ours.
 * Lacks: limits, for what a trace has fits into memory.
 */

export interface Heard {
  readonly lines: readonly string[];
  readonly frames: readonly Uint8Array[];
}

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

  readonly #line: (line: string) => void;
  readonly #isOver: () => boolean;

  /** Of the small client: a line ends with CR LF and nothing else. */
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

  take(bytes: Uint8Array): Heard {
    const lines: string[] = [];
    const frames: Uint8Array[] = [];
    for (const byte of bytes) {
      if (this.#isOver()) this.#inFrame(byte, frames);
      else this.#inLine(byte, lines);
    }
    return { lines, frames };
  }

  #inLine(byte: number, lines: string[]): void {
    const half = this.#half;
    this.#half = -1;
    if (this.#isStrict ? byte !== LF || this.#held.at(-1) !== CR : byte !== CR && byte !== LF) {
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

  #inFrame(byte: number, frames: Uint8Array[]): void {
    const half = this.#half;
    this.#half = -1;
    if (this.lost || (half >= 0 && byte !== half && (byte === CR || byte === LF))) return;
    this.#held.push(byte);
    if (this.#whole === undefined) {
      if (byte === NUL && this.#held.length > 1) this.#whole = this.#held.length + Number(String.fromCharCode(...this.#held.slice(0, -1)));
      else this.lost = !(byte >= 48 && byte <= 57);
    }
    if (this.#whole !== this.#held.length) return;
    frames.push(Uint8Array.from(this.#held.slice(this.#held.indexOf(NUL) + 1)));
    this.#held = [];
    this.#whole = undefined;
  }
}
