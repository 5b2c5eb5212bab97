/** What is written: everything that is read comes back, what cannot be stored is refused by name and place, and keys in order. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equalBytes, hex } from '../../../src/host/bytes.ts';
import { type FreezeOptions, freeze } from '../../../src/impl/storable/freeze.ts';
import { numberText } from '../../../src/impl/storable/number-text.ts';
import { FREEZE_REASONS, FreezeError, type FreezeReason } from '../../../src/impl/storable/problem.ts';
import { thaw } from '../../../src/impl/storable/thaw.ts';
import {
  Alias,
  Blessed,
  KEY_LOCKED,
  PerlCode,
  PerlHash,
  PerlRegexp,
  type PerlValue,
  type Reference,
  Scalar,
  Utf8,
  Weak,
} from '../../../src/impl/storable/values.ts';
import { Prng } from '../../../src/sim/core/prng.ts';
import { drawn } from './drawn.ts';
import { dumped } from './dump.ts';

function thawed(image: Uint8Array): Reference {
  const result = thaw(image, { code: true, regexps: true });
  if (!result.ok) throw new Error(`${result.message}: ${hex(image)}`);
  return result.value;
}

test('what is written is read as it was meant, and written again the same', () => {
  fc.assert(
    fc.property(fc.string(), seed => {
      const random = new Prng(seed);
      const value = drawn(bound => random.below(bound));
      const image = freeze(value);
      const back = thawed(image);
      expect(dumped(back)).toBe(dumped(value, 'network'));
      expect(equalBytes(freeze(back), image)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('an image that is cut, or changed in one byte, is read or refused, and never throws', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), fc.nat(255), (seed, place, byte) => {
      const random = new Prng(seed);
      const image = freeze(drawn(bound => random.below(bound)));
      for (let length = 0; length < image.length; length++) expect(thaw(image.subarray(0, length)).ok).toBe(false);
      image[place % image.length] = byte;
      const result = thaw(image, { code: true, regexps: true });
      if (result.ok) expect(freeze(thawed(freeze(result.value)))).toEqual(freeze(result.value));
    }),
    { numRuns: 200 },
  );
});

const bare: PerlValue[] = [];
const nested = (depth: number): PerlValue[] => (depth === 0 ? [] : [nested(depth - 1)]);
const REFUSALS: readonly (readonly [FreezeReason, string, unknown, FreezeOptions?])[] = [
  ['reference', '', 'text'],
  ['reference', '', null],
  ['reference', '', new Weak([])],
  ['reference', '', undefined],
  ['type', '[1]', [1, undefined]],
  ['type', '[0]', [() => 1]],
  ['type', '{a}[2]', new Map([['a', [1, 2, { b: 1 }]]])],
  ['type', '[0]', [Symbol('s')]],
  ['type', '[0]', [new Blessed('A', new Blessed('B', []) as never)]],
  ['alias', '', new Scalar(new Alias(new Scalar(1)))],
  ['alias', '[0]', [new Alias([] as never)]],
  ['bytes', '', new Blessed('€', [])],
  ['bytes', '[0]', [new Blessed('Regexp', new PerlRegexp('€', ''))]],
  ['identity', '[1]', [bare, new Blessed('A', bare)]],
  ['identity', '[1]', [new Blessed('B', bare), new Blessed('A', bare)]],
  ['flags', '', flaggedHash(KEY_LOCKED)],
  ['flags', '', flaggedHash(0x80)],
  ['depth', '[0][0]', nested(3), { limits: { depth: 2 } }],
  ['nodes', '[1]', [1, 2], { limits: { nodes: 2 } }],
  ['string', '[0]', ['abc'], { limits: { string: 2 } }],
  ['string', '{abc}', new Map([['abc', 1]]), { limits: { string: 2 } }],
  ['string', '[0]', ['€'], { limits: { string: 2 } }],
];

function flaggedHash(flags: number): PerlHash {
  const hash = new PerlHash();
  hash.keyFlags.set('a', flags);
  return hash;
}

test.each(REFUSALS.map(([reason, path, value, options]) => ({ reason, path, value, options })))(
  '$reason at $path',
  ({ reason, path, value, options }) => {
    let error: unknown;
    try {
      freeze(value as PerlValue, options);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(FreezeError);
    expect(error).toMatchObject({ reason, path });
    // The next one is not the worse for it.
    expect(hex(freeze([1]))).toBe('050b02000000010881');
  },
);

test('every reason is refused somewhere', () => {
  expect([...new Set(REFUSALS.map(([reason]) => reason))].sort()).toEqual(Object.keys(FREEZE_REASONS).sort());
});

describe('order and form', () => {
  test('keys are in the order of the Map, or in that of their characters when asked', () => {
    const keys = ['b', '😀', 'a', '\uffff', 'é', 'ab', '\ud800'];
    const hash = new Map(keys.map(key => [key, 1]));
    expect([...(thawed(freeze(hash)) as Map<string, PerlValue>).keys()]).toEqual(keys);
    expect([...(thawed(freeze(hash, { canonical: true })) as Map<string, PerlValue>).keys()]).toEqual([
      'a',
      'ab',
      'b',
      'é',
      '\ud800',
      '\uffff',
      '😀',
    ]);
  });

  test('a string that grows by its UTF-8 past 255 bytes has a long length', () => {
    expect(hex(freeze([new Utf8('é'.repeat(128))])).slice(14, 24)).toBe('1800000100');
  });

  test('a large image', () => {
    const text = 'x'.repeat(100_000);
    expect(thawed(freeze([text, text]))).toEqual([text, text]);
  });

  test('code is written as text', () => expect(thawed(freeze([new PerlCode('{ 1 }')]))).toEqual([new PerlCode('{ 1 }')]));

  test('a double has fifteen digits, or those that it takes', () => {
    expect([0.1, 1 / 3, 1e100, 1e-7, -0, 2 ** 53].map(number => numberText(number))).toEqual([
      '0.1',
      '0.333333333333333',
      '1e+100',
      '1e-07',
      '0',
      '9.00719925474099e+15',
    ]);
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), number => Number(numberText(number, true)) === number + 0));
  });
});
