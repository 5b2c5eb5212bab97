/**
 * A smaller plan that still fails with the same signature: the passes of passes.ts, one after the other, and again, until nothing becomes
 * smaller. Of the candidates of a pass the first in order that fails is taken, whoever has tried which of them first: the same plan
 * comes out of one thread as of many.
 * Lacks: another seed: chance stays as it was where the tape does not say otherwise. Threads and a clock: who has them asks `Shrinking` itself.
 */
import type { Violation } from '../property.ts';
import { type RunResult, runPlan } from '../run.ts';
import type { CommonPlan, Scenario } from '../scenario.ts';
import { type Answer, type Candidate, type Draws, decisionOf, drawsOf, type Failing, failureOf, type Question } from './offer.ts';
import {
  allDraws,
  type Edit,
  type Fields,
  fewerFaults,
  fewerItems,
  keepingDraws,
  loud,
  plainly,
  quieterDelays,
  quieterMachines,
  quieterSchedule,
  quietLabel,
  Values,
} from './passes.ts';

export interface ShrinkOptions {
  /** Runs to spend; default 1000. */
  readonly maxRuns?: number;
  /** As every run begins. */
  readonly onProgress?: (progress: ShrinkProgress) => void;
}
export const SHRINK_RUNS = 1000;

export interface ShrinkProgress {
  readonly runs: number;
  /** Plans accepted as smaller so far. */
  readonly accepted: number;
  /** In the smallest plan so far. */
  readonly faults: number;
  /** What is being made smaller. */
  readonly pass: string;
}

export interface Shrunk<Plan extends CommonPlan = CommonPlan> {
  readonly plan: Plan;
  readonly violation: Violation;
  /** The run of this plan, with its events. */
  readonly result: RunResult<Plan>;
  readonly runs: number;
  readonly accepted: number;
  /** Whether the passes came to their own end; otherwise the runs were used up, and more may go further. */
  readonly finished: boolean;
}

/** `undefined` when the plan does not violate the property to begin with. */
export function shrinkPlan<Plan extends CommonPlan>(
  scenario: Scenario<Plan>,
  plan: Plan,
  seed: number,
  property: string,
  { maxRuns = SHRINK_RUNS, onProgress }: ShrinkOptions = {},
): Shrunk<Plan> | undefined {
  const failing = failureOf(scenario, plan, seed, property);
  if (failing === undefined) return undefined;
  const shrinking = new Shrinking(scenario, plan, seed, failing, maxRuns);
  const steps = shrinking.steps();
  let runs = shrinking.runs;
  onProgress?.(shrinking.progress);
  const begun = (): void => onProgress?.({ ...shrinking.progress, runs: ++runs });
  for (let step = steps.next(); step.done !== true; ) step = steps.next(answered(scenario, seed, failing, step.value, begun));
  const { best, accepted, finished } = shrinking;
  return { plan: best, ...lastRun(scenario, best, seed, property), runs: shrinking.runs, accepted, finished };
}

/** One candidate after the other. */
function answered<Plan extends CommonPlan>(
  scenario: Scenario<Plan>,
  seed: number,
  { signature }: Failing,
  question: Question<Plan>,
  begun: () => void,
): Answer {
  if (question.ask === 'draws') return { ask: 'draws', draws: drawsOf(scenario, question.plan, seed, signature.property) };
  for (let place = 0; place < question.most; place++) {
    const next = question.candidates.next();
    if (next.done === true) return { ask: 'first', tried: place };
    begun();
    const at = decisionOf(scenario, next.value, seed, signature);
    if (at !== undefined) return { ask: 'first', found: { place, at }, tried: place + 1 };
  }
  return { ask: 'first', tried: question.most };
}

/** The run of a plan that is known to fail. */
export function lastRun<Plan extends CommonPlan>(
  scenario: Scenario<Plan>,
  plan: Plan,
  seed: number,
  property: string,
): { readonly violation: Violation; readonly result: RunResult<Plan> } {
  const result = runPlan(scenario, plan, seed, { keep: true });
  const violation = result.violations.find(each => each.property === property);
  if (violation === undefined) throw new Error(`scenario ${scenario.name} is not deterministic: ${property} failed and then held`);
  return { violation, result };
}

type Steps<Plan extends CommonPlan, Result> = Generator<Question<Plan>, Result, Answer>;

/** What a pass offers at one place, and where it goes on once that is taken. */
interface Offered<Plan extends CommonPlan> {
  readonly plan: Plan;
  readonly longer: boolean;
  readonly take: () => void;
}

/** The best plan so far, and the questions that lead to a smaller one. Runs nothing itself. */
export class Shrinking<Plan extends CommonPlan> {
  readonly #maxRuns: number;
  readonly #values: Values<Plan>;
  /** Plans that did not fail, within so many events. */
  readonly #rejected = new Map<string, number>();
  readonly #bests = new Set<string>();
  #best: Plan;
  /** The event that decides in it. */
  #at: number;
  #runs = 1;
  #accepted = 0;
  #pass = '';
  #finished = false;

  /** `failing`: how the plan fails. Whoever knows that has made one run. */
  constructor(scenario: Scenario<Plan>, plan: Plan, seed: number, failing: Failing, maxRuns: number = SHRINK_RUNS) {
    this.#best = plan;
    this.#at = failing.at;
    this.#maxRuns = maxRuns;
    this.#bests.add(JSON.stringify(plan));
    this.#values = new Values(scenario, plan, seed);
  }

  get best(): Plan {
    return this.#best;
  }
  get runs(): number {
    return this.#runs;
  }
  get accepted(): number {
    return this.#accepted;
  }
  /** Nothing becomes smaller any more. */
  get finished(): boolean {
    return this.#finished;
  }
  get progress(): ShrinkProgress {
    return { runs: this.#runs, accepted: this.#accepted, faults: this.#best.faults.length, pass: this.#pass };
  }

  /** May be left at any time: the best plan so far is always whole. */
  *steps(): Steps<Plan, void> {
    if (!this.#values.contextFree) yield* this.#smaller('values');
    // What one pass takes away lets another take more.
    for (let before = -1; before !== this.#accepted && !this.#spent; ) {
      before = this.#accepted;
      for (const [name, pass] of this.#passes) {
        this.#pass = name;
        yield* pass();
      }
    }
    this.#finished = !this.#spent;
  }

  readonly #passes: readonly (readonly [name: string, pass: () => Steps<Plan, void>])[] = [
    ['everything', () => this.#everything()],
    ['faults', () => this.#faults()],
    ['workload', () => this.#both(this.#items(), this.#smaller('workload'))],
    ['machines', () => this.#both(this.#smaller('machines'), this.#edits(quieterMachines()))],
    ['schedule', () => this.#edits(quieterSchedule())],
    ['delays', () => this.#edits(quieterDelays())],
    ['values', () => this.#both(this.#smaller('values'), this.#draws())],
  ];

  get #spent(): boolean {
    return this.#runs >= this.#maxRuns;
  }

  *#both(one: Steps<Plan, void>, other: Steps<Plan, void>): Steps<Plan, void> {
    yield* one;
    yield* other;
  }

  *#everything(): Steps<Plan, void> {
    const least: Edit<Plan> = best => {
      const plan = this.#values.least(best);
      return plan === undefined ? undefined : { plan, longer: true };
    };
    const both: Edit<Plan> = best => {
      const smaller = least(best);
      const plain = smaller === undefined ? undefined : plainly<Plan>()[0]?.(smaller.plan);
      return plain === undefined ? undefined : { ...plain, longer: true };
    };
    yield* this.#edits([both, ...plainly<Plan>(), least]);
  }

  /** Of lists of the workload, until all that is left is needed. */
  *#items(): Steps<Plan, void> {
    for (let before = -1; before !== this.#accepted && !this.#spent; ) {
      before = this.#accepted;
      yield* this.#edits(fewerItems(this.#best));
    }
  }

  *#faults(): Steps<Plan, void> {
    for (let before = -1; before !== this.#best.faults.length && !this.#spent; ) {
      before = this.#best.faults.length;
      yield* this.#edits(fewerFaults(this.#best));
    }
  }

  /** Each of them, of what is the best plan by then. */
  *#edits(edits: readonly Edit<Plan>[]): Steps<Plan, void> {
    for (let next: number | undefined = 0; next !== undefined; ) {
      const from: number = next;
      next = undefined;
      yield* this.#first(this.#edited(edits, from, index => (next = index + 1)));
    }
  }

  *#edited(edits: readonly Edit<Plan>[], from: number, taken: (index: number) => void): Generator<Offered<Plan>, void> {
    const best = this.#best;
    for (const [index, edit] of edits.entries()) {
      const edited = index < from ? undefined : edit(best);
      if (edited !== undefined) yield { ...edited, take: () => taken(index) };
    }
  }

  *#smaller(fields: Fields): Steps<Plan, void> {
    while (yield* this.#first(this.#valuesOf(fields))) if (this.#spent) return;
  }

  *#valuesOf(fields: Fields): Generator<Offered<Plan>, void> {
    for (const { plan, take } of this.#values.smaller(this.#best, fields)) yield { plan, longer: true, take };
  }

  *#draws(): Steps<Plan, void> {
    if (this.#spent) return;
    const answer = yield { ask: 'draws', plan: this.#best };
    const draws: Draws = answer.ask === 'draws' ? answer.draws : [];
    for (const [label, values] of loud(this.#best, draws)) {
      if (this.#spent) return;
      if (yield* this.#edit(quietLabel(label))) continue;
      const told = allDraws(values);
      if (told !== undefined && (yield* this.#edit(keepingDraws(label, told)))) yield* this.#fewerTold(label, told);
    }
  }

  /** Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002, over the draws of one label: ever smaller parts of them are taken away. */
  *#fewerTold(label: string, told: NonNullable<ReturnType<typeof allDraws>>): Steps<Plan, void> {
    let kept = told;
    for (let size = Math.ceil(kept.length / 2); size >= 1 && !this.#spent; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let start: number | undefined = 0; start !== undefined && start < kept.length; ) {
        const before = kept;
        const starts = Array.from({ length: Math.ceil((before.length - start) / size) }, (_, index) => (start ?? 0) + index * size);
        start = undefined;
        const edits = starts.map(each => keepingDraws<Plan>(label, before.toSpliced(each, size)));
        yield* this.#first(
          this.#edited(edits, 0, index => {
            start = starts[index];
            kept = before.toSpliced(start ?? 0, size);
          }),
        );
      }
    }
  }

  *#edit(edit: Edit<Plan>): Steps<Plan, boolean> {
    return yield* this.#first(this.#edited([edit], 0, () => {}));
  }

  /** Whether one of them was taken, the first that fails. */
  *#first(offers: Iterable<Offered<Plan>>): Steps<Plan, boolean> {
    const most = this.#maxRuns - this.#runs;
    if (most <= 0) return false;
    const made: (Candidate<Plan> & Offered<Plan> & { readonly text: string })[] = [];
    const answer = yield { ask: 'first', candidates: this.#candidates(offers, each => made.push(each)), most };
    if (answer.ask !== 'first') return false;
    const { found, tried } = answer;
    this.#runs += tried;
    for (const { text, within } of made.slice(0, found?.place ?? tried)) this.#rejected.set(text, within);
    const taken = found === undefined ? undefined : made[found.place];
    if (found === undefined || taken === undefined) return false;
    this.#best = taken.plan;
    this.#bests.add(taken.text);
    this.#at = found.at;
    this.#accepted++;
    taken.take();
    return true;
  }

  *#candidates<Offer extends Offered<Plan>>(
    offers: Iterable<Offer>,
    make: (candidate: Candidate<Plan> & Offer & { readonly text: string }) => void,
  ): Generator<Candidate<Plan>, void> {
    const seen = new Set<string>();
    for (const offer of offers) {
      const { plan, longer } = offer;
      const text = JSON.stringify(plan);
      const within = longer ? Number.POSITIVE_INFINITY : this.#at + 1;
      // What was the best once has become smaller, in the judgement of another pass.
      if (seen.has(text) || this.#bests.has(text) || (this.#rejected.get(text) ?? -1) >= within || !this.#values.possible(plan)) continue;
      seen.add(text);
      make({ ...offer, text, within });
      yield { plan, within };
    }
  }
}
