/**
 * IP datagrams that came in fragments (RFC 791, RFC 8200 §4.5), put together again whatever their order. Where two say different
 * bytes of one place, the first one that came counts.
 * Lacks: times; what waits too long goes when too many do.
 */
import { DATAGRAM_LIMIT, FRAGMENTED_LIMIT, FRAGMENTS_BYTES_LIMIT, WAITING_SEGMENT_BYTES } from './limits.ts';

interface Piece {
  readonly at: number;
  readonly bytes: Uint8Array;
}
interface Waiting {
  readonly pieces: Piece[];
  /** Of the pieces, whatever they have in common. */
  bytes: number;
  /** Bytes of the whole; known with the last fragment. */
  total: number | undefined;
}

export class Fragments {
  readonly #waiting = new Map<string, Waiting>();
  /** Datagrams that did not wait longer, because there were too many. */
  dropped = 0;
  /** Of all pieces, with WAITING_SEGMENT_BYTES for each. */
  #bytes = 0;

  /** Datagrams that still wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** The whole, with its last missing fragment. `key`: what the fragments of one datagram have in common. `undefined` too for what cannot be. */
  take(key: string, at: number, bytes: Uint8Array, isLast: boolean): Uint8Array | undefined {
    if (at + bytes.length > DATAGRAM_LIMIT) return undefined;
    let one = this.#waiting.get(key);
    if (one === undefined) {
      if (this.#waiting.size >= FRAGMENTED_LIMIT) this.#dropOldest();
      one = { pieces: [], bytes: 0, total: undefined };
      this.#waiting.set(key, one);
    }
    if (isLast) one.total = at + bytes.length;
    one.pieces.push({ at, bytes: bytes.slice() });
    one.bytes += bytes.length;
    this.#bytes += bytes.length + WAITING_SEGMENT_BYTES;
    const isWhole = one.total !== undefined && one.bytes >= one.total && coveredOf(one) >= one.total;
    if (isWhole) this.#remove(key, one);
    while (this.#bytes > FRAGMENTS_BYTES_LIMIT) this.#dropOldest();
    return isWhole && one.total !== undefined ? wholeOf(one.pieces, one.total) : undefined;
  }

  /** Bytes that wait, with those for their keeping. */
  get bytes(): number {
    return this.#bytes;
  }

  #remove(key: string, { pieces, bytes }: Waiting): void {
    this.#waiting.delete(key);
    this.#bytes -= bytes + pieces.length * WAITING_SEGMENT_BYTES;
  }

  #dropOldest(): void {
    for (const [key, oldest] of this.#waiting) {
      this.#remove(key, oldest);
      this.dropped++;
      return;
    }
  }
}

/** Up to where there is no gap. */
function coveredOf({ pieces }: Waiting): number {
  let covered = 0;
  for (const { at, bytes } of [...pieces].sort((one, other) => one.at - other.at)) {
    if (at > covered) break;
    covered = Math.max(covered, at + bytes.length);
  }
  return covered;
}

function wholeOf(pieces: readonly Piece[], total: number): Uint8Array {
  const whole = new Uint8Array(total);
  for (const { at, bytes } of pieces.toReversed()) whole.set(bytes.subarray(0, Math.max(0, total - at)), at);
  return whole;
}
