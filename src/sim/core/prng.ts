/**
 * Chance, seeded: one generator for each label, so that an extra draw in one place never changes another. A world of a
 * thousand machines has a million paths, each with a generator: so their states lie side by side, 32 bytes each, and are
 * drawn from here; the library says what a seed becomes.
 * Lacks: floating point results; a probability is a number of cases out of a thousand. What may be told other draws is in chance.ts.
 */
import alea from 'seedrandom/lib/alea.js';

const RANGE = 2 ** 32;
/** Of the recurrence of alea (Baagøe, 2010): a multiply-with-carry of three lags. */
const MULTIPLIER = 2_091_639;
const STATE = 4;
const STATES_HELD_TOGETHER = 256;

/** States of generators, until it is full. */
let states = new Float64Array(0);
let used = 0;

/** The last bound that was asked for, and the whole multiple of it from which on draws are refused: few are, but it takes a division. */
let bounded = 1;
let fairBelow = RANGE;

export class Prng {
  readonly #states: Float64Array;
  readonly #at: number;

  constructor(seed: string) {
    if (used === states.length) {
      states = new Float64Array(STATE * STATES_HELD_TOGETHER);
      used = 0;
    }
    this.#states = states;
    this.#at = used;
    used += STATE;
    const { s0, s1, s2, c } = alea(seed, { state: true }).state();
    this.#states.set([s0, s1, s2, c], this.#at);
  }

  /** The next 32 bits, signed. */
  #draw(): number {
    const state = this.#states;
    const at = this.#at;
    // The four are there: the constructor put them in.
    const sum = MULTIPLIER * (state[at] as number) + (state[at + 3] as number) / RANGE;
    const carry = sum | 0;
    const fraction = sum - carry;
    state[at] = state[at + 1] as number;
    state[at + 1] = state[at + 2] as number;
    state[at + 2] = fraction;
    state[at + 3] = carry;
    return (fraction * RANGE) | 0;
  }

  /** Uniform from 0 to `bound` - 1. Throws unless 1 <= bound <= 2^32. */
  below(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > RANGE) throw new Error(`bound must be an integer from 1 to 2^32, not ${bound}`);
    if ((bound & (bound - 1)) === 0) return (this.#draw() & (bound - 1)) >>> 0;
    // Draws past the last whole multiple of the bound would favour small results.
    if (bound !== bounded) {
      fairBelow = RANGE - (RANGE % bound);
      bounded = bound;
    }
    for (;;) {
      const drawn = this.#draw() >>> 0;
      if (drawn < fairBelow) return drawn % bound;
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
