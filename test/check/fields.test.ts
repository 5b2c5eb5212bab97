/** What a field draws is what it takes from a file, and can be shrunk from there; what is outside of it is refused by name. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choice, type Field, flag, integer, list, text } from '../../src/check/fields.ts';

const FIELDS: readonly (readonly [string, Field<unknown>, unknown])[] = [
  ['integer', integer(3, 7), 8],
  ['flag', flag(), 1],
  ['choice', choice('a', 'b'), 'c'],
  ['text', text(5), 'sixsix'],
  ['list', list(integer(0, 9), 4), [0, 1, 2, 3, 4]],
  ['list of some', list(flag(), 4, 2), [true]],
  ['list of lists', list(list(choice('x', 1, true), 2), 3), [['y']]],
];

test.each(FIELDS)('%s', (_, { arbitrary, shape }, outside) => {
  fc.assert(
    fc.property(arbitrary, value => {
      expect(shape(value, 'field')).toBeUndefined();
      expect(arbitrary.canShrinkWithoutContext(JSON.parse(JSON.stringify(value)))).toBe(true);
    }),
  );
  expect(shape(outside, 'field')).toMatch(/^field/);
});
