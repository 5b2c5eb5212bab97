import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromUtf8, utf8 } from '../../src/host/bytes.ts';
import { instantOf } from '../../src/host/time.ts';

import { encodeTrace, TraceEncoder } from '../../src/trace/encode.ts';
import type { JsonValue } from '../../src/trace/event.ts';
import { event, HEADER, linesOf, PASS, sequence, trace } from './arbitrary.ts';

test('the lines of a trace, as the format describes them', () => {
  const full = event(1, {
    time: instantOf(1_200_300),
    cause: 0,
    message: 3,
    bytes: new Uint8Array([1, 13]),
    data: { to: 'm2:7000', again: false, count: -0 },
  });
  const empty = { ...event(0), process: '', kind: 'phase' as const, channel: '', bytes: undefined };
  const list = [empty, full, { ...event(2), bytes: new Uint8Array(0), data: {} }];
  const ending = { outcome: 'fail', check: 'no-orphan', at: 2, why: 'pid 102 "lives"' } as const;
  expect(linesOf(list, ending)).toEqual([
    '{"format":"slipway-trace","v":[1,0],"engine":1,"kind":"sim","clock":"virtual","unit":"us","name":"lifetime/inherit","seed":"7","title":"a child outlives its parent","plan":{"clients":2,"faults":[]}}',
    '{"i":0,"t":0,"k":"phase"}',
    '{"i":1,"t":1200300,"n":"m/child.101","k":"send","c":0,"m":3,"ch":"pipe1","len":2,"raw":"010d","d":{"again":false,"count":0,"to":"m2:7000"}}',
    '{"i":2,"t":2000,"n":"m/child.101","k":"send","ch":"pipe1","len":0,"raw":"","d":{}}',
    '{"k":"end","events":3,"h":"547f8bc5550d72fed774d94a96f0bd8e","s":"521b88704281b1ba","outcome":"fail","check":"no-orphan","at":2,"why":"pid 102 \\"lives\\""}',
  ]);
});

test('a checkpoint after every 1024 events, one more line', () => {
  const lines = linesOf(sequence(2049));
  expect(lines.length).toBe(1 + 2049 + 2 + 1);
  expect(lines[1025]).toMatch(/^\{"k":"#","i":1023,"h":"[0-9a-f]{32}","s":"[0-9a-f]{16}"\}$/);
  expect(lines[2050]).toMatch(/^\{"k":"#","i":2047,/);
});

test('equal traces are equal bytes, whatever the order of their keys', () => {
  const one = { b: { y: 1, x: [{ q: 1, p: 2 }] }, a: 'ö', '10': 1, '9': 2 };
  const other = { '9': 2, '10': 1, a: 'ö', b: { x: [{ p: 2, q: 1 }], y: 1 } };
  const encode = (plan: JsonValue, data: Record<string, number>): string =>
    [...encodeTrace({ ...HEADER, plan }, [event(0, { data })], PASS)].join('');
  expect(encode(one, { b: 1, a: 2 })).toBe(encode(other, { a: 2, b: 1 }));
  expect(encode(one, { b: 1, a: 2 })).toContain('"plan":{"10":1,"9":2,"a":"ö","b":{"x":[{"p":2,"q":1}],"y":1}}');
});

test('every line is a JSON object and nothing but text that UTF-8 can hold', () => {
  fc.assert(
    fc.property(trace, ({ header, events, ending }) => {
      const text = [...encodeTrace(header, events, ending)].join('');
      expect(fromUtf8(utf8(text))).toBe(text);
      for (const line of text.split('\n').slice(0, -1)) expect(typeof JSON.parse(line)).toBe('object');
    }),
  );
});

test('numbers that JSON has no word for become text in data, and are a bug in a plan', () => {
  const [, line] = linesOf([event(0, { data: { mean: Number.NaN, most: Number.POSITIVE_INFINITY } })]);
  expect(line).toContain('"d":{"mean":"NaN","most":"Infinity"}');
  expect(() => new TraceEncoder().header({ ...HEADER, plan: [Number.NaN] })).toThrow('JSON values only');
});

test('a plan nests so deep and no deeper, and cannot have a key __proto__', () => {
  const nested = (levels: number): JsonValue => (levels === 0 ? 1 : [nested(levels - 1)]);
  expect(new TraceEncoder().header({ ...HEADER, plan: nested(63) })).toContain('[[1]]');
  expect(() => new TraceEncoder().header({ ...HEADER, plan: nested(64) })).toThrow('63 levels');
  expect(() => new TraceEncoder().header({ ...HEADER, plan: JSON.parse('{"__proto__":{}}') })).toThrow('__proto__');
});

test('a payload longer than the limit is cut, and its length kept', () => {
  const encoder = new TraceEncoder({ rawLimit: 3 });
  encoder.header(HEADER);
  expect(encoder.event(event(0, { bytes: new Uint8Array([1, 2, 3, 4]) }))).toContain('"len":4,"raw":"010203"');
  const unlimited = new TraceEncoder({ rawLimit: 2 ** 40 });
  unlimited.header(HEADER);
  expect(unlimited.event(event(0, { bytes: new Uint8Array(9_000_000) })).length).toBeLessThan(16_777_216);
});

test('a line beyond the limit is refused, and counted in bytes', () => {
  const encoder = new TraceEncoder();
  encoder.header(HEADER);
  expect(() => encoder.event(event(0, { data: { text: 'ö'.repeat(8_388_608) } }))).toThrow('16777216 bytes');
  expect(encoder.event(event(0, { data: { text: 'o'.repeat(8_388_608) } }))).toContain('oooo');
});

test.each<[string, (encoder: TraceEncoder) => unknown]>([
  ['an event before the header', encoder => encoder.event(event(0))],
  ['a footer before the header', encoder => encoder.footer({ events: 0, fingerprint: encoder.fingerprint(), ...PASS })],
  ['two headers', encoder => [encoder.header(HEADER), encoder.header(HEADER)]],
  ['a version that is not ours', encoder => encoder.header({ ...HEADER, version: [1, 1] })],
  ['an index that is not next', encoder => [encoder.header(HEADER), encoder.event(event(1))]],
  ['a time that is no integer', encoder => [encoder.header(HEADER), encoder.event({ ...event(0), time: 0.5 as never })]],
  ['a cause in the future', encoder => [encoder.header(HEADER), encoder.event(event(0, { cause: 0 }))]],
  ['a message below zero', encoder => [encoder.header(HEADER), encoder.event(event(0, { message: -1 }))]],
  ['data without a value', encoder => [encoder.header(HEADER), encoder.event(event(0, { data: { a: undefined } as never }))]],
  ['a wrong count', encoder => [encoder.header(HEADER), encoder.footer({ events: 1, fingerprint: encoder.fingerprint(), ...PASS })]],
  ['a wrong fingerprint', encoder => [encoder.header(HEADER), encoder.footer({ events: 0, fingerprint: '0'.repeat(16), ...PASS })]],
])('misuse throws: %s', (_, misuse) => {
  expect(() => misuse(new TraceEncoder())).toThrow();
});
