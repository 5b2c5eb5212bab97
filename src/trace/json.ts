/**
 * JSON of unknown origin, one line of it: parsed by the engine, with what the engine does not do. Nesting is bounded, a key
 * that comes twice is refused, and a mistake is described by column and in words that no engine version changes.
 * Lacks: comments, NaN, trailing commas: RFC 8259 and nothing else.
 */
import { printable } from '../host/bytes.ts';
import { NESTING_LIMIT } from './limits.ts';

export type Parsed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: 'syntax' | 'limit'; readonly column: number; readonly message: string };

export function parseJson(text: string): Parsed {
  const { keys, tooDeep } = survey(text);
  if (tooDeep > 0) return { ok: false, code: 'limit', column: tooDeep, message: `nested more than ${NESTING_LIMIT} levels deep` };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(text);
  }
  return countKeys(value) === keys ? { ok: true, value } : refuse(text);
}

function refuse(text: string): Parsed {
  const mistake = new Grammar(text).check();
  if (mistake === undefined) throw new Error('the engine and this grammar disagree about JSON');
  return { ok: false, code: 'syntax', ...mistake };
}

/** One pass over the text: how many keys it writes down, and the column where it nests too deep, 0 for nowhere. */
function survey(text: string): { readonly keys: number; readonly tooDeep: number } {
  let depth = 0;
  let keys = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfText(text, index);
    else if (code === COLON) keys++;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
    if (depth > NESTING_LIMIT) return { keys, tooDeep: index + 1 };
  }
  return { keys, tooDeep: 0 };
}

/** Index of the quotation mark that closes the one at `start`; the length of the text when there is none. */
function endOfText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0) {
    let first = end;
    while (text.charCodeAt(first - 1) === BACKSLASH) first--;
    if ((end - first) % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

/** Fewer than were written down when a key came twice, because the engine keeps the last one. */
function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let keys = 0;
  if (Array.isArray(value)) {
    for (const item of value) keys += countKeys(item);
    return keys;
  }
  for (const key in value) {
    keys++;
    const inner: unknown = Reflect.get(value, key);
    if (typeof inner === 'object') keys += countKeys(inner);
  }
  return keys;
}

interface Mistake {
  readonly column: number;
  readonly message: string;
}

/** RFC 8259 §2 to §7, to find the first mistake in a text that is known to have one, and known not to nest too deep. */
class Grammar {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  check(): Mistake | undefined {
    const mistake = this.#value();
    if (mistake !== undefined) return mistake;
    this.#space();
    return this.#at < this.#text.length ? this.#expected('the end of the line') : undefined;
  }

  #value(): Mistake | undefined {
    this.#space();
    const next = this.#text[this.#at] ?? '';
    if (next === '{') return this.#list('}', this.#members());
    if (next === '[') return this.#list(']', () => this.#value());
    if (next === '"') return this.#string();
    const word = WORDS.find(known => this.#text.startsWith(known, this.#at));
    if (word === undefined) return this.#number();
    this.#at += word.length;
    return undefined;
  }

  #list(close: string, item: () => Mistake | undefined): Mistake | undefined {
    this.#at++;
    this.#space();
    if (this.#take(close)) return undefined;
    for (;;) {
      const mistake = item();
      if (mistake !== undefined) return mistake;
      this.#space();
      if (this.#take(close)) return undefined;
      if (!this.#take(',')) return this.#expected(`"," or "${close}"`);
    }
  }

  /** The members of one object: the set of its keys lives as long as it does. */
  #members(): () => Mistake | undefined {
    const keys = new Set<string>();
    return () => this.#member(keys);
  }

  #member(keys: Set<string>): Mistake | undefined {
    this.#space();
    const start = this.#at;
    if (this.#text[start] !== '"') return this.#expected('a key in quotation marks');
    const mistake = this.#string();
    if (mistake !== undefined) return mistake;
    // The grammar has just accepted this text as a string.
    const key = String(JSON.parse(this.#text.slice(start, this.#at)));
    if (keys.has(key)) return { column: start + 1, message: `the key "${printable(key, SHOWN)}" comes twice` };
    keys.add(key);
    this.#space();
    return this.#take(':') ? this.#value() : this.#expected('":"');
  }

  #string(): Mistake | undefined {
    const start = this.#at++;
    for (; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === QUOTE) {
        this.#at++;
        return undefined;
      }
      if (code < SPACE) return this.#expected('an escape for a control character');
      if (code === BACKSLASH) {
        ESCAPE.lastIndex = this.#at;
        if (!ESCAPE.test(this.#text)) return this.#expected('one of the escapes of JSON');
        this.#at = ESCAPE.lastIndex - 1;
      }
    }
    return { column: start + 1, message: 'the text that starts here has no end' };
  }

  #number(): Mistake | undefined {
    NUMBER.lastIndex = this.#at;
    if (!NUMBER.test(this.#text)) return this.#expected('a JSON value');
    this.#at = NUMBER.lastIndex;
    return undefined;
  }

  #space(): void {
    while (WHITE.includes(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  #take(text: string): boolean {
    if (this.#text[this.#at] !== text) return false;
    this.#at++;
    return true;
  }

  #expected(what: string): Mistake {
    const code = this.#text.codePointAt(this.#at);
    const found = code === undefined ? 'the end of the line' : `"${printable(String.fromCodePoint(code))}"`;
    return { column: this.#at + 1, message: `expected ${what}, found ${found}` };
  }
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const SPACE = 0x20;
const WHITE = ' \t\r\n';
const WORDS = ['true', 'false', 'null'];
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
/** Characters of a key that a message repeats. */
const SHOWN = 40;
