/** The checksum against the vectors of RFC 3720, B.4, and against its definition bit by bit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/host/bytes.ts';
import { crc32c } from '../../../src/impl/stable-log/crc32c.ts';

const of = (make: (at: number) => number): Uint8Array => Uint8Array.from({ length: 32 }, (_, at) => make(at));

/** Long division by the polynomial, nothing looked up. */
function divided(bytes: Uint8Array): number {
  let rest = 0xffff_ffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest & 1) === 1 ? (rest >>> 1) ^ 0x82f6_3b78 : rest >>> 1;
  }
  return ~rest >>> 0;
}

describe('CRC-32C', () => {
  it.each([
    ['32 zeros', of(() => 0), 0x8a91_36aa],
    ['32 ones', of(() => 0xff), 0x62a8_ab43],
    ['ascending', of(at => at), 0x46dd_794e],
    ['descending', of(at => 31 - at), 0x113f_db5c],
    ['digits', utf8('123456789'), 0xe306_9283],
    ['nothing', new Uint8Array(0), 0],
  ])('of %s is that of the standard', (_, bytes, checksum) => expect(crc32c(bytes)).toBe(checksum));

  it('is the rest of the division, of any part, and can be continued', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(), fc.nat(), (bytes, one, other) => {
        const [start, end] = [one % (bytes.length + 1), other % (bytes.length + 1)].sort((left, right) => left - right) as [number, number];
        expect(crc32c(bytes, start, end)).toBe(divided(bytes.subarray(start, end)));
        expect(crc32c(bytes, start, bytes.length, crc32c(bytes, 0, start))).toBe(crc32c(bytes));
      }),
    );
  });
});
