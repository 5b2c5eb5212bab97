/**
 * Chance, seeded: one generator for each label, so that an extra draw in one place never changes another.
 * Lacks: floating point results; a probability is a number of cases out of a thousand.
 * May import: seedrandom.
 */
import alea from 'seedrandom/lib/alea.js';

const RANGE = 2 ** 32;

export class Prng {
  readonly #draw: () => number;

  constructor(seed: string) {
    this.#draw = alea(seed).int32;
  }

  /** Uniform from 0 to `bound` - 1. Throws unless 1 <= bound <= 2^32. */
  below(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > RANGE) throw new Error(`bound must be an integer from 1 to 2^32, not ${bound}`);
    if ((bound & (bound - 1)) === 0) return (this.#draw() & (bound - 1)) >>> 0;
    // Draws past the last whole multiple of the bound would favour small results.
    const fair = RANGE - (RANGE % bound);
    for (;;) {
      const drawn = this.#draw() >>> 0;
      if (drawn < fair) return drawn % bound;
    }
  }

  /** Uniform from `low` to `high`, both included. */
  between(low: number, high: number): number {
    if (high <= low) return low;
    const count = high - low + 1;
    return low + (count <= RANGE ? this.below(count) : this.#long(count));
  }

  /** Two draws for what one cannot hold: 2^32 µs are 72 minutes. */
  #long(bound: number): number {
    for (;;) {
      const drawn = this.below(Math.ceil(bound / RANGE)) * RANGE + this.below(RANGE);
      if (drawn < bound) return drawn;
    }
  }

  /** True in `cases` of a thousand. */
  chance(cases: number): boolean {
    return cases > 0 && this.below(1_000) < cases;
  }

  fill(target: Uint8Array): void {
    for (let index = 0; index < target.length; index++) target[index] = this.#draw() & 0xff;
  }

  /** In place, every order equally likely (Fisher and Yates). */
  shuffle<T>(items: T[]): T[] {
    for (let index = items.length - 1; index > 0; index--) {
      const other = this.below(index + 1);
      // In range: other <= index < items.length.
      const held = items[index] as T;
      items[index] = items[other] as T;
      items[other] = held;
    }
    return items;
  }
}

/** All generators of one run. */
export class Chance {
  readonly #seed: string;
  readonly #streams = new Map<string, Prng>();

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** A generator that its user keeps; each label may be asked for once. */
  separate(label: string): Prng {
    return new Prng(`${this.#seed}/${label}`);
  }

  /** The generator of a label; the same one each time. */
  stream(label: string): Prng {
    let stream = this.#streams.get(label);
    if (stream === undefined) {
      stream = new Prng(`${this.#seed}/${label}`);
      this.#streams.set(label, stream);
    }
    return stream;
  }
}
