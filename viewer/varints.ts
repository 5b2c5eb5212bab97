/**
 * Columns of whole numbers as bytes, seven bits each with the least first (LEB128): small numbers take one byte, and a packer that follows
 * finds what repeats. Numbers from 0 to 2^53 - 1.
 * Lacks: signs; what may be negative is written plus one.
 */

export class VarintWriter {
  #bytes: Uint8Array = new Uint8Array(4096);
  #length = 0;

  write(value: number): void {
    if (this.#length + LONGEST > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#bytes.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) + 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

export class VarintReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Throws a RangeError where there is none any more. */
  read(): number {
    let value = 0;
    let unit = 1;
    for (let digits = 0; digits < LONGEST; digits++) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
      unit *= 0x80;
    }
    throw new RangeError(`no number ends at byte ${this.#at}`);
  }
}

/** Bytes of 2^53 - 1. */
const LONGEST = 8;
