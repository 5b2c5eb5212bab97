/**
 * First in, first out, at a constant cost however long it is; an array's own `shift` and `splice` move what is left.
 * Lacks: a bound; whoever fills it has one.
 */

/** The part before the head is given back when it is at least this long and the larger one. */
const COMPACT_AT = 64;

export class Queue<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  get first(): T | undefined {
    return this.#items[this.#head];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Counted from the first. */
  at(index: number): T | undefined {
    return this.#items[this.#head + index];
  }

  shift(): T | undefined {
    const first = this.#items[this.#head];
    if (first === undefined) return undefined;
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length) this.clear();
    else if (this.#head >= COMPACT_AT && this.#head * 2 > this.#items.length) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    return first;
  }

  /** In order, a copy. */
  all(): readonly T[] {
    return this.#items.slice(this.#head).filter(item => item !== undefined);
  }

  clear(): void {
    this.#items.length = 0;
    this.#head = 0;
  }

  /** Removes what comes at `index` and after, and returns it. */
  cut(index: number): readonly T[] {
    return this.#items.splice(this.#head + index).filter(item => item !== undefined);
  }
}
