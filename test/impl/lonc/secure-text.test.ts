/** Encrypted texts on both ends: the worked examples of the protocol, and what is not well formed. */
import { describe, expect, test } from 'vitest';
import { AS_WRITTEN } from '../../../src/impl/lonc/as-written.ts';
import { CORRECTED, decrypted, encrypted, SecureText, serverCipher } from '../../../src/impl/lonc/secure-text.ts';

const IDS = { server: 'srv1', client: 'cli1' };
const BUILD_KEY = '12345ABCDEF7890ABCDEF01234';

function client(trap = '', ids = IDS, buildKey = BUILD_KEY): SecureText {
  const text = new SecureText(ids, { ...CORRECTED, ...AS_WRITTEN[trap] });
  text.build({ reply: buildKey });
  return text;
}

describe('the worked examples', () => {
  test.each([
    ['', 'enc:0:571db23f385f2179'],
    ['a', 'enc:1:e574ca6753c84c68'],
    ['put:a', 'enc:5:af4a34ca15c708bd'],
    ['abcdefgh', 'enc:8:9f46183e02853a68571db23f385f2179'],
    ['put:dom:user:x', 'enc:14:b3fa7e2e1d64ca174e1efbd9dff562e5'],
  ])('%j', (text, wire) => {
    expect(client().encrypt(text)).toBe(wire);
    expect(client().decrypt(wire)).toBe(text);
    expect(decrypted(serverCipher(IDS, BUILD_KEY), wire)).toBe(text);
    expect(encrypted(serverCipher(IDS, BUILD_KEY), text)).toBe(wire);
  });
});

describe('replies', () => {
  test.each([['encyclopedia'], ['enc:'], ['enc:1'], ['enc:1:zz'], ['enc:99:571db23f385f2179'], ['enc'], ['']])(
    '%j is passed on as it is',
    reply => expect(client().decrypt(reply)).toBe(reply),
  );

  test('a decrypted line feed does not make two replies of one', () => {
    const wire = encrypted(serverCipher(IDS, BUILD_KEY), 'a\nb');
    expect(client().decrypt(wire)).toBe(wire);
    expect(decrypted(serverCipher(IDS, BUILD_KEY), wire)).toBeUndefined();
  });

  test('A-B23: three letters are enough', () => {
    expect(client('A-B23').decrypt('encyclopedia')).toBe('');
  });
});

test('A-B08: both ends agree, unless the newline counts', () => {
  const ids = { server: 's1', client: 'a1' };
  const short = '48213AC7B9E0F0B29A7D512';
  const server = serverCipher(ids, short);
  expect(decrypted(server, client('', ids, short).encrypt('put:a'))).toBe('put:a');
  expect(decrypted(server, client('A-B08', ids, short).encrypt('put:a'))).not.toBe('put:a');
});

test('without a key nothing is encrypted', () => {
  expect(() => new SecureText(IDS).encrypt('x')).toThrow('no key');
});
