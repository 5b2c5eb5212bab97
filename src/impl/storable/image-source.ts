/**
 * The bytes of an image as they are read: each piece is there whole, or a ThawStop says which byte is missing.
 * Lacks: what an item is (image-reader.ts).
 */
import { ThawStop } from './problem.ts';
import { isBytes, latin1, perlUtf8, recurring } from './text.ts';
import { RawUtf8, type StringValue, Utf8 } from './values.ts';

export class ImageSource {
  /** Of the next byte. */
  at: number;
  readonly #bytes: Uint8Array;
  readonly #netorder: boolean;
  readonly #longest: number;
  readonly #onValue: ((at: number, length: number) => void) | undefined;

  /** `longest` is the limit of one string, in bytes; `onValue` is told where each is. */
  constructor(bytes: Uint8Array, start: number, netorder: boolean, longest: number, onValue?: (at: number, length: number) => void) {
    this.#bytes = bytes;
    this.at = start;
    this.#netorder = netorder;
    this.#longest = longest;
    this.#onValue = onValue;
  }

  byte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw new ThawStop('truncated', this.at, 'one more byte is wanted');
    this.at++;
    return byte;
  }

  /** Lengths are in the order of the machine, unless the image is in that of the network. */
  length(): number {
    return this.#netorder ? this.word() : swapped(this.word());
  }

  /** Of 32 bits, big endian. */
  word(): number {
    return this.integer() >>> 0;
  }

  /** The same with a sign. */
  integer(): number {
    const at = this.#take(4);
    const bytes = this.#bytes;
    return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  }

  /** A number of things of which each has that many bytes at least: one that cannot be there is refused before anything is made. */
  count(each: number): number {
    const count = this.length();
    const there = this.#bytes.length - this.at;
    if (count * each > there) throw new ThawStop('truncated', this.#bytes.length, `${count} items are announced, ${there} bytes follow,`);
    return count;
  }

  /** Of 64 bits, little endian. */
  nativeInteger(): number | bigint {
    const integer = this.#view().getBigInt64(0, true);
    const number = Number(integer);
    return Number.isSafeInteger(number) ? number : integer;
  }

  nativeDouble(): number {
    return this.#view().getFloat64(0, true);
  }

  string(length: number): string {
    const from = this.#within(length);
    return latin1(this.#bytes, from, this.at);
  }

  key(length: number): string {
    const from = this.#within(length);
    return recurring(this.#bytes, from, this.at);
  }

  /** Undefined where no text has these bytes. */
  utf8(length: number): string | undefined {
    const from = this.#within(length);
    return perlUtf8(this.#bytes, from, this.at);
  }

  flagged(length: number): StringValue {
    const text = this.utf8(length);
    if (text === undefined) return new RawUtf8(latin1(this.#bytes, this.at - length, this.at));
    return isBytes(text) ? new Utf8(text) : text;
  }

  /** Goes past a string. */
  #within(length: number): number {
    if (length > this.#longest) throw new ThawStop('string', this.at, `${length} bytes, more than ${this.#longest},`);
    this.#onValue?.(this.at, length);
    return this.#take(length);
  }

  /** Goes past that many bytes, and says where they begin. */
  #take(length: number): number {
    const from = this.at;
    const there = this.#bytes.length - from;
    if (length > there) throw new ThawStop('truncated', this.#bytes.length, `${length} bytes are wanted and ${there} there`);
    this.at = from + length;
    return from;
  }

  #view(): DataView {
    const from = this.#take(8);
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + from, 8);
  }
}

const swapped = (word: number): number => ((word >>> 24) | ((word >>> 8) & 0xff00) | ((word & 0xff00) << 8) | ((word & 0xff) << 24)) >>> 0;
