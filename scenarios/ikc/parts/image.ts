/**
 * An image of Storable (B7) as it is sent, and as Perl stores again what it says, byte by byte: written a second time, for those who
 * look at ours. One of a machine comes back in the order of the network.
 * Lacks: reading; what a value is made of (pieces.ts).
 */
import { utf8 } from '../../../src/host/bytes.ts';

const NETWORK: readonly number[] = [5, 11];
/** Text of the byte order, sizes of int, long, pointer and double. */
const MACHINE: readonly number[] = [4, 11, 8, ...utf8('12345678'), 4, 8, 8, 8];
/** The longest string whose length has one byte, and the greatest length of a class, or index of one, that has. */
const SHORT = 255;
const SHORT_CLASS = 127;

/** The number of an item, by which others refer to it: what was asked has another one than what is answered. */
export interface Mark {
  readonly sent: number;
  readonly back: number;
}

/** An image that is sent. */
export interface Asked {
  readonly name: string;
  readonly sent: Uint8Array;
  /** What has to come back, or a text that it must have. */
  readonly due: Uint8Array | string;
}

const big = (word: number): readonly number[] => [word >>> 24, word >>> 16, word >>> 8, word].map(each => each & 0xff);

/** As arguments so many are pushed at once. */
const AT_ONCE = 4_096;
function add(to: number[], bytes: readonly number[]): void {
  for (let at = 0; at < bytes.length; at += AT_ONCE) to.push(...(bytes.length > AT_ONCE ? bytes.slice(at, at + AT_ONCE) : bytes));
}

/** Characters below 256, one byte each. */
export const bytesOf = (text: string): readonly number[] => Array.from(text, character => character.charCodeAt(0));

export class Image {
  readonly native: boolean;
  readonly #sent: number[];
  readonly #back: number[] = [...NETWORK];
  readonly #classes: Map<string, number> = new Map();
  /** `OFFSET LENGTH` of each string, key, number and name that is sent. */
  readonly values: Set<string> = new Set();
  #items: Mark = { sent: 0, back: 0 };

  constructor(native = false) {
    this.native = native;
    this.#sent = native ? [...MACHINE] : [...NETWORK];
  }

  get sent(): Uint8Array {
    return Uint8Array.from(this.#sent);
  }

  get back(): Uint8Array {
    return Uint8Array.from(this.#back);
  }

  /** Items that are sent so far. */
  get items(): number {
    return this.#items.sent;
  }

  /** The offset of what is written next. */
  get at(): number {
    return this.#sent.length;
  }

  both(...bytes: readonly number[]): void {
    this.either(bytes, bytes);
  }

  either(sent: readonly number[], back: readonly number[]): void {
    add(this.#sent, sent);
    add(this.#back, back);
  }

  /** The same in both, and it is a value. */
  value(bytes: readonly number[]): void {
    this.#isValue(bytes.length);
    this.either(bytes, bytes);
  }

  #isValue(length: number): void {
    this.values.add(`${this.at} ${length}`);
  }

  length(count: number): void {
    this.either(this.native ? big(count).toReversed() : big(count), big(count));
  }

  // ── items ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  item(...bytes: readonly number[]): Mark {
    const mark = this.#items;
    this.skip(1, 1);
    this.both(...bytes);
    return mark;
  }

  /** So many items are of what is only asked, or only answered. */
  skip(sent: number, back: number): void {
    this.#items = { sent: this.#items.sent + sent, back: this.#items.back + back };
  }

  /** Opcodes that come in pairs: for a length of one byte, and of four. */
  sized(short: number, long: number, bytes: readonly number[]): void {
    if (bytes.length <= SHORT) this.both(short, bytes.length);
    else this.counted(long, bytes.length);
    this.value(bytes);
  }

  counted(opcode: number, count: number): void {
    this.both(opcode);
    this.length(count);
  }

  string(text: string): Mark {
    const mark = this.item();
    this.sized(0x0a, 0x01, bytesOf(text));
    return mark;
  }

  /** With the flag of UTF-8. */
  flagged(bytes: readonly number[]): void {
    this.item();
    this.sized(0x17, 0x18, bytes);
  }

  /** Of 32 bits, as short as it can be. */
  integer(value: number): void {
    const isByte = value >= -128 && value <= 127;
    this.item(isByte ? 0x08 : 0x09);
    this.value(isByte ? [value + 128] : big(value));
  }

  array(count: number, element: (index: number, self: Mark) => void = () => this.integer(1)): Mark {
    const mark = this.item();
    this.counted(0x02, count);
    for (let index = 0; index < count; index++) element(index, mark);
    return mark;
  }

  /** Keys stand behind their values. */
  hash(entries: readonly (readonly [key: string, value: (self: Mark) => void])[]): void {
    const mark = this.item();
    this.counted(0x03, entries.length);
    for (const [key, value] of entries) {
      value(mark);
      this.key(key);
    }
  }

  key(text: string): void {
    this.length(text.length);
    this.value(bytesOf(text));
  }

  /** Eight bytes of a machine, which come back as a number of 32 bits or as a text. */
  eight(opcode: number, bytes: Uint8Array, again: number | string): void {
    const back = new Image();
    if (typeof again === 'number') back.integer(again);
    else back.string(again);
    this.skip(1, 1);
    this.either([opcode], []);
    this.#isValue(bytes.length);
    this.either([...bytes], [...back.back.subarray(NETWORK.length)]);
  }

  /** An item that was there already. */
  earlier({ sent, back }: Mark): void {
    this.either([0, ...big(sent)], [0, ...big(back)]);
  }

  /** Sent as the item so many before the next one, and comes back as another one. */
  copied(opcode: number, before: number): void {
    this.either([0, ...big(this.#items.sent - before)], [opcode]);
    this.skip(0, 1);
  }

  class(name: string): void {
    const index = this.#classes.get(name);
    if (index === undefined) this.#classes.set(name, this.#classes.size);
    const count = index ?? name.length;
    this.both(index === undefined ? 0x11 : 0x12);
    if (count > SHORT_CLASS) this.counted(0x80, count);
    else this.both(count);
    if (index === undefined) this.value(bytesOf(name));
  }
}
