/**
 * Bytes as text of the same length: this protocol has no character set, so a line is what its bytes are.
 */
import { textOf } from '../../host/bytes.ts';

/** The length from which it pays to look whether all of the bytes are ASCII. */
const LONG = 64;

/** One character for each byte, U+0000 to U+00FF. Every byte of every line comes through here: measure before changing. */
export function latin1Of(bytes: Uint8Array): string {
  // ASCII is what it is in UTF-8, too, and the platform decodes that three times as fast.
  if (bytes.length >= LONG && isAscii(bytes)) return textOf(bytes);
  let text = '';
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) text += eightOf(bytes, at);
  for (; at < bytes.length; at++) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}

function isAscii(bytes: Uint8Array): boolean {
  let bits = 0;
  for (let at = 0; at < bytes.length; at++) bits |= bytes[at] ?? 0;
  return bits < 0x80;
}

function eightOf(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(
    bytes[at] ?? 0,
    bytes[at + 1] ?? 0,
    bytes[at + 2] ?? 0,
    bytes[at + 3] ?? 0,
    bytes[at + 4] ?? 0,
    bytes[at + 5] ?? 0,
    bytes[at + 6] ?? 0,
    bytes[at + 7] ?? 0,
  );
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
