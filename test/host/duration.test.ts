import { expect, test } from 'vitest';
import { durationOf, millis, type Span, seconds } from '../../src/host/time.ts';

test.each<[Span, number]>([
  ['5 s', 5_000_000],
  ['250 ms', 250_000],
  ['0.5 ms', 500],
  ['7 us', 7],
  ['2 min', 120_000_000],
  ['24 h', 86_400_000_000],
  [seconds(3), 3_000_000],
  [millis(0), 0],
])('%s is %d microseconds', (span, length) => {
  expect(durationOf(span)).toBe(length);
});

test.each(['5', '5s', '-5 s', '1e3 s', ' 5 s', '5 days', '99999999999999 h', ''])('%s is refused', text => {
  expect(() => durationOf(text as Span)).toThrow("a length of time is written '5 s', with one of us, ms, s, min, h, not");
});

test('a number alone says not of what, and the compiler knows', () => {
  // @ts-expect-error: not a Duration
  const bare: Span = 5;
  // @ts-expect-error: no unit
  const text: Span = '5 seconds';
  expect([bare, text]).toHaveLength(2);
});
