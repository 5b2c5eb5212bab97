/**
 * The steps of a run, one for each event that a schedule may put off: how many runs of a scenario have as a rule, from runs that were made
 * before (test/scenarios/measure-steps.ts), so that a schedule that acts in some of them does so while the run lasts.
 * Lacks: how many a single run has, which nobody knows before its end.
 */
import { type CommonPlan, defineScenario, type Scenario } from './scenario.ts';

/** By the name of the scenario. */
export type Steps = Readonly<Record<string, number>>;

/** The same scenarios, of which some are known to have so many steps. */
export function withSteps(known: Steps, scenarios: readonly Scenario[]): readonly Scenario[] {
  const unknown = Object.keys(known).find(name => !scenarios.some(each => each.name === name));
  if (unknown !== undefined) throw new Error(`no scenario is named ${unknown}, of which it is said how many steps it has`);
  return scenarios.map(each => {
    const steps = known[each.name];
    return steps === undefined ? each : defineScenario({ ...each, steps });
  });
}

/** The same plan; where its schedule acts in the first steps of a run, they are as many as the scenario is known to have. */
export function spread<Plan extends CommonPlan>(plan: Plan, { steps }: Pick<Scenario, 'steps'>): Plan {
  const { schedule } = plan;
  return steps === undefined || !('steps' in schedule) ? plan : { ...plan, schedule: { ...schedule, steps } };
}
