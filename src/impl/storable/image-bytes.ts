/**
 * The bytes of an image as they are written: a buffer that grows, and the layout of each kind of item in network order.
 * Lacks: limits, and which item is written when (freeze.ts).
 */
import { utf8 } from '../../host/bytes.ts';
import * as op from './opcodes.ts';

/** From here on the platform encodes faster than we do, if the text is ASCII. */
const LONG = 128;
/** The longest string with a length of one byte. */
const SHORT_MAX = 255;
/** What is kept from one image to the next. */
const KEPT = 16_384;
let spare: Uint8Array | undefined;

export class ImageBytes {
  #bytes: Uint8Array;
  #at = 0;

  constructor() {
    this.#bytes = spare ?? new Uint8Array(KEPT);
    spare = undefined;
  }

  /** All that has been written. Nothing more can be. */
  taken(): Uint8Array {
    const whole = this.#bytes.slice(0, this.#at);
    if (this.#bytes.length === KEPT) spare = this.#bytes;
    return whole;
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = value;
  }

  /** Of 32 bits, big endian. */
  word(value: number): void {
    this.#room(4);
    this.#put(value);
  }

  counted(opcode: number, count: number): void {
    this.#room(5);
    this.#bytes[this.#at++] = opcode;
    this.#put(count);
  }

  flagHash(flags: number, count: number): void {
    this.byte(op.FLAG_HASH);
    this.counted(flags, count);
  }

  /** An integer of 32 bits, as short as it can be. */
  integer(value: number): void {
    if (value < -128 || value > 127) {
      this.counted(op.NETINT, value);
      return;
    }
    this.#room(2);
    this.#bytes[this.#at++] = op.BYTE;
    this.#bytes[this.#at++] = value + 128;
  }

  /** A byte string. False, and nothing is written, when it has a character above 255. */
  bytesItem(text: string): boolean {
    const start = this.#at;
    this.#stringHead(op.SCALAR, text.length);
    if (this.#latin1(text)) return true;
    this.#at = start;
    return false;
  }

  /** A string with the UTF-8 flag; how many bytes it takes. */
  utf8Item(text: string): number {
    const length = utf8Length(text);
    this.#stringHead(op.UTF8STR, length);
    this.#utf8(text);
    return length;
  }

  /** Bytes behind one of the opcodes that come in pairs, for short and for long. */
  literal(opcode: typeof op.UTF8STR | typeof op.VSTRING, bytes: string): void {
    this.#stringHead(opcode, bytes.length);
    this.#latin1(bytes);
  }

  /** A key that is a byte string. */
  key(text: string): void {
    this.#room(text.length + 4);
    this.#put(text.length);
    this.#latin1(text);
  }

  /** A key with its flags, that of UTF-8 as its characters ask for; how many bytes it takes. */
  flaggedKey(text: string, flags: number): number {
    const start = this.#at;
    this.byte(flags);
    this.key(text);
    if (this.#at === start + 5 + text.length) return text.length;
    this.#at = start;
    const length = utf8Length(text);
    this.#room(length + 5);
    this.#bytes[this.#at++] = flags | op.KEY_UTF8;
    this.#put(length);
    this.#utf8(text);
    return length;
  }

  className(name: string): void {
    this.byte(op.BLESS);
    if (name.length > op.SHORT_CLASS_MAX) this.counted(op.LONG_CLASS, name.length);
    else this.byte(name.length);
    this.#room(name.length);
    this.#latin1(name);
  }

  regexp(pattern: string, flags: string): void {
    this.byte(op.REGEXP);
    if (pattern.length > SHORT_MAX) this.counted(op.LONG_PATTERN, pattern.length);
    else {
      this.byte(0);
      this.byte(pattern.length);
    }
    this.#room(pattern.length + 1 + flags.length);
    this.#latin1(pattern);
    this.byte(flags.length);
    this.#room(flags.length);
    this.#latin1(flags);
  }

  #stringHead(opcode: typeof op.SCALAR | typeof op.UTF8STR | typeof op.VSTRING, length: number): void {
    this.#room(length + 5);
    if (length <= SHORT_MAX) {
      this.#bytes[this.#at++] = opcode;
      this.#bytes[this.#at++] = length;
      return;
    }
    this.#bytes[this.#at++] = LONG_OPCODE[opcode];
    this.#put(length);
  }

  /** There is room. False, and nothing is written, at a character above 255. */
  #latin1(text: string): boolean {
    const bytes = this.#bytes;
    const at = this.#at;
    const { length } = text;
    if (length >= LONG) {
      const encoded = utf8(text);
      if (encoded.length === length) {
        bytes.set(encoded, at);
        this.#at = at + length;
        return true;
      }
    }
    let bits = 0;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      bits |= code;
      bytes[at + index] = code;
    }
    if (bits > 0xff) return false;
    this.#at = at + length;
    return true;
  }

  /** There is room. Surrogates that are not a pair are written as they are, as Perl does. */
  #utf8(text: string): void {
    const bytes = this.#bytes;
    let at = this.#at;
    for (let index = 0; index < text.length; index++) {
      const code = text.codePointAt(index) ?? 0;
      if (code > 0xffff) index++;
      if (code < 0x80) bytes[at++] = code;
      else {
        if (code < 0x800) bytes[at++] = 0xc0 | (code >> 6);
        else {
          if (code < 0x10000) bytes[at++] = 0xe0 | (code >> 12);
          else {
            bytes[at++] = 0xf0 | (code >> 18);
            bytes[at++] = 0x80 | ((code >> 12) & 0x3f);
          }
          bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
        }
        bytes[at++] = 0x80 | (code & 0x3f);
      }
    }
    this.#at = at;
  }

  #put(word: number): void {
    const bytes = this.#bytes;
    const at = this.#at;
    bytes[at] = word >>> 24;
    bytes[at + 1] = word >>> 16;
    bytes[at + 2] = word >>> 8;
    bytes[at + 3] = word;
    this.#at = at + 4;
  }

  #room(count: number): void {
    const least = this.#at + count;
    if (least <= this.#bytes.length) return;
    const longer = new Uint8Array(Math.max(least, 2 * this.#bytes.length));
    longer.set(this.#bytes);
    this.#bytes = longer;
  }
}

const LONG_OPCODE = { [op.SCALAR]: op.LSCALAR, [op.UTF8STR]: op.LUTF8STR, [op.VSTRING]: op.LVSTRING } as const;

/** In bytes, of text with or without lone surrogates. */
function utf8Length(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.codePointAt(index) ?? 0;
    if (code > 0xffff) index++;
    length += code < 0x80 ? 0 : code < 0x800 ? 1 : 2;
  }
  return length;
}
