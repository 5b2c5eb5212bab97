/**
 * Pairs of places, and which of them reach into a window: by their beginnings, with the farthest end of each block. A window of a million spans
 * is found in some thousand steps.
 */

/** Spans whose ends are looked at together. */
const BLOCK = 256;

export class Spans {
  #from: Int32Array = new Int32Array(0);
  #to: Int32Array = new Int32Array(0);
  #kind: Uint8Array = new Uint8Array(0);
  /** The farthest end of each block. */
  #reach: Int32Array = new Int32Array(0);
  readonly #added: number[] = [];

  /** `to` is not before `from`. */
  add(from: number, to: number, kind: number): void {
    this.#added.push(from, to, kind);
  }

  /** To be called once, after the last one was added. */
  sorted(): this {
    const added = this.#added;
    const count = added.length / 3;
    // Places are small: each span is put where those that begin before it end.
    const next = new Int32Array(added.reduce((most, value, at) => (at % 3 === 0 ? Math.max(most, value) : most), 0) + 2);
    for (let at = 0; at < count; at++) {
      const from = (added[3 * at] ?? 0) + 1;
      next[from] = (next[from] ?? 0) + 1;
    }
    for (let from = 1; from < next.length; from++) next[from] = (next[from] ?? 0) + (next[from - 1] ?? 0);
    this.#from = new Int32Array(count);
    this.#to = new Int32Array(count);
    this.#kind = new Uint8Array(count);
    for (let at = 0; at < count; at++) {
      const from = added[3 * at] ?? 0;
      const to = next[from] ?? 0;
      next[from] = to + 1;
      this.#from[to] = from;
      this.#to[to] = added[3 * at + 1] ?? 0;
      this.#kind[to] = added[3 * at + 2] ?? 0;
    }
    this.#reach = new Int32Array(Math.ceil(count / BLOCK));
    this.#to.forEach((to, at) => {
      const block = Math.floor(at / BLOCK);
      this.#reach[block] = Math.max(this.#reach[block] ?? 0, to);
    });
    added.length = 0;
    return this;
  }

  get count(): number {
    return this.#from.length;
  }

  /** Those that begin at or before `last` and end at or after `first`, in order, at most `limit` of them, the latest. */
  within(first: number, last: number, limit: number, take: (from: number, to: number, kind: number) => void): void {
    const found: number[] = [];
    let block = Math.floor((this.#after(last) - 1) / BLOCK);
    for (; block >= 0 && found.length < limit; block--) {
      if ((this.#reach[block] ?? -1) < first) continue;
      for (let at = Math.min(this.count, (block + 1) * BLOCK) - 1; at >= block * BLOCK && found.length < limit; at--)
        if ((this.#from[at] ?? 0) <= last && (this.#to[at] ?? 0) >= first) found.push(at);
    }
    for (const at of found.reverse()) take(this.#from[at] ?? 0, this.#to[at] ?? 0, this.#kind[at] ?? 0);
  }

  /** How many begin at or before a place. */
  #after(place: number): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#from[middle] ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
