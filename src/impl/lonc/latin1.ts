/**
 * Bytes as text of the same length: this protocol has no character set, so a line is what its bytes are.
 * May import: nothing.
 */

/** How many code units one call of fromCharCode is given. */
const STEP = 8_192;

/** One character for each byte, U+0000 to U+00FF. */
export function latin1Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += STEP) text += String.fromCharCode(...bytes.subarray(at, at + STEP));
  return text;
}

/** The inverse. Throws on a character above U+00FF: who makes commands escapes them first. */
export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0xff) throw new Error(`character U+${code.toString(16)} at ${at} is not a byte: escape it`);
    bytes[at] = code;
  }
  return bytes;
}
