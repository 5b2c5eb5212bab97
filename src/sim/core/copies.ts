/**
 * Bytes that crossed into the world, copied once: the same bytes again, if not too much came between, are the same array. A
 * report that a thousand daemons write to their disks is held once, not a thousand times.
 * Lacks: a promise that equal bytes are one array; only the reverse holds.
 */
import { equalBytes } from '../../host/bytes.ts';
import { Slabs } from './slabs.ts';

/** Longer payloads are rarely the same twice, and a look at each byte costs more than it saves. */
const LONGEST = 2_048;
/** One payload is remembered for each place; a power of two. */
const PLACES = 1_024;

export class Copies {
  /** Apart from what daemons get: a file may be there for the whole run. */
  readonly #slabs = new Slabs();
  readonly #places: (Uint8Array | undefined)[] = new Array(PLACES).fill(undefined);

  /** A copy, or an earlier one with the same content. Nobody may write to it. */
  of(bytes: Uint8Array): Uint8Array {
    if (bytes.length > LONGEST) return this.#slabs.copy(bytes);
    const place = hashOf(bytes) & (PLACES - 1);
    const earlier = this.#places[place];
    if (earlier !== undefined && equalBytes(earlier, bytes)) return earlier;
    const copy = this.#slabs.copy(bytes);
    this.#places[place] = copy;
    return copy;
  }
}

/** FNV-1a over words of 32 bits (Fowler, Noll, Vo), with the upper bits folded into the lower ones. */
function hashOf(bytes: Uint8Array): number {
  const whole = bytes.length & ~3;
  let hash = 0x811c9dc5 ^ bytes.length;
  for (let at = 0; at < whole; at += 4) {
    // In range: at + 3 < whole <= length.
    const word =
      (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
    hash = Math.imul(hash ^ word, 0x01000193);
  }
  for (let at = whole; at < bytes.length; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return hash ^ (hash >>> 15) ^ (hash >>> 23);
}
