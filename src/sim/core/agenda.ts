/**
 * What happens next: entries in a total order of (time, then the order they were put in). A hierarchical timing wheel
 * (Varghese and Lauck, 1987) of exact microseconds: eleven wheels of 32 slots; an entry waits on the wheel of the highest
 * digit in which its time differs from the present, and moves down when that digit is reached. Putting in costs the same
 * for any number of entries, and entries of one instant stay in their order without being compared.
 * Lacks: any idea of processes or of the world. Who chooses among entries ready at the same instant is in schedule.ts.
 */
import type { Instant } from '../../host/time.ts';

/**
 * What a schedule may do with an entry: fixed, nothing; timer, never put it before an older timer of its owner; arrival, it comes over a
 * link, which may be as slow as links are; free, the kernel may be late with it.
 */
export type Binding = 'free' | 'timer' | 'arrival' | 'fixed';

export class Entry {
  time: Instant;
  readonly order: number;
  /** Who it belongs to, for schedules that give processes priorities; 0 is the world. */
  readonly owner: number;
  readonly binding: Binding;
  /** It is not put off any more. */
  settled = false;
  /** Empty once cancelled or fired. */
  fire: (() => void) | undefined;
  /** The entry behind it in its slot. */
  next: Entry | undefined;

  constructor(time: Instant, order: number, owner: number, binding: Binding, fire: () => void) {
    this.time = time;
    this.order = order;
    this.owner = owner;
    this.binding = binding;
    this.fire = fire;
    this.next = undefined;
  }
}

/** Cancelled entries are swept out when there are more of them than live ones, and at least this many. */
const SWEEP_AT = 1_024;

const DIGIT = 5;
const SLOTS = 32;
/** A time is two halves, because bit operations see 32 bits: 30 bits below and up to 25 above make any safe integer. */
const LOW_WHEELS = 6;
const WHEELS = 11;
const HALF = 2 ** (DIGIT * LOW_WHEELS);

/** For the number of leading zeros of a difference: its highest digit that is not zero. */
const WHEEL_OF_ZEROS = Uint8Array.from({ length: 33 }, (_, zeros) => Math.floor(Math.max(0, 31 - zeros) / DIGIT));
const wheelOf = (difference: number): number => WHEEL_OF_ZEROS[Math.clz32(difference)] ?? 0;

/** The number of its lowest bit that is set. */
const lowestBit = (bits: number): number => 31 - Math.clz32(bits & -bits);

export class Agenda {
  readonly #heads: (Entry | undefined)[] = new Array(WHEELS * SLOTS).fill(undefined);
  readonly #tails: (Entry | undefined)[] = new Array(WHEELS * SLOTS).fill(undefined);
  /** For each wheel, which of its slots are in use; and which of the wheels. */
  readonly #used: number[] = new Array(WHEELS).fill(0);
  #wheels = 0;
  /** The present, in halves, and what the upper one stands for: nothing before it can be put in. */
  #low = 0;
  #high = 0;
  #base = 0;
  #order = 0;
  #stored = 0;
  #cancelled = 0;

  /** Entries that will fire. */
  get size(): number {
    return this.#stored - this.#cancelled;
  }

  /** Throws when `time` is before that of the last entry taken. */
  add(time: Instant, fire: () => void, owner = 0, binding: Binding = 'free'): Entry {
    // Later than can be counted is never: the last instant there is.
    const due = time > Number.MAX_SAFE_INTEGER ? (Number.MAX_SAFE_INTEGER as Instant) : time;
    const entry = new Entry(due, this.#order++, owner, binding, fire);
    this.#stored++;
    this.#place(entry);
    return entry;
  }

  /** Puts back an entry that `take` has just given out; it keeps its place among those of the same instant. */
  putBack(entry: Entry): void {
    this.#stored++;
    const slot = this.#low & (SLOTS - 1);
    let before: Entry | undefined;
    let behind = this.#heads[slot];
    while (behind !== undefined && behind.order < entry.order) {
      before = behind;
      behind = behind.next;
    }
    entry.next = behind;
    if (before === undefined) this.#heads[slot] = entry;
    else before.next = entry;
    if (behind === undefined) this.#tails[slot] = entry;
    this.#mark(0, slot);
  }

  /** Puts in again, for a later time, an entry that `take` has just given out. */
  postpone(entry: Entry, time: Instant): void {
    entry.time = time;
    this.#stored++;
    this.#place(entry);
  }

  cancel(entry: Entry): void {
    if (entry.fire === undefined) return;
    entry.fire = undefined;
    this.#cancelled++;
    if (this.#cancelled > SWEEP_AT && this.#cancelled * 2 > this.#stored) this.#sweep();
  }

  /** Time of the first entry, or `undefined` when there is none. Looks only. */
  nextTime(): Instant | undefined {
    let first: Entry | undefined;
    for (const head of this.#heads) {
      for (let entry = head; entry !== undefined; entry = entry.next) {
        if (entry.fire !== undefined && (first === undefined || entry.time < first.time)) first = entry;
      }
      // Wheels and slots are in the order of time: the first slot with a live entry has the first of all.
      if (first !== undefined) return first.time;
    }
    return undefined;
  }

  /**
   * Removes and returns the first entry, if its time is not after `until`. When there is none, the present may move up to
   * `until`, and nothing earlier can be put in from then on.
   */
  take(until: number = Number.POSITIVE_INFINITY): Entry | undefined {
    if (this.size === 0) {
      if (this.#stored > 0) this.#sweep();
      return undefined;
    }
    for (;;) {
      const wheel = lowestBit(this.#wheels);
      const slot = lowestBit(this.#used[wheel] ?? 0);
      const entry = this.#heads[wheel * SLOTS + slot];
      if (entry === undefined) throw new Error('a slot in use is empty');
      // What is alone in its slot need not move down through the wheels.
      if (wheel > 0 && entry.next !== undefined) {
        if (!this.#descend(wheel, slot, until)) return undefined;
        continue;
      }
      if (entry.time > until) return undefined;
      this.#shift(wheel, slot, entry);
      if (entry.fire !== undefined) {
        this.#moveTo(entry.time);
        return entry;
      }
      this.#cancelled--;
    }
  }

  #shift(wheel: number, slot: number, entry: Entry): void {
    this.#heads[wheel * SLOTS + slot] = entry.next;
    if (entry.next === undefined) this.#clear(wheel, slot);
    entry.next = undefined;
    this.#stored--;
  }

  #moveTo(time: number): void {
    const low = time - this.#base;
    if (low < HALF) {
      this.#low = low;
      return;
    }
    this.#high = Math.floor(time / HALF);
    this.#base = this.#high * HALF;
    this.#low = time - this.#base;
  }

  /** Moves to the beginning of a slot, the first in use, and its entries down to where they belong then. */
  #descend(wheel: number, slot: number, until: number): boolean {
    const high = wheel < LOW_WHEELS ? this.#high : turned(this.#high, wheel - LOW_WHEELS, slot);
    const low = wheel < LOW_WHEELS ? turned(this.#low, wheel, slot) : 0;
    const start = high * HALF + low;
    if (start > until) return false;
    this.#moveTo(start);
    let entry = this.#heads[wheel * SLOTS + slot];
    this.#heads[wheel * SLOTS + slot] = undefined;
    this.#clear(wheel, slot);
    while (entry !== undefined) {
      const { next } = entry;
      entry.next = undefined;
      if (entry.fire !== undefined) this.#place(entry);
      else {
        this.#stored--;
        this.#cancelled--;
      }
      entry = next;
    }
    return true;
  }

  #place(entry: Entry): void {
    const low = entry.time - this.#base;
    if (low < this.#low) throw new Error(`${entry.time} µs is in the past`);
    if (low < HALF) {
      const wheel = wheelOf(low ^ this.#low);
      this.#append(wheel, (low >>> (wheel * DIGIT)) & (SLOTS - 1), entry);
    } else {
      const high = Math.floor(entry.time / HALF);
      const wheel = wheelOf(high ^ this.#high);
      this.#append(wheel + LOW_WHEELS, (high >>> (wheel * DIGIT)) & (SLOTS - 1), entry);
    }
  }

  #append(wheel: number, slot: number, entry: Entry): void {
    const at = wheel * SLOTS + slot;
    const last = this.#tails[at];
    if (this.#heads[at] === undefined || last === undefined) {
      this.#heads[at] = entry;
      this.#mark(wheel, slot);
    } else last.next = entry;
    this.#tails[at] = entry;
  }

  #mark(wheel: number, slot: number): void {
    this.#used[wheel] = (this.#used[wheel] ?? 0) | (1 << slot);
    this.#wheels |= 1 << wheel;
  }

  #clear(wheel: number, slot: number): void {
    const bits = (this.#used[wheel] ?? 0) & ~(1 << slot);
    this.#used[wheel] = bits;
    this.#tails[wheel * SLOTS + slot] = undefined;
    if (bits === 0) this.#wheels &= ~(1 << wheel);
  }

  #sweep(): void {
    const live: Entry[] = [];
    for (const head of this.#heads)
      for (let entry = head; entry !== undefined; entry = entry.next) if (entry.fire !== undefined) live.push(entry);
    this.#heads.fill(undefined);
    this.#tails.fill(undefined);
    this.#used.fill(0);
    this.#wheels = 0;
    this.#stored = live.length;
    this.#cancelled = 0;
    for (const entry of live) {
      entry.next = undefined;
      this.#place(entry);
    }
  }
}

/** The half with one digit set to `slot` and all digits below it zero. */
const turned = (half: number, digit: number, slot: number): number => {
  const shift = digit * DIGIT;
  const kept = shift + DIGIT >= 31 ? 0 : (half >>> (shift + DIGIT)) << (shift + DIGIT);
  return kept | (slot << shift);
};
