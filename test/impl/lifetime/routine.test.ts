/** Routines: resumed at once or later, in order, without stack. */
import { expect, test } from 'vitest';
import type { Routine } from '../../../src/impl/lifetime/routine.ts';
import { awaiting, runRoutine } from '../../../src/impl/lifetime/routine.ts';

test('a routine waits, and goes on with the value', () => {
  const later: ((value: number) => void)[] = [];
  const seen: number[] = [];
  function* main(): Routine<void> {
    seen.push(yield* awaiting<number>(resume => resume(1)));
    seen.push(yield* awaiting<number>(resume => later.push(resume)));
    seen.push(3);
  }
  runRoutine(main());
  expect(seen).toEqual([1]);
  later[0]?.(2);
  expect(seen).toEqual([1, 2, 3]);
  expect(() => later[0]?.(2)).toThrow('resumed twice');
});

test('a million waits that resume at once are a loop', () => {
  let count = 0;
  function* main(): Routine<void> {
    for (; count < 1_000_000; count++) yield resume => resume();
  }
  runRoutine(main());
  expect(count).toBe(1_000_000);
});
