/**
 * The byte chain of a trace: h(b) = hash(h(b-1) followed by the lines of block b, newlines included), so that a reader finds
 * the block in which a file was changed or cut.
 * Lacks: comment lines, which may be added to a trace at any time; protection against a forger (see murmur.ts).
 */
import { utf8 } from '../host/bytes.ts';
import { Murmur128 } from './murmur.ts';

/** Hash of one block: 32 hexadecimal digits. `previous` is '' for the first. */
export function blockHash(previous: string, block: Uint8Array): string {
  const hash = new Murmur128();
  hash.update(utf8(previous));
  hash.update(block);
  return hash.digest();
}

export class ByteChain {
  #hash = new Murmur128();
  #text = '';

  addText(text: string): void {
    this.#text += text;
    if (this.#text.length >= TEXT_MAX) this.#flush();
  }

  addBytes(bytes: Uint8Array, start: number, end: number): void {
    if (this.#text !== '') this.#flush();
    this.#hash.update(bytes, start, end);
  }

  /** Ends the block and gives its hash. Nothing of the next block is in the chain until `begin`. */
  end(): string {
    this.#flush();
    return this.#hash.digest();
  }

  begin(previous: string): void {
    this.#hash = new Murmur128();
    this.#text = previous;
  }

  #flush(): void {
    this.#hash.update(utf8(this.#text));
    this.#text = '';
  }
}

/** Text is collected up to here, because one large conversion to UTF-8 is cheaper than many small ones. */
const TEXT_MAX = 65_536;
