/**
 * The strings of an image: bytes as characters below 256, and the UTF-8 of Perl, which has surrogates too.
 * Every string of every frame comes through here: measure before changing.
 * Lacks: limits; who calls has looked whether the bytes are there.
 */
import { fromUtf8, textOf } from '../../host/bytes.ts';

/** From here on the platform decodes faster than we do, if the bytes are ASCII. */
const LONG = 24;
const of = String.fromCharCode;

/** One character a byte. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  if (to - from >= LONG && isAscii(bytes, from, to)) return textOf(bytes.subarray(from, to));
  let text = '';
  let at = from;
  for (; at + 8 < to; at += 8) text += eight(bytes, at);
  return text === '' ? short(bytes, at, to) : text + short(bytes, at, to);
}

/**
 * The same, for what is mostly one of a few: the keys of hashes. The last ones seen are kept, so that the same bytes are mostly the same
 * string, already hashed.
 */
export function recurring(bytes: Uint8Array, from: number, to: number): string {
  const length = to - from;
  if (length > KEPT_LENGTH) return latin1(bytes, from, to);
  let mixed = length;
  for (let at = from; at < to; at++) mixed = (Math.imul(mixed, 31) + (bytes[at] ?? 0)) | 0;
  const place = (mixed ^ (mixed >>> 10)) & (KEPT - 1);
  const known = kept[place] ?? '';
  if (known.length === length) {
    let index = 0;
    while (index < length && known.charCodeAt(index) === bytes[from + index]) index++;
    if (index === length) return known;
  }
  const text = latin1(bytes, from, to);
  kept[place] = text;
  return text;
}

/** A power of two. */
const KEPT = 1024;
const KEPT_LENGTH = 24;
const kept: string[] = new Array(KEPT).fill('');

export function isAscii(bytes: Uint8Array, from: number, to: number): boolean {
  let bits = 0;
  for (let at = from; at < to; at++) bits |= bytes[at] ?? 0;
  return bits < 0x80;
}

/** Up to eight: one call for each length is five times as fast as one for each character. */
function short(b: Uint8Array, at: number, to: number): string {
  switch (to - at) {
    case 0:
      return '';
    case 1:
      return of(b[at] ?? 0);
    case 2:
      return of(b[at] ?? 0, b[at + 1] ?? 0);
    case 3:
      return of(b[at] ?? 0, b[at + 1] ?? 0, b[at + 2] ?? 0);
    case 4:
      return of(b[at] ?? 0, b[at + 1] ?? 0, b[at + 2] ?? 0, b[at + 3] ?? 0);
    case 5:
      return of(b[at] ?? 0, b[at + 1] ?? 0, b[at + 2] ?? 0, b[at + 3] ?? 0, b[at + 4] ?? 0);
    case 6:
      return of(b[at] ?? 0, b[at + 1] ?? 0, b[at + 2] ?? 0, b[at + 3] ?? 0, b[at + 4] ?? 0, b[at + 5] ?? 0);
    case 7:
      return of(b[at] ?? 0, b[at + 1] ?? 0, b[at + 2] ?? 0, b[at + 3] ?? 0, b[at + 4] ?? 0, b[at + 5] ?? 0, b[at + 6] ?? 0);
    default:
      return eight(b, at);
  }
}

const eight = (b: Uint8Array, at: number): string =>
  of(b[at] ?? 0, b[at + 1] ?? 0, b[at + 2] ?? 0, b[at + 3] ?? 0, b[at + 4] ?? 0, b[at + 5] ?? 0, b[at + 6] ?? 0, b[at + 7] ?? 0);

/**
 * The text, or undefined when no text has these bytes: malformed, overlong, beyond U+10FFFF, or a pair of surrogates in two halves,
 * which would come back as one character.
 */
export function perlUtf8(bytes: Uint8Array, from: number, to: number): string | undefined {
  if (isAscii(bytes, from, to)) return latin1(bytes, from, to);
  return fromUtf8(bytes.subarray(from, to)) ?? withSurrogates(bytes, from, to);
}

/** A lone surrogate is three bytes that begin with ED and one above 9F. What is between them has to be well-formed. */
function withSurrogates(bytes: Uint8Array, from: number, to: number): string | undefined {
  const pieces: string[] = [];
  let start = from;
  let last = -1;
  for (let at = from; at + 2 < to; at++) {
    const second = bytes[at + 1] ?? 0;
    const third = bytes[at + 2] ?? 0;
    if (bytes[at] !== 0xed || second < 0xa0 || second > 0xbf || third < 0x80 || third > 0xbf) continue;
    const unit = 0xd000 | ((second & 0x3f) << 6) | (third & 0x3f);
    const between = fromUtf8(bytes.subarray(start, at));
    if (between === undefined || (unit >= 0xdc00 && between === '' && last >= 0xd800 && last < 0xdc00)) return undefined;
    pieces.push(between, of(unit));
    last = unit;
    start = at + 3;
    at += 2;
  }
  const rest = fromUtf8(bytes.subarray(start, to));
  return rest === undefined ? undefined : pieces.join('') + rest;
}

/** How many of `text` are below 256 from its beginning on: all of them in a byte string. */
export function isBytes(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0xff) return false;
  return true;
}

/** By code points, which is Perl's order and that of the UTF-8; `<` goes by the halves of surrogate pairs. */
export function byCharacters(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  let at = 0;
  while (at < length && left.charCodeAt(at) === right.charCodeAt(at)) at++;
  if (at === length) return left.length - right.length;
  // Two that differ in the second half of a pair differ as whole characters.
  if (at > 0 && (left.charCodeAt(at - 1) & 0xfc00) === 0xd800) at--;
  return (left.codePointAt(at) ?? 0) - (right.codePointAt(at) ?? 0);
}
