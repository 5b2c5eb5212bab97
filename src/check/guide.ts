/**
 * Plans made of plans that reached something new: one or a few changes of a kept one, so that a search stays near what was rare.
 * A function of the seed and of what is kept, as a drawn plan is one of the seed.
 * Lacks: what is kept, and why (src/check/corpus.ts); draws of the run itself, which follow from its seed.
 */
import { Prng } from '../sim/core/prng.ts';
import type { Fault } from '../sim/fault.ts';
import { checkPlan } from './plan-shape.ts';
import { planOf, SEED_LIMIT, sourceOf } from './run.ts';
import { COMMON_FIELDS, type CommonPlan, type Profile, type Scenario } from './scenario.ts';

/** A run, to be had again. JSON values only. */
export interface KeptRun<Plan extends CommonPlan = CommonPlan> {
  readonly seed: number;
  readonly plan: Plan;
}

/** Of a thousand seeds so many are drawn afresh, whatever is kept. */
const FRESH = 250;
/** Only the newest quarter is changed, which reached what is rarest; and at least so many. */
const NEAR_LEAST = 8;
/** Changes at once; and how often one that gives no plan of the scenario is tried again. */
const CHANGES_MOST = 4;
const TRIES = 4;

/** What this seed stands for beside the plans that are kept; with none it is `planOf`. */
export function guidedPlan<Plan extends CommonPlan>(
  scenario: Scenario<Plan>,
  seed: number,
  profile: Profile,
  kept: readonly KeptRun<Plan>[],
): KeptRun<Plan> {
  const chance = new Prng(`guide/${seed}`);
  if (kept.length === 0 || chance.chance(FRESH)) return { seed, plan: planOf(scenario, seed, profile) };
  const near = kept.slice(-Math.max(NEAR_LEAST, kept.length >> 2));
  let { plan } = oneOf(near, chance);
  for (let left = 1 + chance.below(CHANGES_MOST); left > 0; left--) plan = changed(scenario, plan, near, chance);
  // The seed is another than that of the kept run: what the run itself draws is new as well.
  return { seed, plan };
}

type PlanChange = <Plan extends CommonPlan>(plan: Plan, other: () => Plan, chance: Prng) => Plan;

/** `other`: a fresh plan, which takes as long as a short run to draw, or another that is kept. */
const CHANGES_OF_PLANS: readonly PlanChange[] = [
  // A fault is added …
  (plan, other, chance) => withFaults(plan, [...plan.faults, ...some(other().faults, chance)]),
  // … moved …
  (plan, other, chance) => altered(plan, chance, fault => [{ ...fault, at: oneOf(other().faults, chance, fault).at }]),
  (plan, _, chance) => altered(plan, chance, fault => [nearby(fault, chance)]),
  // … doubled …
  (plan, _, chance) => altered(plan, chance, fault => [fault, nearby(fault, chance)]),
  // … or dropped.
  (plan, _, chance) => altered(plan, chance, () => []),
  // A value of the workload, or a part of what all plans have, is another.
  (plan, other, chance) => taken(plan, other(), oneOf(ownFields(plan), chance, 'schedule')),
  (plan, other, chance) => taken(plan, other(), oneOf(['link', 'local', 'schedule'], chance)),
];

function changed<Plan extends CommonPlan>(scenario: Scenario<Plan>, plan: Plan, kept: readonly KeptRun<Plan>[], chance: Prng): Plan {
  for (let tries = 0; tries < TRIES; tries++) {
    const near = chance.chance(500) ? oneOf(kept, chance).plan : undefined;
    const seed = near === undefined ? chance.below(SEED_LIMIT) : 0;
    const other = (): Plan => near ?? planOf(scenario, seed, plan.profile);
    const next = oneOf(CHANGES_OF_PLANS, chance)(plan, other, chance);
    if (isPossible(scenario, next)) return next;
  }
  return plan;
}

/** A plan that the scenario could have drawn. */
const isPossible = <Plan extends CommonPlan>(scenario: Scenario<Plan>, plan: Plan): boolean =>
  checkPlan(scenario, plan).ok && sourceOf(scenario, plan.profile).canShrinkWithoutContext(plan);

const ownFields = (plan: CommonPlan): readonly string[] => Object.keys(plan).filter(field => !COMMON_FIELDS.includes(field));

/** One field is that of the other plan, which has the same fields. */
const taken = <Plan extends CommonPlan>(plan: Plan, other: Plan, field: string): Plan => ({
  ...plan,
  ...Object.fromEntries(Object.entries(other).filter(([name]) => name === field)),
});

const withFaults = <Plan extends CommonPlan>(plan: Plan, faults: readonly Fault[]): Plan => ({
  ...plan,
  faults: [...faults].sort((left, right) => left.at - right.at),
});

/** One of its faults becomes others. */
function altered<Plan extends CommonPlan>(plan: Plan, chance: Prng, alter: (fault: Fault) => readonly Fault[]): Plan {
  if (plan.faults.length === 0) return plan;
  const index = chance.below(plan.faults.length);
  return withFaults(
    plan,
    plan.faults.flatMap((fault, each) => (each === index ? alter(fault) : [fault])),
  );
}

/** Some microseconds away, or some seconds. */
function nearby(fault: Fault, chance: Prng): Fault {
  const away = chance.between(1, 10 ** chance.between(1, 6));
  return { ...fault, at: (chance.chance(500) ? fault.at + away : Math.max(0, fault.at - away)) as Fault['at'] };
}

const some = (faults: readonly Fault[], chance: Prng): readonly Fault[] => (faults.length === 0 ? [] : [oneOf(faults, chance)]);

function oneOf<T>(items: readonly T[], chance: Prng, otherwise?: T): T {
  const item = items.length === 0 ? otherwise : items[chance.below(items.length)];
  if (item === undefined) throw new Error('there is nothing to choose from');
  return item;
}
