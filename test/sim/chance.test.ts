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

describe('fresh chance', () => {
  /** Ten draws of a label that is asked for before the event and of one that is asked for behind it, an event each. */
  function drawnWith(after: number | undefined, seed = 'other', tape?: Tape): readonly (readonly number[])[] {
    let events = 0;
    const chance = new Chance('seed', { tape, fresh: after === undefined ? undefined : { after, seed } }, () => events);
    const early = chance.stream('link/a>b');
    return Array.from({ length: 10 }, () => {
      const bytes = new Uint8Array(4);
      const numbers = [early.below(1_000), early.chance(500) ? 1 : 0];
      early.fill(bytes);
      events++;
      return [...numbers, ...bytes];
    });
  }
  const own = drawnWith(undefined);

  test('begins with the first draw behind the event, and not before', () => {
    const fresh = drawnWith(3);
    expect(fresh.slice(0, 4)).toEqual(own.slice(0, 4));
    for (const [index, draws] of fresh.slice(4).entries()) expect(draws).not.toEqual(own[index + 4]);
    expect(drawnWith(-1)[0]).not.toEqual(own[0]);
    expect(drawnWith(99)).toEqual(own);
  });

  test('is that of its seed, and of no tape', () => {
    expect(drawnWith(3)).toEqual(drawnWith(3));
    expect(drawnWith(3, 'third').slice(4)).not.toEqual(drawnWith(3).slice(4));
    const taped = drawnWith(3, 'other', { least: ['link/'], set: {} });
    expect(taped.map(([number]) => number).slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(taped.slice(4)).toEqual(drawnWith(3).slice(4));
  });
});
