/**
 * A map that holds a bounded number of entries and lets go of those that nobody has asked for longest, some thousand at once: of two generations
 * the older one goes when the younger one has half of the limit. At least that half, the latest, is always there.
 * Lacks: an exact order; an entry that is asked for costs one or two look-ups and nothing else.
 */
export class Recent<Value> {
  readonly #half: number;
  readonly #gone: ((key: string, value: Value) => void) | undefined;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();

  /** `limit`: entries, at least 2. `gone`: told of each that is let go, and not of those that are deleted. */
  constructor(limit: number, gone?: (key: string, value: Value) => void) {
    this.#half = limit >> 1;
    this.#gone = gone;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: string): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: Value): void {
    this.#old.delete(key);
    this.#young.set(key, value);
    if (this.#young.size <= this.#half) return;
    this.#young.delete(key);
    const gone = this.#old;
    this.#old = this.#young;
    this.#young = new Map([[key, value]]);
    if (this.#gone !== undefined) for (const [each, its] of gone) this.#gone(each, its);
  }

  delete(key: string): void {
    if (!this.#young.delete(key)) this.#old.delete(key);
  }
}
