/**
 * The tests that every property of every scenario of a protocol has been seen to fail: for each there is a daemon, broken on purpose, that it
 * catches; and that each such daemon is caught by all that should catch it. A file of tests for each protocol, so that they run side by side. Runs that
 * are known to catch one are made first; what they do not show is looked for.
 */

import { afterAll, describe, expect, test } from 'vitest';
import { planOf, runPlan } from '../../src/check/run.ts';
import { type CommonPlan, propertiesOf, type Scenario } from '../../src/check/scenario.ts';
import { scenarios } from '../support/protocols.ts';
import { KnownRuns } from './known-runs.ts';
import { idle, type Mutant } from './mutant.ts';

/** Seeds a mutant is given to be caught: as many as `slipway run` makes. */
const SEEDS = 200;

/** Whether the mutant must be caught there, or may. */
const isFor = ({ scenario: named }: Mutant, { name }: Scenario): boolean => named === undefined || named === name;

const brokenBy = (scenario: Scenario, { programs, events = 0 }: Mutant): Scenario => ({
  ...scenario,
  maxEvents: scenario.maxEvents + events,
  ...(scenario.maxEventsOf === undefined ? {} : { maxEventsOf: (plan: CommonPlan) => (scenario.maxEventsOf?.(plan) ?? 0) + events }),
  programs: plan => programs(scenario.programs(plan)),
});

/** Which properties a run violates. */
const violated = (scenario: Scenario, seed: number): readonly string[] =>
  runPlan(scenario, planOf(scenario, seed, 'corrected'), seed).violations.map(({ property }) => property);

export function testCaught(protocol: string, mutants: readonly Mutant[]): void {
  const own = scenarios.filter(scenario => scenario.protocol === protocol);
  const promised = new Set(mutants.flatMap(mutant => mutant.kills.map(property => `${mutant.name}: ${property}`)));
  const known = new KnownRuns(protocol);
  afterAll(() => known.end());

  /** Whether the mutant violates with this seed what no run has shown so far: one of these properties, or one that it must violate somewhere. */
  const shows = (mutant: Mutant, scenario: Scenario, seed: number, left = new Set<string>()): boolean => {
    const found = violated(brokenBy(scenario, mutant), seed).filter(property => mutant.kills.includes(property));
    const kept = isFor(mutant, scenario) ? found.map(property => promised.delete(`${mutant.name}: ${property}`)) : [];
    return [...kept, ...found.map(property => left.delete(property))].includes(true);
  };

  /** Looks for a mutant for each of the properties; gives what was not found. */
  const uncaught = (scenario: Scenario, properties: readonly string[]): readonly string[] => {
    const left = new Set(properties);
    for (const [name, seed] of known.of(scenario.name))
      for (const mutant of mutants) if (mutant.name === name) shows(mutant, scenario, seed, left);
    // All mutants with one seed before any with the next, so that one that cannot be caught in this scenario costs little.
    for (let seed = 0; seed < SEEDS && left.size > 0; seed++)
      for (const mutant of mutants)
        if (mutant.kills.some(property => left.has(property)) && shows(mutant, scenario, seed, left))
          known.add(scenario.name, mutant.name, seed);
    return [...left];
  };

  const isCaught = (scenario: Scenario, mutant: Mutant, promise: string): boolean => {
    for (let seed = 0; seed < SEEDS && promised.has(promise); seed++)
      if (shows(mutant, scenario, seed)) known.add(scenario.name, mutant.name, seed);
    return !promised.has(promise);
  };

  describe.each(own.map(scenario => [scenario.name, scenario] as const))('%s', (_name, scenario) => {
    const judged = propertiesOf(scenario).filter(({ expectation }) => expectation !== 'sometimes');

    test('each property catches a mutant', () => {
      const names = judged.map(({ name }) => name);
      expect(uncaught(scenario, names)).toEqual([]);
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

  // A pure loop over many mutants.
  test('every mutant is caught by all that should catch it', { timeout: 900_000 }, () => {
    // What another mutant had violated in the same scenario before was not waited for above; nor all of those that name theirs.
    for (const mutant of mutants) {
      for (const property of mutant.kills) {
        const promise = `${mutant.name}: ${property}`;
        if (!promised.has(promise)) continue;
        const able = own.filter(scenario => isFor(mutant, scenario) && propertiesOf(scenario).some(({ name }) => name === property));
        const found = able.some(scenario => isCaught(scenario, mutant, promise));
        expect(found, `${mutant.name} violates ${property} nowhere`).toBe(true);
      }
    }
  });
}
