/**
 * The two ends of a packet as a few numbers, the same ones for both directions of a connection, and a table by them. It is looked up once for
 * each packet, mostly with another connection than the one before: what is compared lies side by side in typed arrays.
 * Lacks: removal of what was silent longest; connections.ts decides.
 */
import type { Transport } from './internet.ts';
import { long, short } from './words.ts';

/** The ends of one packet. The same object for each. */
export class Ends {
  /** The end that is less, then the other: IPv4 addresses, or what is made of those of IPv6. */
  low = 0;
  high = 0;
  /** Of both, in the same order. */
  ports = 0;
  /** The packet goes from the end that is greater. */
  fromHigh = false;
  isLong = false;
  #network: Uint8Array = new Uint8Array(0);
  #lowAt = 0;
  #highAt = 0;

  of({ bytes, start, network, from, to, size }: Transport): void {
    const [source, target] = [short(bytes, start), short(bytes, start + 2)];
    this.isLong = size === LONG;
    const one = this.isLong ? folded(network, from) : long(network, from);
    const other = this.isLong ? folded(network, to) : long(network, to);
    const order = one !== other ? (one < other ? -1 : 1) : source - target || (this.isLong ? compared(network, from, to) : 0);
    this.fromHigh = order > 0;
    this.low = this.fromHigh ? other : one;
    this.high = this.fromHigh ? one : other;
    this.ports = this.fromHigh ? (target << 16) | source : (source << 16) | target;
    this.#network = network;
    this.#lowAt = this.fromHigh ? to : from;
    this.#highAt = this.fromHigh ? from : to;
  }

  /** Odd where the addresses are of IPv6. */
  get hash(): number {
    let hash = Math.imul(this.low ^ Math.imul(this.high, 0x9e37_79b1) ^ Math.imul(this.ports, 0x85eb_ca6b), 0xc2b2_ae35);
    hash ^= hash >>> 15;
    return this.isLong ? hash | 1 : hash & ~1;
  }

  /** Both addresses of IPv6, one behind the other; nothing of IPv4, where the numbers say it all. */
  addresses(): Uint8Array | undefined {
    if (!this.isLong) return undefined;
    const both = new Uint8Array(2 * LONG);
    both.set(this.#network.subarray(this.#lowAt, this.#lowAt + LONG));
    both.set(this.#network.subarray(this.#highAt, this.#highAt + LONG), LONG);
    return both;
  }

  /** Whether it is between these, of IPv6. */
  isBetween(addresses: Uint8Array | undefined): boolean {
    if (addresses === undefined) return false;
    for (let index = 0; index < LONG; index++) {
      if (this.#network[this.#lowAt + index] !== addresses[index]) return false;
      if (this.#network[this.#highAt + index] !== addresses[LONG + index]) return false;
    }
    return true;
  }
}

/** What a table has. */
interface Ended {
  /** Both addresses, where they do not fit into two numbers. */
  readonly addresses: Uint8Array | undefined;
}

/** At most `limit` of them, each in a place of its own. */
export class EndsTable<Value extends Ended> {
  readonly #limit: number;
  /** By hash, with the next ones where it is taken: a place, counted from 1. At most half of them are. */
  #slots = new Int32Array(2 * PLACES_FIRST);
  #mask = 2 * PLACES_FIRST - 1;
  /** By place: four numbers each, the two addresses, the ports and the hash. */
  #keys = new Int32Array(4 * PLACES_FIRST);
  readonly #values: (Value | undefined)[] = [];
  readonly #free: number[] = [];
  size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.size >= this.#limit;
  }

  /** By place. */
  *values(): Generator<Value> {
    for (const value of this.#values) if (value !== undefined) yield value;
  }

  /** The place of the one with these ends; -1: there is none. */
  find(ends: Ends): number {
    const { low, high, ports, hash } = ends;
    const [slots, keys, mask] = [this.#slots, this.#keys, this.#mask];
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const place = (slots[slot] ?? 0) - 1;
      if (place < 0) return -1;
      const key = 4 * place;
      if (keys[key] !== low || keys[key + 1] !== high || keys[key + 2] !== ports || keys[key + 3] !== hash) continue;
      if (!ends.isLong || ends.isBetween(this.#values[place]?.addresses)) return place;
    }
  }

  at(place: number): Value | undefined {
    return this.#values[place];
  }

  /** Where the next one goes. The table must not be full. */
  get nextPlace(): number {
    return this.#free.at(-1) ?? this.#values.length;
  }

  /** Into `nextPlace`. Another one with the same ends must not be there. */
  add(ends: Ends, value: Value): void {
    if (this.isFull) throw new Error(`a table of ${this.#limit} is full`);
    const place = this.#free.pop() ?? this.#values.length;
    const { hash } = ends;
    if (4 * place === this.#keys.length) this.#grow();
    this.#keys.set([ends.low, ends.high, ends.ports, hash], 4 * place);
    this.#values[place] = value;
    this.#enter(place, hash);
    this.size++;
  }

  remove(place: number): void {
    const [slots, mask] = [this.#slots, this.#mask];
    let hole = (this.#keys[4 * place + 3] ?? 0) & mask;
    while (slots[hole] !== place + 1) hole = (hole + 1) & mask;
    // What stands behind it moves up, unless that would be before where it is looked for.
    for (let slot = (hole + 1) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const home = (this.#keys[4 * ((slots[slot] ?? 0) - 1) + 3] ?? 0) & mask;
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      slots[hole] = slots[slot] ?? 0;
      hole = slot;
    }
    slots[hole] = 0;
    this.#values[place] = undefined;
    this.#free.push(place);
    this.size--;
  }

  #enter(place: number, hash: number): void {
    let slot = hash & this.#mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
    this.#slots[slot] = place + 1;
  }

  /** Where it grows, every place is taken. */
  #grow(): void {
    const keys = new Int32Array(2 * this.#keys.length);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#slots = new Int32Array(2 * this.#slots.length);
    this.#mask = this.#slots.length - 1;
    for (let place = 0; place < this.#values.length; place++) this.#enter(place, keys[4 * place + 3] ?? 0);
  }
}

/** One number of the four of an address. */
function folded(bytes: Uint8Array, at: number): number {
  let hash = 0;
  for (let index = 0; index < LONG; index += 4) hash = Math.imul(hash ^ long(bytes, at + index), 0x9e37_79b1);
  return hash | 0;
}

function compared(bytes: Uint8Array, one: number, other: number): number {
  for (let index = 0; index < LONG; index++) {
    const difference = (bytes[one + index] ?? 0) - (bytes[other + index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Places of a table at first; a power of two. */
const PLACES_FIRST = 64;
/** Bytes of an address of IPv6. */
const LONG = 16;
