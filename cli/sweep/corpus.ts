/**
 * What a guided sweep has kept, in a folder that survives it: FOLDER/upper/exchange@corrected.jsonl, a run on each line. It is run again
 * when the next one begins, because what a run reaches depends on the code; what others cover is dropped then, and at the end.
 * Lacks: a lock. Of two guided sweeps of one scenario at the same time the last one's corpus stays.
 */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Corpus, type Reached } from '../../src/check/corpus.ts';
import type { KeptRun } from '../../src/check/guide.ts';
import { checkPlan } from '../../src/check/plan-shape.ts';
import { SEED_LIMIT } from '../../src/check/run.ts';
import { integerFrom, object } from '../../src/check/shape.ts';
import { parseJson } from '../../src/trace/json.ts';
import { traceFile } from '../../vitest/failures.ts';
import { requireFolder, writtenWhole } from '../places.ts';
import type { Job } from './job.ts';
import type { Task } from './worker.ts';

/** Bytes of a file: of thousands of runs. */
const FILE_LIMIT = 67_108_864;

/** What one job is guided by. */
export class Guide {
  readonly #job: Job;
  readonly #file: string;
  readonly #note: (text: string) => void;
  readonly #corpus = new Corpus();
  #begun = false;

  /** `note` is told of what cannot be used any more. */
  constructor(folder: string, job: Job, note: (text: string) => void) {
    this.#job = job;
    this.#file = traceFile(folder, job.scenario.name, job.profile);
    this.#note = note;
    requireFolder('--corpus', dirname(this.#file));
  }

  /** The runs that were kept in the folder; none, when it has begun before. */
  begin(): readonly KeptRun[] {
    if (this.#begun || !existsSync(this.#file)) return [];
    this.#begun = true;
    if (statSync(this.#file).size > FILE_LIMIT) {
      this.#note(`${this.#file}: larger than ${FILE_LIMIT} bytes; it is not used, and written anew`);
      return [];
    }
    return readFileSync(this.#file, 'utf8')
      .split('\n')
      .flatMap((line, index) => (line === '' ? [] : this.#keptOn(line, index)));
  }

  #keptOn(line: string, index: number): readonly KeptRun[] {
    const parsed = parseJson(line);
    const found = parsed.ok ? shape(parsed.value, '') : parsed.message;
    if (parsed.ok && found === undefined) {
      // What the shape has looked at.
      const { seed, plan } = parsed.value as { readonly seed: number; readonly plan: unknown };
      const checked = checkPlan(this.#job.scenario, plan);
      if (checked.ok && checked.plan.profile === this.#job.profile) return [{ seed, plan: checked.plan }];
    }
    this.#note(`${this.#file}: line ${index + 1} is no run of ${this.#job.scenario.name} any more, and is left out`);
    return [];
  }

  /** For the next generation. */
  known(): Task['guide'] {
    return { kept: this.#corpus.kept.map(({ seed, plan }) => ({ seed, plan })), known: this.#corpus.known };
  }

  add(reached: readonly Reached[]): void {
    if (this.#corpus.add(reached)) this.#save();
  }

  end(): void {
    this.#corpus.minimise();
    this.#save();
  }

  #save(): void {
    const lines = this.#corpus.kept.map(({ seed, plan }) => `${JSON.stringify({ seed, plan })}\n`);
    writtenWhole(this.#file, path => writeFileSync(path, lines.join('')));
  }
}

const shape = object({ seed: integerFrom(0, SEED_LIMIT), plan: () => undefined });
