/**
 * The items of an image, read without recursion: what is open is a list of frames, so depth costs memory of ours and no stack.
 * Nothing is made ahead of what has arrived: an array grows by its items.
 * Lacks: the header (thaw.ts); strings (text.ts).
 */
import * as op from './opcodes.ts';
import { type Limits, type ThawReason, ThawStop } from './problem.ts';
import { isBytes, latin1, perlUtf8 } from './text.ts';
import * as perl from './values.ts';
import {
  Alias,
  Blessed,
  PerlCode,
  PerlHash,
  PerlRegexp,
  type PerlValue,
  RawUtf8,
  type Reference,
  Scalar,
  type StringValue,
  Utf8,
  VString,
  Weak,
} from './values.ts';

export interface Wanted {
  readonly limits: Limits;
  readonly code: boolean;
  readonly regexps: boolean;
}

interface ArrayFrame {
  readonly kind: 'array';
  readonly array: PerlValue[];
  left: number;
}
interface HashFrame {
  readonly kind: 'hash';
  readonly hash: Map<string, PerlValue>;
  left: number;
  /** What the next key is the key of, when that was a container: keys stand behind their values. */
  pending: PerlValue | undefined;
}
interface ScalarFrame {
  readonly kind: 'scalar';
  readonly scalar: Scalar;
  /** The scalar is a reference, and this its opcode. */
  readonly opcode: number;
  left: number;
}
type Frame = ArrayFrame | HashFrame | ScalarFrame;

/** Stands for what an earlier item is while nobody knows which of them are referred to. */
const SOMETHING = new Scalar(null);
/** An item has one byte at least; an entry has a value, flags if there are any, and the length of a key. */
const LEAST_ENTRY = 5;

export class ImageReader {
  /** The numbers of items that are referred to; undefined when there are none. */
  targets: Set<number> | undefined;
  readonly #bytes: Uint8Array;
  readonly #netorder: boolean;
  readonly #wanted: Wanted;
  /** Items by number, those in `targets` of the reading before. */
  readonly #seen: Map<number, Reference | undefined> | undefined;
  readonly #frames: Frame[] = [];
  readonly #classes: string[] = [];
  #at: number;
  #items = 0;

  constructor(bytes: Uint8Array, start: number, wanted: Wanted, targets?: ReadonlySet<number>) {
    this.#bytes = bytes;
    this.#netorder = start === 2;
    this.#at = start;
    this.#wanted = wanted;
    if (targets !== undefined) this.#seen = new Map([...targets].map(tag => [tag, undefined]));
  }

  /** Throws a ThawStop. */
  read(): Reference {
    const whole = this.#referent(undefined);
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      if (frame.kind === 'array') this.#fillArray(frame);
      else if (frame.kind === 'hash') this.#fillHash(frame);
      else if (frame.left === 0) this.#frames.pop();
      else {
        frame.left = 0;
        frame.scalar.value = this.#pointing(frame.opcode);
      }
    }
    return whole;
  }

  /** Up to the end, or to an element that has to be filled first. */
  #fillArray(frame: ArrayFrame): void {
    const frames = this.#frames;
    const depth = frames.length;
    while (frame.left > 0) {
      frame.left--;
      frame.array.push(this.#element());
      if (frames.length !== depth) return;
    }
    frames.pop();
  }

  #fillHash(frame: HashFrame): void {
    const frames = this.#frames;
    const depth = frames.length;
    if (frame.pending !== undefined) {
      this.#entry(frame, frame.pending);
      frame.pending = undefined;
    }
    while (frame.left > 0) {
      frame.left--;
      const value = this.#element();
      if (frames.length !== depth) {
        frame.pending = value;
        return;
      }
      this.#entry(frame, value);
    }
    frames.pop();
  }

  /** The key of a value that has been read. Where there are two of the same, the later counts, as in Perl. */
  #entry({ hash }: HashFrame, value: PerlValue): void {
    if (hash instanceof PerlHash) {
      this.#flaggedEntry(hash, value);
      return;
    }
    const length = this.#length();
    hash.set(this.#string(length), value);
  }

  #flaggedEntry(hash: PerlHash, value: PerlValue): void {
    const start = this.#at;
    const flags = this.#byte();
    if ((flags & ~(op.KEY_UTF8 | perl.KEY_FLAGS)) !== 0) throw this.#stop('flags', start, `flags ${flags} of a key`);
    const length = this.#length();
    const from = this.#within(length);
    const utf8 = (flags & op.KEY_UTF8) !== 0;
    const key = utf8 ? perlUtf8(this.#bytes, from, this.#at) : latin1(this.#bytes, from, this.#at);
    if (key === undefined) throw this.#stop('utf8', start, `a key of ${length} bytes`);
    const kept = (flags & perl.KEY_FLAGS) | (utf8 && isBytes(key) ? perl.KEY_WAS_UTF8 : 0);
    if (kept === 0) hash.keyFlags.delete(key);
    else hash.keyFlags.set(key, kept);
    if ((kept & perl.KEY_PLACEHOLDER) === 0) hash.set(key, value);
    else hash.delete(key);
  }

  /** An element of an array, or a value of a hash: a scalar, mostly as what it contains. */
  #element(): PerlValue {
    const start = this.#at;
    const opcode = this.#byte();
    if (opcode === op.REF || opcode === op.OVERLOAD || opcode === op.WEAKREF || opcode === op.WEAKOVERLOAD) {
      const tag = this.#number(start);
      if (this.#seen?.has(tag) !== true) return this.#pointing(opcode);
      const scalar = new Scalar(null);
      this.#seen.set(tag, scalar);
      scalar.value = this.#pointing(opcode);
      return new Alias(scalar);
    }
    if (opcode === op.OBJECT || opcode === op.BLESS || opcode === op.IX_BLESS) {
      this.#at = start;
      const scalar = this.#referent(undefined);
      if (scalar instanceof Scalar) return isImmortal(scalar.value) ? scalar.value : new Alias(scalar);
      if (scalar instanceof Blessed && scalar.referent instanceof Scalar) return new Alias(scalar);
      throw this.#stop('shape', start, 'an element that is no scalar');
    }
    const tag = this.#number(start);
    const content = this.#content(opcode, start);
    if (this.#seen?.has(tag) !== true) return content;
    const scalar = new Scalar(content);
    this.#seen.set(tag, scalar);
    return isImmortal(content) ? content : new Alias(scalar);
  }

  /** The reference that the opcode makes of what follows it. */
  #pointing(opcode: number): PerlValue {
    const start = this.#at;
    const referent = this.#referent(undefined);
    if (opcode === op.OVERLOAD || opcode === op.WEAKOVERLOAD) {
      if (referent instanceof Blessed) referent.overloaded = true;
      else if (referent !== SOMETHING) throw this.#stop('shape', start, 'an overloaded object that has no class');
    }
    return opcode === op.WEAKREF || opcode === op.WEAKOVERLOAD ? new Weak(referent) : referent;
  }

  /** Something that is pointed at. A container is still to be filled, and its frame is on top. */
  #referent(name: string | undefined): Reference {
    const start = this.#at;
    const opcode = this.#byte();
    if (opcode === op.ARRAY) {
      const tag = this.#number(start);
      const left = this.#count(1, start);
      const array: PerlValue[] = [];
      this.#open({ kind: 'array', array, left }, start);
      return this.#known(tag, name, array);
    }
    if (opcode === op.HASH || opcode === op.FLAG_HASH) {
      const tag = this.#number(start);
      const flagged = opcode === op.FLAG_HASH;
      const flags = flagged ? this.#byte() : 0;
      const left = this.#count(LEAST_ENTRY, start);
      if ((flags & ~op.HASH_RESTRICTED) !== 0) throw this.#stop('flags', start, `flags ${flags} of a hash`);
      const hash = flagged ? new PerlHash(flags !== 0) : new Map<string, PerlValue>();
      this.#open({ kind: 'hash', hash, left, pending: undefined }, start);
      return this.#known(tag, name, hash);
    }
    return this.#rare(opcode, name, start);
  }

  #rare(opcode: number, name: string | undefined, start: number): Reference {
    switch (opcode) {
      case op.REF:
      case op.OVERLOAD:
      case op.WEAKREF:
      case op.WEAKOVERLOAD: {
        const tag = this.#number(start);
        const scalar = new Scalar(null);
        this.#open({ kind: 'scalar', scalar, opcode, left: 1 }, start);
        return this.#known(tag, name, scalar);
      }
      case op.OBJECT:
        if (name !== undefined) throw this.#stop('shape', start, 'a class for an earlier item');
        return this.#earlier(start);
      case op.BLESS:
      case op.IX_BLESS:
        if (name !== undefined) throw this.#stop('shape', start, 'a class within a class');
        return this.#referent(opcode === op.BLESS ? this.#newClass() : this.#oldClass(start));
      case op.REGEXP: {
        if (!this.#wanted.regexps) throw this.#stop('regexp', start, 'opcode 32');
        const tag = this.#number(start);
        const flags = this.#byte();
        if ((flags & ~op.LONG_PATTERN) !== 0) throw this.#stop('flags', start, `flags ${flags} of a regular expression`);
        const pattern = this.#string(flags === 0 ? this.#byte() : this.#length());
        return this.#known(tag, name, new PerlRegexp(pattern, this.#string(this.#byte())));
      }
      case op.CODE: {
        if (!this.#wanted.code) throw this.#stop('code', start, 'opcode 26');
        const tag = this.#number(start);
        return this.#known(tag, name, new PerlCode(this.#stringItem()));
      }
      default: {
        const tag = this.#number(start);
        return this.#known(tag, name, new Scalar(this.#content(opcode, start)));
      }
    }
  }

  /** What a scalar has that is no reference. */
  #content(opcode: number, start: number): PerlValue {
    switch (opcode) {
      case op.SCALAR:
        return this.#string(this.#byte());
      case op.LSCALAR:
        return this.#string(this.#length());
      case op.UTF8STR:
        return this.#utf8(this.#byte());
      case op.LUTF8STR:
        return this.#utf8(this.#length());
      case op.BYTE:
        return this.#byte() - 128;
      case op.NETINT:
        return this.#int32();
      case op.UNDEF:
        return null;
      case op.SV_YES:
        return true;
      case op.SV_NO:
        return false;
      case op.SV_UNDEF:
        return perl.ABSENT;
      case op.SVUNDEF_ELEM:
        return perl.EXPLICIT_UNDEF;
      case op.INTEGER:
      case op.DOUBLE:
        return this.#native(opcode, start);
      case op.VSTRING:
      case op.LVSTRING: {
        const literal = this.#string(opcode === op.VSTRING ? this.#byte() : this.#length());
        const at = this.#at;
        return new VString(literal, this.#stringAfter(this.#byte(), at));
      }
      default:
        throw this.#refused(opcode, start);
    }
  }

  #native(opcode: number, start: number): number | bigint {
    if (this.#netorder) throw this.#stop('native', start, `opcode ${opcode}`);
    const from = this.#take(8);
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + from, 8);
    if (opcode === op.DOUBLE) return view.getFloat64(0, true);
    const integer = view.getBigInt64(0, true);
    const number = Number(integer);
    return Number.isSafeInteger(number) ? number : integer;
  }

  /** A string that is an item of its own, as the text of a subroutine is. */
  #stringItem(): StringValue {
    const start = this.#at;
    const opcode = this.#byte();
    this.#number(start);
    return this.#stringAfter(opcode, start);
  }

  #stringAfter(opcode: number, start: number): StringValue {
    if (opcode === op.SCALAR || opcode === op.LSCALAR || opcode === op.UTF8STR || opcode === op.LUTF8STR)
      return this.#content(opcode, start) as StringValue;
    throw this.#stop('shape', start, 'no string where only a string can be');
  }

  #refused(opcode: number, start: number): ThawStop {
    if (opcode === op.ARRAY || opcode === op.HASH || opcode === op.FLAG_HASH || opcode === op.REGEXP || opcode === op.CODE)
      return this.#stop('shape', start, `opcode ${opcode} for an element, which is a scalar`);
    return this.#stop(op.REFUSED.get(opcode) ?? 'opcode', start, `opcode ${opcode}`);
  }

  // ── items by their number, and classes ────────────────────────────────────────────────────────────────────────────

  /** Counts the item that begins at `start`, and gives its number. */
  #number(start: number): number {
    if (this.#items >= this.#wanted.limits.nodes) throw this.#stop('nodes', start, `more than ${this.#wanted.limits.nodes}`);
    return this.#items++;
  }

  #known(tag: number, name: string | undefined, object: Blessed['referent']): Reference {
    const whole = name === undefined ? object : new Blessed(name, object);
    if (this.#seen?.has(tag) === true) this.#seen.set(tag, whole);
    return whole;
  }

  #earlier(start: number): Reference {
    const tag = this.#length32();
    if (tag >= this.#items) throw this.#stop('tag', start, `item ${tag} of ${this.#items}`);
    if (this.#seen === undefined) {
      this.targets ??= new Set();
      this.targets.add(tag);
      return SOMETHING;
    }
    const object = this.#seen.get(tag);
    if (object === undefined) throw this.#stop('tag', start, `item ${tag}, which nothing can refer to`);
    return object;
  }

  #newClass(): string {
    const short = this.#byte();
    const name = this.#string(short === op.LONG_CLASS ? this.#length() : short & op.SHORT_CLASS_MAX);
    this.#classes.push(name);
    return name;
  }

  #oldClass(start: number): string {
    const short = this.#byte();
    const index = short === op.LONG_CLASS ? this.#length() : short & op.SHORT_CLASS_MAX;
    const name = this.#classes[index];
    if (name === undefined) throw this.#stop('class', start, `class ${index} of ${this.#classes.length}`);
    return name;
  }

  // ── bytes ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  #open(frame: Frame, start: number): void {
    if (this.#frames.length >= this.#wanted.limits.depth) throw this.#stop('depth', start, `more than ${this.#wanted.limits.depth}`);
    this.#frames.push(frame);
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw this.#stop('truncated', this.#at, 'one more byte is wanted');
    this.#at++;
    return byte;
  }

  /** Goes past that many bytes, and says where they begin. */
  #take(length: number): number {
    const from = this.#at;
    const there = this.#bytes.length - from;
    if (length > there) throw this.#stop('truncated', this.#bytes.length, `${length} bytes are wanted and ${there} there`);
    this.#at = from + length;
    return from;
  }

  /** Lengths are in the order of the machine, unless the image is in that of the network. */
  #length(): number {
    return this.#netorder ? this.#length32() : swapped(this.#length32());
  }

  #length32(): number {
    return this.#int32() >>> 0;
  }

  #int32(): number {
    const at = this.#take(4);
    const bytes = this.#bytes;
    return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  }

  /** A number of things of which each has that many bytes at least: one that cannot be there is refused before anything is made. */
  #count(each: number, start: number): number {
    const count = this.#length();
    const there = this.#bytes.length - this.#at;
    if (count * each > there) throw this.#stop('truncated', this.#bytes.length, `${count} items from ${start} on, in ${there} bytes,`);
    return count;
  }

  #string(length: number): string {
    const from = this.#within(length);
    return latin1(this.#bytes, from, this.#at);
  }

  #utf8(length: number): string | Utf8 | RawUtf8 {
    const from = this.#within(length);
    const text = perlUtf8(this.#bytes, from, this.#at);
    if (text === undefined) return new RawUtf8(latin1(this.#bytes, from, this.#at));
    return isBytes(text) ? new Utf8(text) : text;
  }

  /** Goes past a string. */
  #within(length: number): number {
    const { string } = this.#wanted.limits;
    if (length > string) throw this.#stop('string', this.#at, `${length} bytes, more than ${string},`);
    return this.#take(length);
  }

  #stop(reason: ThawReason, offset: number, detail: string): ThawStop {
    return new ThawStop(reason, offset, detail);
  }
}

const isImmortal = (value: PerlValue): boolean => typeof value === 'boolean' || value instanceof perl.Undef;

const swapped = (word: number): number => ((word >>> 24) | ((word >>> 8) & 0xff00) | ((word & 0xff00) << 8) | ((word & 0xff) << 24)) >>> 0;
