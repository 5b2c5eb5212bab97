/**
 * The bytes of a file as a value: an old content stays what it was while the file grows. Appending to the newest content
 * costs what is appended, because contents that continue one another share their memory.
 * Lacks: holes and insertion.
 */
import { EMPTY } from '../../host/bytes.ts';

/** Memory that several contents share: each is a beginning of it. Bytes below `used` never change. */
interface Backing {
  readonly memory: Uint8Array;
  used: number;
}

const SMALLEST = 64;

export class Content {
  readonly #backing: Backing;
  readonly length: number;

  private constructor(backing: Backing, length: number) {
    this.#backing = backing;
    this.length = length;
  }

  static readonly EMPTY: Content = new Content({ memory: EMPTY, used: 0 }, 0);
  /** The last that was made of bytes: many machines write the same. */
  static #last: Content = Content.EMPTY;

  /** Without a copy: nobody may write to `bytes` any more. */
  static of(bytes: Uint8Array): Content {
    const last = Content.#last;
    if (last.#backing.memory === bytes && last.length === bytes.length) return last;
    const content = new Content({ memory: bytes, used: bytes.length }, bytes.length);
    Content.#last = content;
    return content;
  }

  /** Without a copy: nobody may write to them. */
  bytes(): Uint8Array {
    const { memory } = this.#backing;
    return memory.length === this.length ? memory : memory.subarray(0, this.length);
  }

  append(bytes: Uint8Array): Content {
    if (bytes.length === 0) return this;
    const length = this.length + bytes.length;
    const backing = this.#backing.used === this.length && length <= this.#backing.memory.length ? this.#backing : this.#enlarged(length);
    backing.memory.set(bytes, this.length);
    backing.used = length;
    return new Content(backing, length);
  }

  /** With zeros behind it as far as `length`; as it is when it is that long already. */
  padded(length: number): Content {
    return length <= this.length ? this : this.append(new Uint8Array(length - this.length));
  }

  /** What comes before `length`. */
  cut(length: number): Content {
    return length >= this.length ? this : new Content(this.#backing, length);
  }

  #enlarged(length: number): Backing {
    const memory = new Uint8Array(Math.max(SMALLEST, 2 * this.length, length));
    memory.set(this.#backing.memory.subarray(0, this.length));
    return { memory, used: this.length };
  }
}
