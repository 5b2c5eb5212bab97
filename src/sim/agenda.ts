/**
 * What happens next: entries in a total order of (time, then the order they were put in). A binary heap.
 * Lacks: any idea of processes or of the world. Who chooses among entries ready at the same instant is in schedule.ts.
 * May import: host.
 */
import type { Instant } from '../host/time.ts';

export class Entry {
  readonly time: Instant;
  readonly order: number;
  /** Who it belongs to, for schedules that give processes priorities; 0 is the world. */
  readonly owner: number;
  /** Never before an older ordered entry of its owner at the same instant: a timer. */
  readonly ordered: boolean;
  /** Empty once cancelled or fired. */
  fire: (() => void) | undefined;

  constructor(time: Instant, order: number, owner: number, ordered: boolean, fire: () => void) {
    this.time = time;
    this.order = order;
    this.owner = owner;
    this.ordered = ordered;
    this.fire = fire;
  }
}

/** Cancelled entries are swept out when there are more of them than live ones, and at least this many. */
const SWEEP_AT = 1_024;

export class Agenda {
  #heap: Entry[] = [];
  #order = 0;
  #cancelled = 0;

  /** Entries that will fire. */
  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  add(time: Instant, fire: () => void, owner = 0, ordered = false): Entry {
    const entry = new Entry(time, this.#order++, owner, ordered, fire);
    this.#rise(this.#heap.length, entry);
    return entry;
  }

  /** Puts back an entry that `take` gave out and that keeps its place in the order. */
  putBack(entry: Entry): void {
    this.#rise(this.#heap.length, entry);
  }

  cancel(entry: Entry): void {
    if (entry.fire === undefined) return;
    entry.fire = undefined;
    this.#cancelled++;
    if (this.#cancelled > SWEEP_AT && this.#cancelled * 2 > this.#heap.length) this.#sweep();
  }

  /** Time of the first entry, or `undefined` when there is none. */
  nextTime(): Instant | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.time;
  }

  /** Removes and returns the first entry. */
  take(): Entry | undefined {
    this.#dropCancelled();
    return this.#pop();
  }

  #dropCancelled(): void {
    let first = this.#heap[0];
    while (first !== undefined && first.fire === undefined) {
      this.#pop();
      this.#cancelled--;
      first = this.#heap[0];
    }
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(0, last);
    return first;
  }

  /** Moves the hole at `index` up until `entry` fits into it. */
  #rise(start: number, entry: Entry): void {
    const heap = this.#heap;
    const time = entry.time;
    const order = entry.order;
    let index = start;
    while (index > 0) {
      const above = (index - 1) >> 1;
      // In range: 0 <= above < index <= heap.length.
      const parent = heap[above] as Entry;
      if (parent.time < time || (parent.time === time && parent.order < order)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = entry;
  }

  /** Moves the hole at `index` down until `entry` fits into it. */
  #sink(start: number, entry: Entry): void {
    const heap = this.#heap;
    const length = heap.length;
    const time = entry.time;
    const order = entry.order;
    let index = start;
    for (;;) {
      let below = 2 * index + 1;
      if (below >= length) break;
      // In range: below and below + 1 are compared with length before they are read.
      let child = heap[below] as Entry;
      if (below + 1 < length) {
        const right = heap[below + 1] as Entry;
        if (right.time < child.time || (right.time === child.time && right.order < child.order)) {
          child = right;
          below++;
        }
      }
      if (time < child.time || (time === child.time && order < child.order)) break;
      heap[index] = child;
      index = below;
    }
    heap[index] = entry;
  }

  #sweep(): void {
    const live = this.#heap.filter(entry => entry.fire !== undefined);
    this.#heap = live;
    this.#cancelled = 0;
    for (let index = (live.length >> 1) - 1; index >= 0; index--) {
      // In range: index < live.length / 2.
      this.#sink(index, live[index] as Entry);
    }
  }
}
