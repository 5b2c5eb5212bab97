/** Shrinking by questions: the signature is kept, and the plan is the same however many are tried at once. */
import { describe, expect, test } from 'vitest';
import { scenario } from '../../src/check/define.ts';
import { integer, list } from '../../src/check/fields.ts';
import { always } from '../../src/check/property.ts';
import { planOf, runPlan } from '../../src/check/run.ts';
import type { CommonPlan } from '../../src/check/scenario.ts';
import { type Answer, decisionOf, drawsOf, failureOf, type Question } from '../../src/check/shrink/offer.ts';
import { Shrinking, shrinkPlan } from '../../src/check/shrink/shrink.ts';
import { millis } from '../../src/host/time.ts';
import { type ToyPlan, toy } from './toy.ts';

const FAILING = Array.from({ length: 40 }, (_, seed) => seed).filter(
  seed => runPlan(toy, planOf(toy, seed, 'as-written'), seed).outcome === 'fail' && planOf(toy, seed, 'as-written').faults.length > 1,
);

/** As a driver with threads does it: `window` candidates are taken and tried, the last one first, and of those that fail the first is told. */
function together(plan: ToyPlan, seed: number, window: number, maxRuns?: number): Shrinking<ToyPlan> {
  const failing = failureOf(toy, plan, seed, 'pongs-again');
  if (failing === undefined) throw new Error('it holds');
  const shrinking = new Shrinking(toy, plan, seed, failing, maxRuns);
  const steps = shrinking.steps();
  const answer = (question: Question<ToyPlan>): Answer => {
    if (question.ask === 'draws') return { ask: 'draws', draws: drawsOf(toy, question.plan, seed, 'pongs-again') };
    for (let place = 0; ; place += window) {
      const taken = Array.from({ length: Math.min(window, question.most - place) }, () => question.candidates.next()).flatMap(each =>
        each.done === true ? [] : [each.value],
      );
      const found = taken
        .toReversed()
        .map(each => decisionOf(toy, each, seed, failing.signature))
        .toReversed();
      const first = found.findIndex(at => at !== undefined);
      const at = found[first];
      if (at !== undefined) return { ask: 'first', found: { place: place + first, at }, tried: place + first + 1 };
      if (taken.length < window) return { ask: 'first', tried: place + taken.length };
    }
  };
  for (let step = steps.next(); step.done !== true; ) step = steps.next(answer(step.value));
  return shrinking;
}

describe('the smallest plan', () => {
  const [seed = 0] = FAILING;
  const plan = planOf(toy, seed, 'as-written');

  test.each([2, 7])('is the same when %d are tried at once, and so are the runs that count', window => {
    const alone = shrinkPlan(toy, plan, seed, 'pongs-again');
    const { best, runs, accepted, finished } = together(plan, seed, window);
    expect({ best, runs, accepted, finished }).toEqual({ best: alone?.plan, runs: alone?.runs, accepted: alone?.accepted, finished: true });
  });

  test('is the same when the runs do not suffice', () => {
    const alone = shrinkPlan(toy, plan, seed, 'pongs-again', { maxRuns: 25 });
    const { best, runs, finished } = together(plan, seed, 4, 25);
    expect({ best, runs, finished }).toEqual({ best: alone?.plan, runs: 25, finished: false });
  });

  test('cannot be made smaller once more', () => {
    for (const each of FAILING.slice(1, 2)) {
      const once = shrinkPlan(toy, planOf(toy, each, 'as-written'), each, 'pongs-again');
      const twice = once === undefined ? undefined : shrinkPlan(toy, once.plan, each, 'pongs-again');
      expect(once?.finished).toBe(true);
      expect(twice?.plan).toEqual(once?.plan);
    }
  });
});

/** Says one of two things that nobody should say: of any number that it is loud, of a large one that it is large. */
const two = scenario<{ readonly numbers: readonly number[] }>({
  name: 'two/faces',
  title: 'Two bugs break one property.',
  programs: {
    sayer: host => {
      for (const word of host.process.args)
        host.clock.setTimer(millis(Number(word)), () => {
          if (Number(word) > 50) host.log('error', 'said', { what: 'large' });
          host.log('error', 'said', { what: 'loud' });
        });
    },
  },
  workload: { numbers: list(integer(0, 99), 4) },
  build: (world, { numbers }) => world.machine('m').start('sayer', numbers.map(String)),
  properties: [
    always(
      'nothing-said',
      'Nobody says anything.',
      () => ({ see: ({ data }) => (data?.['event'] === 'said' ? `it was ${data['what']}` : undefined) }),
      ['log'],
    ),
  ],
});

describe('the signature', () => {
  type Plan = CommonPlan & { readonly numbers: readonly number[] };
  const plan: Plan = { ...planOf(two, 1, 'corrected'), numbers: [99, 70, 60] };

  test('is kept: who looks for one bug does not end at another of the same property', () => {
    const shrunk = shrinkPlan(two, plan, 1, 'nothing-said');
    expect(shrunk?.plan.numbers).toEqual([51]);
    expect(shrunk?.violation.why).toBe('it was large');
  });

  test('does not depend on how the run was stopped', () => {
    const { violations, events = [] } = runPlan(two, plan, 1, { keep: true });
    const at = violations[0]?.at ?? -1;
    expect(events[at]?.kind).toBe('log');
    const within = (most: number) => failureOf(two, plan, 1, 'nothing-said', { within: most });
    expect(within(at + 2)).toEqual(failureOf(two, plan, 1, 'nothing-said'));
    const signature = failureOf(two, plan, 1, 'nothing-said')?.signature;
    if (signature === undefined) throw new Error('it holds');
    expect(decisionOf(two, { plan, within: at + 1 }, 1, signature)).toBe(at);
    expect(decisionOf(two, { plan, within: at }, 1, signature)).toBeUndefined();
  });

  test('a run that is given up is not said to be endless', () => {
    expect(runPlan(two, plan, 1, { within: 2 }).violations).toEqual([]);
  });
});
