/**
 * One sweep: a scenario in one profile, of which several workers run parts; what is known of it so far.
 */
import type { Reached } from '../../src/check/corpus.ts';
import type { Profile, Scenario } from '../../src/check/scenario.ts';
import { mergeSightings, type Sightings, signed } from '../../src/check/signature.ts';
import { countHang, HANG, judgeSweep, mergeCounts, noCounts, type SweepCounts, type SweepReport } from '../../src/check/sweep.ts';
import type { Seeds } from '../seeds.ts';
import type { Block } from './journal.ts';
import { joined, type Ranges, sizeOf, without } from './ranges.ts';
import type { Task, Update } from './worker.ts';

export interface Job {
  readonly scenario: Scenario;
  readonly profile: Profile;
}

export const nameOf = ({ scenario, profile }: Job): string => `${scenario.name} ${profile}`;

export interface SweepResult {
  readonly job: Job;
  /** Cut short or not begun: by Ctrl-C, because the minutes were over, or because enough was found. */
  readonly state: 'done' | 'cut-short' | 'not-begun';
  /** How many seeds were asked for. */
  readonly asked: number;
  /** The first seed and the last that was run. */
  readonly from: number;
  readonly to: number;
  readonly report: SweepReport;
  /** What should not be and was seen, each once. */
  readonly sightings: Sightings;
  /** Places, in the list of plans that failed once, of those that fail again. */
  readonly again: readonly number[];
  /** Different features that were reached (src/check/coverage.ts). */
  readonly features: number;
  readonly milliseconds: number;
}

/** What a corpus has kept may fail, and no seed. */
export const isBad = ({ report, again, sightings }: SweepResult): boolean =>
  report.findings.length > 0 || again.length > 0 || Object.keys(sightings).length > 0;

/** A part of a sweep, that one worker runs: seeds, a plan that failed once, or what a corpus has kept. */
export interface Part extends Pick<Task, 'from' | 'to' | 'plans' | 'guide'> {
  readonly kind: 'seeds' | 'regression' | 'corpus';
  /** Of a plan that failed once: its place in the file. */
  readonly index?: number;
}

export class JobState {
  readonly job: Job;
  /** What was asked for. */
  readonly wanted: Ranges;
  readonly #features = new Set<number>();
  readonly #running = new Map<Part, Update>();
  readonly #again: number[] = [];
  #done: Ranges = [];
  #counts: SweepCounts;
  #sightings: Sightings = {};
  #milliseconds = 0;
  #replayed = 0;
  #tried = 0;
  /** Runs that reached something, since the last look at them. */
  #reached: (Reached & { readonly place: number })[] = [];

  constructor(job: Job, wanted: Ranges) {
    this.job = job;
    this.wanted = wanted;
    this.#counts = noCounts(job.scenario, job.profile);
  }

  get done(): Ranges {
    return this.#done;
  }

  has(range: Seeds): boolean {
    return without(range, this.#done).length === 0;
  }

  /** Every seed that was asked for is run. */
  get isWhole(): boolean {
    return this.wanted.every(range => this.has(range));
  }

  /** With what is running at the moment. */
  get runs(): number {
    return [...this.#running.values()].reduce((sum, { counts }) => sum + counts.runs, this.#counts.runs);
  }
  get events(): number {
    return [...this.#running.values()].reduce((sum, { counts }) => sum + counts.events, this.#counts.events);
  }
  get sightings(): Sightings {
    return [...this.#running.values()].reduce((sum, { sightings }) => mergeSightings(sum, sightings), this.#sightings);
  }
  /** Plans that failed once and were tried again. */
  get tried(): number {
    return this.#tried;
  }
  /** Runs of a corpus that were had again. */
  get replayed(): number {
    return this.#replayed;
  }
  get features(): ReadonlySet<number> {
    return this.#features;
  }

  tell(part: Part, update: Update): void {
    if (part.kind === 'seeds') this.#running.set(part, update);
  }

  /** What a part has come to, when no more is told of it; a part of seeds is then a block, if a seed of it was run. */
  take(part: Part, update: Update | undefined): Block | undefined {
    this.#running.delete(part);
    if (update === undefined || update.next === part.from) return undefined;
    if (part.kind === 'regression') this.#try(part, update.sightings);
    else this.#reached.push(...update.reached);
    if (part.kind === 'corpus') this.#replay(update.next - part.from, update);
    if (part.kind !== 'seeds') return undefined;
    const { counts, sightings, features } = update;
    const block = { from: part.from, to: update.next - 1, counts, sightings, features, milliseconds: Math.round(update.milliseconds) };
    return this.add({ scenario: this.job.scenario.name, profile: this.job.profile, ...block });
  }

  /** A run that made no progress, by its seed or its place in the list. */
  hang(part: Part, place: number): Block | undefined {
    const { scenario, profile } = this.job;
    const seed = part.plans?.[place]?.seed ?? place;
    const signature = signed({ scenario: scenario.name, profile, property: HANG, decided: '', why: 'no event, and no end' });
    const sightings = { [signature.id]: { signature, runs: 1, seed, events: 0, why: signature.why } };
    if (part.kind === 'regression') {
      this.#try(part, sightings);
      return undefined;
    }
    if (part.kind === 'corpus') {
      this.#replay(1, { sightings, features: [] });
      return undefined;
    }
    const counts = countHang(scenario, profile, seed);
    return this.add({ scenario: scenario.name, profile, from: place, to: place, counts, sightings, features: [], milliseconds: 0 });
  }

  /** Seeds that are done, now or before. */
  add(block: Block): Block {
    const { from, to, counts, sightings, features, milliseconds } = block;
    this.#done = joined(this.#done, { from, to });
    this.#counts = mergeCounts(this.#counts, counts);
    this.#milliseconds += milliseconds;
    this.#see(sightings);
    for (const each of features) this.#features.add(each);
    return block;
  }

  /** In the order of their seeds; each is given once. */
  takeReached(): readonly Reached[] {
    const reached = this.#reached.sort((left, right) => left.place - right.place);
    this.#reached = [];
    return reached.map(({ place: _, ...run }) => run);
  }

  result(): SweepResult {
    const { job, isWhole } = this;
    const asked = sizeOf(this.wanted);
    const state = isWhole ? 'done' : this.#counts.runs > 0 ? 'cut-short' : 'not-begun';
    const from = this.#done[0]?.from ?? this.wanted[0]?.from ?? 0;
    const report = judgeSweep(job.scenario, this.#counts);
    return {
      job,
      state,
      asked,
      from,
      to: this.#done.at(-1)?.to ?? from,
      report,
      sightings: this.#sightings,
      again: [...this.#again].sort((left, right) => left - right),
      features: this.#features.size,
      milliseconds: this.#milliseconds,
    };
  }

  /** Runs of a corpus. */
  #replay(runs: number, { sightings, features }: Pick<Update, 'sightings' | 'features'>): void {
    this.#replayed += runs;
    this.#see(sightings);
    for (const each of features) this.#features.add(each);
  }

  /** A plan that failed once. */
  #try({ index = 0 }: Part, sightings: Sightings): void {
    this.#tried += 1;
    if (Object.keys(sightings).length === 0) return;
    this.#again.push(index);
    this.#see(sightings);
  }

  #see(sightings: Sightings): void {
    this.#sightings = mergeSightings(this.#sightings, sightings);
  }
}
