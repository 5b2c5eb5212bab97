/** The `enc:` form: vectors, what is refused and why, and what the published code made of the same lines. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, textOf, utf8 } from '../../../src/host/bytes.ts';
import type { Decoded, EncClause } from '../../../src/impl/cipher/enc.ts';
import { decodeEnc, ENC_CLAUSES, encodeEnc, isEnc, TEXT_LIMIT } from '../../../src/impl/cipher/enc.ts';
import { Idea } from '../../../src/impl/cipher/idea.ts';
import { bytesOf, enc } from './vectors.ts';

const cipher = new Idea(bytesOf(enc.key_hex));
const decode = (line: string, asWritten = false): Decoded => decodeEnc(cipher, utf8(line), { asWritten });

/** The text of a line, or a failure of the test. */
function textFrom(decoded: Decoded): string {
  if (!decoded.ok) throw new Error(`${decoded.clause}: ${decoded.detail}`);
  return textOf(decoded.text);
}

function lineOf(text: string): string {
  const encoded = encodeEnc(cipher, utf8(text));
  if (!encoded.ok) throw new Error(encoded.detail);
  return textOf(encoded.line);
}

describe.each(enc.cases)('vector of $length bytes', vector => {
  const text = bytesOf(vector.plaintext_hex);

  test('encodes', () => {
    const encoded = encodeEnc(cipher, text);
    expect(encoded.ok && textOf(encoded.line)).toBe(vector.wire);
    expect(vector.wire.split(':')[2]?.length).toBe(16 * vector.blocks);
  });

  test('decodes, strictly and as written', () => {
    for (const asWritten of [false, true]) expect(decode(vector.wire, asWritten)).toEqual({ ok: true, text });
  });

  test('is padded with spaces', () => {
    const blocks = cipher.decrypt(bytesOf(vector.wire.split(':')[2] ?? ''));
    expect(hex(blocks)).toBe(vector.decrypted_padded_hex);
  });
});

test('any text comes back, in as many blocks as A9 says', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), text => {
      const encoded = encodeEnc(cipher, text);
      if (!encoded.ok) throw new Error(encoded.detail);
      const prefix = `enc:${text.length}:`.length;
      expect(encoded.line.length).toBe(prefix + 16 * (Math.floor(text.length / 8) + 1));
      for (const asWritten of [false, true]) {
        const decoded = decodeEnc(cipher, encoded.line, { asWritten });
        expect(decoded.ok && hex(decoded.text)).toBe(hex(text));
      }
    }),
  );
});

test('capital digits are taken', () => {
  expect(textFrom(decode('enc:5:AF4A34CA15C708BD'))).toBe('put:a');
});

describe('refused', () => {
  const a = 'af4a34ca15c708bd';
  test.each<[line: string, clause: EncClause, detail: string, offset: number]>([
    ['', ENC_CLAUSES.prefix, 'does not begin with enc:', 0],
    ['enc', ENC_CLAUSES.prefix, 'does not begin with enc:', 0],
    ['encyclopedia', ENC_CLAUSES.prefix, 'does not begin with enc:', 0],
    [`ENC:5:${a}`, ENC_CLAUSES.prefix, 'does not begin with enc:', 0],
    ['enc:', ENC_CLAUSES.length, 'ends before the colon', 4],
    ['enc:5', ENC_CLAUSES.length, 'ends before the colon', 5],
    [`enc::${a}`, ENC_CLAUSES.length, 'missing', 4],
    [`enc:-5:${a}`, ENC_CLAUSES.length, 'negative', 4],
    [`enc:+5:${a}`, ENC_CLAUSES.length, 'byte 43 in the length', 4],
    [`enc: 5:${a}`, ENC_CLAUSES.length, 'byte 32 in the length', 4],
    [`enc:5x:${a}`, ENC_CLAUSES.length, 'byte 120 in the length', 5],
    [`enc:5.0:${a}`, ENC_CLAUSES.length, 'byte 46 in the length', 5],
    [`enc:05:${a}`, ENC_CLAUSES.length, 'begins with a zero', 4],
    [`enc:${TEXT_LIMIT + 1}:${a}`, ENC_CLAUSES.limit, `above ${TEXT_LIMIT}`, 4],
    [`enc:${'9'.repeat(400)}:${a}`, ENC_CLAUSES.limit, `above ${TEXT_LIMIT}`, 4],
    [`enc:${TEXT_LIMIT}:${a}`, ENC_CLAUSES.blocks, `${TEXT_LIMIT / 8 + 1} blocks, not 1`, 4 + 8],
    ['enc:5:', ENC_CLAUSES.blocks, '1 blocks, not 0', 6],
    ['enc:5:a', ENC_CLAUSES.whole, '1 digits instead of 16', 6],
    ['enc:5:af4a34ca15c708b', ENC_CLAUSES.whole, '15 digits instead of 16', 6],
    ['enc:5:af4a34ca15c708', ENC_CLAUSES.whole, '14 digits instead of 16', 6],
    [`enc:8:${a}00`, ENC_CLAUSES.whole, '2 digits instead of 16', 22],
    [`enc:5:${a}${a}`, ENC_CLAUSES.blocks, 'a text of 5 bytes has 1 blocks, not 2', 6],
    [`enc:8:${a}`, ENC_CLAUSES.blocks, 'a text of 8 bytes has 2 blocks, not 1', 6],
    ['enc:5:af4a34ca15c708bg', ENC_CLAUSES.digits, 'byte 103', 21],
    ['enc:5:@f4a34ca15c708bd', ENC_CLAUSES.digits, 'byte 64', 6],
    ['enc:5:`f4a34ca15c708bd', ENC_CLAUSES.digits, 'byte 96', 6],
    ['enc:5:\x10f4a34ca15c708bd', ENC_CLAUSES.digits, 'byte 16', 6],
    [`enc:5:${a}\n`, ENC_CLAUSES.digits, 'byte 10', 22],
    [`enc:5:${a}:x`, ENC_CLAUSES.digits, 'byte 58', 22],
    [`enc:4:${a}`, ENC_CLAUSES.padding, 'byte 4 of the decrypted text is no space', 4],
    ['enc:0:af4a34ca15c708bd', ENC_CLAUSES.padding, 'byte 0 of the decrypted text is no space', 0],
  ])('%j', (line, clause, detail, offset) => {
    expect(decode(line)).toEqual({ ok: false, clause, detail: expect.stringContaining(detail), offset });
  });

  test('a line of another key, by its padding', () => {
    const other = new Idea(bytesOf('21a148213ac7b9e0f0b29a7d51221a14'));
    expect(decodeEnc(other, utf8('enc:5:af4a34ca15c708bd'))).toMatchObject({ ok: false, clause: ENC_CLAUSES.padding });
  });

  test('every clause has a line', () => {
    expect(new Set(Object.values(ENC_CLAUSES)).size).toBe(7);
  });
});

describe('limits', () => {
  const limited = { textLimit: 16 };

  test('a text up to the limit passes both ways, one byte more does not', () => {
    const line = utf8(lineOf('0123456789abcdef'));
    expect(encodeEnc(cipher, utf8('0123456789abcdef'), limited)).toEqual({ ok: true, line });
    expect(decodeEnc(cipher, line, limited)).toMatchObject({ ok: true });
    expect(encodeEnc(cipher, utf8('0123456789abcdefg'), limited)).toMatchObject({ ok: false, clause: ENC_CLAUSES.limit });
    expect(decodeEnc(cipher, utf8(lineOf('0123456789abcdefg')), limited)).toMatchObject({ ok: false, clause: ENC_CLAUSES.limit });
  });

  test('a line too long for any text is not looked at, as written neither', () => {
    const line = new Uint8Array(3 * 16 + 22).fill(0x61);
    line.set(utf8('enc:5:'));
    for (const asWritten of [false, true]) {
      expect(decodeEnc(cipher, line, { ...limited, asWritten })).toMatchObject({ ok: false, clause: ENC_CLAUSES.limit, offset: 69 });
      expect(decodeEnc(cipher, line.subarray(1), { ...limited, asWritten })).toMatchObject({ clause: ENC_CLAUSES.prefix });
    }
  });

  test('the longest text there is', () => {
    const text = new Uint8Array(TEXT_LIMIT).fill(0x78);
    const encoded = encodeEnc(cipher, text);
    if (!encoded.ok) throw new Error(encoded.detail);
    const decoded = decodeEnc(cipher, encoded.line);
    expect(decoded.ok && decoded.text.length).toBe(TEXT_LIMIT);
    expect(encodeEnc(cipher, new Uint8Array(TEXT_LIMIT + 1))).toMatchObject({ ok: false, clause: ENC_CLAUSES.limit });
  });
});

describe('as written (A-B23)', () => {
  const two = '9f46183e02853a68571db23f385f2179'; // abcdefgh, and eight spaces
  test.each([
    ['encyclopedia', ''],
    ['encyclopedia\n', ''],
    ['enc', ''],
    ['enc:5', ''],
    ['enc:5:', ''],
    ['encore:3:9f46183e02853a68', 'abc'],
    [`enc:8:${two}`, 'abcdefgh'],
    [`enc:8:${two}\n`, 'abcdefgh'],
    [`enc:16:${two}\n`, 'abcdefgh        '],
    [`enc:99:${two}`, 'abcdefgh        '],
    [`enc:99:${two}\n`, 'abcdefgh        '],
    [`enc:99999999999999999999999:${two}`, 'abcdefgh        '],
    [`enc:-1:${two}`, 'abcdefgh       '],
    [`enc:-9:${two}`, 'abcdefg'],
    [`enc:-16:${two}`, ''],
    [`enc:-17:${two}`, ''],
    [`enc:-0:${two}`, ''],
    [`enc::${two}`, ''],
    [`enc:x:${two}`, ''],
    [`enc:0x10:${two}`, ''],
    [`enc:5x:${two}`, 'abcde'],
    [`enc: 3:${two}`, 'abc'],
    [`enc:+2:${two}`, 'ab'],
    [`enc:2.9:${two}`, 'ab'],
    [`enc:.9:${two}`, ''],
    [`enc:1e1:${two}`, 'abcdefgh  '],
    [`enc:5:${two}:further:fields`, 'abcde'],
    ['enc:8:9F46183E02853A68', 'abcdefgh'],
    // pack takes any byte: v is 6 + 9 = f, and so on.
    ['enc:8:9v46183uG2853q68', 'abcdefgh'],
  ])('%j is %j', (line, text) => {
    expect(textFrom(decode(line, true))).toBe(text);
  });

  test('a short last block is filled with zeros', () => {
    const filled = cipher.decrypt(bytesOf('9f46180000000000'));
    expect(decode('enc:8:9f4618', true)).toEqual({ ok: true, text: filled });
    expect(decode('enc:8:9f461', true)).toEqual({ ok: true, text: cipher.decrypt(bytesOf('9f46100000000000')) });
  });

  test('the padding is not looked at, so the wrong key gives garbage and no word about it', () => {
    const other = new Idea(bytesOf('21a148213ac7b9e0f0b29a7d51221a14'));
    const decoded = decodeEnc(other, utf8('enc:5:af4a34ca15c708bd'), { asWritten: true });
    expect(textFrom(decoded)).not.toBe('put:a');
    expect(decoded.ok && decoded.text.length).toBe(5);
  });

  test('any line that begins with the three letters is taken, and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), rest => {
        const line = Uint8Array.from([...utf8('enc'), ...rest]);
        expect(decodeEnc(cipher, line, { asWritten: true }).ok).toBe(true);
        decodeEnc(cipher, line);
      }),
    );
  });
});

test.each([
  ['enc:5:af4a34ca15c708bd', true, true],
  ['encyclopedia', false, true],
  ['enc', false, true],
  ['en', false, false],
  ['error:no_key', false, false],
  [' enc:', false, false],
])('%j is to be decoded: %s; as written: %s', (line, corrected, written) => {
  expect([isEnc(utf8(line)), isEnc(utf8(line), { asWritten: true })]).toEqual([corrected, written]);
});
