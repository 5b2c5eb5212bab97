/**
 * Runs in which a mutant of a protocol is caught, of test/scenarios/<protocol>/known-runs.json: by scenario, the mutants, and the seeds. To look for
 * them takes many times as long as to make them. The file is a help and no evidence: what its runs do not show is looked for all the same, and
 * UPDATE=1 looks for all of them again and writes it.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

type Runs = Record<string, Record<string, number[]>>;

const UPDATES = process.env['UPDATE'] !== undefined;

export class KnownRuns {
  readonly #file: URL;
  readonly #runs: Runs;
  #missing = 0;

  constructor(protocol: string) {
    this.#file = new URL(`${protocol}/known-runs.json`, import.meta.url);
    this.#runs = UPDATES || !existsSync(this.#file) ? {} : JSON.parse(readFileSync(this.#file, 'utf8'));
  }

  /** Mutants, each with a seed. */
  of(scenario: string): readonly (readonly [mutant: string, seed: number])[] {
    return Object.entries(this.#runs[scenario] ?? {}).flatMap(([mutant, seeds]) => seeds.map(seed => [mutant, seed] as const));
  }

  /** One that had to be looked for. */
  add(scenario: string, mutant: string, seed: number): void {
    this.#missing += 1;
    const mutants = this.#runs[scenario] ?? {};
    const seeds = mutants[mutant] ?? [];
    if (!seeds.includes(seed)) this.#runs[scenario] = { ...mutants, [mutant]: [...seeds, seed] };
  }

  end(): void {
    if (UPDATES) writeFileSync(this.#file, `${JSON.stringify(this.#runs).replaceAll('},', '},\n')}\n`);
    else if (this.#missing > 0)
      process.stderr.write(`${this.#missing} mutants had to be looked for: UPDATE=1 writes ${this.#file.pathname}\n`);
  }
}
