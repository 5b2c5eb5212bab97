/** The key of both ends: vectors of the published code, the nibble of every byte, and where the newline of A-B08 shows. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, hex, utf8 } from '../../../src/host/bytes.ts';
import { Idea } from '../../../src/impl/cipher/idea.ts';
import type { KeyIds } from '../../../src/impl/cipher/key.ts';
import { clientKey, foldByte, newlineMatters, nibbleOf, serverKey } from '../../../src/impl/cipher/key.ts';
import { bytesOf, keys } from './vectors.ts';

const ids = (server: string, client: string): KeyIds => ({ server: utf8(server), client: utf8(client) });
const asWritten = { keepNewline: true };

describe.each(keys.cases)('$conserver, $hostid, "$buildkey"', vector => {
  const both = ids(vector.conserver, vector.hostid);
  const line = utf8(`${vector.buildkey}\n`);
  const ofSpaces = (key: Uint8Array): string => hex(new Idea(key).encrypt(utf8('        ')));

  test('the client as written', () => {
    const key = clientKey(both, line, asWritten);
    expect(hex(key)).toBe(vector.with_newline.key_hex);
    expect(ofSpaces(key)).toBe(vector.with_newline.enc_of_8_spaces);
  });

  test('the server, and the client corrected', () => {
    for (const key of [serverKey(both, utf8(vector.buildkey)), serverKey(both, line), clientKey(both, line)]) {
      expect(hex(key)).toBe(vector.chomped.key_hex);
      expect(ofSpaces(key)).toBe(vector.chomped.enc_of_8_spaces);
    }
  });

  test('the ids folded', () => {
    const folded = Uint8Array.from(concat([both.server, both.client]), foldByte);
    expect(folded).toEqual(utf8(vector.chomped.folded));
  });

  test('the newline', () => {
    expect(newlineMatters(both, utf8(vector.buildkey))).toBe(vector.newline_matters);
    expect(newlineMatters(both, line)).toBe(vector.newline_matters);
  });
});

test('the newline matters in some vectors and in others not', () => {
  const matters = keys.cases.filter(vector => vector.newline_matters).length;
  expect([matters, keys.cases.length]).toEqual([8, 50]);
});

test('the newline matters up to 31 bytes of ids and build key', () => {
  const both = ids('srv1', 'cli1');
  const [short, long] = [utf8('1'.repeat(23)), utf8('1'.repeat(24))];
  expect([newlineMatters(both, short), newlineMatters(both, long)]).toEqual([true, false]);
  for (const build of [short, long]) {
    const written = clientKey(both, concat([build, utf8('\n')]), asWritten);
    expect(hex(written) !== hex(serverKey(both, build))).toBe(build === short);
  }
});

describe('worked examples of A8', () => {
  test.each([
    ['srv1', 'cli1', '12345ABCDEF7890ABCDEF01234\n', '2151c52112345abcdef7890abcdef012', '2151c52112345abcdef7890abcdef012'],
    ['msul1', 'msul2', '48213AC7B9E0F0B29A7D512\n', '624516245248213ac7b9e0f0b29a7d51', '624516245248213ac7b9e0f0b29a7d51'],
    ['s1', 'a1', '48213AC7B9E0F0B29A7D512\n', '21a148213ac7b9e0f0b29a7d51221a14', '21a148213ac7b9e0f0b29a7d512a21a1'],
    ['a', 'b', '', 'ababab00000000000000000000000000', 'ababab00000000000000000000000000'],
  ])('%s, %s, %j', (server, client, reply, corrected, written) => {
    expect(hex(clientKey(ids(server, client), utf8(reply)))).toBe(corrected);
    expect(hex(clientKey(ids(server, client), utf8(reply), asWritten))).toBe(written);
  });
});

describe('bytes', () => {
  test('each of the 256 has the nibble that Perl gives it', () => {
    expect(Object.keys(keys.nibble_map).length).toBe(256);
    for (const [byte, nibble] of Object.entries(keys.nibble_map)) {
      expect([byte, nibbleOf(Number.parseInt(byte, 16)).toString(16)]).toEqual([byte, nibble]);
    }
  });

  test('letters fold as A8 says, in either case, and nothing else does', () => {
    const fold = (text: string): string => String.fromCharCode(...utf8(text).map(foldByte));
    expect(fold('ABCDEFGHIJKLMNOPQRSTUVWXYZ')).toBe('ABCDEF01234567890123456789');
    expect(fold('abcdefghijklmnopqrstuvwxyz')).toBe('ABCDEF01234567890123456789');
    for (let byte = 0; byte < 256; byte++) {
      if (!/[A-Za-z]/.test(String.fromCharCode(byte))) expect(foldByte(byte)).toBe(byte);
    }
  });
});

describe('any ids and build key', () => {
  const text = fc.string({ unit: fc.constantFrom(...'abzGQ19-._AF'), maxLength: 40 });

  test('both ends corrected agree; the client as written agrees unless the newline matters', () => {
    fc.assert(
      fc.property(text, text, text, (server, client, build) => {
        const both = ids(server, client);
        const theirs = hex(serverKey(both, utf8(build)));
        expect(hex(clientKey(both, utf8(`${build}\n`)))).toBe(theirs);
        if (!newlineMatters(both, utf8(build))) expect(hex(clientKey(both, utf8(`${build}\n`), asWritten))).toBe(theirs);
      }),
    );
  });

  test('the digits are those of the definition, however long the text', () => {
    fc.assert(
      fc.property(text, text, text, fc.boolean(), (server, client, build, keepNewline) => {
        const start = [...utf8(server + client)].map(byte => String.fromCharCode(foldByte(byte))).join('');
        const digits = `${start}${build}${keepNewline ? '\n' : ''}`.repeat(3).slice(0, 32);
        const expected = [...utf8(digits)].map(byte => nibbleOf(byte).toString(16)).join('');
        expect(hex(clientKey(ids(server, client), utf8(`${build}\n`), { keepNewline }))).toBe(expected.padEnd(32, '0'));
      }),
    );
  });

  test.each([
    ['', 'abcdefghijklmnopqrstuvwxyzabcdefghij', 'abcdef01234567890123456789abcdef'],
    ['abcdefghijklmnopqrstuvwxyzabcdefghij', '', 'abcdef01234567890123456789abcdef'],
    ['abcd', 'efghijklmnopqrstuvwxyzabcdefghij', 'abcdef01234567890123456789abcdef'],
  ])('%j with %j fill the key alone', (server, client, key) => {
    expect(hex(clientKey(ids(server, client), utf8('12345\n')))).toBe(key);
  });

  test('only one newline is dropped, and only at the end', () => {
    const key = clientKey(ids('', ''), bytesOf('0a310a0a'));
    expect(hex(key)).toBe('a1aa1aa1a00000000000000000000000');
  });
});
