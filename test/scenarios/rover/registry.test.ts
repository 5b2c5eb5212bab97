/**
 * The rover scenarios are complete: each trap that a program can play is shown by a scenario of its name, found as written, and kept as a trace
 * that holds when corrected. Their README says what is held where.
 */
import { expect, test } from 'vitest';
import { LIMITS, WRONG } from '../../../scenarios/rover/parts/limits.ts';
import { SHOWN } from '../../../scenarios/rover/traps.ts';
import { TRAPS } from '../../../src/impl/rover/quirks.ts';
import { testReadme } from '../readme.ts';
import { testShown } from '../shown.ts';
import { mutants } from './mutants.ts';

testShown(
  'rover',
  TRAPS,
  SHOWN.map(each => ({ ...each, scenario: `rover/${each.quirk}` })),
);
testReadme(
  'rover',
  [
    ...['exchange', 'queue', 'strangers', 'hostile', 'long', 'fatal', 'shutdown', 'forked', 'command-lines', 'beginnings'],
    ...['signals', 'plain', 'disk', 'client-disk', 'crowd', 'undone', 'limits', 'parcels'],
  ],
  mutants,
);

test.each(Object.entries(LIMITS))('what is sent at the limit of %s is another one less, exactly and one more', (_, of) => {
  expect(new Set([of(-1), of(0), of(1)]).size).toBe(3);
});
test('no two bytes that are wrong are the same', () => {
  expect(new Set(Object.values(WRONG)).size).toBe(Object.keys(WRONG).length);
});
