/**
 * Whether a scenario keeps what src/check relies on: every plan it draws fits its own description, keeps to its budget,
 * survives a file, and can be shrunk from there. For the tests of scenarios; a run does not repeat it.
 * Lacks: any judgement of the protocol.
 */
import { canonicalJson } from '../trace/canonical.ts';
import type { JsonValue } from '../trace/event.ts';
import { checkPlan } from './plan-shape.ts';
import { planOf } from './run.ts';
import { type CommonPlan, profilesOf, type Scenario } from './scenario.ts';

/** What is wrong, one sentence each; empty when all is well. `seeds`: how many plans of each profile to draw. */
export function auditScenario<Plan extends CommonPlan>(scenario: Scenario<Plan>, seeds: number): readonly string[] {
  const found: string[] = [];
  for (const profile of profilesOf(scenario)) {
    const arbitrary = scenario.plans(profile);
    for (let seed = 0; seed < seeds; seed++) {
      const plan = planOf(scenario, seed, profile);
      const where = `${scenario.name}, ${profile}, seed ${seed}`;
      const text = canonicalJson(plan as unknown as JsonValue);
      const read: unknown = JSON.parse(text);
      const checked = checkPlan(scenario, read);
      if (!checked.ok) found.push(`${where}: ${checked.why}`);
      if (plan.profile !== profile) found.push(`${where}: the plan says ${plan.profile}`);
      if (canonicalJson(read as JsonValue) !== text) found.push(`${where}: the plan changes when it is written and read`);
      if (!arbitrary.canShrinkWithoutContext(read)) found.push(`${where}: the plan cannot be shrunk once it was written and read`);
    }
  }
  return found;
}
