/**
 * Copies of bytes, many of them in one piece of memory: for more than 64 bytes of their own an engine asks the operating system,
 * which takes several times as long as the copy.
 * Lacks: memory given back part by part; a slab goes once nobody has any part of it, so what lives long does not belong into one
 * with what does not.
 */

/** Engines keep so few bytes in their own heap. */
const SMALL = 64;
/** A world begins with little, and has twice as much with each slab. */
const FIRST = 1_024;
const SLAB = 16_384;
/** Longer ones are for themselves: little would be gained, and much of a slab be left over. */
const LONGEST = SLAB / 4;

export class Slabs {
  #slab: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #used = 0;

  /** An array of its own with the same content, which whoever has it may write to: no other array has these bytes. */
  copy(bytes: Uint8Array): Uint8Array {
    const { length } = bytes;
    // Not `slice`, which a Buffer of Node does without a copy.
    if (length <= SMALL || length > LONGEST) return new Uint8Array(bytes);
    const own = this.#part(length);
    own.set(bytes);
    return own;
  }

  /** Zeros, or what was never used: an array of its own. */
  room(length: number): Uint8Array {
    return length <= SMALL || length > LONGEST ? new Uint8Array(length) : this.#part(length);
  }

  #part(length: number): Uint8Array {
    if (this.#used + length > this.#slab.length) {
      const size = Math.max(FIRST, Math.min(SLAB, 2 * this.#slab.length));
      this.#slab = new Uint8Array(Math.max(size, length));
      this.#used = 0;
    }
    const from = this.#used;
    this.#used = from + length;
    return new Uint8Array(this.#slab.buffer, from, length);
  }
}
