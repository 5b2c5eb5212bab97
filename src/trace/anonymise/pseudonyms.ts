/**
 * What stands in the place of a value: of the same length and as alike as decoders need it, drawn by chance and from nothing of the value. Equal
 * values get equal ones as long as the object lives, different values different ones where there are enough.
 * Lacks: protection of what lengths, kinds of characters, times and equality tell.
 */
import { fromUtf8, utf8 } from '../../host/bytes.ts';

/** So many bytes that nobody can foretell. */
export type Draw = (count: number) => Uint8Array;

/** Tries to find one that is not there yet: of short values there are few. */
const TRIES = 16;

export class Pseudonyms {
  readonly #draw: Draw;
  readonly #known = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #addresses = new Map<string, string>();
  readonly #networks = new Map<string, { readonly number: number; hosts: number }>();

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  /** How many different values were replaced. */
  get values(): number {
    return this.#known.size + this.#addresses.size;
  }

  /** A letter for a letter, a digit for a digit, a letter for any other printable character; other characters of UTF-8 by some of the same length. */
  bytes(value: Uint8Array): Uint8Array {
    const known = this.#known.get(latin1(value));
    if (known !== undefined) return bytesOf(known);
    let drawn = this.#drawn(value);
    for (let tries = 1; tries < TRIES && (this.#taken.has(latin1(drawn)) || latin1(drawn) === latin1(value)); tries++)
      drawn = this.#drawn(value);
    this.#known.set(latin1(value), latin1(drawn));
    this.#taken.add(latin1(drawn));
    return drawn;
  }

  /** As long as the text in UTF-8. */
  text(value: string): string {
    return fromUtf8(this.bytes(utf8(value))) ?? '';
  }

  /** With as many digits; what is no plain number keeps its sign and its point. */
  number(value: number): number {
    const digits = this.text(String(Math.abs(value)).replace(/\D.*$/, ''));
    return Math.sign(value) * Number(digits === '' ? '0' : digits) || 0;
  }

  /**
   * IPv4 and IPv6: machines of one network (/24) stay on one, and a broadcast is one. Loopback, any, and the broadcast to all stay as they are: they are
   * the same everywhere.
   */
  address(text: string): string {
    if (/^(?:0\.0\.0\.0|127\.\d+\.\d+\.\d+|255\.255\.255\.255|::1?)$/.test(text)) return text;
    const known = this.#addresses.get(text);
    if (known !== undefined) return known;
    const mapped = text.includes(':') ? `fd00::${(this.#addresses.size + 1).toString(16)}` : this.#inNetwork(text);
    this.#addresses.set(text, mapped);
    return mapped;
  }

  #inNetwork(text: string): string {
    const [, prefix = '', host = ''] = /^(.*)\.(\d+)$/.exec(text) ?? [];
    const network = this.#networks.get(prefix) ?? { number: this.#networks.size, hosts: 0 };
    this.#networks.set(prefix, network);
    const own = host === '255' ? 255 : (network.hosts++ % 254) + 1;
    return `10.${(network.number >> 8) & 255}.${network.number & 255}.${own}`;
  }

  #drawn(value: Uint8Array): Uint8Array {
    const text = fromUtf8(value);
    const random = this.#draw(value.length);
    if (text !== undefined && !/[^\P{Cc}\t\r\n]/u.test(text))
      return utf8(Array.from(text, (each, at) => characterFor(each, random, at)).join(''));
    return value.map((byte, at) => byteFor(byte, random[at] ?? 0));
  }
}

/** `at`: of the character, which is not behind its first byte. */
function characterFor(character: string, random: Uint8Array, at: number): string {
  const code = character.codePointAt(0) ?? 0;
  const chance = random[at] ?? 0;
  if (code < 0x80) return String.fromCharCode(printableFor(code, chance));
  const [from, count] = code < 0x800 ? LATIN : code < 0x10000 ? HAN : FACES;
  return String.fromCodePoint(from + (chance % count));
}
/** Letters of two, three and four bytes. */
const LATIN = [0x00f8, 200] as const;
const HAN = [0x4e00, 256] as const;
const FACES = [0x1f600, 64] as const;

/** In what is no text, what could be taken for a line end or a NUL is neither. */
const byteFor = (byte: number, chance: number): number =>
  byte >= 0x20 && byte < 0x7f ? printableFor(byte, chance) : 0x80 | (chance & 0x7f);

function printableFor(code: number, chance: number): number {
  if (code >= 0x30 && code <= 0x39) return code === 0x30 ? 0x30 + (chance % 10) : 0x31 + (chance % 9);
  return (code >= 0x41 && code <= 0x5a ? 0x41 : 0x61) + (chance % 26);
}

/** A character for each byte: a key of a map. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, character => character.charCodeAt(0));
