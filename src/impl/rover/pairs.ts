/**
 * The body of a request: pairs TOKEN=VALUE in the form encoding of HTML, joined by `&`; `+` is a space, `%XX` a byte (R2).
 * Lacks: which tokens there are, and what their values may be (form.ts).
 */
import { printable } from '../../host/bytes.ts';
import { textOf } from './text.ts';
import { PAIRS_MAX } from './wire.ts';

/** Values by their tokens, in the order in which they came. A token has one character a byte. */
export type Pairs = ReadonlyMap<string, Uint8Array>;

/** Where in the bytes, counted from 0. */
export interface PairProblem {
  readonly offset: number;
  readonly problem: string;
}

export interface PairRules {
  /** RV-27: what becomes of a pair that has no `=`, no token, a bad escape, or a token that was there before. */
  readonly strange: 'refused' | 'taken as it is';
}

const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const PERCENT = 0x25;
const PLUS = 0x2b;
const SPACE = 0x20;

/** Of the tokens, the one whose value may have NUL in it. */
const BINARY = 'DATA';

export function decodePairs(bytes: Uint8Array, { strange }: PairRules = { strange: 'refused' }): Pairs | PairProblem {
  const pairs: Map<string, Uint8Array> = new Map();
  let count = 0;
  for (let start = 0; start < bytes.length || (start === bytes.length && start > 0); ) {
    const found = bytes.indexOf(AMPERSAND, start);
    const end = found < 0 ? bytes.length : found;
    if (++count > PAIRS_MAX) return { offset: start, problem: `more than ${PAIRS_MAX} pairs` };
    const problem = pair(bytes, start, end, strange === 'refused', pairs);
    if (problem !== undefined) return problem;
    start = end + 1;
  }
  return pairs;
}

/** Adds the pair that lies from `start` to `end`. */
function pair(bytes: Uint8Array, start: number, end: number, strict: boolean, pairs: Map<string, Uint8Array>): PairProblem | undefined {
  const found = bytes.subarray(start, end).indexOf(EQUALS);
  if (found < 0 && strict) return { offset: start, problem: 'a pair without =' };
  const equals = found < 0 ? end : start + found;
  const token = unescaped(bytes, start, equals, strict);
  if (!(token instanceof Uint8Array)) return token;
  const name = textOf(token);
  if (strict && name === '') return { offset: start, problem: 'an empty token' };
  if (strict && pairs.has(name)) return { offset: start, problem: `token ${printable(name, 40)} twice` };
  const value = unescaped(bytes, Math.min(equals + 1, end), end, strict);
  if (!(value instanceof Uint8Array)) return value;
  if (strict && name !== BINARY && value.includes(0)) return { offset: equals + 1, problem: `NUL in the value of ${printable(name, 40)}` };
  pairs.set(name, value);
  return undefined;
}

function unescaped(bytes: Uint8Array, start: number, end: number, strict: boolean): Uint8Array | PairProblem {
  const plain = new Uint8Array(end - start);
  let length = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte !== PERCENT) plain[length++] = byte === PLUS ? SPACE : byte;
    else {
      const value = at + 2 < end ? digit(bytes[at + 1]) * 16 + digit(bytes[at + 2]) : Number.NaN;
      if (value >= 0) at += 2;
      else if (strict) return { offset: at, problem: '% without two hexadecimal digits' };
      plain[length++] = value >= 0 ? value : byte;
    }
  }
  return plain.subarray(0, length);
}

/** NaN for what is none. */
function digit(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Number.NaN;
}

// ── the inverse ─────────────────────────────────────────────────────────────────────────────────────────────────────

const HEX = '0123456789ABCDEF';
/** Bytes that stand for themselves. */
const PLAIN: readonly boolean[] = Array.from({ length: 256 }, (_, byte) => /[A-Za-z0-9._~-]/.test(String.fromCharCode(byte)));

/** `decodePairs` gives the same pairs again. Throws for more of them than it takes. */
export function encodePairs(pairs: Pairs): Uint8Array {
  if (pairs.size > PAIRS_MAX) throw new Error(`${pairs.size} pairs; ${PAIRS_MAX} can be sent`);
  const bytes: number[] = [];
  for (const [token, value] of pairs) {
    if (bytes.length > 0) bytes.push(AMPERSAND);
    for (let at = 0; at < token.length; at++) escaped(token.charCodeAt(at), bytes);
    bytes.push(EQUALS);
    for (const byte of value) escaped(byte, bytes);
  }
  return Uint8Array.from(bytes);
}

function escaped(byte: number, into: number[]): void {
  if (PLAIN[byte] === true) into.push(byte);
  else if (byte === SPACE) into.push(PLUS);
  else into.push(PERCENT, HEX.charCodeAt(byte >> 4), HEX.charCodeAt(byte & 15));
}
