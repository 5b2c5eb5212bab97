/** Every property of every scenario has been seen to fail: for each there is a daemon, broken on purpose, that it catches. */

import { describe, expect, test } from 'vitest';
import { planOf, runPlan } from '../../src/check/run.ts';
import { type CommonPlan, propertiesOf, type Scenario } from '../../src/check/scenario.ts';
import { scenarios } from '../support/protocols.ts';
import { idle, type Mutant } from './mutant.ts';
import { mutants } from './mutants.ts';

/** Seeds a mutant is given to be caught. */
const SEEDS = 40;

const brokenBy = (scenario: Scenario, { programs, events = 0 }: Mutant): Scenario => ({
  ...scenario,
  maxEvents: scenario.maxEvents + events,
  ...(scenario.maxEventsOf === undefined ? {} : { maxEventsOf: (plan: CommonPlan) => (scenario.maxEventsOf?.(plan) ?? 0) + events }),
  programs: plan => programs(scenario.programs(plan)),
});

/** Which of the properties the mutant violates, looked for until all were. */
function killed(scenario: Scenario, mutant: Mutant, wanted: readonly string[]): readonly string[] {
  const broken = brokenBy(scenario, mutant);
  const seen = new Set<string>();
  for (let seed = 0; seed < SEEDS && wanted.some(each => !seen.has(each)); seed++) {
    for (const { property } of runPlan(broken, planOf(broken, seed, 'corrected'), seed).violations) seen.add(property);
  }
  return wanted.filter(each => seen.has(each));
}

const all = Object.values(mutants).flat();
const promised = new Set(all.flatMap(mutant => mutant.kills.map(property => `${mutant.name}: ${property}`)));

describe.each(scenarios.map(scenario => [scenario.name, scenario] as const))('%s', (_name, scenario) => {
  const judged = propertiesOf(scenario).filter(property => property.expectation !== 'sometimes');

  test('each property catches a mutant', () => {
    const left = new Set(judged.map(property => property.name));
    for (const mutant of mutants[scenario.protocol] ?? []) {
      const wanted = mutant.kills.filter(property => left.has(property));
      for (const property of killed(scenario, mutant, wanted)) {
        left.delete(property);
        if (mutant.scenario === undefined || mutant.scenario === scenario.name) promised.delete(`${mutant.name}: ${property}`);
      }
    }
    expect([...left]).toEqual([]);
  });

  test('no moment is reached where nobody does anything', () => {
    const dead = brokenBy(scenario, {
      name: 'idle',
      kills: [],
      programs: programs => Object.fromEntries(Object.keys(programs).map(name => [name, idle])),
    });
    for (let seed = 0; seed < 10; seed++) expect(runPlan(dead, planOf(dead, seed, 'corrected'), seed).met).toEqual([]);
  });
});

// A pure loop over hundreds of mutants.
test('every mutant is caught by all that should catch it', { timeout: 900_000 }, () => {
  // What another mutant had killed in the same scenario before was not tried above; nor all of those that name theirs.
  for (const mutant of all) {
    for (const property of mutant.kills) {
      if (!promised.has(`${mutant.name}: ${property}`)) continue;
      const named = scenarios.filter(({ name }) => mutant.scenario === undefined || mutant.scenario === name);
      const able = named.filter(scenario => propertiesOf(scenario).some(each => each.name === property));
      const found = able.some(scenario => killed(scenario, mutant, [property]).length > 0);
      expect(found, `${mutant.name} violates ${property} nowhere`).toBe(true);
    }
  }
});
