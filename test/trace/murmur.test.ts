import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8 } from '../../src/host/bytes.ts';
import { ByteChain, blockHash } from '../../src/trace/chain.ts';
import { Murmur128 } from '../../src/trace/murmur.ts';

function hash(bytes: Uint8Array, seed = 0): string {
  const murmur = new Murmur128(seed);
  murmur.update(bytes);
  return murmur.digest();
}

/** h1 to h4 as the reference implementation lays them out in memory: least significant byte first. */
function littleEndian(digest: string): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  for (let lane = 0; lane < 4; lane++) view.setUint32(4 * lane, Number.parseInt(digest.slice(8 * lane, 8 * lane + 8), 16), true);
  return bytes;
}

test('SMHasher: the verification value of MurmurHash3_x86_128 is 0xB3ECE62A', () => {
  const all = new Uint8Array(256 * 16);
  const key = Uint8Array.from({ length: 256 }, (_, index) => index);
  for (let length = 0; length < 256; length++) all.set(littleEndian(hash(key.subarray(0, length), 256 - length)), 16 * length);
  const [a, b, c, d] = littleEndian(hash(all));
  expect([d, c, b, a]).toEqual([0xb3, 0xec, 0xe6, 0x2a]);
});

test.each([
  ['', '00000000000000000000000000000000'],
  ['0', '0ab2409ea5eb34f8a5eb34f8a5eb34f8'],
  ['01234', '35c5b3ee7b3b211600ae108800ae1088'],
  ["I will not buy this tobacconist's, it is scratched.", '9b5b7ba2ef3f7866889adeaf00f3f98e'],
])('the published hash of %j', (text, expected) => {
  expect(hash(utf8(text))).toBe(expected);
});

test('pieces of any size give the hash of the whole, and a digest in between changes nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.array(fc.nat({ max: 100 }), { maxLength: 5 }), (bytes, cuts) => {
      const murmur = new Murmur128();
      let from = 0;
      for (const cut of [...cuts, bytes.length].map(at => Math.min(at, bytes.length)).sort((a, b) => a - b)) {
        murmur.update(bytes, from, cut);
        murmur.digest();
        from = cut;
      }
      expect(murmur.digest()).toBe(hash(bytes));
    }),
  );
});

test('the chain: text and bytes mixed, block after block', () => {
  const chain = new ByteChain();
  chain.addText('first ö\n');
  const bytes = utf8('xx second\nxx');
  chain.addBytes(bytes, 3, 10);
  chain.addText('third\n');
  const first = chain.end();
  expect(first).toBe(blockHash('', utf8('first ö\nsecond\nthird\n')));
  chain.begin(first);
  chain.addText('fourth\n');
  expect(chain.end()).toBe(blockHash(first, utf8('fourth\n')));
  expect(chain.end()).toBe(hash(utf8(`${first}fourth\n`)));
});

test('the chain takes long text in parts', () => {
  const chain = new ByteChain();
  for (let line = 0; line < 200; line++) chain.addText(`${'ä'.repeat(999)}\n`);
  expect(chain.end()).toBe(blockHash('', utf8(`${'ä'.repeat(999)}\n`.repeat(200))));
});
