import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantOf } from '../../src/host/time.ts';
import { formatEvent, formatPayload, formatValue } from '../../src/trace/view.ts';
import { event, events } from './arbitrary.ts';

test('one aligned line for each event', () => {
  const list = [
    { ...event(0), process: '', kind: 'phase' as const, channel: '', bytes: undefined, data: { name: 'chaos' } },
    event(1, { time: instantOf(1_200_300), bytes: new Uint8Array([1, 13, 0x68, 0x69]), message: 3, cause: 0 }),
    event(123_456, { process: 'machine-1/supervisor.1001', bytes: new Uint8Array(40).fill(0x41), data: { b: 'two words', a: 1 } }),
  ];
  expect(list.map(formatEvent)).toEqual([
    '     0      0.000000 s  -                 phase                       name=chaos',
    '     1      1.200300 s  m/child.101       send      pipe1          4  01 0d 68 69  |..hi|  m=3  c=0',
    '123456    123.456000 s  machine-1/supervisor.1001  send      pipe1         40  41 41 41 41 41 41 41 41 41 41 41 41 41 41 41 41 …  |AAAAAAAAAAAAAAAA…|  a=1 b="two words"',
  ]);
});

test('no control character, no line break, no lone surrogate gets through', () => {
  fc.assert(
    fc.property(events, list => {
      for (const each of list) expect(formatEvent(each)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
    }),
    { numRuns: 300 },
  );
});

test('a line has an end, however long its event', () => {
  const data = Object.fromEntries(Array.from({ length: 100 }, (_, key) => [`${key}`.repeat(100), 'x'.repeat(10_000)]));
  const line = formatEvent(event(0, { bytes: new Uint8Array(100_000), data, process: 'p'.repeat(999), channel: 'c'.repeat(999) }));
  expect(line.length).toBeLessThan(2000);
  expect(line).toContain('… 88 more');
});

test('payloads', () => {
  expect(formatPayload(new Uint8Array([0, 0x7f, 0x20, 0x7e]))).toBe('00 7f 20 7e  |.. ~|');
  expect(formatPayload(new Uint8Array(17).fill(0x61))).toBe(`${'61 '.repeat(16)}…  |${'a'.repeat(16)}…|`);
});

test.each([
  ['plain/word:1', 'plain/word:1'],
  ['', '""'],
  ['two words', '"two words"'],
  ['say "a"', '"say \\"a\\""'],
  ['7', '"7"'],
  ['true', '"true"'],
  [7, '7'],
  [true, 'true'],
  ['a\nb', '"a\\u{a}b"'],
])('the value %j is shown as %s', (value, shown) => {
  expect(formatValue(value)).toBe(shown);
});
