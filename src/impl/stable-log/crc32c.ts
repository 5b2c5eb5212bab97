/**
 * CRC-32C (Castagnoli; RFC 3720, B.4), as storage checks itself with: it finds every burst of up to 32 bits, and all changes of
 * three bits within 64 KiB.
 * Lacks: any strength against who wants to deceive (segment.ts has a mark for that).
 */

/** 0x1EDC6F41, bits reversed. */
const POLYNOMIAL = 0x82f63b78;

const TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/** Of `bytes` from `start` to `end`; `before` is the checksum of what came before them. From 0 to 2^32 - 1. */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length, before = 0): number {
  let value = ~before;
  for (let at = start; at < end; at++) value = (TABLE[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (value >>> 8);
  return ~value >>> 0;
}
