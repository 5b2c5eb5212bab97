/**
 * The encrypted form of a text, written once more from the description of the protocol: what the model and the independent peers of these
 * scenarios encrypt and decrypt with. It has nothing of src/impl/cipher, so that a mistake there is not made at both ends.
 * Lacks: speed, and every check of a line but its form.
 */

/** Host ids of both ends, and the build key: all that a key is made of. */
export interface KeyParts {
  readonly server: string;
  readonly client: string;
  readonly buildKey: string;
}

const BLOCK = 8;
const DIGITS = 32;
const FIELD = 65_537;
const WORD = 65_536;

/** `enc:<n>:<blocks>`: the text with spaces after it, in floor(n / 8) + 1 blocks. */
export function seal(parts: KeyParts, text: string): string {
  const blocks = Math.floor(text.length / BLOCK) + 1;
  const padded = text.padEnd(blocks * BLOCK);
  const words = ciphered(wordsOf(padded), subkeysOf(parts));
  return `enc:${text.length}:${words.map(word => word.toString(16).padStart(4, '0')).join('')}`;
}

/** The text of a line; undefined: it is none of that form, or has another key. */
export function opened(parts: KeyParts, line: string): string | undefined {
  const [, length, digits = ''] = /^enc:(0|[1-9][0-9]*):((?:[0-9a-fA-F]{16})+)$/.exec(line) ?? [];
  if (length === undefined || digits.length / (2 * BLOCK) !== Math.floor(Number(length) / BLOCK) + 1) return undefined;
  const words = Array.from({ length: digits.length / 4 }, (_, index) => Number.parseInt(digits.slice(4 * index, 4 * index + 4), 16));
  const text = textOf(ciphered(words, undoing(subkeysOf(parts))));
  return text.slice(Number(length)).trim() === '' ? text.slice(0, Number(length)) : undefined;
}

// ── the key ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Letters as capitals; G to P and then Q to Z are the digits 0 to 9. */
const folded = (id: string): string =>
  id.replace(/[a-z]/g, letter => letter.toUpperCase()).replace(/[G-Z]/g, letter => String((letter.charCodeAt(0) - 71) % 10));

/** Any character is a hexadecimal digit: a letter counts its code + 9, another one its code. */
const digitOf = (character: string): number => (character.charCodeAt(0) + (/[A-Za-z]/.test(character) ? 9 : 0)) % 16;

function subkeysOf({ server, client, buildKey }: KeyParts): readonly number[] {
  const period = folded(server) + folded(client) + buildKey;
  const digits = [...(period + period + period).slice(0, DIGITS).padEnd(DIGITS, '0')].map(digitOf);
  let key = digits.reduce((number, digit) => number * 16n + BigInt(digit), 0n);
  const subkeys: number[] = [];
  while (subkeys.length < 52) {
    for (let word = 7n; word >= 0n && subkeys.length < 52; word--) subkeys.push(Number((key >> (16n * word)) & 0xffffn));
    key = BigInt.asUintN(128, (key << 25n) | (key >> 103n));
  }
  return subkeys;
}

// ── IDEA ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** In the field of 65537 elements, where 0 stands for 65536. The product is below 2^53. */
const times = (one: number, other: number): number => (((one || WORD) * (other || WORD)) % FIELD) % WORD;
const plus = (one: number, other: number): number => (one + other) % WORD;

function ciphered(words: readonly number[], keys: readonly number[]): readonly number[] {
  const result: number[] = [];
  const key = (index: number): number => keys[index] ?? 0;
  for (let at = 0; at < words.length; at += 4) {
    let [a = 0, b = 0, c = 0, d = 0] = words.slice(at, at + 4);
    for (let first = 0; first < 48; first += 6) {
      [a, b, c, d] = [times(a, key(first)), plus(b, key(first + 1)), plus(c, key(first + 2)), times(d, key(first + 3))];
      const left = times(a ^ c, key(first + 4));
      const right = times(plus(b ^ d, left), key(first + 5));
      const sum = plus(left, right);
      [a, b, c, d] = [a ^ right, c ^ right, b ^ sum, d ^ sum];
    }
    result.push(times(a, key(48)), plus(c, key(49)), plus(b, key(50)), times(d, key(51)));
  }
  return result;
}

/** The subkeys that undo those: each round of them inverted, the last one first. */
function undoing(keys: readonly number[]): readonly number[] {
  const key = (index: number): number => keys[index] ?? 0;
  const negative = (index: number): number => (WORD - key(index)) % WORD;
  const result: number[] = [];
  for (let from = 48; from >= 0; from -= 6) {
    const [second, third] = from === 48 || from === 0 ? [from + 1, from + 2] : [from + 2, from + 1];
    result.push(inverse(key(from)), negative(second), negative(third), inverse(key(from + 3)));
    if (from > 0) result.push(key(from - 2), key(from - 1));
  }
  return result;
}

/** Euclid's algorithm. */
function inverse(word: number): number {
  let [low, high] = [word || WORD, FIELD];
  let [one, other] = [1, 0];
  while (low > 1) {
    const quotient = Math.floor(high / low);
    [low, high] = [high - quotient * low, low];
    [one, other] = [other - quotient * one, one];
  }
  return (((one % FIELD) + FIELD) % FIELD) % WORD;
}

// ── text ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const wordsOf = (text: string): readonly number[] =>
  Array.from({ length: text.length / 2 }, (_, index) => text.charCodeAt(2 * index) * 256 + text.charCodeAt(2 * index + 1));

const textOf = (words: readonly number[]): string => words.map(word => String.fromCharCode(word >> 8, word & 255)).join('');
