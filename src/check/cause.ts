/**
 * When a failure could not be avoided any more: the run is made again up to some event, choice by choice, and from there on with other chance,
 * many times. The fewer of these runs get away, the later the event is; a bisection finds the first after which none does.
 *  - Other chance: every draw after the event, and the faults that had not begun by then, drawn anew from the same budget.
 * Lacks: another workload and another strategy of the schedule, which stay those of the plan; certainty: it is as good as the runs are many.
 */
import type { Duration } from '../host/time.ts';
import type { Fault } from '../sim/fault.ts';
import { NO_CAUSE, NO_EVENT, type TraceEvent } from '../trace/event.ts';
import { withinBudget } from './budget.ts';
import { planOf, type RunOptions, type RunResult, runPlan } from './run.ts';
import type { CommonPlan, Scenario } from './scenario.ts';
import { type Signature, signatureOf } from './signature.ts';

/** What became of runs that had the same beginning. */
export interface Ends {
  /** The last event of the beginning, or NO_EVENT. */
  readonly after: number;
  readonly runs: number;
  /** Runs that failed with the same signature. */
  readonly failed: number;
  /** Runs in which the property was violated, but in another way. */
  readonly otherwise: number;
}

/** Runs `first` to `first + runs - 1` after an event: whoever answers may make them in any order. */
export interface EndsAsked {
  readonly after: number;
  readonly first: number;
  readonly runs: number;
}

export interface Cause {
  /**
   * event: after it no run got away, and after the one before it some did. start: none ever does; the plan alone decides.
   * end: some still get away after the last event, as nothing but time decides.
   */
  readonly verdict: 'event' | 'start' | 'end';
  /** The event, of `event`; otherwise NO_EVENT. */
  readonly event: number;
  /** What was found out, in the order of events. */
  readonly ends: readonly Ends[];
}

/** So many times as many runs for the event that is named. */
const SURE = 3;

/** Asks for runs and finds the event; `at`: the event that decides. The answer depends on nothing but what it is told. */
export function* bisect(at: number, runs: number): Generator<EndsAsked, Cause, Ends> {
  const known = new Map<number, Ends>();
  const add = (more: Ends): Ends => {
    const before = known.get(more.after);
    const sum: Ends =
      before === undefined
        ? more
        : {
            after: more.after,
            runs: before.runs + more.runs,
            failed: before.failed + more.failed,
            otherwise: before.otherwise + more.otherwise,
          };
    known.set(more.after, sum);
    return sum;
  };
  const concluded = (verdict: Cause['verdict'], event: number): Cause => ({
    verdict,
    event,
    ends: [...known.values()].sort((one, other) => one.after - other.after),
  });
  function* lost(after: number, wanted: number): Generator<EndsAsked, boolean, Ends> {
    const first = known.get(after)?.runs ?? 0;
    const sum = first < wanted ? add(yield { after, first, runs: wanted - first }) : known.get(after);
    return sum !== undefined && sum.failed === sum.runs;
  }
  if (!(yield* lost(at, runs))) return concluded('end', NO_CAUSE);
  let low: number = NO_EVENT;
  // Where few runs all fail by luck, more do not: then it is a later one.
  for (let high = at; ; high = at) {
    if (low === NO_EVENT && (yield* lost(NO_EVENT, runs)) && (yield* lost(NO_EVENT, SURE * runs))) return concluded('start', NO_CAUSE);
    while (high - low > 1) {
      const middle = low + ((high - low) >> 1);
      if (yield* lost(middle, runs)) high = middle;
      else low = middle;
    }
    if (yield* lost(high, SURE * runs)) return concluded('event', high);
    if (high === at) return concluded('end', NO_CAUSE);
    low = high;
  }
}

/** The run whose failure is looked at, with its events. */
export interface Failed<Plan extends CommonPlan = CommonPlan> {
  readonly scenario: Scenario<Plan>;
  readonly result: RunResult<Plan>;
  readonly signature: Signature;
}

/** Makes them, one after the other; `seed`: of the other chance. */
export function endsOf<Plan extends CommonPlan>(
  failed: Failed<Plan>,
  { after, first, runs }: EndsAsked,
  seed: number,
  options: Pick<RunOptions, 'sink'> = {},
): Ends {
  let [same, otherwise] = [0, 0];
  for (let number = first; number < first + runs; number++) {
    const end = endOf(failed, after, seed, number, options);
    if (end === 'same') same++;
    if (end === 'other') otherwise++;
  }
  return { after, runs, failed: same, otherwise };
}

type End = 'same' | 'other' | 'held';

function endOf<Plan extends CommonPlan>(
  { scenario, result, signature }: Failed<Plan>,
  after: number,
  seed: number,
  number: number,
  options: Pick<RunOptions, 'sink'>,
): End {
  const { events: recorded = [], plan: before, seed: own } = result;
  const plan = otherwiseFrom(scenario, before, recorded, after, otherSeed(seed, number));
  const { property } = signature;
  const run = runPlan(scenario, plan, own, { ...options, keep: true, stopAt: property, fresh: { after, seed: `${seed}.${number}` } });
  const { events = [], violations } = run;
  const strange = recorded.slice(0, after + 1).find((event, index) => !alike(event, events[index]));
  if (strange !== undefined) throw new Error(`scenario ${scenario.name}: event ${strange.index} differs in a run with the same beginning`);
  const violation = violations.find(each => each.property === property);
  if (violation === undefined) return 'held';
  return signatureOf(scenario, plan.profile, violation, events).id === signature.id ? 'same' : 'other';
}

const alike = (one: TraceEvent, other: TraceEvent | undefined): boolean =>
  other !== undefined &&
  one.time === other.time &&
  one.process === other.process &&
  one.kind === other.kind &&
  one.channel === other.channel &&
  one.message === other.message;

/** Numbers of runs are few; neighbouring seeds share none. */
const otherSeed = (seed: number, number: number): number => (Math.imul(seed, 0x9e37_79b1) + number) >>> 0;

/** The plan with other faults than those that had not begun. */
function otherwiseFrom<Plan extends CommonPlan>(
  scenario: Scenario<Plan>,
  plan: Plan,
  events: readonly TraceEvent[],
  after: number,
  seed: number,
): Plan {
  const time = after < 0 ? -1 : (events[after]?.time ?? 0);
  const begun = new Set(
    events
      .slice(0, after + 1)
      .filter(({ kind, data }) => kind === 'fault' && data?.['step'] === 'begin')
      .map(({ data }) => Number(data?.['fault'])),
  );
  const last = Math.max(NO_EVENT, ...begun);
  // A fault is known by its place in the list: those before one that has begun keep theirs.
  const faults: Fault[] = plan.faults.filter((fault, index) => index <= last || isOver(fault, time));
  for (const fault of planOf(scenario, seed, plan.profile).faults)
    if (fault.at > time && withinBudget([...faults, fault], scenario.budget) === undefined) faults.push(fault);
  return { ...plan, faults };
}

const isOver = ({ at }: { readonly at: Duration }, time: number): boolean => at <= time;
