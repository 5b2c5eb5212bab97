/** The run nearest to a failure that passes: one fault less where one is to blame, other programs where nothing went wrong. */
import { expect, test } from 'vitest';
import { nearestPassing } from '../../src/check/nearest.ts';
import { planOf, runPlan } from '../../src/check/run.ts';
import type { CommonPlan, Scenario } from '../../src/check/scenario.ts';
import { scenarioNamed } from '../support/protocols.ts';

function failing(name: string): { readonly scenario: Scenario; readonly plan: CommonPlan; readonly seed: number } {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(`there is no ${name}`);
  for (let seed = 0; seed < 200; seed++) {
    const plan = planOf(scenario, seed, 'as-written');
    if (runPlan(scenario, plan, seed).outcome === 'fail') return { scenario, plan, seed };
  }
  throw new Error(`${name} does not fail`);
}

test('a run without faults passes only with other programs', () => {
  const { scenario, plan, seed } = failing('lifetime/last-frame-lost');
  const found = nearestPassing(scenario, plan, seed);
  expect(found?.result.outcome).toBe('pass');
  expect(found?.result.events?.length).toBeGreaterThan(0);
  expect(found?.otherwise.length).toBeGreaterThan(0);
});

test('what is found differs in one thing, which is told', () => {
  const { scenario, plan, seed } = failing('lifetime/lost-shutdown');
  const found = nearestPassing(scenario, plan, seed);
  expect(found?.otherwise).toHaveLength(1);
  expect(found?.plan).not.toEqual(plan);
  const again = found === undefined ? undefined : runPlan(scenario, found.plan, seed);
  expect(again?.outcome).toBe('pass');
});

test('runs that are too few find nothing', () => {
  const { scenario, plan, seed } = failing('lifetime/last-frame-lost');
  expect(nearestPassing(scenario, plan, seed, 0)).toBeUndefined();
});
