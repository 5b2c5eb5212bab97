/** A generation of a guided sweep begins when the one before it is done, whoever was faster. */
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
  const parts = new Parts([state], { seeds, shard: ALL, timed: false, regressions: () => [], guide: () => guide });
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
