/** Bytes that cross into the world: copied, and held once where they are equal. */
import { describe, expect, it } from 'vitest';
import { Copies } from '../../src/sim/core/copies.ts';

describe('copies', () => {
  it('are what the bytes were, whatever becomes of those', () => {
    const copies = new Copies();
    const bytes = Uint8Array.of(1, 2, 3, 4, 5);
    const copy = copies.of(bytes);
    bytes.fill(0);
    expect([...copy]).toEqual([1, 2, 3, 4, 5]);
    expect([...copies.of(bytes)]).toEqual([0, 0, 0, 0, 0]);
  });

  it('of equal bytes are one', () => {
    const copies = new Copies();
    const one = copies.of(Uint8Array.of(7, 8, 9));
    for (let count = 0; count < 100; count++) copies.of(Uint8Array.of(count));
    expect(copies.of(new Uint8Array([6, 7, 8, 9]).subarray(1))).toBe(one);
  });

  it('of thousands that meet in their places are never those of another', () => {
    const copies = new Copies();
    const made: Uint8Array[] = [];
    for (let round = 0; round < 20_000; round++) {
      const length = round % 11;
      made.push(copies.of(Uint8Array.from({ length }, (_, index) => (round >> index) & 3)));
    }
    for (const [round, copy] of made.entries()) {
      if (copy.some((byte, index) => byte !== ((round >> index) & 3)) || copy.length !== round % 11)
        throw new Error(`${round} has another's bytes`);
    }
    expect(new Set(made).size).toBeLessThan(20_000);
  });

  it('of long ones are as right', () => {
    const bytes = new Uint8Array(70_000).fill(3);
    const copy = new Copies().of(bytes);
    expect(copy).toEqual(bytes);
    expect(copy).not.toBe(bytes);
  });
});
