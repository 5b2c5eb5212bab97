/** Schedules that do something in the first steps of a run know how many there will be, and mostly do it. */
import { describe, expect, test } from 'vitest';
import { expectedSteps, planOf, runPlan } from '../../src/check/run.ts';
import type { CommonPlan, Scenario } from '../../src/check/scenario.ts';
import { countedSteps, withSteps } from '../../src/check/steps.ts';
import { protocols } from '../support/protocols.ts';
import { toy } from './toy.ts';

const firstSeeds = (length: number): readonly number[] => Array.from({ length }, (_, seed) => seed);
/** Of the toy, some of which have such a schedule; and of each scenario. */
const SEEDS = firstSeeds(40);
const FEW_SEEDS = firstSeeds(10);

function stepsOf(scenario: Scenario, plan: CommonPlan, seed: number): number {
  const counted = countedSteps();
  runPlan(scenario, { ...plan, schedule: counted.schedule }, seed, counted.options);
  return counted.steps();
}

/** Of each seed whose schedule has a number of steps: that, and how many steps the run has that nothing is put off in. */
const counts = (
  scenario: Scenario,
  seeds: readonly number[],
): readonly { readonly seed: number; readonly expected: number; readonly real: number }[] =>
  seeds.flatMap(seed => {
    const plan = planOf(scenario, seed, 'corrected');
    return 'steps' in plan.schedule ? [{ seed, expected: plan.schedule.steps, real: stepsOf(scenario, plan, seed) }] : [];
  });

describe('the expected number of steps', () => {
  // Defined anew, so that nothing is known of it.
  const fresh = (): Scenario => ({ ...toy }) as unknown as Scenario;

  test('is that of the first seed when nothing goes wrong, and is in every plan that has one', () => {
    const scenario = fresh();
    const first = stepsOf(scenario, { ...planOf(scenario, 0, 'corrected'), faults: [] }, 0);
    expect(first).toBeGreaterThan(1);
    expect(expectedSteps(fresh(), 'corrected')).toBe(first);
    const found = counts(scenario, SEEDS);
    expect(found.length).toBeGreaterThan(1);
    expect(found.map(({ expected }) => expected)).toEqual(found.map(() => first));
  });

  test('does not depend on which plans were drawn before', () => {
    const [one, other] = [fresh(), fresh()];
    const drawn = (scenario: Scenario, seeds: readonly number[]) =>
      seeds.map(seed => [seed, planOf(scenario, seed, 'corrected')] as const).sort(([left], [right]) => left - right);
    expect(drawn(one, SEEDS)).toEqual(drawn(other, SEEDS.toReversed()));
  });

  test('is asked for only where a schedule has one, and is within what a plan may have', () => {
    const plan = planOf(fresh(), 0, 'corrected');
    const never = (): number => expect.fail('asked');
    expect(withSteps({ ...plan, schedule: { strategy: 'fifo' } }, never).schedule).toEqual({ strategy: 'fifo' });
    const schedule = { strategy: 'delays', window: plan.link.latencyMax, most: 1, steps: 5 } as const;
    const given = [0, 7, 1e9].map(steps => withSteps({ ...plan, schedule }, () => steps).schedule);
    expect(given).toEqual([1, 7, 1_000_000].map(steps => ({ ...schedule, steps })));
  });
});

test.each(protocols)('in $name most changes fall within the run', ({ scenarios }) => {
  const all = scenarios.flatMap(scenario => counts(scenario, FEW_SEEDS));
  const share = all.reduce((sum, { expected, real }) => sum + Math.min(1, real / expected), 0) / all.length;
  expect(all.length).toBeGreaterThan(scenarios.length);
  expect(share).toBeGreaterThan(0.8);
});
