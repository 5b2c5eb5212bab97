/**
 * Sweeps: every scenario and profile over a range of seeds, in workers, with progress, a time limit, and Ctrl-C. There is no other way in
 * which this command runs many seeds. How many seeds a sweep has never depends on how fast this machine is, unless the user asked for
 * minutes, or for an end when something is found.
 */

import { availableParallelism } from 'node:os';
import { EVERY_PROFILE, type Profile, profilesOf, type Scenario } from '../../src/check/scenario.ts';
import type { Context } from '../context.ts';
import type { Interrupt } from '../interrupt.ts';
import { count, plural } from '../screen.ts';
import type { Seeds } from '../seeds.ts';
import { workerModule } from '../workers/start.ts';
import { Workers } from '../workers/workers.ts';
import type { Guide } from './corpus.ts';
import type { Failures } from './failures.ts';
import { type Job, JobState, nameOf, type SweepResult } from './job.ts';
import type { Journal } from './journal.ts';
import { Parts, type Share } from './parts.ts';
import { type Shard, shardOf, sizeOf } from './ranges.ts';
import type { Task, Update } from './worker.ts';

/** `wanted`: a profile, or EVERY_PROFILE. */
export function jobsOf(scenarios: readonly Scenario[], wanted: Profile): readonly Job[] {
  return scenarios.flatMap(scenario =>
    profilesOf(scenario)
      .filter(profile => wanted === EVERY_PROFILE || wanted === profile)
      .map(profile => ({ scenario, profile })),
  );
}

export interface SweepOptions {
  readonly seeds: Seeds;
  /** Default: all of the seeds. */
  readonly shard?: Shard;
  /** Milliseconds for all jobs together; seeds go on past the range, in rounds, until they are over. */
  readonly milliseconds?: number | undefined;
  /** How many run at once; as a rule as many as there are processors. */
  readonly workers?: number | undefined;
  /** Seconds without any event after which a run is said to hang. */
  readonly patience?: number | undefined;
  /** Stop after so many different failures. */
  readonly distinct?: number | undefined;
  /** What was done before, and where it is written what is done now. */
  readonly journal?: Journal | undefined;
  /** Where failures are kept, and made smaller. */
  readonly failures?: Failures | undefined;
  /** What guides each job. */
  readonly guide?: ((job: Job) => Guide) | undefined;
  /** Told of each job that is finished or cut short; with a time limit, of all of them at the end. */
  readonly finished: (result: SweepResult) => void;
}

export const ALL: Shard = { part: 1, of: 1 };
/** Each has its own copy of everything that is loaded. */
const WORKERS_LIMIT = 8;
/** No run of a scenario has so long to wait for its next event, on whatever machine. */
export const PATIENCE = 30;

/** One result for each job, in order. Ends early, with what was counted, when interrupted. */
export async function sweepJobs(
  jobs: readonly Job[],
  options: SweepOptions,
  context: Context,
  interrupt: Interrupt,
): Promise<readonly SweepResult[]> {
  const sweeping = new Sweeping(jobs, options, context, interrupt);
  try {
    await sweeping.run();
    await sweeping.settle();
  } finally {
    await sweeping.close();
  }
  return sweeping.results();
}

class Sweeping {
  readonly #options: SweepOptions;
  readonly #context: Context;
  readonly #states: readonly JobState[];
  readonly #parts: Parts;
  readonly #workers: Workers<Task, Update>;
  readonly #lanes: number;
  /** Ctrl-C; and that, the end of the minutes, or enough found. */
  readonly #interrupted: AbortSignal;
  readonly #stopped: AbortSignal;
  readonly #enough = new AbortController();
  readonly #begun = performance.now();
  #shown = 0;
  /** Lanes that wait for others. */
  #waiting: (() => void)[] = [];

  constructor(jobs: readonly Job[], options: SweepOptions, context: Context, interrupt: Interrupt) {
    const { seeds, shard = ALL, milliseconds, journal, failures, guide, patience = PATIENCE } = options;
    const timed = milliseconds !== undefined;
    this.#options = options;
    this.#context = context;
    this.#states = jobs.map(job => new JobState(job, shardOf(seeds, shard)));
    for (const block of journal?.written.blocks ?? [])
      this.#states.find(({ job }) => job.scenario.name === block.scenario && job.profile === block.profile)?.add(block);
    this.#parts = new Parts(this.#states, {
      seeds,
      shard,
      timed,
      inTurns: timed || options.distinct !== undefined,
      regressions: ({ job }) => failures?.regressions(job.scenario, job.profile) ?? [],
      guide: guide === undefined ? undefined : ({ job }) => guide(job),
    });
    this.#workers = new Workers(context.modules, workerModule('sweep/worker'), { patience });
    const parts = Math.ceil((jobs.length * sizeOf(shardOf(seeds, shard))) / SEEDS_FOR_A_WORKER);
    this.#lanes = options.workers ?? Math.min(WORKERS_LIMIT, availableParallelism(), timed ? jobs.length : Math.max(1, parts));
    this.#interrupted = interrupt.signal;
    this.#stopped = AbortSignal.any([interrupt.signal, this.#enough.signal, ...(timed ? [AbortSignal.timeout(milliseconds)] : [])]);
  }

  async run(): Promise<void> {
    this.#stopped.addEventListener('abort', () => this.#workers.stop());
    await Promise.all(Array.from({ length: this.#lanes }, () => this.#lane()));
  }

  /** Until the failures are made smaller, or Ctrl-C. */
  async settle(): Promise<void> {
    const { failures } = this.#options;
    if (failures === undefined) return;
    const interrupted = new Promise<void>(resolve => {
      if (this.#interrupted.aborted) resolve();
      this.#interrupted.addEventListener('abort', () => resolve());
    });
    await Promise.race([failures.settle(), interrupted]);
  }

  async close(): Promise<void> {
    await Promise.all([this.#workers.close(), this.#options.failures?.close()]);
  }

  results(): readonly SweepResult[] {
    const results = this.#states.map(state => state.result());
    for (const result of results.slice(this.#shown)) if (result.state !== 'not-begun') this.#options.finished(result);
    return results;
  }

  async #lane(): Promise<void> {
    while (!this.#stopped.aborted) {
      const share = this.#parts.next();
      if (share === undefined) return;
      if (share === 'later') await new Promise<void>(resolve => this.#waiting.push(resolve));
      else await this.#do(share);
    }
    this.#wake();
  }

  async #do(share: Share): Promise<void> {
    const { state, part } = share;
    const { scenario, profile } = state.job;
    let last: Update | undefined;
    const hung = await this.#workers.run({ protocol: scenario.protocol, scenario: scenario.name, profile, ...part }, update => {
      last = update;
      state.tell(part, update);
      this.#look(state);
      this.#progress(state);
    });
    this.#write(state.take(part, last));
    if (last !== undefined) this.#parts.spent(share, last.counts);
    if (part.kind === 'regression' && last !== undefined) this.#again(share, last);
    const next = last?.next ?? part.from;
    if (hung === undefined) this.#giveBack(share, next, part.to);
    else {
      const at = Math.max(hung.at, next);
      this.#write(state.hang(part, at));
      this.#giveBack(share, next, at - 1);
      this.#giveBack(share, at + 1, part.to);
    }
    this.#look(state);
    this.#showFinished();
    this.#wake();
  }

  #again({ state, part }: Share, { sightings }: Update): void {
    for (const plan of part.plans ?? []) this.#options.failures?.again(state.job, sightings, plan);
  }

  #write(block: ReturnType<JobState['take']>): void {
    if (block !== undefined) this.#options.journal?.block(block);
  }

  #giveBack({ state, part }: Share, from: number, to: number): void {
    if (from <= to) this.#parts.giveBack({ state, part: { ...part, from, to } });
  }

  /** Failures are made smaller at once, and may be enough. */
  #look(state: JobState): void {
    const { failures, distinct } = this.#options;
    failures?.offer(state.job, state.sightings);
    if (distinct !== undefined && this.#distinct >= distinct) this.#enough.abort();
  }

  /** In the order of the jobs, whatever the order they are finished in. */
  #showFinished(): void {
    const { milliseconds, finished } = this.#options;
    for (let next = this.#states[this.#shown]; milliseconds === undefined && next?.isWhole === true; next = this.#states[this.#shown]) {
      finished(next.result());
      this.#shown += 1;
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) each();
  }

  get #distinct(): number {
    return this.#states.reduce((sum, { sightings }) => sum + Object.keys(sightings).length, 0);
  }

  #progress(state: JobState): void {
    this.#context.screen.progress(() => {
      const seconds = (performance.now() - this.#begun) / 1_000;
      const sum = (of: (state: JobState) => number): number => this.#states.reduce((all, each) => all + of(each), 0);
      const found = this.#distinct === 0 ? '' : `  ${plural(this.#distinct, 'failure')}`;
      const open = this.#options.failures?.open ?? 0;
      return [
        `[${this.#states.indexOf(state) + 1}/${this.#states.length}] ${nameOf(state.job)}`,
        `${count(state.runs)} of ${count(sizeOf(state.wanted))} seeds`,
        `${count(sum(each => each.runs) / seconds)} runs/s, ${count(sum(each => each.events) / seconds)} events/s`,
        `${count(sum(each => each.features.size))} features${found}${open === 0 ? '' : `, ${open} to make smaller`}`,
      ].join('  ');
    });
  }
}

/** Fewer are not worth another worker, which loads everything. */
const SEEDS_FOR_A_WORKER = 100;
