/**
 * A generation of a guided sweep begins when the one before it is done, whoever was faster; and jobs of a sweep that may end early take turns.
 */
import { expect, test } from 'vitest';
import { JobState } from '../../cli/sweep/job.ts';
import { Parts, type Share } from '../../cli/sweep/parts.ts';
import { ALL } from '../../cli/sweep/sweeping.ts';
import { planOf } from '../../src/check/run.ts';
import { noCounts } from '../../src/check/sweep.ts';
import { toy } from '../check/toy.ts';

test('what it has reached is added in the order of the seeds, and only then are there further parts', () => {
  const seeds = { from: 0, to: 299 };
  const state = new JobState({ scenario: toy, profile: 'corrected' }, [seeds]);
  const added: number[][] = [];
  const guide = {
    begin: () => [],
    known: () => ({ kept: [], known: [] }),
    add: (reached: readonly { seed: number }[]) => void added.push(reached.map(({ seed }) => seed)),
    end: () => {},
  };
  const parts = new Parts([state], { seeds, shard: ALL, timed: false, inTurns: false, regressions: () => [], guide: () => guide });
  const plan = planOf(toy, 0, 'corrected');
  const finish = ({ part: { from, to }, part }: Share): void => {
    const reached = [{ place: from, seed: from, plan, features: [], events: 1 }];
    const counts = { ...noCounts(toy, 'corrected'), runs: to - from + 1 };
    state.take(part, { counts, sightings: {}, features: [], reached, next: to + 1, milliseconds: 1, over: true });
  };
  const shares: Share[] = [];
  for (let next = parts.next(); next !== 'later' && next !== undefined; next = parts.next()) shares.push(next);
  expect(shares.map(({ part }) => [part.from, part.to])).toEqual(Array.from({ length: 8 }, (_, index) => [16 * index, 16 * index + 15]));
  for (const share of shares.toReversed()) {
    expect(parts.next()).toBe('later');
    finish(share);
  }
  expect(parts.next()).toMatchObject({ part: { from: 128, to: 143 } });
  expect(added).toEqual([[0, 16, 32, 48, 64, 80, 96, 112]]);
});

/** Whose parts there are, and of which seeds, when a run of the first job costs a hundred times as much as one of the others. */
function partsOf(jobs: number, inTurns: boolean): readonly (readonly [job: number, from: number, to: number])[] {
  const seeds = { from: 5, to: 204 };
  const states = Array.from({ length: jobs }, () => new JobState({ scenario: toy, profile: 'corrected' }, [seeds]));
  const parts = new Parts(states, { seeds, shard: ALL, timed: false, inTurns, regressions: () => [], guide: undefined });
  const all: (readonly [number, number, number])[] = [];
  for (let next = parts.next(); next !== 'later' && next !== undefined; next = parts.next()) {
    const { from, to } = next.part;
    const job = states.indexOf(next.state);
    all.push([job, from, to]);
    parts.spent(next, { runs: to - from + 1, events: (to - from + 1) * (job === 0 ? 100_000 : 1_000) });
  }
  return all;
}

test('in turns every job has a seed before any has two, and the one that costs much waits for the others', () => {
  const parts = partsOf(3, true);
  expect(
    parts
      .slice(0, 3)
      .map(([job]) => job)
      .sort(),
  ).toEqual([0, 1, 2]);
  expect(parts.slice(0, 3).map(([, from, to]) => [from, to])).toEqual(Array(3).fill([5, 5]));
  expect(parts.slice(3, 13).map(([job]) => job)).not.toContain(0);
});

test.each([true, false])('every seed of every job is in one part (in turns: %s)', inTurns => {
  const parts = partsOf(2, inTurns);
  for (const job of [0, 1]) {
    const own = parts
      .filter(([each]) => each === job)
      .flatMap(([, from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
    expect(own).toEqual(Array.from({ length: 200 }, (_, index) => 5 + index));
  }
});
