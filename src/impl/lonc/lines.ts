/**
 * Lines ended by one LF, out of any segmentation (README.md, L1). CR is a byte like others. The text of a line is
 * without its LF, one character a byte.
 * Lacks: escapes; the protocol has none at this layer.
 * May import: host, ../framing, latin1.
 */
import { ByteQueue } from '../framing/byte-queue.ts';
import type { Violation } from '../framing/violation.ts';
import { violation } from '../framing/violation.ts';
import { latin1Of } from './latin1.ts';

export interface Line {
  readonly kind: 'line';
  readonly text: string;
  /** Where it begins in the peer's bytes. */
  readonly offset: number;
}

const LF = 0x0a;
const NOTHING: readonly never[] = [];

export class LineReader {
  readonly #queue = new ByteQueue();
  readonly #limit: number;
  #stopped = false;
  /** Where the line being read begins. */
  #offset = 0;

  /** `limit` is the longest line taken, without its LF. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes of a line whose end has not come. */
  get buffered(): number {
    return this.#queue.length;
  }

  /** Takes any piece of the input. After a violation nothing more is read. */
  push(bytes: Uint8Array): readonly (Line | Violation)[] {
    if (this.#stopped) return NOTHING;
    const events: (Line | Violation)[] = [];
    for (let start = 0; start < bytes.length; ) {
      const found = bytes.indexOf(LF, start);
      const end = found < 0 ? bytes.length : found;
      if (this.#queue.length + end - start > this.#limit) {
        events.push(this.#tooLong());
        return events;
      }
      this.#queue.push(bytes.subarray(start, end));
      if (found < 0) return events;
      events.push(this.#line());
      start = found + 1;
    }
    return events;
  }

  /** What has come of a line that did not end. It is forgotten. */
  rest(): string {
    return latin1Of(this.#queue.take(this.#queue.length));
  }

  #line(): Line {
    const offset = this.#offset;
    const text = latin1Of(this.#queue.take(this.#queue.length));
    this.#offset += text.length + 1;
    return { kind: 'line', text, offset };
  }

  #tooLong(): Violation {
    this.#stopped = true;
    this.#queue.clear();
    return violation('L1', `a line of more than ${this.#limit} bytes: no LF, or not this protocol`, this.#offset);
  }
}
