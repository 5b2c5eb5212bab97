/**
 * Values of a workload: how one is drawn, and what it must look like in a plan that comes from a file. Said once for both.
 * Lacks: fields that depend on each other; draw both, and let the scenario make something of them.
 */
import fc from 'fast-check';
import { pick } from './plans.ts';
import { boolean, integerFrom, listUpTo, oneOf, type Shape, textUpTo } from './shape.ts';

export interface Field<Value> {
  readonly arbitrary: fc.Arbitrary<Value>;
  readonly shape: Shape;
}

/** A whole number, both ends included. */
export const integer = (least: number, most: number): Field<number> => ({
  arbitrary: fc.integer({ min: least, max: most }),
  shape: integerFrom(least, most),
});

/** The same without a preference for the ends. */
export const evenly = (least: number, most: number): Field<number> => ({
  arbitrary: fc.noBias(fc.integer({ min: least, max: most })),
  shape: integerFrom(least, most),
});

export const flag = (): Field<boolean> => ({ arbitrary: fc.boolean(), shape: boolean });

/** One of these values; a smaller failure has an earlier one. */
export const choice = <const Values extends readonly (string | number | boolean)[]>(...values: Values): Field<Values[number]> => ({
  arbitrary: pick<Values[number]>(values),
  shape: oneOf(...values),
});

/** Text of any characters of Unicode, at most so many. */
export const text = (most: number): Field<string> => ({
  arbitrary: fc.string({ unit: 'grapheme', maxLength: most }).filter(drawn => drawn.length <= most),
  shape: textUpTo(most),
});

export const list = <Value>(item: Field<Value>, most: number, least = 0): Field<readonly Value[]> => ({
  arbitrary: fc.array(item.arbitrary, { minLength: least, maxLength: most }),
  shape: (value, path) => {
    const found = listUpTo(most, item.shape)(value, path);
    if (found !== undefined || !Array.isArray(value) || value.length >= least) return found;
    return `${path}: must have at least ${least} items, has ${value.length}`;
  },
});
