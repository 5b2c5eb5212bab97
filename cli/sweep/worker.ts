/**
 * What a worker does that sweeps: it runs seed after seed of what it is asked, and tells how far it is. Ctrl-C is not its matter: between
 * two runs it looks whether it is to stop. Every event is a sign of life.
 */
import type { Reached } from '../../src/check/corpus.ts';
import { Coverage } from '../../src/check/coverage.ts';
import { guidedPlan, type KeptRun } from '../../src/check/guide.ts';
import { isSample, repeated } from '../../src/check/repeat.ts';
import { planOf, runPlan } from '../../src/check/run.ts';
import type { Profile, Scenario } from '../../src/check/scenario.ts';
import { mergeSightings, type Sightings, sightingsOf } from '../../src/check/signature.ts';
import { countRun, foreseenOf, noCounts, type SweepCounts } from '../../src/check/sweep.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { catalogues } from '../load.ts';
import type { Beat } from '../workers/beat.ts';
import type { Work } from '../workers/start.ts';
import type { Message } from '../workers/workers.ts';

/** Seeds of one scenario, both ends included. */
export interface Task {
  readonly protocol: string;
  readonly scenario: string;
  readonly profile: Profile;
  readonly from: number;
  readonly to: number;
  /** Runs to have again, instead of those that the seeds stand for: `from` and `to` are places in this list. */
  readonly plans?: readonly KeptRun[] | undefined;
  /** What a guided search goes on from, and what was reached before. */
  readonly guide?: { readonly kept: readonly KeptRun[]; readonly known: readonly number[] } | undefined;
}

/** How far a task is: what came of it since it began. */
export interface Update extends Message {
  readonly counts: SweepCounts;
  readonly sightings: Sightings;
  /** Features that this worker has not told of before. */
  readonly features: readonly number[];
  /** Of a task with a guide or with plans: the runs that reached them, each with the seed or place that it is. */
  readonly reached: readonly (Reached & { readonly place: number })[];
  /** The first seed that was not run. */
  readonly next: number;
  readonly milliseconds: number;
}

/** Milliseconds between two messages: what a worker that has to be ended may have done for nothing. */
const TELL_MS = 100;
/** A task that takes longer is handed back with what is left of it, so that what is done is known, and kept. */
const SLICE_MS = 2_000;

/** Features that were told, by scenario and profile. */
const known = new Map<string, Set<number>>();

export const work: Work<Task, Update> = desk => {
  const catalogueOf = catalogues(desk.modules);
  return async task => {
    const scenario = (await catalogueOf(task.protocol)).scenarioNamed(task.scenario);
    if (scenario === undefined) throw new Error(`a worker was asked for the scenario ${task.scenario}, which it does not know`);
    const sweep = new Sweep(scenario, task, desk.beat);
    const begun = performance.now();
    let last = begun;
    const tell = (over: boolean): void => {
      last = performance.now();
      desk.tell({ ...sweep.update(), over, milliseconds: last - begun });
    };
    while (!sweep.done && !desk.stopped() && performance.now() - begun < SLICE_MS) {
      const isNew = sweep.step();
      if (isNew || performance.now() - last >= TELL_MS) tell(false);
    }
    desk.beat.rest();
    tell(true);
  };
};

class Sweep {
  readonly #scenario: Scenario;
  readonly #task: Task;
  readonly #beat: Beat;
  readonly #foreseen: readonly string[];
  readonly #known: Set<number>;
  readonly #features: number[] = [];
  readonly #reached: (Reached & { readonly place: number })[] = [];
  #counts: SweepCounts;
  #sightings: Sightings = {};
  #next: number;

  constructor(scenario: Scenario, task: Task, beat: Beat) {
    this.#scenario = scenario;
    this.#task = task;
    this.#beat = beat;
    this.#foreseen = foreseenOf(scenario, task.profile);
    this.#known = knownOf(task);
    this.#counts = noCounts(scenario, task.profile);
    this.#next = task.from;
  }

  get done(): boolean {
    return this.#next > this.#task.to;
  }

  update(): Omit<Update, 'over' | 'milliseconds'> {
    return { counts: this.#counts, sightings: this.#sightings, features: this.#features, reached: this.#reached, next: this.#next };
  }

  /** Whether it has shown a failure that this task has not shown before. */
  step(): boolean {
    const place = this.#next;
    const beat = this.#beat;
    beat.begin(place);
    const { seed, plan } = this.#run(place);
    const coverage = new Coverage();
    const sink = (event: TraceEvent): void => {
      beat.tick();
      coverage.see(event);
    };
    const sample = isSample(place);
    const first = runPlan(this.#scenario, plan, seed, { sink, keep: sample });
    const failing = first.violations.some(({ property }) => !this.#foreseen.includes(property));
    const result = sample || failing ? repeated(this.#scenario, first, { sink: () => beat.tick() }) : first;
    const sightings = sightingsOf(this.#scenario, result, this.#foreseen);
    this.#counts = countRun(this.#counts, result);
    const before = Object.keys(this.#sightings).length;
    this.#sightings = mergeSightings(this.#sightings, sightings);
    this.#cover({ place, seed, plan, events: result.eventCount, features: coverage.features(result, Object.keys(sightings)) });
    this.#next = place + 1;
    return Object.keys(this.#sightings).length > before;
  }

  #run(place: number): KeptRun {
    const { profile, plans, guide } = this.#task;
    if (guide !== undefined) return guidedPlan(this.#scenario, place, profile, guide.kept);
    return plans?.[place] ?? { seed: place, plan: planOf(this.#scenario, place, profile) };
  }

  #cover(run: Reached & { readonly place: number }): void {
    const fresh = run.features.filter(each => !this.#known.has(each));
    if (fresh.length === 0) return;
    this.#features.push(...fresh);
    for (const each of fresh) this.#known.add(each);
    if (this.#task.guide !== undefined || this.#task.plans !== undefined) this.#reached.push(run);
  }
}

/** A search that is guided says itself what is known, so that it is the same however many threads there are. */
function knownOf({ scenario, profile, guide, plans }: Task): Set<number> {
  if (guide !== undefined || plans !== undefined) return new Set(guide?.known);
  const name = `${scenario} ${profile}`;
  const found = known.get(name) ?? new Set<number>();
  known.set(name, found);
  return found;
}
