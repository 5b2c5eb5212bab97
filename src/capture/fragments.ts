/**
 * IP datagrams that came in fragments (RFC 791, RFC 8200 §4.5), put together again whatever their order. Where two say different
 * bytes of one place, the first one that came counts.
 * Lacks: times; what waits too long goes when too many do.
 */
import { DATAGRAM_LIMIT, FRAGMENTED_LIMIT } from './limits.ts';

interface Piece {
  readonly at: number;
  readonly bytes: Uint8Array;
}
interface Waiting {
  readonly pieces: Piece[];
  /** Bytes of the whole; known with the last fragment. */
  total: number | undefined;
}

export class Fragments {
  readonly #waiting = new Map<string, Waiting>();
  /** Datagrams of which a fragment never came. */
  dropped = 0;

  /** Datagrams that still wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** The whole, with its last missing fragment. `key`: what the fragments of one datagram have in common. `undefined` too for what cannot be. */
  take(key: string, at: number, bytes: Uint8Array, isLast: boolean): Uint8Array | undefined {
    if (at + bytes.length > DATAGRAM_LIMIT) return undefined;
    let one = this.#waiting.get(key);
    if (one === undefined) {
      this.#makeRoom();
      one = { pieces: [], total: undefined };
      this.#waiting.set(key, one);
    }
    if (isLast) one.total = at + bytes.length;
    one.pieces.push({ at, bytes: bytes.slice() });
    if (one.total === undefined || coveredOf(one) < one.total) return undefined;
    this.#waiting.delete(key);
    return wholeOf(one.pieces, one.total);
  }

  #makeRoom(): void {
    if (this.#waiting.size < FRAGMENTED_LIMIT) return;
    const [oldest] = this.#waiting.keys();
    if (oldest !== undefined) this.#waiting.delete(oldest);
    this.dropped++;
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
