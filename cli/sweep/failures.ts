/**
 * What a sweep keeps of each failure it meets: of each signature the fastest run, made smaller at once, as a trace and among the plans
 * that are tried first from then on (vitest/failures.ts has where; tests with simTest keep theirs in the same place).
 * Lacks: runs that never end; nothing of them could be recorded.
 */
import { existsSync } from 'node:fs';
import type { KeptRun } from '../../src/check/guide.ts';
import type { CommonPlan, Profile, Scenario } from '../../src/check/scenario.ts';
import type { Sighting, Sightings } from '../../src/check/signature.ts';
import type { Story } from '../../src/check/story/story.ts';
import { regressionsFile, traceFile } from '../../vitest/failures.ts';
import { addRegression, type Regression, readRegressions } from '../../vitest/regressions.ts';
import { Stop, usage } from '../exit.ts';
import { saveTrace } from '../trace-files.ts';
import { workerModule } from '../workers/start.ts';
import { Workers } from '../workers/workers.ts';
import type { Job } from './job.ts';
import type { KeptFailure } from './journal.ts';
import type { ShrinkTask, Shrunken } from './shrink-worker.ts';

/** A plan that failed once, and its place in the file. */
export type KnownFailure = Regression<CommonPlan> & { readonly index: number };

export interface FailuresOptions {
  readonly folder: string;
  readonly modules: readonly string[];
  /** Characters of a line of a story. */
  readonly columns: number;
  /** Those of a sweep that is gone on with. */
  readonly before: readonly KeptFailure[];
  /** Told of each that is kept. */
  readonly keep: (kept: KeptFailure) => void;
  /** Told of what could not be kept. */
  readonly note: (text: string) => void;
}

interface Offer {
  readonly job: Job;
  readonly sighting: Sighting;
  readonly plan: CommonPlan;
}

/** Events of a run that there is not. */
const NONE = Number.POSITIVE_INFINITY;
/** Runs to spend on one. */
const SHRINK_RUNS = 500;

export class Failures {
  readonly #options: FailuresOptions;
  readonly #workers: Workers<ShrinkTask, Shrunken>;
  readonly #kept: Map<string, KeptFailure>;
  readonly #stories = new Map<string, Story>();
  /** What was added to the plans that are tried first, by signature. */
  readonly #added = new Map<string, Regression>();
  /** Waiting for the worker, the fastest of each signature; and the events of the fastest that ever has. */
  readonly #waiting = new Map<string, Offer>();
  readonly #offered = new Map<string, number>();
  #work: Promise<void> | undefined;
  #wrong: unknown;

  constructor(options: FailuresOptions) {
    this.#options = options;
    this.#workers = new Workers(options.modules, workerModule('sweep/shrink-worker'));
    this.#kept = new Map(options.before.filter(({ trace }) => existsSync(trace)).map(each => [each.signature, each]));
  }

  /** By the id of the signature. */
  get kept(): ReadonlyMap<string, KeptFailure> {
    return this.#kept;
  }
  /** Of those that were made smaller here, by the id of the signature. */
  get stories(): ReadonlyMap<string, Story> {
    return this.#stories;
  }
  /** Signatures that wait for the worker, or are in it. */
  get open(): number {
    return this.#waiting.size + (this.#work === undefined ? 0 : 1);
  }

  fileOf = (scenario: Pick<Scenario, 'name'>): string => regressionsFile(this.#options.folder, scenario.name);

  /** Plans of one profile that failed once. */
  regressions(scenario: Scenario, profile: Profile): readonly KnownFailure[] {
    try {
      return readRegressions(scenario, this.fileOf(scenario), profile);
    } catch (thrown) {
      throw usage(thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  /** What a job has seen by now. A run with fewer events than the smallest so far is worth another look. */
  offer(job: Job, sightings: Sightings): void {
    for (const [id, { plan, ...sighting }] of Object.entries(sightings)) {
      const best = Math.min(this.#offered.get(id) ?? NONE, this.#kept.get(id)?.events ?? NONE);
      if (plan === undefined || best <= sighting.events) continue;
      this.#offered.set(id, sighting.events);
      this.#waiting.set(id, { job, sighting, plan });
    }
    if (this.#waiting.size > 0) this.#work ??= this.#all();
  }

  /** A plan that failed once and fails again: no run of a seed shows its failures better. */
  again(job: Job, sightings: Sightings, { seed, plan }: KeptRun): void {
    this.offer(job, sightings);
    for (const [id, { signature }] of Object.entries(sightings)) {
      this.#offered.set(id, 0);
      this.#added.set(id, { seed, plan, property: signature.property });
    }
  }

  /** When there is nothing left to make smaller. Throws what went wrong in it. */
  async settle(): Promise<void> {
    await this.#work;
    if (this.#wrong !== undefined) throw this.#wrong;
  }

  /** What waits is not made smaller any more. */
  close(): Promise<void> {
    this.#waiting.clear();
    return this.#workers.close();
  }

  async #all(): Promise<void> {
    try {
      for (let next = this.#take(); next !== undefined; next = this.#take()) await this.#shrink(next);
    } catch (thrown) {
      this.#wrong = thrown;
    } finally {
      this.#work = undefined;
    }
  }

  #take(): Offer | undefined {
    for (const [id, offer] of this.#waiting) {
      this.#waiting.delete(id);
      return offer;
    }
    return undefined;
  }

  async #shrink({ job: { scenario }, sighting, plan }: Offer): Promise<void> {
    const { id, property } = sighting.signature;
    let shrunken: Shrunken | undefined;
    await this.#workers.run(
      { protocol: scenario.protocol, sighting, plan, maxRuns: SHRINK_RUNS, columns: this.#options.columns },
      message => {
        shrunken = message;
      },
    );
    // Undefined: ended by Ctrl-C.
    if (shrunken === undefined || (this.#kept.get(id)?.events ?? NONE) <= shrunken.events) return;
    const trace = traceFile(this.#options.folder, scenario.name, id);
    if (!this.#save(trace, shrunken.trace)) return;
    this.#add(id, scenario, { seed: sighting.seed, property, plan: shrunken.plan });
    const kept = { signature: id, trace, events: shrunken.events, faults: shrunken.plan.faults.length };
    this.#kept.set(id, kept);
    this.#stories.set(id, shrunken.story);
    this.#options.keep(kept);
  }

  /** A disk that takes no trace hides no failure. */
  #save(file: string, text: string): boolean {
    try {
      saveTrace(file, [text]);
      return true;
    } catch (thrown) {
      if (!(thrown instanceof Stop)) throw thrown;
      this.#options.note(thrown.message);
      return false;
    }
  }

  #add(id: string, scenario: Scenario, regression: Regression): void {
    const lines = addRegression(this.fileOf(scenario), regression, this.#added.get(id));
    this.#added.set(id, regression);
    for (const line of lines) if (!line.startsWith('tried first')) this.#options.note(line);
  }
}
