/**
 * The items of an image, read without recursion: what is open is a list of frames, so depth costs memory of ours and no stack.
 * Nothing is made ahead of what has arrived: an array grows by its items.
 * Lacks: the header (thaw.ts); bytes (image-source.ts).
 */
import { ImageSource } from './image-source.ts';
import * as op from './opcodes.ts';
import { type Limits, ThawStop } from './problem.ts';
import { isBytes } from './text.ts';
import * as perl from './values.ts';
import {
  Alias,
  Blessed,
  PerlCode,
  PerlHash,
  PerlRegexp,
  type PerlValue,
  type Reference,
  Scalar,
  type StringValue,
  VString,
  Weak,
} from './values.ts';

export interface Wanted {
  readonly limits: Limits;
  readonly code: boolean;
  readonly regexps: boolean;
  readonly onValue: ((at: number, length: number) => void) | undefined;
}

export interface Header {
  /** Where the items begin. */
  readonly start: number;
  readonly netorder: boolean;
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
  readonly #source: ImageSource;
  readonly #netorder: boolean;
  readonly #wanted: Wanted;
  /** Items by number, those in `targets` of the reading before. */
  readonly #seen: Map<number, Reference | undefined> | undefined;
  readonly #frames: Frame[] = [];
  readonly #classes: string[] = [];
  #items = 0;

  constructor(bytes: Uint8Array, { start, netorder }: Header, wanted: Wanted, targets?: ReadonlySet<number>) {
    this.#netorder = netorder;
    this.#source = new ImageSource(bytes, start, netorder, wanted.limits.string, wanted.onValue);
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
    hash.set(this.#source.key(this.#source.length()), value);
  }

  #flaggedEntry(hash: PerlHash, value: PerlValue): void {
    const start = this.#source.at;
    const flags = this.#source.byte();
    if ((flags & ~(op.KEY_UTF8 | perl.KEY_FLAGS)) !== 0) throw new ThawStop('flags', start, `flags ${flags} of a key`);
    const length = this.#source.length();
    const utf8 = (flags & op.KEY_UTF8) !== 0;
    const key = utf8 ? this.#source.utf8(length) : this.#source.key(length);
    if (key === undefined) throw new ThawStop('utf8', start, `a key of ${length} bytes`);
    const kept = (flags & perl.KEY_FLAGS) | (utf8 && isBytes(key) ? perl.KEY_WAS_UTF8 : 0);
    if (kept === 0) hash.keyFlags.delete(key);
    else hash.keyFlags.set(key, kept);
    if ((kept & perl.KEY_PLACEHOLDER) === 0) hash.set(key, value);
    else hash.delete(key);
  }

  /** An element of an array, or a value of a hash: a scalar, mostly as what it contains. */
  #element(): PerlValue {
    const start = this.#source.at;
    const opcode = this.#source.byte();
    if (opcode === op.REF || opcode === op.OVERLOAD || opcode === op.WEAKREF || opcode === op.WEAKOVERLOAD) {
      const tag = this.#number(start);
      if (this.#seen?.has(tag) !== true) return this.#pointing(opcode);
      const scalar = new Scalar(null);
      this.#seen.set(tag, scalar);
      scalar.value = this.#pointing(opcode);
      return new Alias(scalar);
    }
    if (opcode === op.OBJECT || opcode === op.BLESS || opcode === op.IX_BLESS) {
      this.#source.at = start;
      const scalar = this.#referent(undefined);
      if (scalar instanceof Scalar) return isImmortal(scalar.value) ? scalar.value : new Alias(scalar);
      if (scalar instanceof Blessed && scalar.referent instanceof Scalar) return new Alias(scalar);
      throw new ThawStop('shape', start, 'an element that is no scalar');
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
    const start = this.#source.at;
    const referent = this.#referent(undefined);
    if (opcode === op.OVERLOAD || opcode === op.WEAKOVERLOAD) {
      if (referent instanceof Blessed) referent.overloaded = true;
      else if (referent !== SOMETHING) throw new ThawStop('shape', start, 'an overloaded object that has no class');
    }
    return opcode === op.WEAKREF || opcode === op.WEAKOVERLOAD ? new Weak(referent) : referent;
  }

  /** Something that is pointed at. A container is still to be filled, and its frame is on top. */
  #referent(name: string | undefined): Reference {
    const start = this.#source.at;
    const opcode = this.#source.byte();
    if (opcode === op.ARRAY) {
      const tag = this.#number(start);
      const left = this.#source.count(1);
      const array: PerlValue[] = [];
      this.#open({ kind: 'array', array, left }, start);
      return this.#known(tag, name, array);
    }
    if (opcode === op.HASH || opcode === op.FLAG_HASH) {
      const tag = this.#number(start);
      const flagged = opcode === op.FLAG_HASH;
      const flags = flagged ? this.#source.byte() : 0;
      const left = this.#source.count(LEAST_ENTRY);
      if ((flags & ~op.HASH_RESTRICTED) !== 0) throw new ThawStop('flags', start, `flags ${flags} of a hash`);
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
        if (name !== undefined) throw new ThawStop('shape', start, 'a class for an earlier item');
        return this.#earlier(start);
      case op.BLESS:
      case op.IX_BLESS:
        if (name !== undefined) throw new ThawStop('shape', start, 'a class within a class');
        return this.#referent(opcode === op.BLESS ? this.#newClass() : this.#oldClass(start));
      case op.REGEXP: {
        if (!this.#wanted.regexps) throw new ThawStop('regexp', start, 'opcode 32');
        const tag = this.#number(start);
        const flags = this.#source.byte();
        if ((flags & ~op.LONG_PATTERN) !== 0) throw new ThawStop('flags', start, `flags ${flags} of a regular expression`);
        const pattern = this.#source.string(flags === 0 ? this.#source.byte() : this.#source.length());
        return this.#known(tag, name, new PerlRegexp(pattern, this.#source.string(this.#source.byte())));
      }
      case op.CODE: {
        if (!this.#wanted.code) throw new ThawStop('code', start, 'opcode 26');
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
        return this.#source.string(this.#source.byte());
      case op.LSCALAR:
        return this.#source.string(this.#source.length());
      case op.UTF8STR:
        return this.#source.flagged(this.#source.byte());
      case op.LUTF8STR:
        return this.#source.flagged(this.#source.length());
      case op.BYTE:
        this.#wanted.onValue?.(start + 1, 1);
        return this.#source.byte() - 128;
      case op.NETINT:
        this.#wanted.onValue?.(start + 1, 4);
        return this.#source.integer();
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
        const literal = this.#source.string(opcode === op.VSTRING ? this.#source.byte() : this.#source.length());
        const at = this.#source.at;
        return new VString(literal, this.#stringAfter(this.#source.byte(), at));
      }
      default:
        throw this.#refused(opcode, start);
    }
  }

  #native(opcode: number, start: number): number | bigint {
    if (this.#netorder) throw new ThawStop('native', start, `opcode ${opcode}`);
    this.#wanted.onValue?.(start + 1, 8);
    return opcode === op.DOUBLE ? this.#source.nativeDouble() : this.#source.nativeInteger();
  }

  /** A string that is an item of its own, as the text of a subroutine is. */
  #stringItem(): StringValue {
    const start = this.#source.at;
    const opcode = this.#source.byte();
    this.#number(start);
    return this.#stringAfter(opcode, start);
  }

  #stringAfter(opcode: number, start: number): StringValue {
    if (opcode === op.SCALAR || opcode === op.LSCALAR || opcode === op.UTF8STR || opcode === op.LUTF8STR)
      return this.#content(opcode, start) as StringValue;
    throw new ThawStop('shape', start, 'no string where only a string can be');
  }

  #refused(opcode: number, start: number): ThawStop {
    if (opcode === op.ARRAY || opcode === op.HASH || opcode === op.FLAG_HASH || opcode === op.REGEXP || opcode === op.CODE)
      return new ThawStop('shape', start, `opcode ${opcode} for an element, which is a scalar`);
    return new ThawStop(op.REFUSED.get(opcode) ?? 'opcode', start, `opcode ${opcode}`);
  }

  // ── items by their number, and classes ────────────────────────────────────────────────────────────────────────────

  /** Counts the item that begins at `start`, and gives its number. */
  #number(start: number): number {
    if (this.#items >= this.#wanted.limits.nodes) throw new ThawStop('nodes', start, `more than ${this.#wanted.limits.nodes}`);
    return this.#items++;
  }

  #open(frame: Frame, start: number): void {
    const { depth } = this.#wanted.limits;
    if (this.#frames.length >= depth) throw new ThawStop('depth', start, `more than ${depth}`);
    this.#frames.push(frame);
  }

  #known(tag: number, name: string | undefined, object: Blessed['referent']): Reference {
    const whole = name === undefined ? object : new Blessed(name, object);
    if (this.#seen?.has(tag) === true) this.#seen.set(tag, whole);
    return whole;
  }

  #earlier(start: number): Reference {
    const tag = this.#source.word();
    if (tag >= this.#items) throw new ThawStop('tag', start, `item ${tag} of ${this.#items}`);
    if (this.#seen === undefined) {
      this.targets ??= new Set();
      this.targets.add(tag);
      return SOMETHING;
    }
    const object = this.#seen.get(tag);
    if (object === undefined) throw new ThawStop('tag', start, `item ${tag}, which nothing can refer to`);
    return object;
  }

  #newClass(): string {
    const short = this.#source.byte();
    const name = this.#source.string(short === op.LONG_CLASS ? this.#source.length() : short & op.SHORT_CLASS_MAX);
    this.#classes.push(name);
    return name;
  }

  #oldClass(start: number): string {
    const short = this.#source.byte();
    const index = short === op.LONG_CLASS ? this.#source.length() : short & op.SHORT_CLASS_MAX;
    const name = this.#classes[index];
    if (name === undefined) throw new ThawStop('class', start, `class ${index} of ${this.#classes.length}`);
    return name;
  }
}

const isImmortal = (value: PerlValue): boolean => typeof value === 'boolean' || value instanceof perl.Undef;
