/**
 * A property of every scenario of a protocol, added where they are put together: a model that runs beside its daemons.
 */
import type { Property } from '../src/check/property.ts';
import { defineScenario, type ExpectedOutcomes, type Scenario } from '../src/check/scenario.ts';

/** The same scenarios with one more property. What fails as written, or in a variant, may fail that one as well. */
export const everywhere = (property: Property, scenarios: readonly Scenario[]): readonly Scenario[] =>
  scenarios.map(each =>
    defineScenario({ ...each, properties: [...each.properties, property], expected: foreseen(each.expected, property.name) }),
  );

function foreseen(expected: ExpectedOutcomes, name: string): ExpectedOutcomes {
  const outcomes = Object.entries(expected).map(([profile, outcome]) => [
    profile,
    outcome === 'holds' ? outcome : { ...outcome, mayFail: [...(outcome.mayFail ?? []), name] },
  ]);
  // `corrected` holds in what is given, and so it does here.
  return { ...Object.fromEntries(outcomes), corrected: 'holds' };
}
