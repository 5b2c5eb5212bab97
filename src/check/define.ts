/**
 * A scenario as somebody writes it who is new here: what is left out has a default, and every value of its workload is said once.
 * Lacks: variants of a published source (scenario.ts has them).
 * May import: host, sim, fast-check, its own folder.
 */
import type { Programs } from '../host/host.ts';
import { type Duration, seconds } from '../host/time.ts';
import type { World } from '../sim/world.ts';
import type { FaultBudget } from './budget.ts';
import { faults } from './faults.ts';
import { plans } from './plans.ts';
import type { Property } from './property.ts';
import { type CommonPlan, defineScenario, type RareInScenario, type Scenario } from './scenario.ts';
import { type WorkloadFields, workloads } from './workload.ts';

/** What may go wrong; what is left out does not. Red has to mean bug: allow only what the properties survive. */
export interface Faults extends Omit<FaultBudget, 'total' | 'longest'> {
  /** Of all kinds together in one run; default 3. */
  readonly total?: number;
  /** The longest that one lasts; default 5 s. */
  readonly longest?: Duration;
  /** Timeouts of the protocol: a fault lasts from half to twice one of them. Default: 1 s. */
  readonly timeouts?: readonly Duration[];
  /** When it hurts most: half of the faults start near one of these moments. */
  readonly moments?: readonly Duration[];
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
  readonly faults?: Faults;
  /** Faults happen for so long; only safety is judged. Default 10 s. */
  readonly chaos?: Duration;
  /** Then everything is healed, and a run goes on for so long. Default 30 s. */
  readonly liveness?: Duration;
  /** A run with more events fails: something never comes to rest. Default 100,000. */
  readonly maxEvents?: number;
  /** What a sweep of 100 runs may miss: scenario.ts. */
  readonly rare?: RareInScenario;
}

/** Throws an Error that says what is wrong with the definition. */
export function scenario<Workload extends object = Record<never, never>>(
  definition: ScenarioDefinition<Workload>,
): Scenario<CommonPlan & Workload> {
  const { name, title, programs, build, properties, rare, chaos = seconds(10), liveness = seconds(30), maxEvents = 100_000 } = definition;
  const { total = 3, longest = seconds(5), timeouts = [seconds(1)], moments = [], ...allowed } = definition.faults ?? { kinds: {} };
  const budget: FaultBudget = { ...allowed, total, longest };
  // Without a workload there are no fields: an empty record is one of Workload, which then has none.
  const { arbitraries, shapes } = workloads<Workload>(definition.workload ?? ({} as WorkloadFields<Workload>));
  // Made now, so that what is wrong with it is said where it is defined.
  const drawn = faults(budget, { until: chaos, timeouts, moments });
  return defineScenario({
    name,
    protocol: name.split('/')[0] ?? name,
    title,
    programs: () => programs,
    plans: profile => plans<Workload>(profile, { faults: drawn }, arbitraries),
    workload: shapes,
    build,
    properties,
    chaos,
    liveness,
    maxEvents,
    budget,
    expected: { corrected: 'holds' },
    ...(rare === undefined ? {} : { rare }),
  });
}
