/**
 * A SCENARIO IS A VALUE: programs, the plans that may be drawn for them, the world they are put into, and what must hold.
 * Scenario + plan + seed = trace. A plan holds values only, so that it can be written to a file and read back years later.
 * Lacks: any state. `build` is called afresh for every run.
 */
import type fc from 'fast-check';
import type { Programs } from '../host/host.ts';
import { PROFILES, type Profile } from '../host/profile.ts';
import type { Duration } from '../host/time.ts';
import type { Tape } from '../sim/core/chance.ts';
import { type LinkParameters, type LocalParameters, type Schedule, STEPS_LIMIT } from '../sim/core/options.ts';
import { FAULT_KINDS, type Fault } from '../sim/fault.ts';
import type { World } from '../sim/world.ts';
import type { FaultBudget } from './budget.ts';
import { EVENT_LIMIT, noBug, noBusyLoop } from './builtin.ts';
import type { Property } from './property.ts';
import type { Fields } from './shape.ts';
import type { Housekeeping } from './world/housekeeping.ts';
import { type WorldPropertyName, worldPropertiesOf } from './world/world.ts';

export { PROFILES, type Profile };

/** What every plan has; a scenario's own workload values stand beside it. JSON values only. */
export interface CommonPlan {
  readonly profile: Profile;
  readonly faults: readonly Fault[];
  readonly link: LinkParameters;
  readonly local: LocalParameters;
  readonly schedule: Schedule;
  /** What is drawn otherwise than the seed says; as a rule nothing. */
  readonly tape?: Tape;
}
export const COMMON_FIELDS: readonly string[] = ['profile', 'faults', 'link', 'local', 'schedule', 'tape'];

/** What is known before a sweep: every property of `fails` is violated by some seed, those of `mayFail` perhaps, no other by any. */
export interface ExpectedFailure {
  readonly fails: readonly string[];
  readonly mayFail?: readonly string[];
  /** The quirk of our implementation that this scenario shows, or the name of the variant. */
  readonly quirk?: string;
  /** One sentence: what is broken in it. */
  readonly text?: string;
}
/** By profile; of what is absent the scenario has no plans. */
export interface ExpectedOutcomes {
  readonly corrected: 'holds';
  readonly 'as-written'?: 'holds' | ExpectedFailure;
  readonly [variant: Profile]: 'holds' | ExpectedFailure;
}

export interface Scenario<Plan extends CommonPlan = CommonPlan> {
  /** A slug that never changes; parts may be joined by `/`. */
  readonly name: string;
  readonly protocol: string;
  /** One sentence. */
  readonly title: string;
  programs(plan: Plan): Programs;
  /** Every plan has exactly this profile, keeps to the budget, and can be shrunk without context (src/check/plans.ts). */
  plans(profile: Profile): fc.Arbitrary<Plan>;
  /** What the fields beside the common ones must look like in a plan that comes from a file. */
  readonly workload: Fields;
  /** Machines, and what they start at boot. Faults are injected by the run. */
  build(world: World, plan: Plan): void;
  readonly properties: readonly Property[];
  /** Length of the phase with faults, in which only safety is judged. */
  readonly chaos: Duration;
  /** Length of the phase after healing. No bound of an `eventually` may be longer. */
  readonly liveness: Duration;
  /** A run with more events than this fails: something never comes to rest. */
  readonly maxEvents: number;
  /** The same, where plans differ much in size. */
  maxEventsOf?(plan: Plan): number;
  readonly budget: FaultBudget;
  readonly expected: ExpectedOutcomes;
  readonly rare?: RareInScenario;
  /** What a schedule may put off in a run as a rule, in events; absent: it is drawn (steps.ts). At most STEPS_LIMIT. */
  readonly steps?: number;
  /** Events of one process in one second; default BUSY_LOOP_LIMIT. */
  readonly busyLoop?: number;
  /** What its processes need and keep, for the properties that come with the world. */
  readonly housekeeping?: Housekeeping;
  /** Which of those do not apply, and why: a sentence each. */
  readonly exempt?: Exemptions;
}

/** By the name of a property that comes with the world: why it does not apply. */
export type Exemptions = Readonly<Partial<Record<WorldPropertyName, string>>>;

/**
 * By the name of a property or a kind of fault: after how many runs of a profile it has been met, has fired or was violated for
 * certain. What is not named takes ENOUGH_RUNS. A sweep that is shorter proves nothing about it.
 */
export type RareInScenario = Readonly<Record<string, number>>;
/** By the name of the scenario. */
export type Rare = Readonly<Record<string, RareInScenario>>;

/** The same scenarios, with what is rare in them. */
export function withRare(rare: Rare, scenarios: readonly Scenario[]): readonly Scenario[] {
  const unknown = Object.keys(rare).find(name => !scenarios.some(each => each.name === name));
  if (unknown !== undefined) throw new Error(`no scenario is named ${unknown}, of which it is said what is rare in it`);
  return scenarios.map(each => {
    const own = rare[each.name];
    return own === undefined ? each : defineScenario({ ...each, rare: own });
  });
}

/** The same scenarios, of whose programs and directories this is known; what one of them says of itself counts more. */
export const withHousekeeping = (known: Housekeeping, scenarios: readonly Scenario[]): readonly Scenario[] =>
  scenarios.map(({ housekeeping, ...each }) =>
    defineScenario({
      ...each,
      housekeeping: {
        programs: { ...known.programs, ...housekeeping?.programs },
        directories: { ...known.directories, ...housekeeping?.directories },
        prints: [...(known.prints ?? []), ...(housekeeping?.prints ?? [])],
      },
    }),
  );

/** Looks at what the compiler cannot, once, where the scenario is defined. */
export function defineScenario<Plan extends CommonPlan>(scenario: Scenario<Plan>): Scenario<Plan> {
  const bad = (why: string): never => {
    throw new Error(`scenario ${scenario.name}: ${why}`);
  };
  if (!SCENARIO_NAME.test(scenario.name)) bad('the name is not a slug');
  const names = [EVENT_LIMIT, ...propertiesOf(scenario).map(property => property.name)];
  for (const [index, name] of names.entries()) {
    if (!PROPERTY_NAME.test(name)) bad(`the name of property ${name} is not a slug`);
    if (names.indexOf(name) !== index) bad(`two properties are named ${name}`);
  }
  for (const property of scenario.properties) {
    if (property.expectation === 'eventually' && property.within > scenario.liveness)
      bad(`${property.name} has a bound longer than the liveness phase`);
  }
  for (const name of Object.keys(scenario.rare ?? {})) {
    if (!names.includes(name) && !Object.hasOwn(FAULT_KINDS, name))
      bad(`no property and no fault is named ${name}, which is said to be rare`);
  }
  const { steps = 1 } = scenario;
  if (!Number.isInteger(steps) || steps < 1 || steps > STEPS_LIMIT) bad(`steps are from 1 to ${STEPS_LIMIT}, not ${steps}`);
  for (const [profile, expected] of Object.entries(scenario.expected)) {
    if (!PROPERTY_NAME.test(profile) || profile === EVERY_PROFILE) bad(`${profile} is no name for a variant`);
    if (expected === 'holds') continue;
    for (const name of [...expected.fails, ...(expected.mayFail ?? [])]) if (!names.includes(name)) bad(`no property is named ${name}`);
  }
  for (const field of COMMON_FIELDS) if (Object.hasOwn(scenario.workload, field)) bad(`the workload redefines ${field}`);
  return scenario;
}

/** What it takes to know which properties a scenario has. */
export type Judged = Pick<Scenario, 'properties' | 'busyLoop' | 'liveness' | 'housekeeping' | 'exempt'>;

/** The scenario's own, and what must hold of every scenario. */
export function propertiesOf(scenario: Judged): readonly Property[] {
  return [noBug, noBusyLoop(scenario.busyLoop), ...scenario.properties, ...worldPropertiesOf(scenario)];
}

/** Whether the scenario has plans of this profile. */
export const hasProfile = (scenario: Pick<Scenario, 'expected'>, profile: Profile): boolean => Object.hasOwn(scenario.expected, profile);

/** The profiles that it has plans of, the one that must hold first. */
export const profilesOf = ({ expected }: Pick<Scenario, 'expected'>): readonly Profile[] => [
  'corrected',
  ...Object.keys(expected).filter(each => each !== 'corrected'),
];

/** What `slipway run --profile` takes for all that a scenario has. */
export const EVERY_PROFILE = 'both';

const SCENARIO_NAME = /^[a-z0-9]+(?:[-/][a-z0-9]+)*$/;
const PROPERTY_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
