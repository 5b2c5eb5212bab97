/**
 * What every codec needs of byte arrays: join, compare, hex, text.
 * Lacks: Node's Buffer, base64, character sets other than UTF-8 and Latin-1.
 */

export const EMPTY: Uint8Array = new Uint8Array(0);

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const first = parts[0];
  if (parts.length === 1 && first !== undefined) return first;
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}

/** Lower-case hexadecimal, two digits a byte. Eight bytes at a time: a trace is mostly payload, and few pieces are joined fast. */
export function hex(bytes: Uint8Array): string {
  let text = '';
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) text += sixteenDigits(bytes, at);
  for (; at < bytes.length; at++) text += String.fromCharCode(high(bytes, at), low(bytes, at));
  return text;
}

function sixteenDigits(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(
    high(bytes, at),
    low(bytes, at),
    high(bytes, at + 1),
    low(bytes, at + 1),
    high(bytes, at + 2),
    low(bytes, at + 2),
    high(bytes, at + 3),
    low(bytes, at + 3),
    high(bytes, at + 4),
    low(bytes, at + 4),
    high(bytes, at + 5),
    low(bytes, at + 5),
    high(bytes, at + 6),
    low(bytes, at + 6),
    high(bytes, at + 7),
    low(bytes, at + 7),
  );
}

const high = (bytes: Uint8Array, at: number): number => code((bytes[at] ?? 0) >> 4);
const low = (bytes: Uint8Array, at: number): number => code((bytes[at] ?? 0) & 15);
/** Of a digit from 0 to 15, in lower case. */
const code = (digit: number): number => (digit < 10 ? 0x30 : 0x57) + digit;

/** The inverse of `hex`; `undefined` when the text is not an even number of hexadecimal digits. */
export function unhex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index++) {
    const first = digit(text.charCodeAt(2 * index));
    const second = digit(text.charCodeAt(2 * index + 1));
    if (first < 0 || second < 0) return undefined;
    bytes[index] = first * 16 + second;
  }
  return bytes;
}

function digit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x61 && code <= 0x66) return code - 0x61 + 10;
  if (code >= 0x41 && code <= 0x46) return code - 0x41 + 10;
  return -1;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** The text, or `undefined` when the bytes are not well-formed UTF-8 (RFC 3629). */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** For people only: malformed bytes become U+FFFD. Never compare the result. */
export const textOf = (bytes: Uint8Array): string => lenient.decode(bytes);

/**
 * Makes text of unknown origin safe for a terminal or a log: every control character, line separator and
 * bidirectional override becomes a visible `\u{..}`, and so do accents beyond those that any writing puts on one letter. What the
 * runners of CI systems obey in a log (`::error::` at its beginning, `##[error]` and `##vso[` anywhere) is broken in the same way.
 */
export function printable(text: string, limit = 200): string {
  let shown = '';
  let count = 0;
  let accents = 0;
  for (const character of text) {
    if (count++ >= limit) return `${disobeyed(shown)}…`;
    accents = ACCENT.test(character) ? accents + 1 : 0;
    const code = character.codePointAt(0) ?? 0;
    shown += accents > ACCENTS_SHOWN || UNSAFE.test(character) ? `\\u{${code.toString(16)}}` : character;
  }
  return disobeyed(shown);
}

const disobeyed = (text: string): string => text.replace(CI_COMMAND, '#\\u{23}').replace(CI_COMMAND_FIRST, '$1\\u{3a}:');
const CI_COMMAND = /##(?=[\w.-]*\[)/g;
/** GitHub passes over blanks before it. */
const CI_COMMAND_FIRST = /^(\s*)::(?=[a-z-]+[ :])/i;

/** JSON with the same characters as escapes: as safe to look at, and the same value. Line ends are those between values. */
export const printableJson = (json: string): string =>
  json.replace(UNSAFE_IN_JSON, character => character.split('').map(escapeUnit).join('')).replace(CI_COMMAND, '#\\u0023');

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;
const UNSAFE_IN_JSON = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;
const ACCENT = /\p{M}/u;
const ACCENTS_SHOWN = 4;
