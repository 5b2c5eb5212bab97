/**
 * Bytes as text of the same length, one character a byte: nothing in a request says which characters its bytes are.
 */
import { latin1 } from '../storable/text.ts';

/** U+0000 to U+00FF. */
export const textOf = (bytes: Uint8Array): string => latin1(bytes, 0, bytes.length);

/** The inverse. Throws on a character above U+00FF. */
export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0xff) throw new Error(`character U+${code.toString(16)} at ${at} is not a byte`);
    bytes[at] = code;
  }
  return bytes;
}
