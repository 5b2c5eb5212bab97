/**
 * A scenario as somebody writes it who is new here: what is left out has a default, and every value of its workload is said once.
 * Lacks: fields of a plan that depend on each other (scenario.ts has a scenario in full).
 */
import type { Programs } from '../host/host.ts';
import { durationOf, type Span } from '../host/time.ts';
import type { World } from '../sim/world.ts';
import type { FaultBudget } from './budget.ts';
import { faults } from './faults.ts';
import { plans } from './plans.ts';
import type { Property } from './property.ts';
import { type CommonPlan, defineScenario, type Exemptions, type ExpectedFailure, type RareInScenario, type Scenario } from './scenario.ts';
import { type WorkloadFields, workloads } from './workload.ts';
import type { Housekeeping } from './world/housekeeping.ts';

/** What may go wrong, and when (budget.ts explains it); what is left out does not. */
export interface Faults extends Omit<FaultBudget, 'total' | 'longest'> {
  /** Of all kinds together in one run; default 3. */
  readonly total?: number;
  /** The longest that one lasts; default 5 s. */
  readonly longest?: Span;
  /** Default: 1 s. */
  readonly timeouts?: readonly Span[];
  /** Default: none. */
  readonly moments?: readonly Span[];
}

/** The same scenario with something broken: it shows that the properties see it. */
export interface Variant {
  /** One sentence: what is broken. */
  readonly text: string;
  /** In place of those of the scenario that have the same names. Absent: `build` starts them otherwise, by `plan.profile`. */
  readonly programs?: Programs;
  /** Properties that are violated by some seed, each of them. */
  readonly breaks: readonly string[];
  /** And those that may be. */
  readonly mayBreak?: readonly string[];
}

export interface ScenarioDefinition<Workload extends object> {
  /** `protocol/what`, a slug that never changes. */
  readonly name: string;
  /** One sentence. */
  readonly title: string;
  /** Daemons by name: those of the protocol, and those that only this scenario has. */
  readonly programs: Programs;
  /** What differs from run to run beside faults, delays and the schedule. */
  readonly workload?: WorkloadFields<Workload>;
  /** Makes the machines and starts what they start at boot. */
  readonly build: (world: World, plan: CommonPlan & Workload) => void;
  readonly properties: readonly Property[];
  /** By name, which is then the profile of their plans: `slipway run --profile NAME`. All run in a sweep, and have to fail. */
  readonly variants?: Readonly<Record<string, Variant>>;
  readonly faults?: Faults;
  /** Faults happen for so long; only safety is judged. Default 10 s. */
  readonly chaos?: Span;
  /** Then everything is healed, and a run goes on for so long. Default 30 s. */
  readonly liveness?: Span;
  /** A run with more events fails: something never comes to rest. Default 100,000. */
  readonly maxEvents?: number;
  /** What a sweep of 100 runs may miss: scenario.ts. */
  readonly rare?: RareInScenario;
  /** What a schedule may put off in a run as a rule, in events: scenario.ts. */
  readonly steps?: number;
  /** What its processes need and keep: world/housekeeping.ts. */
  readonly housekeeping?: Housekeeping;
  /** Properties that come with the world and do not apply, each with the reason. */
  readonly exempt?: Exemptions;
}

/** Throws an Error that says what is wrong with the definition. */
export function scenario<Workload extends object = Record<never, never>>(
  definition: ScenarioDefinition<Workload>,
): Scenario<CommonPlan & Workload> {
  const { name, title, programs, build, properties, variants = {}, rare, steps, housekeeping, exempt, maxEvents = 100_000 } = definition;
  const { total = 3, longest = '5 s', timeouts = ['1 s'], moments = [], ...allowed } = definition.faults ?? { kinds: {} };
  if (Object.hasOwn(variants, 'corrected'))
    throw new Error(`scenario ${name}: corrected is no name for a variant: it is the scenario itself`);
  const chaos = durationOf(definition.chaos ?? '10 s');
  const budget: FaultBudget = { ...allowed, total, longest: durationOf(longest) };
  // Without a workload there are no fields: an empty record is one of Workload, which then has none.
  const { arbitraries, shapes } = workloads<Workload>(definition.workload ?? ({} as WorkloadFields<Workload>));
  // Made now, so that what is wrong with it is said where it is defined.
  const drawn = faults(budget, { until: chaos, timeouts: timeouts.map(durationOf), moments: moments.map(durationOf) });
  return defineScenario({
    name,
    protocol: name.split('/')[0] ?? name,
    title,
    programs: ({ profile }) => ({ ...programs, ...variants[profile]?.programs }),
    plans: profile => plans<Workload>(profile, { faults: drawn }, arbitraries),
    workload: shapes,
    build,
    properties,
    chaos,
    liveness: durationOf(definition.liveness ?? '30 s'),
    maxEvents,
    budget,
    expected: {
      ...Object.fromEntries(Object.entries(variants).map(([variant, each]) => [variant, failureOf(variant, each)])),
      corrected: 'holds',
    },
    ...(rare === undefined ? {} : { rare }),
    ...(steps === undefined ? {} : { steps }),
    ...(housekeeping === undefined ? {} : { housekeeping }),
    ...(exempt === undefined ? {} : { exempt }),
  });
}

const failureOf = (quirk: string, { text, breaks, mayBreak = [] }: Variant): ExpectedFailure => ({
  fails: breaks,
  mayFail: mayBreak,
  quirk,
  text,
});
