/** Draws on a tape: other ones where it says so, and the seed's own everywhere else. */
import { describe, expect, test } from 'vitest';
import { Chance, type Tape } from '../../src/sim/core/chance.ts';

interface Draw {
  readonly label: string;
  readonly number: number;
  readonly value: number;
}

/** Ten draws of each of two labels, in turn, as they were seen. */
function drawn(tape?: Tape): readonly Draw[] {
  const draws: Draw[] = [];
  const chance = new Chance('seed', { tape, observer: (label, number, value) => draws.push({ label, number, value }) });
  const [one, other] = [chance.separate('link/a>b'), chance.stream('read/a<b')];
  for (let count = 0; count < 10; count++) {
    one.between(100, 199);
    other.below(7);
  }
  return draws;
}
const of = (draws: readonly Draw[], label: string): readonly number[] =>
  draws.filter(each => each.label === label).map(({ value }) => value);

describe('a tape', () => {
  const own = drawn();

  test('that says nothing changes nothing, and draws are those without one', () => {
    expect(drawn({ least: [], set: {} })).toEqual(own);
    const plain = new Chance('seed').separate('link/a>b');
    expect(of(own, 'link/a>b')).toEqual(Array.from({ length: 10 }, () => plain.between(100, 199) - 100));
    expect(own.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, index) => Math.floor(index / 2)));
  });

  test('sets one draw, at most to what is possible, and no other', () => {
    const set = drawn({ least: [], set: { 'link/a>b': { 3: 42, 5: 1_000 } } });
    expect(of(set, 'link/a>b')).toEqual(of(own, 'link/a>b').with(3, 42).with(5, 99));
    expect(of(set, 'read/a<b')).toEqual(of(own, 'read/a<b'));
  });

  test('makes the draws of a label the least they can be, but for those that it sets', () => {
    const least = drawn({ least: ['link/'], set: { 'link/a>b': { 3: 42 } } });
    expect(of(least, 'link/a>b')).toEqual(Array<number>(10).fill(0).with(3, 42));
    expect(of(least, 'read/a<b')).toEqual(of(own, 'read/a<b'));
  });

  test('lets nothing happen that is a matter of chance, where that is the least', () => {
    const happens = (tape: Tape): readonly boolean[] => {
      const prng = new Chance('seed', { tape }).separate('link/a>b');
      return Array.from({ length: 20 }, () => prng.chance(999));
    };
    expect(happens({ least: [], set: {} })).toContain(true);
    expect(happens({ least: ['link/'], set: {} })).not.toContain(true);
    expect(happens({ least: ['link/'], set: { 'link/a>b': { 7: 0 } } }).indexOf(true)).toBe(7);
  });
});
