/**
 * Where each direction of each connection is, in columns by the place of the connection: what nearly every packet asks lies side by side, whatever
 * connection it is of, and is mostly all that has to be asked.
 * Lacks: what to do where something is missing, out of order or over (half.ts, followed.ts).
 */

/** How far `a` is behind `b`, in the space of sequence numbers. */
export const behind = (a: number, b: number): number => (a - b) | 0;

/** The next packet of a connection may mean anything. */
const ANY = 0;
/** It is open in both directions and nothing is missing, nor over; the client is the end that is less, or greater (ends.ts). */
const CLIENT_LOW = 1;
const CLIENT_HIGH = 2;

export class Cursors {
  /** Of the next byte that each end sends: of the end that is less, and behind it of the other. */
  next: Int32Array = new Int32Array(2 * PLACES_FIRST);
  /** The last packet of each, counted over all. */
  seen: Float64Array = new Float64Array(PLACES_FIRST);
  #states = new Uint8Array(PLACES_FIRST);

  /** Room for another one, of which nothing is known. */
  begin(place: number): void {
    if (place >= this.seen.length) {
      this.next = widened(this.next, Int32Array);
      this.seen = widened(this.seen, Float64Array);
      this.#states = widened(this.#states, Uint8Array);
    }
    this.#states[place] = ANY;
  }

  /** `plain`: it is open in both directions and nothing is missing, nor over. */
  settle(place: number, plain: boolean, clientIsHigh: boolean): void {
    const open = clientIsHigh ? CLIENT_HIGH : CLIENT_LOW;
    this.#states[place] = plain ? open : ANY;
  }

  clientIsHigh(place: number): boolean {
    return this.#states[place] === CLIENT_HIGH;
  }

  /**
   * Goes on by a segment of `length` bytes with nothing but an acknowledgement. False, and nothing is done: it has to be looked at, because it is not
   * the next one, or acknowledges what was not seen, or something waits.
   */
  advance(place: number, fromHigh: boolean, seq: number, length: number, ack: number): boolean {
    if (this.#states[place] === ANY) return false;
    const at = 2 * place + (fromHigh ? 1 : 0);
    const { next } = this;
    if (next[at] !== seq || behind(ack, next[at ^ 1] ?? 0) > 0) return false;
    next[at] = seq + length;
    return true;
  }
}

function widened<Column extends Int32Array | Float64Array | Uint8Array>(column: Column, make: new (length: number) => Column): Column {
  const wider = new make(2 * column.length);
  wider.set(column);
  return wider;
}

/** Places of a column at first. */
const PLACES_FIRST = 64;
