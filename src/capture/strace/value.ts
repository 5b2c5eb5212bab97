/**
 * The arguments of a system call as strace writes them: `3, {sa_family=AF_INET, sin_port=htons(603)}, "\x48\x49"..., [16]`.
 * A string is bytes; what is cut short by `-s` is marked. What is no value ends the reading: the rest is one word.
 * Lacks: flags and constants as numbers; they stay words.
 */
import { NESTING_LIMIT } from '../limits.ts';

export type Value =
  | { readonly is: 'bytes'; readonly bytes: Uint8Array; readonly cut: boolean }
  | { readonly is: 'word'; readonly text: string }
  | { readonly is: 'list'; readonly items: readonly Value[] }
  | { readonly is: 'struct'; readonly fields: ReadonlyMap<string, Value> }
  | { readonly is: 'call'; readonly name: string; readonly items: readonly Value[] };

/** Of a whole text. */
export function valuesOf(text: string): readonly Value[] {
  return new ValueReader(text).all();
}

export const NOTHING: Value = { is: 'word', text: '' };
export const wordOf = (value: Value | undefined): string => (value?.is === 'word' ? value.text : '');
export const bytesOf = (value: Value | undefined): Uint8Array | undefined => (value?.is === 'bytes' ? value.bytes : undefined);
export const isCut = (value: Value | undefined): boolean => value?.is === 'bytes' && value.cut;
export const fieldOf = (value: Value | undefined, name: string): Value =>
  value?.is === 'struct' ? (value.fields.get(name) ?? NOTHING) : NOTHING;
export const itemsOf = (value: Value | undefined): readonly Value[] => (value?.is === 'list' || value?.is === 'call' ? value.items : []);

class ValueReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  all(): readonly Value[] {
    return this.#list('', 0);
  }

  /** Up to `close`, or to the end. */
  #list(close: string, depth: number): readonly Value[] {
    const items: Value[] = [];
    for (;;) {
      this.#space();
      if (this.#at >= this.#text.length) return items;
      if (this.#text[this.#at] === close) {
        this.#at++;
        return items;
      }
      const before = this.#at;
      items.push(this.#value(depth));
      this.#space();
      if (this.#text[this.#at] === ',') this.#at++;
      else if (this.#at === before) this.#at++; // nothing that begins a value: it is passed over
    }
  }

  #value(depth: number): Value {
    const first = this.#text[this.#at] ?? '';
    if (depth > NESTING_LIMIT) return this.#rest();
    if (first === '"') return this.#string();
    if (first === '[' || first === '{') {
      this.#at++;
      return first === '[' ? { is: 'list', items: this.#list(']', depth + 1) } : this.#struct(depth + 1);
    }
    const start = this.#at;
    while (this.#at < this.#text.length && !ENDS.includes(this.#text[this.#at] ?? '')) this.#at++;
    const text = this.#text.slice(start, this.#at).trim();
    if (this.#text[this.#at] === '(') {
      this.#at++;
      return { is: 'call', name: text, items: this.#list(')', depth + 1) };
    }
    // `AF_INET6`, `0`, `SOCK_STREAM|SOCK_CLOEXEC`, `128 => 16`, `3<TCP:…>`.
    return { is: 'word', text };
  }

  #struct(depth: number): Value {
    const fields = new Map<string, Value>();
    for (;;) {
      this.#space();
      const next = this.#text[this.#at];
      if (next === undefined || next === '}') {
        this.#at++;
        return { is: 'struct', fields };
      }
      const named = /^[A-Za-z_]\w*=/.exec(this.#text.slice(this.#at, this.#at + NAME_LIMIT))?.[0] ?? '';
      this.#at += named.length;
      const before = this.#at;
      const value = this.#value(depth);
      fields.set(named === '' ? `#${fields.size}` : named.slice(0, -1), value);
      this.#space();
      if (this.#text[this.#at] === ',') this.#at++;
      else if (this.#at === before && named === '') this.#at++;
    }
  }

  #string(): Value {
    const bytes: number[] = [];
    this.#at++;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') bytes.push(this.#byte());
    this.#at++;
    const cut = this.#text.startsWith('...', this.#at);
    if (cut) this.#at += 3;
    return { is: 'bytes', bytes: Uint8Array.from(bytes), cut };
  }

  #byte(): number {
    const text = this.#text;
    if (text[this.#at] !== '\\') return text.charCodeAt(this.#at++) & 0xff;
    const next = text[this.#at + 1] ?? '';
    if (next === 'x') {
      this.#at += 4;
      return Number.parseInt(text.slice(this.#at - 2, this.#at), 16) & 0xff;
    }
    const octal = /^[0-7]{1,3}/.exec(text.slice(this.#at + 1, this.#at + 4))?.[0];
    this.#at += 1 + (octal?.length ?? 1);
    return octal === undefined ? (ESCAPES[next] ?? next.charCodeAt(0) & 0xff) : Number.parseInt(octal, 8) & 0xff;
  }

  #rest(): Value {
    const text = this.#text.slice(this.#at);
    this.#at = this.#text.length;
    return { is: 'word', text };
  }

  /** And comments: `/* 20 vars *\/`. */
  #space(): void {
    for (;;) {
      while (this.#text[this.#at] === ' ') this.#at++;
      if (!this.#text.startsWith('/*', this.#at)) return;
      const end = this.#text.indexOf('*/', this.#at + 2);
      this.#at = end < 0 ? this.#text.length : end + 2;
    }
  }
}

const ENDS = ',()[]{}"';
const NAME_LIMIT = 64;
const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, v: 11, f: 12, a: 7, b: 8, e: 27 };
