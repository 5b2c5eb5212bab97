/**
 * What there is to do in a sweep of several jobs, part after part: plans that failed once, then seeds; with a time limit in rounds of as
 * many seeds; and in a guided sweep generation after generation, each from what the ones before it have kept. Jobs come one after the other,
 * or in turns, where the sweep may end before all is done.
 * Lacks: who does it, and when (sweeping.ts).
 */
import { SEED_LIMIT } from '../../src/check/run.ts';
import type { SweepCounts } from '../../src/check/sweep.ts';
import { chargeOf, costOf, Turns } from '../../src/check/turns.ts';
import type { Seeds } from '../seeds.ts';
import type { Guide } from './corpus.ts';
import type { KnownFailure } from './failures.ts';
import type { JobState, Part } from './job.ts';
import { type Shard, shardOf, without } from './ranges.ts';

export interface Share {
  readonly state: JobState;
  readonly part: Part;
}

/** `later`: the next one depends on what is not finished. */
export type Next = Share | 'later' | undefined;

export interface PartsOptions {
  readonly seeds: Seeds;
  readonly shard: Shard;
  /** Go on with further seeds, for ever. */
  readonly timed: boolean;
  /** It may end before all is done. */
  readonly inTurns: boolean;
  /** Plans that failed once, of each job. */
  readonly regressions: (state: JobState) => readonly KnownFailure[];
  /** Of a guided sweep, of each job. */
  readonly guide: ((state: JobState) => Guiding) | undefined;
}

/** Seeds of one part: few enough that all workers have something to do until the end. */
const SEEDS_OF_A_PART = 100;
/** Of a guided sweep: what is new is known after so many seeds, which are divided among the workers. */
const SEEDS_OF_A_GENERATION = 128;
const SEEDS_OF_A_GUIDED_PART = 16;

/** What a guided sweep asks its guide. */
type Guiding = Pick<Guide, 'begin' | 'known' | 'add' | 'end'>;

type Source = Generator<Part | 'later', void>;

export class Parts {
  readonly #states: readonly JobState[];
  readonly #options: PartsOptions;
  /** Parts of which not everything was done. */
  readonly #left: Share[] = [];
  #round: readonly Source[];
  #turns: Turns;
  #seeds: Seeds;

  constructor(states: readonly JobState[], options: PartsOptions) {
    this.#states = states;
    this.#options = options;
    this.#seeds = options.seeds;
    this.#round = states.map(state => regressionsFirst(state, options.regressions(state), this.#seedParts(state)));
    this.#turns = new Turns(states.length);
  }

  next(): Next {
    const left = this.#left.pop();
    if (left !== undefined) return left;
    for (;;) {
      let later = false;
      for (const job of this.#order()) {
        const part = this.#round[job]?.next().value;
        const state = this.#states[job];
        if (part === 'later') later = true;
        else if (part === undefined || state === undefined) this.#turns.end(job);
        else {
          this.#turns.take(job);
          return { state, part };
        }
      }
      if (later) return 'later';
      if (!this.#nextRound()) return undefined;
    }
  }

  /** What was done of it. */
  spent({ state }: Share, { events, runs }: Pick<SweepCounts, 'events' | 'runs'>): void {
    const { scenario, profile } = state.job;
    this.#turns.cost(this.#states.indexOf(state), costOf(events, runs) * chargeOf(scenario, profile));
  }

  /** It is done after all. */
  giveBack(share: Share): void {
    this.#left.push(share);
  }

  #order(): readonly number[] {
    const order = this.#turns.inOrder();
    return this.#options.inTurns ? order : order.toSorted((one, other) => one - other);
  }

  #nextRound(): boolean {
    const { seeds, timed } = this.#options;
    const { to } = this.#seeds;
    if (!timed || to === SEED_LIMIT) return false;
    this.#seeds = { from: to + 1, to: Math.min(SEED_LIMIT, to + seeds.to - seeds.from + 1) };
    this.#round = this.#states.map(state => this.#seedParts(state));
    this.#turns = new Turns(this.#states.length);
    return true;
  }

  #seedParts(state: JobState): Source {
    const { shard, guide, seeds, inTurns } = this.#options;
    const ranges = shardOf(this.#seeds, shard).flatMap(range => without(range, state.done));
    // At first one seed of each job, so that what any run shows is seen soon.
    const first = inTurns && this.#seeds === seeds ? 1 : SEEDS_OF_A_PART;
    return guide === undefined ? seedParts(ranges, first) : guidedParts(ranges, state, guide(state));
  }
}

function* regressionsFirst(state: JobState, regressions: readonly KnownFailure[], seeds: Source): Generator<Part | 'later', void> {
  for (const { index, seed, plan } of regressions) yield { kind: 'regression', from: 0, to: 0, plans: [{ seed, plan }], index };
  while (state.tried < regressions.length) yield 'later';
  yield* seeds;
}

/** `first`: seeds of the first part; each has twice as many as the one before. */
function* seedParts(ranges: readonly Seeds[], first: number): Generator<Part, void> {
  let size = first;
  for (const { from, to } of ranges) {
    for (let next = from; next <= to; ) {
      const last = Math.min(to, next + size - 1);
      yield { kind: 'seeds', from: next, to: last };
      next = last + 1;
      size = Math.min(SEEDS_OF_A_PART, 2 * size);
    }
  }
}

function* guidedParts(ranges: readonly Seeds[], state: JobState, guide: Guiding): Generator<Part | 'later', void> {
  const plans = guide.begin();
  if (plans.length > 0) {
    for (const part of divided({ from: 0, to: plans.length - 1 }, SEEDS_OF_A_GUIDED_PART)) yield { kind: 'corpus', ...part, plans };
    while (state.replayed < plans.length) yield 'later';
    guide.add(state.takeReached());
  }
  for (const range of ranges) {
    for (const generation of divided(range, SEEDS_OF_A_GENERATION)) {
      const known = guide.known();
      for (const part of divided(generation, SEEDS_OF_A_GUIDED_PART)) yield { kind: 'seeds', ...part, guide: known };
      while (!state.has(generation)) yield 'later';
      guide.add(state.takeReached());
    }
  }
  guide.end();
}

function* divided({ from, to }: Seeds, size: number): Generator<Seeds, void> {
  for (let first = from; first <= to; first += size) yield { from: first, to: Math.min(to, first + size - 1) };
}
