/**
 * A text in many texts that lie in one piece: each place where it is, by the bytes, and then whose that is. Capital letters of ASCII are small.
 * Lacks: capitals of other alphabets, patterns.
 */
import { utf8 } from '../src/host/bytes.ts';

/** Marks in `found` the number of each text that has it. `starts`: of each text in the piece, and the end of the last. */
export function markTexts(bytes: Uint8Array, starts: Uint32Array, wanted: Uint8Array, found: Uint8Array): void {
  if (wanted.length === 0) {
    found.fill(1);
    return;
  }
  const needle = wanted.map(lower);
  const [first = 0] = needle;
  const capital = first >= 0x61 && first <= 0x7a ? first - 0x20 : first;
  let owner = 0;
  for (let at = 0; at <= bytes.length - needle.length; at++) {
    const byte = bytes[at];
    if (byte !== first && byte !== capital) continue;
    let same = 1;
    while (same < needle.length && lower(bytes[at + same] ?? 0) === needle[same]) same++;
    if (same < needle.length) continue;
    while ((starts[owner + 1] ?? bytes.length) <= at) owner++;
    const end = starts[owner + 1] ?? bytes.length;
    if (at + needle.length > end) continue;
    found[owner] = 1;
    // Once is enough: on with the next text.
    at = end - 1;
  }
}

export const bytesOf = (text: string): Uint8Array => utf8(text);

const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);
