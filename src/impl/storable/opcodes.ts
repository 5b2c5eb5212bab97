/**
 * The opcodes of an image, in order of their numbers, and why some are refused. README.md has their layouts.
 * Lacks: the opcodes of files older than Storable 0.6.
 */
import type { ThawReason } from './problem.ts';

export const OBJECT = 0x00;
export const LSCALAR = 0x01;
export const ARRAY = 0x02;
export const HASH = 0x03;
export const REF = 0x04;
export const UNDEF = 0x05;
export const INTEGER = 0x06;
export const DOUBLE = 0x07;
export const BYTE = 0x08;
export const NETINT = 0x09;
export const SCALAR = 0x0a;
export const SV_UNDEF = 0x0e;
export const SV_YES = 0x0f;
export const SV_NO = 0x10;
export const BLESS = 0x11;
export const IX_BLESS = 0x12;
export const OVERLOAD = 0x14;
export const UTF8STR = 0x17;
export const LUTF8STR = 0x18;
export const FLAG_HASH = 0x19;
export const CODE = 0x1a;
export const WEAKREF = 0x1b;
export const WEAKOVERLOAD = 0x1c;
export const VSTRING = 0x1d;
export const LVSTRING = 0x1e;
export const SVUNDEF_ELEM = 0x1f;
export const REGEXP = 0x20;

/** What is refused whatever the options say. */
export const REFUSED: ReadonlyMap<number, ThawReason> = new Map<number, ThawReason>([
  [0x0b, 'tied'],
  [0x0c, 'tied'],
  [0x0d, 'tied'],
  [0x13, 'hook'],
  [0x15, 'tied'],
  [0x16, 'tied'],
  [0x21, 'large-object'],
  [0x22, 'newer'],
  [0x23, 'newer'],
]);

/** A class, or the index of one, in one byte up to here; above, this bit is set and four bytes follow. */
export const SHORT_CLASS_MAX = 0x7f;
export const LONG_CLASS = 0x80;

export const HASH_RESTRICTED = 0x01;
export const KEY_UTF8 = 0x01;
/** A key that is a scalar of its own; no release writes it. */
export const KEY_IS_SCALAR = 0x08;
/** The pattern has a length of four bytes. */
export const LONG_PATTERN = 0x01;

/** Major version 2 and the bit for network order; the minor version that is written. */
export const NETORDER_HEADER: readonly [first: number, minor: number] = [0x05, 0x0b];
/** What follows the minor version of a native image: text of the byte order, sizes of int, long, pointer and double. */
export const NATIVE_LAYOUT: readonly number[] = [8, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 4, 8, 8, 8];
/** Of the flags of a regular expression, whose length has one byte. */
export const FLAGS_MAX = 255;
