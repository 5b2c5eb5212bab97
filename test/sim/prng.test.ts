import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../../src/host/bytes.ts';
import { Chance } from '../../src/sim/core/chance.ts';
import { Prng } from '../../src/sim/core/prng.ts';

/** Taken once from alea of seedrandom 3.0.5. */
const PINNED = {
  below: [4893, 172007, 298941, 871342, 847654, 721399],
  words: [3057222524, 366396593, 2616752505, 854702187],
  long: [70148868673, 783310321714, 229009248409, 288002597468],
  shuffled: [7, 4, 6, 1, 2, 3, 8, 5],
  bytes: 'aba48f0644956e71',
};

const many = <T>(count: number, draw: () => T): readonly T[] => Array.from({ length: count }, draw);

describe('chance', () => {
  it('draws these values on every machine and every version of Node and of the library', () => {
    const prng = new Prng('slipway');
    expect(many(6, () => prng.below(1_000_000))).toEqual(PINNED.below);
    expect(many(4, () => prng.below(2 ** 32))).toEqual(PINNED.words);
    expect(many(4, () => prng.between(0, 2 ** 40))).toEqual(PINNED.long);
    expect(prng.shuffle([1, 2, 3, 4, 5, 6, 7, 8])).toEqual(PINNED.shuffled);
    const bytes = new Uint8Array(8);
    prng.fill(bytes);
    expect(hex(bytes)).toBe(PINNED.bytes);
  });

  it('of one generator does not depend on others, however many there are and wherever their states lie', () => {
    const alone = Array.from({ length: 1_000 }, (_, index) => {
      const prng = new Prng(`one of many ${index}`);
      return many(5, () => prng.below(1_000_003 + index));
    });
    const together = Array.from({ length: 1_000 }, (_, index) => new Prng(`one of many ${index}`));
    const drawn = together.map((): number[] => []);
    for (let round = 0; round < 5; round++)
      for (const [index, prng] of together.entries()) drawn[index]?.push(prng.below(1_000_003 + index));
    expect(drawn).toEqual(alone);
  });

  it('stays within its bounds', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 2 ** 32 }), fc.integer(), fc.maxSafeNat(), (seed, bound, low, span) => {
        const prng = new Prng(seed);
        const below = prng.below(bound);
        const high = low + Math.min(span, 2 ** 52);
        const between = prng.between(low, high);
        return Number.isInteger(below) && below >= 0 && below < bound && between >= low && between <= high && Number.isInteger(between);
      }),
    );
  });

  it.each([2, 3, 10, 1_000])('is uniform below %i', bound => {
    const prng = new Prng(`uniform ${bound}`);
    const draws = 100_000;
    const counts = new Array<number>(bound).fill(0);
    for (let draw = 0; draw < draws; draw++) {
      const value = prng.below(bound);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    const mean = draws / bound;
    const chiSquare = counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
    // Mean bound - 1, variance 2 (bound - 1): six standard deviations.
    expect(Math.abs(chiSquare - (bound - 1))).toBeLessThan(6 * Math.sqrt(2 * (bound - 1)) + 6);
  });

  it('is uniform where a plain remainder is not', () => {
    const prng = new Prng('remainder');
    const bound = 3 * 2 ** 30;
    const low = many(30_000, () => prng.below(bound)).filter(value => value < 2 ** 30).length;
    expect(Math.abs(low - 10_000)).toBeLessThan(500);
  });

  it('refuses a bound that is not an integer from 1 to 2^32', () => {
    for (const bound of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN]) expect(() => new Prng('').below(bound)).toThrow('bound must be');
  });

  it('leaves all other labels alone when one draws more', () => {
    const one = new Chance('seed');
    const two = new Chance('seed');
    many(1_000, () => two.stream('net').below(10));
    expect(many(20, () => one.stream('disk').below(1_000))).toEqual(many(20, () => two.stream('disk').below(1_000)));
    expect(one.stream('disk')).toBe(one.stream('disk'));
    expect(many(5, () => new Chance('seed').stream('a').below(1_000))).not.toEqual(
      many(5, () => new Chance('seed').stream('b').below(1_000)),
    );
  });

  it('shuffles into every order', () => {
    const prng = new Prng('orders');
    expect(new Set(many(500, () => prng.shuffle([1, 2, 3]).join(''))).size).toBe(6);
  });
});
