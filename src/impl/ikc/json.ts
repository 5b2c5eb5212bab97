/**
 * JSON as a serializer: one value in UTF-8. Null, booleans, numbers, strings, arrays and objects are what they are; undef in any form
 * is null. A byte string is the string of the same characters, below U+0100, and back.
 * Lacks: references to scalars, classes, regular expressions, code, cycles: such a value is refused. What two places share is written
 * twice. Whole numbers beyond 2^53 lose digits when they are read, and of a key that comes twice the last value stays.
 */
import { fromUtf8, utf8 } from '../../host/bytes.ts';
import { numberText } from '../storable/number-text.ts';
import { LIMITS } from '../storable/problem.ts';
import { Alias, isUndef, type PerlValue, Scalar, textOf, VString, Weak } from '../storable/values.ts';
import { FRAME_MAX } from './limits.ts';
import type { Frozen, Thawed } from './serializer.ts';

// ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What a value has no form for; never leaves this file. */
class Unwritable extends Error {}

export function jsonOf(value: PerlValue): Frozen {
  try {
    const writer = new JsonWriter();
    writer.write(value, 0);
    const bytes = utf8(writer.text);
    return bytes.length > FRAME_MAX ? { ok: false, why: tooLong } : { ok: true, bytes };
  } catch (error) {
    if (error instanceof Unwritable) return { ok: false, why: error.message };
    throw error;
  }
}

const tooLong = `JSON text of more than ${FRAME_MAX} bytes`;

class JsonWriter {
  text = '';
  #items = 0;

  write(value: PerlValue, depth: number): void {
    this.#items += 1;
    if (this.#items > LIMITS.nodes) throw new Unwritable(`more than ${LIMITS.nodes} items`);
    if (Array.isArray(value)) this.#list('[', ']', value, depth, each => this.write(each, depth + 1));
    else if (value instanceof Map)
      this.#list('{', '}', value, depth, ([key, each]) => {
        this.#put(`${JSON.stringify(key)}:`);
        this.write(each, depth + 1);
      });
    else if (value instanceof Weak) this.write(value.reference, depth);
    else if (value instanceof VString) this.write(value.value, depth);
    else if (value instanceof Alias && value.scalar instanceof Scalar) this.write(value.scalar.value, depth);
    else this.#put(scalarText(value));
  }

  #list<Each>(begin: string, end: string, items: Iterable<Each>, depth: number, write: (each: Each) => void): void {
    // A cycle ends here, too.
    if (depth >= LIMITS.depth) throw new Unwritable(`deeper than ${LIMITS.depth}, or a cycle`);
    let before = begin;
    for (const each of items) {
      this.#put(before);
      write(each);
      before = ',';
    }
    this.#put(before === begin ? begin + end : end);
  }

  #put(text: string): void {
    this.text += text;
    if (this.text.length > FRAME_MAX) throw new Unwritable(tooLong);
  }
}

function scalarText(value: PerlValue): string {
  const text = textOf(value);
  if (text !== undefined) return JSON.stringify(text);
  if (isUndef(value)) return 'null';
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : JSON.stringify(numberText(value, false));
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  throw new Unwritable(`JSON has no form for a ${value?.constructor.name ?? 'value'} of Perl`);
}

// ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export function valueOfJson(bytes: Uint8Array): Thawed {
  const text = fromUtf8(bytes);
  if (text === undefined) return { ok: false, why: 'JSON text that is no UTF-8' };
  const excess = excessOf(text);
  if (excess !== undefined) return { ok: false, why: excess };
  try {
    return { ok: true, value: perlOf(JSON.parse(text)) };
  } catch {
    // What the platform says of it is another text in each of its versions.
    return { ok: false, why: bytes.length === 0 ? 'no bytes, where JSON text should be' : 'no JSON text' };
  }
}

/** What is too much in a text, found out before anything is made of it: ten thousand brackets are more in memory than as text. */
function excessOf(text: string): string | undefined {
  let depth = 0;
  let items = 1;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at + 1);
    else if (character === '[' || character === '{') {
      depth += 1;
      items += 1;
    } else if (character === ']' || character === '}') depth -= 1;
    else if (character === ',') items += 1;
    if (depth > LIMITS.depth) return `deeper than ${LIMITS.depth}, at character ${at}`;
    if (items > LIMITS.nodes) return `more than ${LIMITS.nodes} items, at character ${at}`;
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function perlOf(json: unknown): PerlValue {
  if (Array.isArray(json)) return json.map(perlOf);
  if (typeof json === 'object' && json !== null) return new Map(Object.entries(json).map(([key, value]) => [key, perlOf(value)]));
  // Nothing else comes out of a JSON text.
  return json as null | boolean | number | string;
}
