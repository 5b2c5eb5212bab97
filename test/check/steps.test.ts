/** Schedules that act in some of the first steps of a run know how many it will have, and mostly act while it lasts. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { schedules } from '../../src/check/plans.ts';
import { planOf } from '../../src/check/run.ts';
import { defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { spread, withSteps } from '../../src/check/steps.ts';
import { protocols } from '../support/protocols.ts';
import { stepsOf } from '../support/steps.ts';
import { toy } from './toy.ts';

const firstSeeds = (length: number): readonly number[] => Array.from({ length }, (_, seed) => seed);
// Whatever its plans have beside the common part is not looked at here.
const scenario = toy as unknown as Scenario;

/** Of each seed whose schedule has a number of steps: that, and how many there are. */
const counts = (of: Scenario, seeds: number): readonly { readonly seed: number; readonly expected: number; readonly real: number }[] =>
  firstSeeds(seeds).flatMap(seed => {
    const plan = planOf(of, seed, 'corrected');
    return 'steps' in plan.schedule ? [{ seed, expected: plan.schedule.steps, real: stepsOf(of, plan, seed) }] : [];
  });

describe('the steps of a scenario', () => {
  const [known = scenario] = withSteps({ [scenario.name]: 333 }, [scenario]);

  test('are in every plan that has some, and change nothing else of it', () => {
    const expected = counts(known, 40).map(each => each.expected);
    expect(expected.length).toBeGreaterThan(3);
    expect(new Set(expected)).toEqual(new Set([333]));
    for (const seed of firstSeeds(40)) expect(planOf(known, seed, 'corrected')).toEqual(spread(planOf(scenario, seed, 'corrected'), known));
  });

  test('are drawn where they are not known', () => {
    expect(new Set(counts(scenario, 80).map(each => each.expected)).size).toBeGreaterThan(2);
  });

  test('must be possible, and of a scenario that there is', () => {
    expect(() => withSteps({ 'toy/pong': 5 }, [scenario])).toThrow('no scenario is named toy/pong');
    for (const steps of [0, 1.5, 1_000_001]) expect(() => defineScenario({ ...toy, steps })).toThrow('steps are from 1 to 1000000');
  });

  test('can be made fewer, whatever they are', () => {
    const arbitrary = schedules();
    const delays = { strategy: 'delays', window: 200, most: 1, steps: 333 } as const;
    const fewer = [...arbitrary.shrink(delays as never, undefined)].map(({ value }) => ('steps' in value ? value.steps : 0));
    expect(arbitrary.canShrinkWithoutContext(delays)).toBe(true);
    expect(fewer).toContain(64);
    expect(fc.sample(arbitrary, { seed: 1, numRuns: 200 }).every(each => arbitrary.canShrinkWithoutContext(each))).toBe(true);
    for (const steps of [0, 1.5, 1_000_001]) expect(arbitrary.canShrinkWithoutContext({ ...delays, steps })).toBe(false);
  });
});

test.each(protocols)('in $name most changes fall within the run', ({ scenarios }) => {
  const known = scenarios.filter(each => each.steps !== undefined);
  const all = known.flatMap(each => counts(each, 10));
  const share = all.reduce((sum, { expected, real }) => sum + Math.min(1, real / expected), 0) / all.length;
  // Of powers of two, as they are drawn, three of ten do.
  if (known.length > 0) expect(share).toBeGreaterThan(0.75);
});
