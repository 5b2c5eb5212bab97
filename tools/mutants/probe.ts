/**
 * What a mutant tells while it runs: whether its place was come to, and whether what is there was ever another than before.
 * Lacks: whether anybody noticed.
 */

/** The name by which the text of a mutant knows it. */
export const PROBE = 'globalThis.slipwayMutant';

export class Probe {
  #came = false;
  #differed = false;

  get came(): boolean {
    return this.#came;
  }

  get differed(): boolean {
    return this.#differed;
  }

  /** Something else is done here than before. */
  reached(): void {
    this.#came = true;
    this.#differed = true;
  }

  /** The value of `mutated`; `original` has no effects, and is asked only as long as the two were alike. */
  either<T>(original: () => unknown, mutated: () => T): T {
    this.#came = true;
    this.#differed ||= differ(original, mutated);
    return mutated();
  }
}

function differ(original: () => unknown, mutated: () => unknown): boolean {
  try {
    return !Object.is(original(), mutated());
  } catch {
    return true;
  }
}
