/** Sets of seeds, against sets of numbers. */
import { expect, test } from 'vitest';
import { joined, type Ranges, shardOf, shared, sizeOf, without } from '../../cli/sweep/ranges.ts';

const seedsOf = (ranges: Ranges): readonly number[] =>
  ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index));

test('what is done and what is left are the whole, in whatever order it is done', () => {
  const whole = { from: 10, to: 40 };
  const parts = [
    [20, 24],
    [10, 10],
    [30, 40],
    [25, 29],
    [11, 13],
  ].map(([from = 0, to = 0]) => ({ from, to }));
  let done: Ranges = [];
  for (const part of parts) {
    expect(shared(part, done)).toBeUndefined();
    done = joined(done, part);
    expect(shared(part, done)).toBe(part.from);
    expect([...seedsOf(done), ...seedsOf(without(whole, done))].sort((left, right) => left - right)).toEqual(seedsOf([whole]));
  }
  expect(done).toEqual([
    { from: 10, to: 13 },
    { from: 20, to: 40 },
  ]);
  expect(sizeOf(without({ from: 0, to: 50 }, done))).toBe(26);
});

test('shards are the whole, each seed once', () => {
  for (const of of [1, 2, 3, 7, 40]) {
    const parts = Array.from({ length: of }, (_, index) => shardOf({ from: 5, to: 30 }, { part: index + 1, of }));
    expect(parts.flatMap(seedsOf)).toEqual(seedsOf([{ from: 5, to: 30 }]));
  }
});
