/**
 * MurmurHash3_x86_128 (Austin Appleby, public domain), fed in pieces. Finds accidents: edits, lost lines, torn files.
 * Lacks: any resistance to somebody who looks for a collision; the x64 variant, which gives other values.
 */

export class Murmur128 {
  #h1: number;
  #h2: number;
  #h3: number;
  #h4: number;
  #length = 0;
  readonly #carry: Uint8Array = new Uint8Array(BLOCK);
  #carried = 0;

  constructor(seed = 0) {
    this.#h1 = seed | 0;
    this.#h2 = seed | 0;
    this.#h3 = seed | 0;
    this.#h4 = seed | 0;
  }

  update(bytes: Uint8Array, start = 0, end: number = bytes.length): void {
    this.#length += end - start;
    let offset = start;
    if (this.#carried > 0) {
      offset = Math.min(end, start + BLOCK - this.#carried);
      this.#keep(bytes, start, offset);
      if (this.#carried < BLOCK) return;
      this.#blocks(this.#carry, 0, BLOCK);
      this.#carried = 0;
    }
    const whole = offset + Math.floor((end - offset) / BLOCK) * BLOCK;
    this.#blocks(bytes, offset, whole);
    this.#keep(bytes, whole, end);
  }

  /** 32 hexadecimal digits: h1 to h4, each with its most significant digit first. More may be fed afterwards. */
  digest(): string {
    const tail = this.#carry.fill(0, this.#carried);
    // A lane whose share of the tail is empty mixes in 0, which changes nothing.
    let h1 = this.#h1 ^ scramble(wordAt(tail, 0), C1, 15, C2);
    let h2 = this.#h2 ^ scramble(wordAt(tail, 4), C2, 16, C3);
    let h3 = this.#h3 ^ scramble(wordAt(tail, 8), C3, 17, C4);
    let h4 = this.#h4 ^ scramble(wordAt(tail, 12), C4, 18, C1);
    h1 ^= this.#length;
    h2 ^= this.#length;
    h3 ^= this.#length;
    h4 ^= this.#length;
    h1 = (h1 + h2 + h3 + h4) | 0;
    h2 = (h2 + h1) | 0;
    h3 = (h3 + h1) | 0;
    h4 = (h4 + h1) | 0;
    h1 = avalanche(h1);
    h2 = avalanche(h2);
    h3 = avalanche(h3);
    h4 = avalanche(h4);
    h1 = (h1 + h2 + h3 + h4) | 0;
    return digits(h1) + digits(h2 + h1) + digits(h3 + h1) + digits(h4 + h1);
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    for (let index = start; index < end; index++) this.#carry[this.#carried++] = bytes[index] ?? 0;
  }

  #blocks(bytes: Uint8Array, start: number, end: number): void {
    let h1 = this.#h1;
    let h2 = this.#h2;
    let h3 = this.#h3;
    let h4 = this.#h4;
    for (let index = start; index < end; index += BLOCK) {
      h1 ^= scramble(wordAt(bytes, index), C1, 15, C2);
      h1 = (Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
      h2 ^= scramble(wordAt(bytes, index + 4), C2, 16, C3);
      h2 = (Math.imul(rotate(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
      h3 ^= scramble(wordAt(bytes, index + 8), C3, 17, C4);
      h3 = (Math.imul(rotate(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
      h4 ^= scramble(wordAt(bytes, index + 12), C4, 18, C1);
      h4 = (Math.imul(rotate(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
    }
    this.#h1 = h1;
    this.#h2 = h2;
    this.#h3 = h3;
    this.#h4 = h4;
  }
}

const BLOCK = 16;
const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

export const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

const scramble = (value: number, before: number, by: number, after: number): number =>
  Math.imul(rotate(Math.imul(value, before), by), after);

/** Four bytes, the least significant first, on every machine. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

export function avalanche(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

const digits = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
