/**
 * How a value reads, whoever wrote it: vectors/README.md has the notation. Two values that are equal in Perl read alike: a number and its
 * text, a string with and without the UTF-8 flag, true and 1, keys in any order, a weak reference and a strong one.
 */
import { byCharacters } from '../../src/impl/storable/text.ts';
import {
  Alias,
  Blessed,
  PerlCode,
  PerlRegexp,
  type PerlValue,
  RawUtf8,
  Scalar,
  Undef,
  Utf8,
  VString,
  Weak,
} from '../../src/impl/storable/values.ts';

/** A longer string is shown by its beginning, its length and a hash. */
const SHOWN_MAX = 200;
const HEAD = 40;
const INTEGER = /^(?:0|-?[1-9][0-9]{0,19})$/;

export const shown = (value: PerlValue): string => new Shown().value(value);

class Shown {
  readonly #seen: Map<object, number> = new Map();

  value(value: PerlValue): string {
    if (value === null || value instanceof Undef) return 'undef';
    if (typeof value === 'boolean') return quoted(value ? '1' : '');
    if (typeof value === 'number' || typeof value === 'bigint') return quoted(String(value));
    if (typeof value === 'string') return quoted(value);
    if (value instanceof Utf8) return quoted(value.text);
    if (value instanceof RawUtf8) return `bytes ${quoted(value.bytes)}`;
    if (value instanceof VString) return this.value(value.value);
    if (value instanceof Weak) return this.value(value.reference);
    if (value instanceof Alias) return value.scalar instanceof Scalar ? this.value(value.scalar.value) : this.value(value.scalar);
    const number = this.#seen.get(value);
    if (number !== undefined) return `*${number}`;
    this.#seen.set(value, this.#seen.size);
    return value instanceof Blessed ? `${quoted(value.package)} ${this.#referent(value.referent)}` : this.#referent(value);
  }

  #referent(value: Blessed['referent']): string {
    if (Array.isArray(value)) return `[${value.map(each => this.value(each)).join(',')}]`;
    if (value instanceof Map) {
      const keys = [...value.keys()].sort(byCharacters);
      return `{${keys.map(key => `${quoted(key)}:${this.value(value.get(key) ?? null)}`).join(',')}}`;
    }
    if (value instanceof PerlRegexp) return `qr/${quoted(value.pattern)}/${value.flags}`;
    if (value instanceof PerlCode) return 'sub';
    return `\\${this.value(value.value)}`;
  }
}

function quoted(text: string): string {
  if (INTEGER.test(text)) return text;
  const characters = Array.from(text);
  if (characters.length > SHOWN_MAX)
    return `${quoted(characters.slice(0, HEAD).join(''))}...${characters.length}:${hashOf(characters).toString(16).padStart(8, '0')}`;
  return `"${text.replace(/[^ !#-[\]-~]/gu, each => `\\x{${each.codePointAt(0)?.toString(16)}}`)}"`;
}

/** FNV-1a, of characters. */
function hashOf(characters: readonly string[]): number {
  let hash = 0x811c9dc5;
  for (const each of characters) hash = Math.imul(hash ^ (each.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
