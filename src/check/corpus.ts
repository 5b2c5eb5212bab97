/**
 * Runs that reached something new, each of them: what a guided search goes on from.
 * Lacks: files (cli/sweep/corpus.ts), and how a run is changed (src/check/guide.ts).
 */
import type { KeptRun } from './guide.ts';

/** A run and what it reached (src/check/coverage.ts). JSON values only. */
export interface Reached extends KeptRun {
  readonly features: readonly number[];
  readonly events: number;
}

export class Corpus {
  #kept: Reached[] = [];
  readonly #known = new Set<number>();

  /** In the order in which they were kept. */
  get kept(): readonly Reached[] {
    return this.#kept;
  }

  /** Everything that was reached by any of them. */
  get known(): readonly number[] {
    return [...this.#known];
  }

  /** Keeps of these runs, one after the other, those that reached what none before has. Whether there was one. */
  add(runs: readonly Reached[]): boolean {
    const before = this.#kept.length;
    for (const run of runs) {
      const fresh = run.features.filter(each => !this.#known.has(each));
      if (fresh.length > 0) this.#kept.push(run);
      for (const each of fresh) this.#known.add(each);
    }
    return this.#kept.length > before;
  }

  /** Drops what the others cover, the longest runs first. */
  minimise(): void {
    const times = new Map<number, number>();
    for (const { features } of this.#kept) for (const each of features) times.set(each, (times.get(each) ?? 0) + 1);
    const spare = new Set<Reached>();
    for (const run of [...this.#kept].sort((left, right) => right.events - left.events)) {
      if (run.features.some(each => times.get(each) === 1)) continue;
      spare.add(run);
      for (const each of run.features) times.set(each, (times.get(each) ?? 0) - 1);
    }
    this.#kept = this.#kept.filter(run => !spare.has(run));
  }
}
