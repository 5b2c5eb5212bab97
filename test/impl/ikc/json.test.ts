/** JSON as a serializer: what comes back, what has no form, and what is refused before anything is made of it. */
import { describe, expect, test } from 'vitest';
import { textOf, utf8 } from '../../../src/host/bytes.ts';
import { jsonOf, valueOfJson } from '../../../src/impl/ikc/json.ts';
import { FRAME_MAX } from '../../../src/impl/ikc/limits.ts';
import { LIMITS } from '../../../src/impl/storable/problem.ts';
import {
  ABSENT,
  Alias,
  Blessed,
  PerlCode,
  PerlRegexp,
  type PerlValue,
  RawUtf8,
  Scalar,
  Utf8,
  VString,
  Weak,
} from '../../../src/impl/storable/values.ts';

const text = (value: PerlValue): string => {
  const frozen = jsonOf(value);
  return frozen.ok ? textOf(frozen.bytes) : `no: ${frozen.why}`;
};
const value = (json: string | Uint8Array): unknown => {
  const thawed = valueOfJson(typeof json === 'string' ? utf8(json) : json);
  return thawed.ok ? thawed.value : `no: ${thawed.why}`;
};
const map = (...entries: readonly (readonly [string, PerlValue])[]): Map<string, PerlValue> => new Map(entries);

describe('there and back', () => {
  test.each<[PerlValue, string]>([
    [null, 'null'],
    [true, 'true'],
    [false, 'false'],
    [0, '0'],
    [-1.5, '-1.5'],
    [1e100, '1e+100'],
    ['', '""'],
    ['a"\\\n\u00e9\u20ac\u{1f6a2}', '"a\\"\\\\\\n\u00e9\u20ac\u{1f6a2}"'],
    [[], '[]'],
    [[1, [2, [null]]], '[1,[2,[null]]]'],
    [map(), '{}'],
    [map(['a', 1], ['', [map(['__proto__', 'x'])]]), '{"a":1,"":[{"__proto__":"x"}]}'],
  ])('%j', (given, json) => {
    expect(text(given)).toBe(json);
    expect(value(json)).toEqual(given);
  });

  test('what only Perl tells apart is what it means', () => {
    expect(text([new Utf8('\u00e9'), new VString('v1.2', '\u0001\u0002'), ABSENT, 12345678901234567890n])).toBe(
      '["\u00e9","\\u0001\\u0002",null,12345678901234567890]',
    );
    expect(text([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBe('["NaN","Inf","-Inf"]');
    const shared: PerlValue[] = [1];
    expect(text([shared, new Weak(shared), new Alias(new Scalar('x'))])).toBe('[[1],[1],"x"]');
  });

  test('white space and escapes of others', () => {
    expect(value(' { "a" : [ 1 , "\\u00e9\\\\\\"[[[" ] }\n')).toEqual(map(['a', [1, '\u00e9\\"[[[']]));
  });
});

test('what has no form', () => {
  for (const given of [new Scalar(1), new Blessed('A', []), new PerlRegexp('x', ''), new PerlCode('1'), new RawUtf8('\u00ff')])
    expect(text([given])).toBe(`no: JSON has no form for a ${given.constructor.name} of Perl`);
});

describe('limits', () => {
  const nested = (depth: number): PerlValue => {
    let inner: PerlValue = [];
    for (let level = 1; level < depth; level++) inner = [inner];
    return inner;
  };
  // `depth` arrays, the innermost with nothing in it.
  test.each([LIMITS.depth - 1, LIMITS.depth, LIMITS.depth + 1])('%i arrays in each other', depth => {
    const json = '['.repeat(depth) + ']'.repeat(depth);
    const deep = depth > LIMITS.depth;
    expect(text(nested(depth))).toBe(deep ? `no: deeper than ${LIMITS.depth}, or a cycle` : json);
    if (deep) expect(value(json)).toBe(`no: deeper than ${LIMITS.depth}, at character ${LIMITS.depth}`);
    else expect(value(json)).toEqual(nested(depth));
  });

  test.each([LIMITS.nodes - 1, LIMITS.nodes, LIMITS.nodes + 1])('%i items', items => {
    const many = items > LIMITS.nodes;
    const list = Array.from({ length: items - 1 }, () => 1);
    expect(text(list).startsWith('no: more than')).toBe(many);
    expect(typeof value(`[${list.join(',')}]`) === 'string').toBe(many);
  });

  test.each([FRAME_MAX - 1, FRAME_MAX, FRAME_MAX + 1])('%i bytes', bytes => {
    expect(text('x'.repeat(bytes - 2)).startsWith('no: JSON text of more than')).toBe(bytes > FRAME_MAX);
  });

  test('brackets within a string are none, whatever is escaped before them', () => {
    const many = '['.repeat(LIMITS.depth + 1);
    for (const text of [many, `"${many}`, `\\${many}`, `\\"${many}`]) expect(value(JSON.stringify([text]))).toEqual([text]);
    expect(value(`["\\\\",${many}`)).toMatch(/^no: deeper/);
  });

  test('bytes are counted, not characters', () => {
    expect(text('\u20ac'.repeat(FRAME_MAX / 3)).startsWith('no: JSON text of more than')).toBe(true);
  });

  test.each([
    ['100,000 open brackets', '['.repeat(100_000)],
    ['and braces', '{"a":'.repeat(100_000)],
    ['16 million of them', '['.repeat(FRAME_MAX)],
    ['8 million empty items', ','.repeat(8_000_000)],
    ['what is shared doubles thirty times', undefined],
  ])('%s are refused', (_, json) => {
    let doubled: PerlValue = [1];
    for (let level = 0; level < 30; level++) doubled = [doubled, doubled];
    expect(json === undefined ? text(doubled) : value(json)).toMatch(/^no: (deeper|more) than/);
  });
});

test.each([
  ['', 'no bytes, where JSON text should be'],
  ['nope', 'no JSON text'],
  ['{"a":1', 'no JSON text'],
  ['1 2', 'no JSON text'],
  ['\u0000', 'no JSON text'],
  ['\ufeff1', 'no JSON text'],
  ['"\n"', 'no JSON text'],
  ['"abc', 'no JSON text'],
  ['"abc\\', 'no JSON text'],
])('%j is refused', (json, why) => {
  expect(value(json)).toBe(`no: ${why}`);
});

test('bytes that are no UTF-8 are refused', () => {
  expect(value(Uint8Array.of(0x22, 0xff, 0x22))).toBe('no: JSON text that is no UTF-8');
});

test('a text that is cut anywhere is a value or refused, and nothing else', () => {
  const json = '{"event":"poe://K/s/e","params":[1,"\\u00e9",{"a":[null,true]}]}';
  for (let cut = 0; cut < json.length; cut++) expect(value(json.slice(0, cut))).toMatch(/^no: /);
});
