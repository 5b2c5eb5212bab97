/**
 * Writes an image in network order, as Perl's `nfreeze` does, without recursion.
 * Lacks: native images, hooks, tied variables.
 */
import { printable } from '../../host/bytes.ts';
import { ImageBytes } from './image-bytes.ts';
import { numberText } from './number-text.ts';
import * as op from './opcodes.ts';
import { FreezeError, type FreezeReason, LIMITS, type Limits } from './problem.ts';
import { byCharacters, isBytes } from './text.ts';
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
  Undef,
  Utf8,
  VString,
  Weak,
} from './values.ts';

/** How much of a text, and how many steps, an error shows. */
const SHOWN_MAX = 40;
const PATH_MAX = 32;

export interface FreezeOptions {
  /** Keys in order of their characters, as `$Storable::canonical` has it; otherwise in the order of the Map. */
  readonly canonical?: boolean;
  /** Doubles with all the digits they take, instead of Perl's 15. */
  readonly exactNumbers?: boolean;
  readonly limits?: Partial<Limits>;
}

/** The image of what `value` refers to. Throws a FreezeError, which says where. */
export function freeze(value: PerlValue, options: FreezeOptions = {}): Uint8Array {
  return new ImageWriter(options).write(value);
}

interface ArrayFrame {
  readonly kind: 'array';
  readonly array: readonly PerlValue[];
  next: number;
}
interface HashFrame {
  readonly kind: 'hash';
  readonly hash: Map<string, PerlValue>;
  readonly keys: Iterator<string>;
  /** Keys have flags. */
  readonly flagged: boolean;
  /** Whose value has been written. */
  key: string | undefined;
}
interface ScalarFrame {
  readonly kind: 'scalar';
  readonly value: PerlValue;
  done: boolean;
}
type Frame = ArrayFrame | HashFrame | ScalarFrame;

class ImageWriter {
  readonly #out = new ImageBytes();
  readonly #canonical: boolean;
  readonly #exact: boolean;
  readonly #limits: Limits;
  readonly #frames: Frame[] = [];
  /** Numbers of what can be pointed at. */
  readonly #seen = new Map<object, number>();
  #classes: Map<string, number> | undefined;
  #items = 0;

  constructor({ canonical = false, exactNumbers = false, limits }: FreezeOptions) {
    this.#canonical = canonical;
    this.#exact = exactNumbers;
    this.#limits = limits === undefined ? LIMITS : { ...LIMITS, ...limits };
  }

  write(value: PerlValue): Uint8Array {
    const [first, minor] = op.NETORDER_HEADER;
    this.#out.byte(first);
    this.#out.byte(minor);
    if (!isReference(value)) throw this.#error('reference', kindOf(value));
    this.#referent(value);
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      if (frame.kind === 'array') this.#elements(frame);
      else if (frame.kind === 'hash') this.#entries(frame);
      else if (frame.done) this.#frames.pop();
      else {
        frame.done = true;
        this.#pointing(frame.value);
      }
    }
    return this.#out.taken();
  }

  #elements(frame: ArrayFrame): void {
    const { array } = frame;
    const depth = this.#frames.length;
    while (frame.next < array.length) {
      this.#element(array[frame.next++]);
      if (this.#frames.length !== depth) return;
    }
    this.#frames.pop();
  }

  #entries(frame: HashFrame): void {
    const { hash, keys } = frame;
    const depth = this.#frames.length;
    if (frame.key !== undefined) this.#key(frame, frame.key);
    for (let next = keys.next(); next.done !== true; next = keys.next()) {
      frame.key = next.value;
      this.#element(hash.get(next.value));
      if (this.#frames.length !== depth) return;
      this.#key(frame, next.value);
    }
    this.#frames.pop();
    if (hash instanceof PerlHash) this.#placeholders(hash);
  }

  /** A scalar as the element of an array or the value of a hash. */
  #element(value: PerlValue | undefined): void {
    if (value instanceof Alias) {
      const { scalar } = value;
      if (!(scalar instanceof Scalar || (scalar instanceof Blessed && scalar.referent instanceof Scalar)))
        throw this.#error('alias', kindOf(scalar));
      this.#referent(scalar);
      return;
    }
    this.#number();
    this.#scalar(value);
  }

  /** What is in a scalar that has its number. */
  #scalar(value: PerlValue | undefined): void {
    switch (typeof value) {
      case 'string':
        this.#string(value);
        return;
      case 'number':
        if ((value | 0) === value) this.#out.integer(value);
        else this.#string(numberText(value, this.#exact));
        return;
      case 'bigint':
        if (BigInt.asIntN(32, value) === value) this.#out.integer(Number(value));
        else this.#string(String(value));
        return;
      case 'boolean':
        this.#out.byte(value ? op.SV_YES : op.SV_NO);
        return;
      default:
        if (value === null) this.#out.byte(op.UNDEF);
        else if (value instanceof Undef) this.#out.byte(value === perl.ABSENT ? op.SV_UNDEF : op.SVUNDEF_ELEM);
        else if (value instanceof Utf8 || value instanceof RawUtf8 || value instanceof VString) this.#flagged(value);
        else this.#pointing(value);
    }
  }

  #string(text: string): void {
    this.#within(text.length);
    if (!this.#out.bytesItem(text)) this.#within(this.#out.utf8Item(text));
  }

  #flagged(value: Utf8 | RawUtf8 | VString): void {
    if (value instanceof VString) {
      this.#out.literal(op.VSTRING, this.#bytes(value.literal));
      this.#scalar(value.value);
    } else if (value instanceof Utf8) {
      this.#within(value.text.length);
      this.#within(this.#out.utf8Item(value.text));
    } else this.#out.literal(op.UTF8STR, this.#bytes(value.bytes));
  }

  /** A scalar that refers to something. */
  #pointing(value: unknown): void {
    const weak = value instanceof Weak;
    const referent: unknown = weak ? value.reference : value;
    if (!isReference(referent)) throw this.#error(referent instanceof Alias ? 'alias' : 'type', kindOf(referent));
    const overloaded = referent instanceof Blessed && referent.overloaded;
    if (weak) this.#out.byte(overloaded ? op.WEAKOVERLOAD : op.WEAKREF);
    else this.#out.byte(overloaded ? op.OVERLOAD : op.REF);
    this.#referent(referent);
  }

  #referent(value: Reference): void {
    const earlier = this.#seen.get(value);
    if (earlier !== undefined) {
      this.#out.byte(op.OBJECT);
      this.#out.word(earlier);
      return;
    }
    const number = this.#number();
    this.#seen.set(value, number);
    if (!(value instanceof Blessed)) {
      this.#unblessed(value);
      return;
    }
    const { referent } = value;
    if (!isReference(referent) || referent instanceof Blessed) throw this.#error('type', `a class for ${kindOf(referent)}`);
    if (this.#seen.has(referent)) throw this.#error('identity', kindOf(referent));
    this.#seen.set(referent, number);
    this.#class(value.package);
    this.#unblessed(referent);
  }

  #unblessed(value: Blessed['referent']): void {
    if (Array.isArray(value)) {
      this.#out.counted(op.ARRAY, value.length);
      this.#open({ kind: 'array', array: value, next: 0 });
    } else if (value instanceof Map) this.#hash(value);
    else if (value instanceof PerlRegexp) {
      this.#out.regexp(this.#bytes(value.pattern), this.#bytes(value.flags, op.FLAGS_MAX));
    } else if (value instanceof PerlCode) {
      this.#out.byte(op.CODE);
      this.#number();
      this.#scalar(value.text);
    } else if (isReference(value.value) || value.value instanceof Weak) {
      this.#open({ kind: 'scalar', value: value.value, done: false });
    } else this.#scalar(value.value);
  }

  #hash(hash: Map<string, PerlValue>): void {
    const keys = this.#canonical ? [...hash.keys()].sort(byCharacters).values() : hash.keys();
    if (hash instanceof PerlHash) {
      let placeholders = 0;
      for (const [key, flags] of hash.keyFlags) {
        const placeholder = (flags & perl.KEY_PLACEHOLDER) !== 0;
        if ((flags & ~perl.KEY_FLAGS) !== 0 || placeholder === hash.has(key)) throw this.#error('flags', `${flags} of ${printable(key)}`);
        if (placeholder) placeholders++;
      }
      this.#out.flagHash(hash.restricted ? op.HASH_RESTRICTED : 0, hash.size + placeholders);
      this.#open({ kind: 'hash', hash, keys, flagged: true, key: undefined });
      return;
    }
    let flagged = false;
    for (const key of hash.keys()) flagged ||= !isBytes(key);
    if (flagged) this.#out.flagHash(0, hash.size);
    else this.#out.counted(op.HASH, hash.size);
    this.#open({ kind: 'hash', hash, keys, flagged, key: undefined });
  }

  #key({ hash, flagged }: HashFrame, key: string): void {
    this.#within(key.length);
    if (flagged) this.#within(this.#out.flaggedKey(key, hash instanceof PerlHash ? (hash.keyFlags.get(key) ?? 0) : 0));
    else this.#out.key(key);
  }

  #placeholders(hash: PerlHash): void {
    for (const [key, flags] of hash.keyFlags) {
      if ((flags & perl.KEY_PLACEHOLDER) === 0) continue;
      this.#number();
      this.#out.byte(op.SV_UNDEF);
      this.#within(key.length);
      this.#within(this.#out.flaggedKey(key, flags));
    }
  }

  #class(name: string): void {
    this.#classes ??= new Map();
    const index = this.#classes.get(name);
    if (index !== undefined) {
      this.#out.byte(op.IX_BLESS);
      if (index > op.SHORT_CLASS_MAX) this.#out.counted(op.LONG_CLASS, index);
      else this.#out.byte(index);
      return;
    }
    this.#classes.set(name, this.#classes.size);
    this.#out.className(this.#bytes(name));
  }

  // ── limits and errors ─────────────────────────────────────────────────────────────────────────────────────────────

  #number(): number {
    if (this.#items >= this.#limits.nodes) throw this.#error('nodes', `more than ${this.#limits.nodes}`);
    return this.#items++;
  }

  #open(frame: Frame): void {
    if (this.#frames.length >= this.#limits.depth) throw this.#error('depth', `more than ${this.#limits.depth}`);
    this.#frames.push(frame);
  }

  #within(length: number): void {
    if (length > this.#limits.string) throw this.#error('string', `more than ${this.#limits.string} bytes`);
  }

  #bytes(text: string, most = this.#limits.string): string {
    if (text.length > most) throw this.#error('string', `more than ${most} bytes`);
    if (!isBytes(text)) throw this.#error('bytes', printable(text, SHOWN_MAX));
    return text;
  }

  #error(reason: FreezeReason, detail: string): FreezeError {
    const steps = this.#frames.slice(0, PATH_MAX).map(frame => {
      if (frame.kind === 'array') return `[${frame.next - 1}]`;
      return frame.kind === 'hash' ? `{${printable(frame.key ?? '', SHOWN_MAX)}}` : '$';
    });
    return new FreezeError(reason, `${steps.join('')}${this.#frames.length > PATH_MAX ? '…' : ''}`, detail);
  }
}

function isReference(value: unknown): value is Reference {
  if (typeof value !== 'object' || value === null) return false;
  return (
    Array.isArray(value) ||
    value instanceof Map ||
    value instanceof Scalar ||
    value instanceof Blessed ||
    value instanceof PerlRegexp ||
    value instanceof PerlCode
  );
}

const kindOf = (value: unknown): string =>
  value === null || typeof value !== 'object' ? `${typeof value}` : printable(String(value.constructor?.name ?? 'an object'), SHOWN_MAX);
