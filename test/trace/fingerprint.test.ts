import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantOf } from '../../src/host/time.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { Fingerprint } from '../../src/trace/fingerprint.ts';
import { event, events, sequence } from './arbitrary.ts';

function fingerprintOf(list: readonly TraceEvent[]): string {
  const fingerprint = new Fingerprint();
  for (const each of list) fingerprint.add(each);
  return fingerprint.digest();
}

const base = event(0, { data: { to: 'a', port: 7 } });
const of = (fields: Partial<TraceEvent>): string => fingerprintOf([{ ...base, ...fields }]);

test('values that must never change within an engine version', () => {
  expect(fingerprintOf([])).toBe('1994b64cccb734d5');
  expect(fingerprintOf([base])).toBe('185caa9967e03c79');
  expect(fingerprintOf(sequence(1000))).toBe('7b646266c1d1b027');
});

test.each<[string, Partial<TraceEvent>]>([
  ['time', { time: instantOf(1) }],
  ['time beyond 32 bits', { time: instantOf(2 ** 32) }],
  ['process', { process: 'm/child.102' }],
  ['no process', { process: '' }],
  ['kind', { kind: 'recv' }],
  ['message', { message: 1 }],
  ['message beyond 32 bits', { message: 2 ** 32 }],
  ['channel', { channel: 'pipe2' }],
  ['bytes', { bytes: new Uint8Array([1]) }],
  ['more bytes', { bytes: new Uint8Array([0, 0]) }],
  ['no bytes', { bytes: undefined }],
  ['bytes of length 0', { bytes: new Uint8Array(0) }],
  ['a value of data', { data: { to: 'b', port: 7 } }],
  ['a key of data', { data: { at: 'a', port: 7 } }],
  ['values of data exchanged', { data: { to: 7, port: 'a' } }],
  ['a number as text', { data: { to: 'a', port: '7' } }],
  ['a fraction', { data: { to: 'a', port: 7.5 } }],
  ['less data', { data: { to: 'a' } }],
  ['no data', { data: undefined }],
  ['empty data', { data: {} }],
])('another fingerprint for another %s', (_, fields) => {
  expect(of(fields)).not.toBe(of({}));
});

test('truth values and text are not numbers', () => {
  const values = [true, false, 'true', 'false', 1, 0, '1', '0', '', -1, 2 ** 32, -(2 ** 32), 0.5, '0.5'];
  expect(new Set(values.map(value => of({ data: { value } }))).size).toBe(values.length);
});

test('process and channel cannot change places', () => {
  expect(of({ process: 'x', channel: 'y' })).not.toBe(of({ process: 'y', channel: 'x' }));
  expect(of({ process: 'send', channel: 'send' })).not.toBe(of({ process: 'recv', channel: 'recv' }));
});

test('index, cause and the order of keys do not count', () => {
  expect(of({ index: 9, cause: 3 })).toBe(of({}));
  expect(of({ data: { port: 7, to: 'a' } })).toBe(of({}));
});

test('what JSON cannot tell apart has one fingerprint', () => {
  expect(of({ data: { value: -0 } })).toBe(of({ data: { value: 0 } }));
  expect(of({ data: { value: Number.NaN } })).toBe(of({ data: { value: 'NaN' } }));
});

test('the order of events counts', () => {
  const list = sequence(5);
  expect(fingerprintOf([...list].reverse())).not.toBe(fingerprintOf(list));
});

test('reading it changes nothing, and two of them do not disturb each other', () => {
  fc.assert(
    fc.property(events, list => {
      const one = new Fingerprint();
      const other = new Fingerprint();
      for (const each of list) {
        one.add(each);
        one.digest();
        other.add(each);
      }
      expect(one.digest()).toBe(other.digest());
      expect(one.digest()).toMatch(/^[0-9a-f]{16}$/);
    }),
  );
});

test('a full table of names changes no fingerprint', () => {
  const before = of({});
  const names = Array.from({ length: 10_000 }, (_, name) => of({ process: `p${name}`, channel: 'x'.repeat(200) }));
  expect(new Set(names).size).toBe(10_000);
  expect(of({})).toBe(before);
  expect(of({ process: 'p0', channel: 'x'.repeat(200) })).toBe(names[0]);
});

test('one bit of payload, anywhere, changes about half of the bits', () => {
  const bytes = Uint8Array.from({ length: 51 }, (_, index) => index * 5);
  const original = BigInt(`0x${of({ bytes })}`);
  let changed = 0;
  let least = 64;
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const count = (BigInt(`0x${of({ bytes: flipped })}`) ^ original).toString(2).replaceAll('0', '').length;
    changed += count;
    least = Math.min(least, count);
  }
  expect(changed / (8 * bytes.length)).toBeGreaterThan(30);
  expect(changed / (8 * bytes.length)).toBeLessThan(34);
  expect(least).toBeGreaterThan(12);
});

test('no two of 100 000 like events collide', () => {
  const seen = new Set<string>();
  for (let index = 0; index < 100_000; index++) seen.add(of({ time: instantOf(index % 1000), message: Math.floor(index / 1000) }));
  expect(seen.size).toBe(100_000);
});
