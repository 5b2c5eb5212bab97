/**
 * What can be wrong with an image, or with a value that is to become one, by name; and the limits.
 * Lacks: a decision about what to do then.
 */

export interface Limits {
  /** Containers within containers, a reference to a scalar counting as one. */
  readonly depth: number;
  /** Scalars, arrays, hashes and references together. */
  readonly nodes: number;
  /** Of one string, key, or class name, in bytes. */
  readonly string: number;
}

/** What a peer may ask of us when nobody says otherwise. Storable 3.26 writes a depth of some hundreds. */
export const LIMITS: Limits = Object.freeze({ depth: 1_000, nodes: 1_000_000, string: 16_777_216 });

/** Why an image is refused. */
export const THAW_REASONS = {
  magic: 'no image begins like this',
  version: 'an image of another major version',
  'byte-order': 'a native image of a machine with another byte order or other sizes',
  truncated: 'the image ends before what it announces',
  opcode: 'no such opcode',
  native: 'a native number in an image in network order',
  shape: 'an item where no item of its kind can be',
  tag: 'refers to an item that has not been',
  class: 'refers to a class that has not been named',
  flags: 'flags that nobody writes',
  utf8: 'a hash key that is flagged as UTF-8 and is not',
  depth: 'deeper than the limit',
  nodes: 'more items than the limit',
  string: 'a string longer than the limit',
  code: 'a subroutine, and nobody asked for code',
  regexp: 'a regular expression, and nobody asked for those',
  hook: 'an object that only the code of its class could read',
  tied: 'a tied variable, that only the code of its class could read',
  'large-object': 'an object of more than 2 GB',
  newer: 'a boolean as newer releases write it',
} as const;
export type ThawReason = keyof typeof THAW_REASONS;

export interface ThawFailure {
  readonly ok: false;
  readonly reason: ThawReason;
  /** Of the item that cannot be read, or of the byte that is missing. */
  readonly offset: number;
  /** For people; holds nothing of the image but numbers. */
  readonly message: string;
}

/** How the reader stops; never leaves the folder. */
export class ThawStop extends Error {
  readonly failure: ThawFailure;
  constructor(reason: ThawReason, offset: number, detail: string) {
    super(reason);
    this.failure = { ok: false, reason, offset, message: `${THAW_REASONS[reason]}: ${detail} at offset ${offset}` };
  }
}

/** Why a value cannot be stored. */
export const FREEZE_REASONS = {
  reference: 'an image is of something referred to, and this is no reference',
  type: 'no value of Perl',
  alias: 'an alias outside of an array or a hash, or of something that is no scalar',
  bytes: 'characters above 255 where there are bytes',
  identity: 'one referent of two classes, or with a class in one place and without in another',
  flags: 'flags of a key that the hash does not have, or unknown ones',
  depth: 'deeper than the limit',
  nodes: 'more items than the limit',
  string: 'a string longer than the limit',
} as const;
export type FreezeReason = keyof typeof FREEZE_REASONS;

export class FreezeError extends Error {
  override readonly name = 'FreezeError';
  readonly reason: FreezeReason;
  /** Where in the value: `{from}[2]`, for people. */
  readonly path: string;
  constructor(reason: FreezeReason, path: string, detail: string) {
    super(`cannot be stored: ${FREEZE_REASONS[reason]}: ${detail}${path === '' ? '' : ` at ${path}`}`);
    this.reason = reason;
    this.path = path;
  }
}
