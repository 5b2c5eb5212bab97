/**
 * Runs of plans in several workers at once: questions of a shrinker, and of whoever looks for a cause. What comes out does not depend on how
 * many workers there are, nor on which is faster: of the candidates of a shrinker the first in order that fails is taken, and counts are sums.
 */
import { availableParallelism } from 'node:os';
import { bisect, type Cause, type Ends, type EndsAsked } from '../src/check/cause.ts';
import type { CommonPlan } from '../src/check/scenario.ts';
import type { Candidate, Failing, Answer as Found, Question as Search } from '../src/check/shrink/offer.ts';
import type { Shrinking, ShrinkProgress } from '../src/check/shrink/shrink.ts';
import type { Signature } from '../src/check/signature.ts';
import type { Last } from './last-run.ts';
import type { Answer, CausingEvent, Question, Subject, Task, Update } from './trial-worker.ts';
import { workerModule } from './workers/start.ts';
import { type Hung, Workers } from './workers/workers.ts';

export interface TrialsOptions {
  readonly modules: readonly string[];
  /** Workers; default: one for each processor. */
  readonly jobs: number | undefined;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** Aborted by that, and when the time is over. */
  readonly enough: AbortSignal;
  /** Seconds without any event after which a run hangs. */
  readonly patience: number;
}

/** More workers than any machine has use for. */
export const JOBS_LIMIT = 64;

/** A run that nobody waits for any more. */
const LEFT = Symbol('left');

export class Trials {
  readonly #workers: Workers<Task, Update>;
  readonly #subject: Subject;
  readonly #jobs: number;
  readonly #enough: AbortSignal;
  readonly #interrupted: AbortSignal;
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(subject: Subject, { modules, jobs = availableParallelism(), interrupted, enough, patience }: TrialsOptions) {
    this.#subject = subject;
    this.#jobs = jobs;
    this.#free = jobs;
    this.#enough = enough;
    this.#workers = new Workers(modules, workerModule('trial-worker'), { patience });
    this.#interrupted = interrupted;
  }

  close(): Promise<void> {
    return this.#workers.close();
  }

  /** How it fails at all. However little time there is, this takes what it takes. */
  async failing(plan: CommonPlan): Promise<Failing | 'holds' | 'hangs' | 'interrupted'> {
    const answer = await unless(this.#interrupted, this.#ask({ ask: 'failing', plan }));
    if (answer === LEFT) return 'interrupted';
    return answer?.ask === 'failing' ? (answer.failing ?? 'holds') : 'hangs';
  }

  /** Until nothing becomes smaller, or it is enough. */
  async shrink(shrinking: Shrinking<CommonPlan>, signature: Signature, progress: (progress: ShrinkProgress) => void): Promise<void> {
    const steps = shrinking.steps();
    let step = steps.next();
    while (step.done !== true && !this.#enough.aborted) {
      const progressed = (tried: number): void => progress({ ...shrinking.progress, runs: shrinking.runs + tried });
      const found = step.value.ask === 'draws' ? await this.#draws(step.value.plan) : await this.#first(step.value, signature, progressed);
      if (found === LEFT) return;
      step = steps.next(found);
    }
  }

  /** The run of a plan that is known to fail, though it is enough. */
  async last(plan: CommonPlan, columns: number): Promise<Last> {
    // Whatever else is not over yet.
    const answer = await this.#run({ ask: 'last', plan, columns });
    if (answer?.ask !== 'last') throw new Error('a run that came to its end once does not any more');
    return answer;
  }

  /** `undefined`: it was left before it was found. */
  async cause(
    plan: CommonPlan,
    failing: Failing,
    {
      runs,
      seed,
      progressed,
    }: { readonly runs: number; readonly seed: number; readonly progressed: (known: readonly Ends[], asked: EndsAsked) => void },
  ): Promise<Cause | undefined> {
    const asking = bisect(failing.at, runs);
    const known: Ends[] = [];
    let step = asking.next();
    while (step.done !== true) {
      progressed(known, step.value);
      const ends = await this.#unlessLeft(this.#ends(plan, failing.signature, step.value, seed));
      if (ends === LEFT) return undefined;
      known.push(ends);
      step = asking.next(ends);
    }
    return step.value;
  }

  async event(plan: CommonPlan, index: number): Promise<CausingEvent | undefined> {
    const answer = await this.#ask({ ask: 'event', plan, index });
    return answer?.ask === 'event' ? answer.event : undefined;
  }

  async #draws(plan: CommonPlan): Promise<Found | typeof LEFT> {
    const answer = await this.#unlessLeft(this.#ask({ ask: 'draws', plan }));
    if (answer === LEFT) return LEFT;
    return { ask: 'draws', draws: answer?.ask === 'draws' ? answer.draws : [] };
  }

  /** As many as there are workers are tried at once; the first in order that fails is it, and what comes behind was tried for nothing. */
  async #first(
    { candidates, most }: Extract<Search<CommonPlan>, { readonly ask: 'first' }>,
    signature: Signature,
    progressed: (tried: number) => void,
  ): Promise<Found | typeof LEFT> {
    const ahead: Promise<number | undefined>[] = [];
    let [made, more] = [0, true];
    for (let place = 0; ; place++) {
      while (more && ahead.length < this.#jobs && made < most) {
        const next = candidates.next();
        more = next.done !== true;
        if (next.done === true) break;
        ahead.push(this.#decision(next.value, signature));
        made++;
      }
      const head = ahead.shift();
      if (head === undefined) return { ask: 'first', tried: place };
      const at = await this.#unlessLeft(head);
      if (at === LEFT) return LEFT;
      progressed(place + 1);
      if (at !== undefined) return { ask: 'first', found: { place, at }, tried: place + 1 };
    }
  }

  async #decision(candidate: Candidate, signature: Signature): Promise<number | undefined> {
    const answer = await this.#ask({ ask: 'decision', candidate, signature });
    // A plan with which a run hangs is another bug.
    return answer?.ask === 'decision' ? answer.at : undefined;
  }

  /** A share for each worker. */
  async #ends(plan: CommonPlan, signature: Signature, { after, first, runs }: EndsAsked, otherSeed: number): Promise<Ends> {
    const size = Math.ceil(runs / this.#jobs);
    const shares = Array.from({ length: Math.ceil(runs / size) }, (_, share) => ({
      after,
      first: first + share * size,
      runs: Math.min(size, runs - share * size),
    }));
    const answers = await Promise.all(shares.map(asked => this.#ask({ ask: 'ends', plan, signature, asked, otherSeed })));
    // A share in which a run hangs has not failed in this way.
    const ends = answers.map((answer, share) =>
      answer?.ask === 'ends' ? answer.ends : { after, runs: shares[share]?.runs ?? 0, failed: 0, otherwise: 0 },
    );
    const sum = (of: (ends: Ends) => number): number => ends.reduce((all, each) => all + of(each), 0);
    return { after, runs, failed: sum(each => each.failed), otherwise: sum(each => each.otherwise) };
  }

  #unlessLeft<T>(work: Promise<T>): Promise<T | typeof LEFT> {
    return unless(this.#enough, work);
  }

  /** `undefined`: the run hangs. */
  async #run(question: Question): Promise<Answer | undefined> {
    let answer: Answer | undefined;
    const hung: Hung | undefined = await this.#workers.run({ ...this.#subject, question }, update => {
      answer = update.answer;
    });
    return hung === undefined ? answer : undefined;
  }

  /** When a worker is free. */
  async #ask(question: Question): Promise<Answer | undefined> {
    if (this.#free === 0) await new Promise<void>(resolve => this.#waiting.push(resolve));
    else this.#free--;
    try {
      return await this.#run(question);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}

function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T | typeof LEFT> {
  // What goes wrong in it later, nobody hears.
  work.catch(() => {});
  return new Promise((resolve, reject) => {
    const leave = (): void => resolve(LEFT);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
