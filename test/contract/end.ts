/**
 * One end of a stream under observation: it remembers every callback in order, and a story can wait for one.
 */
import { textOf, utf8 } from '../../src/host/bytes.ts';
import type { Stream, StreamHandler } from '../../src/host/host.ts';
import type { HostError } from '../../src/host/result.ts';
import { Condition, type Story } from './story.ts';

/** Longer input is told by its length. */
const SHOWN = 60;

/** A prime: no buffer size divides it. */
const PERIOD = 65_521;
const TABLE: Uint8Array = Uint8Array.from({ length: PERIOD }, (_, place) => (place ^ (place >>> 7)) & 0xff);

export class End implements StreamHandler {
  readonly stream: Stream;
  received = 0;
  /** Whether everything received was `pattern` from its beginning. */
  intact = true;
  ended = false;
  closed = false;
  drains = 0;
  #text = '';
  #history: (string | { text: string; length: number })[] = [];
  readonly #changed = new Condition();

  constructor(stream: Stream) {
    this.stream = stream;
  }

  /** All text that came, as far as it is short. */
  get text(): string {
    return this.#text;
  }

  /** What came, in order: `"question" end close`. */
  get history(): string {
    const shown = this.#history.map(entry => {
      if (typeof entry === 'string') return entry;
      return entry.length <= SHOWN ? JSON.stringify(entry.text) : `${entry.length} bytes`;
    });
    return shown.join(' ') || 'nothing';
  }

  write(text: string): number {
    return this.stream.write(utf8(text));
  }

  *until(holds: (end: End) => boolean): Story<void> {
    yield* this.#changed.until(() => holds(this));
  }

  *untilText(text: string): Story<void> {
    yield* this.until(() => this.#text.length >= text.length);
    if (this.#text !== text) throw new Error(`expected ${JSON.stringify(text)}, got ${this.history}`);
  }

  *untilEnded(): Story<void> {
    yield* this.until(() => this.ended || this.closed);
  }

  *untilClosed(): Story<void> {
    yield* this.until(() => this.closed);
  }

  data(bytes: Uint8Array): void {
    if (bytes.length === 0) this.#history.push('EMPTY');
    if (!isPattern(bytes, this.received)) this.intact = false;
    this.received += bytes.length;
    const text = this.received <= SHOWN ? textOf(bytes) : '';
    this.#text += text;
    const last = this.#history.at(-1);
    if (typeof last === 'object') {
      last.text += text;
      last.length += bytes.length;
    } else this.#history.push({ text, length: bytes.length });
    this.#changed.check();
  }

  end(): void {
    this.ended = true;
    this.#note('end');
  }

  drain(): void {
    this.drains += 1;
    this.#note(this.stream.pending === 0 ? 'drain' : `drain with ${this.stream.pending} pending`);
  }

  close(error: HostError | undefined): void {
    this.closed = true;
    this.#note(error === undefined ? 'close' : `close ${error.code}`);
  }

  #note(what: string): void {
    this.#history.push(what);
    this.#changed.check();
  }
}

/** `length` bytes that tell their place: a piece lost, doubled or moved is noticed. */
export function pattern(length: number, offset = 0): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const from = (offset + done) % PERIOD;
    const piece = TABLE.subarray(from, Math.min(PERIOD, from + length - done));
    bytes.set(piece, done);
    done += piece.length;
  }
  return bytes;
}

function isPattern(bytes: Uint8Array, offset: number): boolean {
  let place = offset % PERIOD;
  for (const byte of bytes) {
    if (byte !== TABLE[place]) return false;
    place = place + 1 === PERIOD ? 0 : place + 1;
  }
  return true;
}
