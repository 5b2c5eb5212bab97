/** IDEA: the published vectors both ways, the definition computed with big integers, and what holds for every key. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, hex } from '../../../src/host/bytes.ts';
import { BLOCK_LENGTH, expandKey, Idea, invertSubkeys, KEY_LENGTH, SUBKEYS } from '../../../src/impl/cipher/idea.ts';
import { bytesOf, idea } from './vectors.ts';

const wordsOf = (bytes: Uint8Array): number[] =>
  Array.from({ length: bytes.length / 2 }, (_, index) => (bytes[2 * index] ?? 0) * 256 + (bytes[2 * index + 1] ?? 0));
const bytesOfWords = (words: Iterable<number>): Uint8Array => Uint8Array.from([...words].flatMap(word => [word >> 8, word & 255]));

/** Words as they matter: 0 and its neighbours, and everything else. */
const word = fc.oneof(fc.constantFrom(0, 1, 2, 0x7fff, 0x8000, 0xfffe, 0xffff), fc.nat(0xffff));
const key = fc.array(word, { minLength: 8, maxLength: 8 }).map(bytesOfWords);
/** Up to 200 blocks: more than three batches. */
const blocks = fc
  .nat(200)
  .chain(count => fc.array(word, { minLength: 4 * count, maxLength: 4 * count }))
  .map(bytesOfWords);
const runs = { numRuns: 100 };

describe('vectors', () => {
  test('there are 369, 53 of them published', () => {
    expect(idea.vectors.length).toBe(369);
    expect(idea.vectors.filter(({ source }) => /NESSIE|test suite/.test(source)).length).toBe(53);
  });

  test.each(idea.vectors.map((vector, index) => [`${index} ${vector.source}`, vector] as const))('%s', (_, vector) => {
    const cipher = new Idea(bytesOf(vector.key));
    expect(hex(cipher.encrypt(bytesOf(vector.plaintext)))).toBe(vector.ciphertext);
    expect(hex(cipher.decrypt(bytesOf(vector.ciphertext)))).toBe(vector.plaintext);
  });

  test.each(idea.key_schedules)('subkeys of $key', vector => {
    const subkeys = expandKey(bytesOf(vector.key));
    expect(hex(bytesOfWords(subkeys))).toBe(vector.enc_subkeys);
    expect(hex(bytesOfWords(invertSubkeys(subkeys)))).toBe(vector.dec_subkeys);
  });
});

describe('every key', () => {
  test('decrypts what it encrypted, and encrypts what it decrypted', () => {
    fc.assert(
      fc.property(key, blocks, (bytes, text) => {
        const cipher = new Idea(bytes);
        expect(hex(cipher.decrypt(cipher.encrypt(text)))).toBe(hex(text));
        expect(hex(cipher.encrypt(cipher.decrypt(text)))).toBe(hex(text));
      }),
      runs,
    );
  });

  test('encrypts as the definition says', () => {
    fc.assert(
      fc.property(key, blocks, (bytes, text) => {
        const subkeys = [...expandKey(bytes)];
        const expected = Array.from({ length: text.length / BLOCK_LENGTH }, (_, index) =>
          bytesOfWords(encryptByDefinition(wordsOf(text.subarray(8 * index, 8 * index + 8)), subkeys)),
        );
        expect(hex(new Idea(bytes).encrypt(text))).toBe(expected.map(hex).join(''));
      }),
      runs,
    );
  });

  test('has subkeys that are the key rotated by 25 bits', () => {
    fc.assert(
      fc.property(key, bytes => {
        const bits = [...bytes].map(byte => byte.toString(2).padStart(8, '0')).join('');
        const rotated = Array.from({ length: 7 }, (_, row) => bits.slice((25 * row) % 128) + bits.slice(0, (25 * row) % 128)).join('');
        const expected = Array.from({ length: SUBKEYS }, (_, index) => Number.parseInt(rotated.slice(16 * index, 16 * index + 16), 2));
        expect([...expandKey(bytes)]).toEqual(expected);
      }),
      runs,
    );
  });

  test('has subkeys that invert: products are 1, sums are 0, and twice inverted is as before', () => {
    fc.assert(
      fc.property(key, bytes => {
        const subkeys = expandKey(bytes);
        const inverse = invertSubkeys(subkeys);
        for (let round = 0; round <= 8; round++) {
          const [there, back] = [[...subkeys.subarray(6 * round)], [...inverse.subarray(48 - 6 * round)]];
          const [second, third] = round === 0 || round === 8 ? [1, 2] : [2, 1];
          for (const index of [0, 3]) expect(product(there[index] ?? 0, back[index] ?? 0)).toBe(1);
          expect(((there[1] ?? 0) + (back[second] ?? 0)) & 0xffff).toBe(0);
          expect(((there[2] ?? 0) + (back[third] ?? 0)) & 0xffff).toBe(0);
        }
        expect([...invertSubkeys(inverse)]).toEqual([...subkeys]);
      }),
      runs,
    );
  });
});

describe('blocks', () => {
  const cipher = new Idea(bytesOf('00010002000300040005000600070008'));

  test('are each for itself, whatever is beside them', () => {
    fc.assert(
      fc.property(blocks, text => {
        const alone = Array.from({ length: text.length / BLOCK_LENGTH }, (_, index) =>
          cipher.encrypt(text.slice(8 * index, 8 * index + 8)),
        );
        expect(hex(cipher.encrypt(text))).toBe(hex(concat(alone)));
      }),
      { numRuns: 30 },
    );
  });

  test.each([63, 64, 65, 128, 1_000])('%i of them are whole', count => {
    const one = bytesOf('0000000100020003');
    const many = concat(Array.from({ length: count }, () => one));
    expect(hex(cipher.encrypt(many))).toBe('11fbed2b01986de5'.repeat(count));
  });

  test('may be none', () => {
    expect(cipher.encrypt(new Uint8Array(0)).length).toBe(0);
  });

  test('may be a view, are not changed, and are not the result', () => {
    const around = bytesOf('ffffff0000000100020003ffff');
    const result = cipher.encrypt(around.subarray(3, 11));
    expect(hex(result)).toBe('11fbed2b01986de5');
    expect(hex(around)).toBe('ffffff0000000100020003ffff');
    expect(result.buffer).not.toBe(around.buffer);
  });

  test.each([1, 4, 7, 9, 12, 15])('%i bytes are refused', length => {
    expect(() => cipher.encrypt(new Uint8Array(length))).toThrow(`${length} bytes are not whole blocks of 8`);
    expect(() => cipher.decrypt(new Uint8Array(length))).toThrow(`${length} bytes are not whole blocks of 8`);
  });
});

test.each([0, 8, 15, 17, 32])('a key of %i bytes is refused (A-B27: by an exception)', length => {
  expect(() => new Idea(new Uint8Array(length))).toThrow(`a key has ${KEY_LENGTH} bytes, not ${length}`);
});

test.each([0, 51, 53])('%i subkeys are refused', count => {
  expect(() => invertSubkeys(new Uint16Array(count))).toThrow(`there are ${SUBKEYS} subkeys, not ${count}`);
});

test('two ciphers do not disturb each other', () => {
  const [first, second] = [new Idea(new Uint8Array(16)), new Idea(new Uint8Array(16).fill(255))];
  const text = bytesOf('0123456789abcdef');
  const before = hex(first.encrypt(text));
  second.encrypt(text);
  expect(hex(first.encrypt(text))).toBe(before);
  expect(hex(second.encrypt(text))).not.toBe(before);
});

// ── the definition ──────────────────────────────────────────────────────────────────────────────────────────────────

/** The group of multiplication modulo 65537, where 0 stands for 65536, in big integers. */
function product(left: number, right: number): number {
  const of = (value: number): bigint => BigInt(value === 0 ? 65_536 : value);
  return Number((of(left) * of(right)) % 65_537n) & 0xffff;
}

function encryptByDefinition(block: readonly number[], subkeys: readonly number[]): number[] {
  const sum = (left: number, right: number): number => (left + right) % 65_536;
  let [x1 = 0, x2 = 0, x3 = 0, x4 = 0] = block;
  for (let round = 0; round < 8; round++) {
    const [z1 = 0, z2 = 0, z3 = 0, z4 = 0, z5 = 0, z6 = 0] = subkeys.slice(6 * round);
    const [a, b, c, d] = [product(x1, z1), sum(x2, z2), sum(x3, z3), product(x4, z4)];
    const e = product(a ^ c, z5);
    const right = product(sum(b ^ d, e), z6);
    const left = sum(e, right);
    [x1, x2, x3, x4] = [a ^ right, c ^ right, b ^ left, d ^ left];
  }
  const [z1 = 0, z2 = 0, z3 = 0, z4 = 0] = subkeys.slice(48);
  return [product(x1, z1), sum(x3, z2), sum(x2, z3), product(x4, z4)];
}
