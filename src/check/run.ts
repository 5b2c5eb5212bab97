/**
 * One run: build the world, let things go wrong, heal, give it time to recover, and judge every event on the way.
 * Nothing is kept but the judgement unless asked for: a sweep needs the memory of one world.
 * Lacks: many runs (src/check/sweep.ts) and files (src/check/record.ts makes the text of a trace).
 */
import fc from 'fast-check';
import { after, type Instant, ORIGIN } from '../host/time.ts';
import type { DrawObserver, Fresh } from '../sim/core/chance.ts';
import type { RefusableCall } from '../sim/core/refusals.ts';
import type { Firing } from '../sim/nemesis.ts';
import { World } from '../sim/world.ts';
import type { TraceEvent } from '../trace/event.ts';
import { latestOf, withinBudget } from './budget.ts';
import { EVENT_LIMIT } from './builtin.ts';
import { Judge } from './judge.ts';
import type { RunEnding, Undecided, Violation } from './property.ts';
import { type CommonPlan, hasProfile, type Profile, propertiesOf, type Scenario } from './scenario.ts';
import { spread } from './steps.ts';

/** Seeds are integers from 0; their text seeds the world, and their value the plan. */
export const SEED_LIMIT = 0xffff_ffff;

export interface RunOptions {
  /** Keep every event: for a trace, or to compare. */
  readonly keep?: boolean;
  /** Stop soon after this property is violated. The fingerprint is then that of a shorter run. */
  readonly stopAt?: string;
  /** Give up after so many events: what was not violated by then counts as if it held. */
  readonly within?: number;
  /** Sees every draw that a tape can hold. */
  readonly draws?: DrawObserver;
  /** Other chance from some event on. */
  readonly fresh?: Fresh;
  /** Sees every Host call until the world is healed. */
  readonly calls?: (call: HostCall) => void;
  /** Sees every event, after it was judged. */
  readonly sink?: (event: TraceEvent) => void;
}

export type { Firing };

/** A Host call, before it has an effect. */
export interface HostCall {
  /** From 1, among all of the run. */
  readonly call: number;
  /** Of the process, which no other of the run has. */
  readonly serial: number;
  readonly program: string;
  readonly machine: string;
  /** Of the processes of its program it is the one that a kill or a pause hits. */
  readonly newest: boolean;
  readonly time: Instant;
  /** Events before it. */
  readonly events: number;
  /** When it is one that a fault may refuse: which. */
  readonly name: RefusableCall | undefined;
}

export interface RunResult<Plan extends CommonPlan = CommonPlan> {
  readonly scenario: string;
  readonly seed: number;
  readonly plan: Plan;
  readonly outcome: 'pass' | 'fail';
  /** In the order they were decided. */
  readonly violations: readonly Violation[];
  /** Names of the `sometimes` properties this run met, and of those it did not. */
  readonly met: readonly string[];
  readonly unmet: readonly string[];
  /** Properties of which this run cannot tell. */
  readonly undecided: readonly Undecided[];
  readonly firings: readonly Firing[];
  /** All events when they were to be kept. */
  readonly events: readonly TraceEvent[] | undefined;
  readonly eventCount: number;
  readonly fingerprint: string;
  /** What daemons threw, with the stack: for people, and different between engines. */
  readonly bugs: readonly string[];
  readonly ending: RunEnding;
}

/** The plan this seed stands for: as long as neither the scenario nor fast-check changes. What is kept of a failure is the plan. */
export function planOf<Plan extends CommonPlan>(scenario: Scenario<Plan>, seed: number, profile: Profile): Plan {
  checkSeed(seed);
  if (!hasProfile(scenario, profile)) throw new Error(`scenario ${scenario.name} has no plans that are ${profile}`);
  const [plan] = fc.sample(sourceOf(scenario, profile), { seed: fastCheckSeed(seed), numRuns: 1 });
  if (plan === undefined) throw new Error(`scenario ${scenario.name}: fast-check drew no plan`);
  return spread(plan, scenario);
}

const sources = new WeakMap<object, Map<Profile, fc.Arbitrary<unknown>>>();

/** What a scenario draws its plans from, built once: that costs more than to draw one, and up to half a run. */
export function sourceOf<Plan extends CommonPlan>(scenario: Scenario<Plan>, profile: Profile): fc.Arbitrary<Plan> {
  const known = sources.get(scenario) ?? new Map<Profile, fc.Arbitrary<unknown>>();
  sources.set(scenario, known);
  const source = known.get(profile) ?? scenario.plans(profile);
  known.set(profile, source);
  // It came from this scenario.
  return source as fc.Arbitrary<Plan>;
}

/** One run as a test looks at it: of the plan that this seed stands for, with its events. */
export function runSeed<Plan extends CommonPlan>(
  scenario: Scenario<Plan>,
  seed: number,
  profile: Profile = 'corrected',
): RunResult<Plan> & { readonly events: readonly TraceEvent[] } {
  const result = runPlan(scenario, planOf(scenario, seed, profile), seed, { keep: true });
  return { ...result, events: result.events ?? [] };
}

/** fast-check takes 32 signed bits; this maps one to one. */
export const fastCheckSeed = (seed: number): number => seed | 0;

export function checkSeed(seed: number): void {
  if (!Number.isInteger(seed) || seed < 0 || seed > SEED_LIMIT)
    throw new RangeError(`a seed is an integer from 0 to ${SEED_LIMIT}, not ${seed}`);
}

export function runPlan<Plan extends CommonPlan>(
  scenario: Scenario<Plan>,
  plan: Plan,
  seed: number,
  options: RunOptions = {},
): RunResult<Plan> {
  checkSeed(seed);
  const excess = withinBudget(plan.faults, scenario.budget);
  if (excess !== undefined) throw new Error(`scenario ${scenario.name}: the plan is outside the fault budget: ${excess}`);
  const run = new Run(scenario, plan, seed, options);
  return run.complete();
}

/** Events between two looks at whether a run may stop early. */
const SLICE = 256;

class Run<Plan extends CommonPlan> {
  readonly #scenario: Scenario<Plan>;
  readonly #plan: Plan;
  readonly #seed: number;
  readonly #stopAt: string | undefined;
  /** Of the scenario; and when to give up, if that is earlier. */
  readonly #maxEvents: number;
  readonly #within: number;
  readonly #judge: Judge;
  readonly #kept: TraceEvent[] | undefined;
  readonly #world: World;
  readonly #calls: RunOptions['calls'];
  #count = 0;

  constructor(scenario: Scenario<Plan>, plan: Plan, seed: number, options: RunOptions) {
    this.#scenario = scenario;
    this.#plan = plan;
    this.#seed = seed;
    this.#stopAt = options.stopAt;
    this.#maxEvents = scenario.maxEventsOf?.(plan) ?? scenario.maxEvents;
    this.#within = Math.min(this.#maxEvents, options.within ?? this.#maxEvents);
    this.#judge = new Judge(propertiesOf(scenario));
    this.#kept = options.keep === true ? [] : undefined;
    this.#calls = options.calls;
    this.#world = new World({
      seed: String(seed),
      programs: scenario.programs(plan),
      link: plan.link,
      local: plan.local,
      schedule: plan.schedule,
      latest: latestOf(scenario.budget),
      chance: { tape: plan.tape, observer: options.draws, fresh: options.fresh },
      sink: this.#sink(options.sink),
    });
  }

  complete(): RunResult<Plan> {
    this.#world.phase('chaos');
    if (this.#calls !== undefined) this.#observe(this.#calls);
    this.#scenario.build(this.#world, this.#plan);
    this.#world.inject(this.#plan.faults);
    const ending = this.#phases();
    const judgement = this.#judge.end(ending);
    const violations =
      ending.ended === 'event-limit' && this.#count >= this.#maxEvents
        ? [...judgement.violations, this.#runaway(ending)]
        : judgement.violations;
    return {
      scenario: this.#scenario.name,
      seed: this.#seed,
      plan: this.#plan,
      outcome: violations.length === 0 ? 'pass' : 'fail',
      violations,
      met: judgement.met,
      unmet: judgement.unmet,
      undecided: judgement.undecided,
      firings: this.#world.firings(),
      events: this.#kept,
      eventCount: this.#count,
      fingerprint: this.#world.fingerprint(),
      bugs: this.#world.bugs.map(error => (error instanceof Error ? (error.stack ?? error.message) : String(error))),
      ending,
    };
  }

  /** A call is told when it is known whether it may be refused: before the next one, or at the end. */
  #observe(tell: (call: HostCall) => void): void {
    let last: HostCall | undefined;
    const flush = (): void => {
      if (last !== undefined) tell(last);
      last = undefined;
    };
    this.#world.observe({
      called: (call, serial) => {
        flush();
        const process = this.#world.processOf(serial);
        if (process !== undefined) last = { call, serial, ...process, time: this.#world.now, events: this.#count, name: undefined };
      },
      refusable: (call, name) => {
        if (last?.call === call) last = { ...last, name };
      },
      over: flush,
    });
  }

  #sink(also: RunOptions['sink']): (event: TraceEvent) => void {
    const judge = this.#judge;
    const kept = this.#kept;
    return event => {
      this.#count++;
      judge.see(event);
      kept?.push(event);
      also?.(event);
    };
  }

  #phases(): RunEnding {
    const healing = after(ORIGIN, this.#scenario.chaos);
    const chaos = this.#advance(healing);
    if (chaos.ended === 'event-limit' || this.#stopped()) return chaos;
    this.#world.heal();
    this.#world.phase('liveness');
    return this.#advance(after(healing, this.#scenario.liveness));
  }

  #advance(until: Instant): RunEnding {
    const most = this.#within;
    for (;;) {
      const limit = this.#stopAt === undefined ? most : Math.min(this.#count + SLICE, most);
      const ended = this.#world.run(until, limit);
      if (ended !== 'event-limit' || limit === most || this.#stopped()) return { time: this.#world.now, ended };
    }
  }

  /** Once something came after the event that decides: with nothing behind it, it would look like the end of the run. */
  #stopped(): boolean {
    return this.#judge.violations.some(({ property, at }) => property === this.#stopAt && at < this.#count - 1);
  }

  #runaway(ending: RunEnding): Violation {
    const why = `the run used up its ${this.#maxEvents} events and had not come to its end`;
    return { property: EVENT_LIMIT, at: this.#count - 1, time: ending.time, why };
  }
}
