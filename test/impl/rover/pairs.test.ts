/** The body of a request: what is a pair, what is none and where, and that what is encoded comes back. */
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../src/host/bytes.ts';
import { decodePairs, encodePairs, type Pairs } from '../../../src/impl/rover/pairs.ts';
import { bytesOf, textOf } from '../../../src/impl/rover/text.ts';
import { PAIRS_MAX } from '../../../src/impl/rover/wire.ts';

const shown = (body: string): unknown => {
  const pairs = decodePairs(utf8(body));
  return 'problem' in pairs
    ? `${pairs.offset} ${pairs.problem}`
    : Object.fromEntries([...pairs].map(([token, value]) => [token, textOf(value)]));
};

describe('pairs', () => {
  test.each([
    ['', {}],
    ['A=1', { A: '1' }],
    ['A=1&B=2', { A: '1', B: '2' }],
    ['A=', { A: '' }],
    ['A==', { A: '=' }],
    ['A=a+b%20c', { A: 'a b c' }],
    ['A=%41%62%7e', { A: 'Ab~' }],
    ['A=%e4%E4', { A: '\u00e4\u00e4' }],
    ['DATA=%00x', { DATA: '\0x' }],
    ['%41=1', { A: '1' }],
    ['a b=1', { 'a b': '1' }],
  ])('%j', (body, pairs) => {
    expect(shown(body)).toEqual(pairs);
  });

  test.each([
    ['A', '0 a pair without ='],
    ['A=1&', '4 a pair without ='],
    ['&A=1', '0 a pair without ='],
    ['A=1&&B=2', '4 a pair without ='],
    ['=1', '0 an empty token'],
    ['A=1&=', '4 an empty token'],
    ['A=1&A=1', '4 token A twice'],
    ['A=1&%41=2', '4 token A twice'],
    ['A=%', '2 % without two hexadecimal digits'],
    ['A=x%4', '3 % without two hexadecimal digits'],
    ['A=%4g', '2 % without two hexadecimal digits'],
    ['A=%g4', '2 % without two hexadecimal digits'],
    ['A=1%&B=2', '3 % without two hexadecimal digits'],
    ['A=%4&B=2', '2 % without two hexadecimal digits'],
    ['B%=1', '1 % without two hexadecimal digits'],
    ['A=x%00', '2 NUL in the value of A'],
    ['USER=\0', '5 NUL in the value of USER'],
  ])('%j is refused', (body, problem) => {
    expect(shown(body)).toBe(problem);
  });

  test('so many, and one more', () => {
    const body = (count: number): string => Array.from({ length: count }, (_, index) => `T${index}=`).join('&');
    expect(Object.keys(shown(body(PAIRS_MAX)) as object)).toHaveLength(PAIRS_MAX);
    expect(shown(body(PAIRS_MAX + 1))).toBe(`${body(PAIRS_MAX).length + 1} more than ${PAIRS_MAX} pairs`);
  });

  test('loosely, whatever comes is taken', () => {
    const pairs = decodePairs(utf8('A=1&A=2&B&=x&C=%4&D=%zz'), { strange: 'taken as it is' });
    expect('problem' in pairs ? pairs : [...pairs].map(([token, value]) => [token, textOf(value)])).toEqual([
      ['A', '2'],
      ['B', ''],
      ['', 'x'],
      ['C', '%4'],
      ['D', '%zz'],
    ]);
  });

  test('all bytes come back, and nothing but what stands for itself is sent as it is', () => {
    const all = bytesOf(Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join(''));
    const pairs: Pairs = new Map([
      ['DATA', all],
      ['a&b=c', utf8('1 2')],
    ]);
    const bytes = encodePairs(pairs);
    expect(textOf(bytes)).toMatch(/^[A-Za-z0-9._~+%&=-]*$/);
    expect(decodePairs(bytes)).toEqual(pairs);
  });
});
