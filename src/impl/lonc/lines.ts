/**
 * Lines ended by one LF, out of any segmentation (README.md, L1). CR is a byte like others. The text of a line is
 * without its LF, one character a byte. Who has no room for more leaves lines in the reader, and does not read on.
 * Lacks: escapes; the protocol has none at this layer.
 */
import { ByteQueue } from '../framing/byte-queue.ts';
import type { FrameViolation } from '../framing/violation.ts';
import { violation } from '../framing/violation.ts';
import { latin1Of } from './latin1.ts';

export interface Line {
  readonly kind: 'line';
  readonly text: string;
  /** Offset of its first byte in all that the peer has said. */
  readonly offset: number;
}

const LF = 0x0a;

export class LineReader {
  /** The longest line taken, without its LF; of the lines that are read from now on. */
  limit: number;
  /** What came of the line being read. */
  readonly #line = new ByteQueue();
  /** Pieces that were not looked at yet, and how much of the first one was. */
  #pieces: Uint8Array[] = [];
  #at = 0;
  #stopped = false;
  /** Offset of the line being read. */
  #offset = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Bytes that were not given out. */
  get buffered(): number {
    return this.#pieces.reduce((sum, piece) => sum + piece.length, this.#line.length - this.#at);
  }

  /** Takes any piece of the input; `next` gives the lines. Who does not ask for them must not feed more. */
  feed(bytes: Uint8Array): void {
    if (!this.#stopped) this.#pieces.push(bytes);
  }

  /** The next line that is whole. After a violation there is none. */
  next(): Line | FrameViolation | undefined {
    for (let piece = this.#pieces[0]; piece !== undefined; piece = this.#pieces[0]) {
      const found = piece.indexOf(LF, this.#at);
      const end = found < 0 ? piece.length : found;
      if (this.#line.length + end - this.#at > this.limit) return this.#tooLong();
      this.#line.push(piece.subarray(this.#at, end));
      this.#at = end + 1;
      if (this.#at >= piece.length) {
        this.#pieces.shift();
        this.#at = 0;
      }
      if (found >= 0) return this.#take();
    }
    return undefined;
  }

  /** Takes any piece of the input, and gives all lines that are whole. */
  push(bytes: Uint8Array): readonly (Line | FrameViolation)[] {
    this.feed(bytes);
    const events: (Line | FrameViolation)[] = [];
    for (let event = this.next(); event !== undefined; event = this.next()) events.push(event);
    return events;
  }

  /** What has come of a line that did not end. It is forgotten. */
  rest(): string {
    return latin1Of(this.#line.take(this.#line.length));
  }

  #take(): Line {
    const offset = this.#offset;
    const text = this.rest();
    this.#offset += text.length + 1;
    return { kind: 'line', text, offset };
  }

  #tooLong(): FrameViolation {
    this.#stopped = true;
    this.#pieces = [];
    this.#at = 0;
    this.#line.clear();
    return violation('L1', `a line of more than ${this.limit} bytes: no LF, or not this protocol`, this.#offset);
  }
}
