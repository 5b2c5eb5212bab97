/** What makes two failures one bug, what a run has reached, and what is kept of it and changed. */
import { describe, expect, test } from 'vitest';
import { Corpus, type Reached } from '../../src/check/corpus.ts';
import { Coverage } from '../../src/check/coverage.ts';
import { guidedPlan } from '../../src/check/guide.ts';
import { checkPlan } from '../../src/check/plan-shape.ts';
import { planOf, runPlan, runSeed } from '../../src/check/run.ts';
import { mergeSightings, type Sightings, sightingsOf, withoutValues } from '../../src/check/signature.ts';
import { toy } from './toy.ts';

const seen = (seed: number): Sightings => sightingsOf(toy, runPlan(toy, planOf(toy, seed, 'as-written'), seed), []);

describe('a signature', () => {
  test('is one for all seeds', () => {
    const seeds = Array.from({ length: 40 }, (_, seed) => seed).filter(seed => Object.keys(seen(seed)).length > 0);
    expect(seeds.length).toBeGreaterThan(3);
    const all = seeds.map(seen).reduce(mergeSightings);
    expect(Object.values(all)).toMatchObject([{ signature: { property: 'pongs-again', decided: '' }, runs: seeds.length }]);
    const fewest = Math.min(...seeds.map(seed => Object.values(seen(seed))[0]?.events ?? 0));
    expect(Object.values(all)[0]?.events).toBe(fewest);
    expect(mergeSightings(seen(seeds[0] ?? 0), seen(seeds[1] ?? 0))).toEqual(mergeSightings(seen(seeds[1] ?? 0), seen(seeds[0] ?? 0)));
  });
  test('is none where the violation was foreseen', () => {
    const seed = Array.from({ length: 40 }, (_, each) => each).find(each => Object.keys(seen(each)).length > 0) ?? 0;
    expect(sightingsOf(toy, runSeed(toy, seed, 'as-written'), ['pongs-again'])).toEqual({});
  });
  test.each([
    ['a/b.12 had 3 events in second 0.5', 'a/b.# had # events in second #'],
    ["got 'x' and “y”, not 0a1b2c3d", 'got … and …, not #'],
    ['one of 1, 2, 3', 'one of #'],
  ])('%s', (sentence, without) => expect(withoutValues(sentence)).toBe(without));
});

describe('coverage', () => {
  const featuresOf = (seed: number, alter = (kind: string) => kind): readonly number[] => {
    const coverage = new Coverage();
    const { events, met } = runSeed(toy, seed);
    for (const event of events) coverage.see({ ...event, kind: alter(event.kind) as typeof event.kind });
    return coverage.features({ met }, []);
  };
  test('is a function of the run, and sees what comes after what', () => {
    expect(featuresOf(1)).toEqual(featuresOf(1));
    expect(featuresOf(1, kind => (kind === 'send' ? 'drain' : kind))).not.toEqual(featuresOf(1));
    const all = new Set(Array.from({ length: 20 }, (_, seed) => featuresOf(seed)).flat());
    expect(all.size).toBeGreaterThan(featuresOf(1).length);
  });
});

describe('a corpus', () => {
  const run = (seed: number, events: number, ...features: number[]): Reached => ({
    seed,
    events,
    features,
    plan: planOf(toy, seed, 'corrected'),
  });
  test('keeps what reached something new, and drops what the others cover, the longest first', () => {
    const corpus = new Corpus();
    expect(corpus.add([run(0, 9, 1, 2), run(1, 5, 2), run(2, 5, 2, 3), run(3, 6, 1, 4)])).toBe(true);
    expect(corpus.kept.map(({ seed }) => seed)).toEqual([0, 2, 3]);
    corpus.minimise();
    expect(corpus.kept.map(({ seed }) => seed)).toEqual([2, 3]);
    expect(corpus.add([run(4, 1, 1, 2, 3, 4)])).toBe(false);
    expect(corpus.known).toEqual([1, 2, 3, 4]);
  });
});

describe('a guided plan', () => {
  const kept = [3, 5, 8].map(seed => ({ seed, plan: planOf(toy, seed, 'corrected') }));
  const all = Array.from({ length: 60 }, (_, seed) => guidedPlan(toy, seed, 'corrected', kept));
  test('is one of the scenario, of the seed, and as a rule near one that is kept', () => {
    expect(all.filter(({ plan }) => !checkPlan(toy, plan).ok)).toEqual([]);
    expect(guidedPlan(toy, 7, 'corrected', kept)).toEqual(all[7]);
    const texts = new Set(all.map(each => JSON.stringify(each)));
    expect(texts.size).toBeGreaterThan(40);
    const near = all.filter(({ plan }) => kept.some(each => JSON.stringify(each.plan.link) === JSON.stringify(plan.link)));
    expect(near.length).toBeGreaterThan(20);
  });
  test('without any that is kept is that of the seed', () => {
    expect(guidedPlan(toy, 7, 'corrected', [])).toEqual({ seed: 7, plan: planOf(toy, 7, 'corrected') });
  });
});
