/**
 * The encrypted form of a request or reply (README.md, A9), without the newline that ends it on the wire:
 *
 *     enc:<n>:<blocks>     n: bytes of the text, decimal. blocks: floor(n / 8) + 1, each 16 hexadecimal digits
 *
 * The text is padded with one to eight spaces, so there is always a block that was not full.
 * Lacks: the local prefix `encrypt:` and which requests must be encrypted (the protocol's business).
 */
import { EMPTY, hex, utf8 } from '../../host/bytes.ts';
import type { Idea } from './idea.ts';
import { BLOCK_LENGTH } from './idea.ts';
import { nibbleOf } from './key.ts';

/** The longest text. A5 sets no limit; replies of 3 MB have been carried (A6). */
export const TEXT_LIMIT = 4_194_304;
/** Hexadecimal digits of a block. */
export const BLOCK_DIGITS: number = 2 * BLOCK_LENGTH;
/** Bytes of a line beside the digits of its blocks: two colons, the prefix, a length of up to sixteen digits. */
const OVERHEAD_MAX = 21;

export const ENC_CLAUSES = {
  prefix: 'A9 begins with enc:',
  length: 'A9 length is a decimal number',
  limit: 'A9 length is bounded',
  digits: 'A9 blocks are hexadecimal',
  whole: 'A9 a block is 16 digits',
  blocks: 'A9 blocks are floor(n / 8) + 1',
  padding: 'A9 padding is spaces',
} as const;

export type EncClause = (typeof ENC_CLAUSES)[keyof typeof ENC_CLAUSES];

export interface EncError {
  readonly ok: false;
  readonly clause: EncClause;
  /** What was wrong and what was expected. For people. */
  readonly detail: string;
  /** Where in the line, or in the decrypted text for the padding. */
  readonly offset: number;
}

export type Encoded = { readonly ok: true; readonly line: Uint8Array } | EncError;
export type Decoded = { readonly ok: true; readonly text: Uint8Array } | EncError;

export interface EncOptions {
  /** The longest text that is taken, instead of TEXT_LIMIT. */
  readonly textLimit?: number;
}

export interface DecodeOptions extends EncOptions {
  /**
   * A-B23 and A9, "Reply": whatever begins with the three letters `enc` is taken. A length that is no number counts 0, one
   * beyond the data gives what there is, a negative one cuts from the end; any byte is a digit (A8), a short last block is
   * filled with zeros, further fields and the padding are not looked at. `encyclopedia` becomes an empty text.
   */
  readonly asWritten?: boolean;
}

/** Whether a line is to be decoded. A-B23: as written, three letters are enough. */
export const isEnc = (line: Uint8Array, options: Pick<DecodeOptions, 'asWritten'> = {}): boolean =>
  startsWith(line, options.asWritten === true ? LETTERS : PREFIX);

/** Encrypts `text`, which has no newline at its end any more. */
export function encodeEnc(cipher: Idea, text: Uint8Array, options: EncOptions = {}): Encoded {
  const limit = options.textLimit ?? TEXT_LIMIT;
  if (text.length > limit) return error('limit', `a text of ${text.length} bytes: at most ${limit}`, 0);
  const padded = new Uint8Array(blocksFor(text.length) * BLOCK_LENGTH).fill(SPACE);
  padded.set(text);
  return { ok: true, line: utf8(`enc:${text.length}:${hex(cipher.encrypt(padded))}`) };
}

/** Decrypts a line without its newline. Capital hexadecimal digits are taken too. Memory follows the line, not the length in it. */
export function decodeEnc(cipher: Idea, line: Uint8Array, options: DecodeOptions = {}): Decoded {
  const limit = options.textLimit ?? TEXT_LIMIT;
  const most = blocksFor(limit) * BLOCK_DIGITS + OVERHEAD_MAX;
  if (line.length > most) return error('limit', `a line of ${line.length} bytes: at most ${most}, for a text of ${limit}`, most);
  if (!isEnc(line, options)) return error('prefix', 'the line does not begin with enc:', 0);
  return options.asWritten === true ? decodeAsWritten(cipher, line) : decodeStrictly(cipher, line, limit);
}

const blocksFor = (length: number): number => Math.floor(length / BLOCK_LENGTH) + 1;

// ── strictly ────────────────────────────────────────────────────────────────────────────────────────────────────────

function decodeStrictly(cipher: Idea, line: Uint8Array, limit: number): Decoded {
  const length = readLength(line, limit);
  if (!length.ok) return length;
  const wrong = checkDigits(line, length.end, length.value);
  if (wrong !== undefined) return wrong;
  const text = cipher.decrypt(readBlocks(line.subarray(length.end), hexDigit));
  for (let index = length.value; index < text.length; index++) {
    if (text[index] === SPACE) continue;
    return error('padding', `byte ${index} of the decrypted text is no space: the keys of the two ends may differ (A-B08)`, index);
  }
  return { ok: true, text: text.subarray(0, length.value) };
}

type Length = { readonly ok: true; readonly value: number; readonly end: number } | EncError;

/** Reads the number and the colon after it; `end` is the offset of the first block. */
function readLength(line: Uint8Array, limit: number): Length {
  const start = PREFIX.length;
  let value = 0;
  let at = start;
  for (; line[at] !== COLON; at++) {
    const byte = line[at];
    if (byte === undefined) return error('length', 'the line ends before the colon after the length', at);
    if (at === start && byte === MINUS) return error('length', 'the length is negative', at);
    if (byte < ZERO || byte > NINE) return error('length', `byte ${byte} in the length is no decimal digit`, at);
    value = value * 10 + (byte - ZERO);
    if (value > limit) return error('limit', `the length is above ${limit}`, start);
  }
  if (at === start) return error('length', 'the length is missing', at);
  if (line[start] === ZERO && at > start + 1) return error('length', 'the length begins with a zero that says nothing', start);
  return { ok: true, value, end: at + 1 };
}

function checkDigits(line: Uint8Array, start: number, length: number): EncError | undefined {
  for (let at = start; at < line.length; at++) {
    if (hexDigit(line[at] ?? 0) < 0) return error('digits', `byte ${line[at]} is no hexadecimal digit`, at);
  }
  const digits = line.length - start;
  if (digits % BLOCK_DIGITS !== 0) {
    const rest = digits % BLOCK_DIGITS;
    return error('whole', `the last block has ${rest} digits instead of ${BLOCK_DIGITS}`, line.length - rest);
  }
  const blocks = digits / BLOCK_DIGITS;
  const expected = blocksFor(length);
  if (blocks !== expected) return error('blocks', `a text of ${length} bytes has ${expected} blocks, not ${blocks}`, start);
  return undefined;
}

function hexDigit(byte: number): number {
  const decimal = byte >= ZERO && byte <= NINE;
  // Setting the bit 0x20 makes a capital letter small, and makes a letter of nothing but letters.
  const letter = (byte | 0x20) >= SMALL_A && (byte | 0x20) <= SMALL_F;
  return decimal || letter ? nibbleOf(byte) : -1;
}

// ── as written ──────────────────────────────────────────────────────────────────────────────────────────────────────

function decodeAsWritten(cipher: Idea, line: Uint8Array): Decoded {
  const [, length = EMPTY, blocks = EMPTY] = fieldsOf(line);
  const digits = blocks[blocks.length - 1] === NEWLINE ? blocks.subarray(0, -1) : blocks;
  const text = cipher.decrypt(readBlocks(digits, nibbleOf));
  const count = perlNumber(length);
  return { ok: true, text: text.subarray(0, count < 0 ? Math.max(0, text.length + count) : count) };
}

/** The first three fields: what follows the third colon is lost. */
function fieldsOf(line: Uint8Array): readonly Uint8Array[] {
  const fields: Uint8Array[] = [];
  for (let start = 0; start <= line.length && fields.length < 3; ) {
    const colon = line.indexOf(COLON, start);
    const end = colon < 0 ? line.length : colon;
    fields.push(line.subarray(start, end));
    start = end + 1;
  }
  return fields;
}

/** What Perl makes of text where it wants an integer: the number at its beginning, cut towards zero. Lacks `inf`, `nan`. */
function perlNumber(field: Uint8Array): number {
  const text = String.fromCharCode(...field.subarray(0, NUMBER_MAX));
  const found = /^[ \t-\r]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/.exec(text);
  return Math.trunc(Number(found?.[1] ?? 0));
}

// ── both ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Two digits a byte, filled with zeros to whole blocks. */
function readBlocks(digits: Uint8Array, digitOf: (byte: number) => number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(digits.length / BLOCK_DIGITS) * BLOCK_LENGTH);
  for (let at = 0; at < digits.length; at++) {
    const value = digitOf(digits[at] ?? 0);
    bytes[at >> 1] = at % 2 === 0 ? value << 4 : (bytes[at >> 1] ?? 0) | value;
  }
  return bytes;
}

function startsWith(line: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, index) => line[index] === byte);
}

const error = (clause: keyof typeof ENC_CLAUSES, detail: string, offset: number): EncError => ({
  ok: false,
  clause: ENC_CLAUSES[clause],
  detail,
  offset,
});

/** As much of a length as Perl could make a difference of; the rest of a longer one is not read. */
const NUMBER_MAX = 400;
const LETTERS = utf8('enc');
const PREFIX = utf8('enc:');
const NEWLINE = 0x0a;
const SPACE = 0x20;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const SMALL_A = 0x61;
const SMALL_F = 0x66;
