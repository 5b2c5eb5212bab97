/**
 * A property of every scenario of a protocol, added where they are put together: a model that runs beside its daemons.
 */
import type { Property } from '../src/check/property.ts';
import { defineScenario, type ExpectedFailure, type ExpectedOutcomes, type Scenario } from '../src/check/scenario.ts';

/** The same scenarios with one more property. As written, and in a variant, it may be violated as well: a model knows what is corrected. */
export const everywhere = (property: Property, scenarios: readonly Scenario[]): readonly Scenario[] =>
  scenarios.map(each =>
    defineScenario({ ...each, properties: [...each.properties, property], expected: foreseen(each.expected, property.name) }),
  );

function foreseen({ corrected, ...others }: ExpectedOutcomes, name: string): ExpectedOutcomes {
  const may = Object.entries(others).flatMap(([profile, outcome]) => {
    if (outcome === undefined) return [];
    const before: ExpectedFailure = outcome === 'holds' ? { fails: [] } : outcome;
    return [[profile, { ...before, mayFail: [...(before.mayFail ?? []), name] }] as const];
  });
  return { corrected, ...Object.fromEntries(may) };
}
