/**
 * Perl's values as values of this language. The rule: whatever is an object here is a reference there, to what the object stands for,
 * and the same object is the same referent; so sharing and cycles survive. README.md has the table.
 * Lacks: globs, file handles, tied variables.
 */

export type PerlValue =
  | null
  | boolean
  | number
  | bigint
  /** A byte string while all characters are below 256; with any other, one that Perl flags as UTF-8. */
  | string
  | Utf8
  | RawUtf8
  | VString
  | Undef
  | Reference
  | Weak
  | Alias;

/** A string in any of its forms. */
export type StringValue = string | Utf8 | RawUtf8;

/** What can be pointed at, and so what an image can be of. */
export type Reference = PerlValue[] | Map<string, PerlValue> | Scalar | Blessed | PerlRegexp | PerlCode;

/** Text with the UTF-8 flag although no character needs it: equal to the byte string of the same characters, in Perl too. */
export class Utf8 {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A string with the UTF-8 flag whose bytes no text can hold: malformed, a pair of surrogates in two halves, beyond U+10FFFF. */
export class RawUtf8 {
  /** One character below 256 a byte. */
  readonly bytes: string;
  constructor(bytes: string) {
    this.bytes = bytes;
  }
}

/** `v1.22.333`: a string of those characters that remembers how it was written. */
export class VString {
  readonly literal: string;
  readonly value: StringValue;
  constructor(literal: string, value: StringValue) {
    this.literal = literal;
    this.value = value;
  }
}

/** The undefs that are no fresh scalar. Only the two instances below exist. */
export class Undef {
  static readonly immortal: Undef = new Undef();
  static readonly explicit: Undef = new Undef();
  private constructor() {}
}

/** Perl's one undef, as in `\undef`; in an array, an element that was never there. */
export const ABSENT: Undef = Undef.immortal;
/** Perl's one undef where an array really holds it. */
export const EXPLICIT_UNDEF: Undef = Undef.explicit;

/** A reference to a scalar: `\"abc"` is `new Scalar('abc')`, and `\[1]` is `new Scalar([1])`. */
export class Scalar {
  value: PerlValue;
  constructor(value: PerlValue) {
    this.value = value;
  }
}

/** An element (of an array, a hash) that something else points at: it is that scalar, and not just equal to it. */
export class Alias {
  readonly scalar: Scalar | Blessed;
  constructor(scalar: Scalar | Blessed) {
    this.scalar = scalar;
  }
}

/** A reference to an object of a class, as data: nothing is loaded or called. */
export class Blessed {
  /** The name as bytes, one character each. */
  readonly package: string;
  readonly referent: PerlValue[] | Map<string, PerlValue> | Scalar | PerlRegexp | PerlCode;
  /** Its class overloads operators: Perl's reader insists that such a class can be loaded. */
  overloaded: boolean;
  constructor(name: string, referent: Blessed['referent'], overloaded = false) {
    this.package = name;
    this.referent = referent;
    this.overloaded = overloaded;
  }
}

/** A reference that does not keep its referent alive. */
export class Weak {
  readonly reference: Reference;
  constructor(reference: Reference) {
    this.reference = reference;
  }
}

/** What a `qr//` points at; Perl has it blessed, mostly into `Regexp`. Never compiled here. */
export class PerlRegexp {
  /** As bytes, one character each, like the flags. */
  readonly pattern: string;
  readonly flags: string;
  constructor(pattern: string, flags: string) {
    this.pattern = pattern;
    this.flags = flags;
  }
}

/** The text of a subroutine. Never run here. */
export class PerlCode {
  readonly text: StringValue;
  constructor(text: StringValue) {
    this.text = text;
  }
}

/** The key was flagged as UTF-8 although no character needs it. */
export const KEY_WAS_UTF8 = 0x02;
/** The value of this key is read-only. */
export const KEY_LOCKED = 0x04;
/** A key that a restricted hash allows and does not have: known to `keyFlags` only. */
export const KEY_PLACEHOLDER = 0x10;
export const KEY_FLAGS: number = KEY_WAS_UTF8 | KEY_LOCKED | KEY_PLACEHOLDER;

/** A hash with what a Map cannot say. Others are plain Maps. */
export class PerlHash extends Map<string, PerlValue> {
  /** Only the keys known to it may be set (Hash::Util). */
  restricted: boolean;
  /** By key, sums of KEY_*; keys without any are not in it. */
  readonly keyFlags: Map<string, number> = new Map();
  constructor(restricted = false) {
    super();
    this.restricted = restricted;
  }
}

/** The characters of a string, flagged or not; undefined for anything else. */
export const textOf = (value: PerlValue | undefined): string | undefined =>
  typeof value === 'string' ? value : value instanceof Utf8 ? value.text : undefined;

export const isUndef = (value: PerlValue): boolean => value === null || value instanceof Undef;
