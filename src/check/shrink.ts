/**
 * A smaller plan that still violates the same property. Order of the passes: whole faults, the schedule and the links
 * first (what explains most), then every value by fast-check, then the draws of chance, which become the least they can be but for those
 * that matter; and again, until nothing becomes smaller. Only a fault less, or a smaller
 * value, may make the way to the failure longer. A fault carries
 * its own end, so that a cut and its healing, a power cut and the power's return, can only go together.
 * Lacks: another seed: chance stays as it was where the tape does not say otherwise.
 */
import fc from 'fast-check';
import type { Tape } from '../sim/core/chance.ts';
import { LINK_DEFAULTS, LOCAL_DEFAULTS } from '../sim/core/options.ts';
import type { Violation } from './property.ts';
import { fastCheckSeed, planOf, type RunResult, runPlan } from './run.ts';
import type { CommonPlan, Scenario } from './scenario.ts';

export interface ShrinkOptions {
  /** Runs to spend; default 1000. */
  readonly maxRuns?: number;
  /** As every run begins. */
  readonly onProgress?: (progress: ShrinkProgress) => void;
}
export const SHRINK_RUNS = 1000;

const NEVER = Number.POSITIVE_INFINITY;

export interface ShrinkProgress {
  readonly runs: number;
  /** Plans accepted as smaller so far. */
  readonly accepted: number;
  /** In the smallest plan so far. */
  readonly faults: number;
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
  options: ShrinkOptions = {},
): Shrunk<Plan> | undefined {
  const trial = new Trial(scenario, plan, seed, property, options);
  if (!trial.begins()) return undefined;
  const arbitrary = scenario.plans(plan.profile);
  // Only a plan as fast-check itself drew it can be shrunk with its context, which is that of the seed.
  const drawn = drawnPart(plan);
  const contextFree = arbitrary.canShrinkWithoutContext(drawn);
  const possible = (smaller: Plan) => !contextFree || arbitrary.canShrinkWithoutContext(drawnPart(smaller));
  if (!contextFree && equal(drawn, planOf(scenario, seed, plan.profile))) shrinkValues(trial, arbitrary, seed, []);
  // What one pass takes away lets another take more.
  for (let before = -1; before !== trial.accepted && !trial.spent; ) {
    before = trial.accepted;
    dropParts(trial, possible);
    if (contextFree) shrinkValues(trial, arbitrary, seed, [[drawnPart(trial.best)]]);
    quieten(trial);
  }
  return trial.outcome();
}

/** The best plan so far and the runs spent on finding it. A plan is run once. */
class Trial<Plan extends CommonPlan> {
  readonly #scenario: Scenario<Plan>;
  readonly #seed: number;
  readonly #property: string;
  readonly #maxRuns: number;
  readonly #onProgress: ShrinkOptions['onProgress'];
  readonly #known = new Map<string, number | undefined>();
  readonly #bests = new Set<string>();
  /** Where the best plan is decided. */
  #at = NEVER;
  #runs = 0;
  #accepted = 0;
  #best: Plan;

  constructor(scenario: Scenario<Plan>, plan: Plan, seed: number, property: string, options: ShrinkOptions) {
    this.#scenario = scenario;
    this.#best = plan;
    this.#seed = seed;
    this.#property = property;
    this.#maxRuns = options.maxRuns ?? SHRINK_RUNS;
    this.#onProgress = options.onProgress;
  }

  get best(): Plan {
    return this.#best;
  }
  get accepted(): number {
    return this.#accepted;
  }
  get spent(): boolean {
    return this.#runs >= this.#maxRuns;
  }

  /** Whether the first plan fails at all. */
  begins(): boolean {
    this.#bests.add(JSON.stringify(this.#best));
    this.#at = this.#decision(this.#best) ?? NEVER;
    return this.#at !== NEVER;
  }

  /** Takes a plan that is smaller than the best in the caller's judgement, if it fails; `longer`: though the way to the failure may grow. */
  accept(plan: Plan, longer: 'longer' | 'not-longer'): boolean {
    // What was the best once has become smaller, in the judgement of another pass.
    if (this.#bests.has(JSON.stringify(plan))) return false;
    const at = this.#decision(plan);
    if (at === undefined || (at > this.#at && longer === 'not-longer')) return false;
    this.#best = plan;
    this.#bests.add(JSON.stringify(plan));
    this.#at = at;
    this.#accepted++;
    return true;
  }

  /** The draws of the best plan, by label. Costs a run that is not counted. */
  draws(): ReadonlyMap<string, readonly number[]> {
    const draws = new Map<string, number[]>();
    runPlan(this.#scenario, this.#best, this.#seed, {
      stopAt: this.#property,
      draws: (label, _, value) => {
        const known = draws.get(label);
        if (known === undefined) draws.set(label, [value]);
        else known.push(value);
      },
    });
    return draws;
  }

  /** The event at which the property is violated. Another property that fails is another bug, and no success. */
  #decision(plan: Plan): number | undefined {
    const text = JSON.stringify(plan);
    if (this.#known.has(text) || this.spent) return this.#known.get(text);
    this.#runs++;
    this.#onProgress?.({ runs: this.#runs, accepted: this.#accepted, faults: this.#best.faults.length });
    const result = runPlan(this.#scenario, plan, this.#seed, { stopAt: this.#property });
    const at = result.violations.find(each => each.property === this.#property)?.at;
    this.#known.set(text, at);
    return at;
  }

  outcome(): Shrunk<Plan> {
    const result = runPlan(this.#scenario, this.#best, this.#seed, { keep: true });
    const violation = result.violations.find(each => each.property === this.#property);
    if (violation === undefined)
      throw new Error(`scenario ${this.#scenario.name} is not deterministic: ${this.#property} failed and then held`);
    return { plan: this.#best, violation, result, runs: this.#runs, accepted: this.#accepted, finished: !this.spent };
  }
}

/** Until nothing more can be left out. `possible`: whether the scenario could have drawn the plan. */
function dropParts<Plan extends CommonPlan>(trial: Trial<Plan>, possible: (plan: Plan) => boolean): void {
  const offer = (part: Partial<CommonPlan>): void => {
    const smaller = { ...trial.best, ...part };
    if (!equal(smaller, trial.best) && possible(smaller))
      trial.accept(smaller, smaller.faults.length < trial.best.faults.length ? 'longer' : 'not-longer');
  };
  offer({ faults: [] });
  for (let before = -1; before !== trial.best.faults.length && !trial.spent; ) {
    before = trial.best.faults.length;
    // From the last to the first: a later fault is more often without consequence. Two at a time, as two may need each other.
    for (const count of [1, 2]) {
      for (let start = before - count; start >= 0; start--) {
        const { faults } = trial.best;
        if (start + count <= faults.length) offer({ faults: faults.toSpliced(start, count) });
      }
    }
  }
  offer({ schedule: { strategy: 'fifo' } });
  offer({ link: LINK_DEFAULTS });
  offer({ local: LOCAL_DEFAULTS });
}

/** What fast-check draws of a plan: what strikes at a call and what is on the tape it knows nothing of. */
function drawnPart<Plan extends CommonPlan>(plan: Plan): Plan {
  const { tape: _, ...rest } = plan;
  // Plan has its fields but for one that may be absent.
  return { ...(rest as Plan), faults: plan.faults.filter(({ kind }) => kind !== 'strike') };
}

/** The other part, of another plan. */
function joined<Plan extends CommonPlan>(drawn: Plan, { tape, faults }: Plan): Plan {
  const strikes = faults.filter(({ kind }) => kind === 'strike');
  return { ...drawn, faults: [...drawn.faults, ...strikes], ...(tape === undefined ? {} : { tape }) };
}

function shrinkValues<Plan extends CommonPlan>(trial: Trial<Plan>, arbitrary: fc.Arbitrary<Plan>, seed: number, examples: [Plan][]): void {
  const holds = fc.property(arbitrary, drawn => {
    const plan = joined(drawn, trial.best);
    // The first is the best one itself.
    return !(equal(plan, trial.best) || trial.accept(plan, 'longer'));
  });
  // The first value fast-check tries is the example, or else the one that planOf drew from this seed.
  fc.check(holds, { seed: fastCheckSeed(seed), numRuns: 1, examples });
}

/** By the beginnings of their labels: what is drawn, from what explains least to what explains most. Bytes and ports of daemons are not. */
const QUIET: readonly string[] = ['start/', 'list/', 'machine/', 'read/', 'link/', 'swizzle', 'disk/', 'schedule'];
/** A label with more draws than this is left as it is, if it matters at all. */
const DRAWS_MAX = 64;

/** Draws that are the least they can be: all at once, those of a kind, of a label, and at last of one label all but those that matter. */
function quieten<Plan extends CommonPlan>(trial: Trial<Plan>): void {
  const offer = (tape: Tape): boolean => trial.accept({ ...trial.best, tape }, 'not-longer');
  const { least, set } = tapeOf(trial.best);
  if (QUIET.some(each => !least.includes(each))) offer({ least: QUIET, set });
  for (const kind of QUIET)
    if (!isLeast(trial.best, kind)) offer({ least: [...tapeOf(trial.best).least, kind], set: tapeOf(trial.best).set });
  for (const [label, values] of trial.draws()) {
    if (trial.spent) return;
    if (!QUIET.some(kind => label.startsWith(kind)) || isLeast(trial.best, label)) continue;
    const tape = tapeOf(trial.best);
    if (offer({ least: [...tape.least, label], set: tape.set }) || values.length > DRAWS_MAX) continue;
    keepWhatMatters(trial, label, values);
  }
}

const tapeOf = ({ tape }: CommonPlan): Tape => tape ?? { least: [], set: {} };
const isLeast = (plan: CommonPlan, label: string): boolean => tapeOf(plan).least.some(each => label.startsWith(each));

/** Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002, over the draws of one label: ever smaller parts of them are taken away. */
function keepWhatMatters<Plan extends CommonPlan>(trial: Trial<Plan>, label: string, values: readonly number[]): void {
  let kept = values.map((value, number) => [number, value] as const);
  const offer = (numbers: typeof kept): boolean => {
    const { least, set } = tapeOf(trial.best);
    const others = least.filter(each => each !== label);
    return trial.accept(
      { ...trial.best, tape: { least: [...others, label], set: { ...set, [label]: Object.fromEntries(numbers) } } },
      'not-longer',
    );
  };
  if (!offer(kept)) return;
  for (let size = Math.ceil(kept.length / 2); size >= 1 && !trial.spent; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < kept.length; ) {
      const fewer = kept.toSpliced(start, size);
      if (offer(fewer)) kept = fewer;
      else start += size;
    }
  }
}

const equal = (left: CommonPlan, right: CommonPlan): boolean => JSON.stringify(left) === JSON.stringify(right);
