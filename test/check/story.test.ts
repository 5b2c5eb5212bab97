/** The story of a failure: which events it is told by, what it needs, and what is said of that. */
import { describe, expect, test } from 'vitest';
import { scenario } from '../../src/check/define.ts';
import { always } from '../../src/check/property.ts';
import { planOf, runPlan } from '../../src/check/run.ts';
import { failureOf } from '../../src/check/shrink/offer.ts';
import { shrinkPlan } from '../../src/check/shrink/shrink.ts';
import { neededOf } from '../../src/check/story/needed.ts';
import { formatStory, storyOf, wrapped } from '../../src/check/story/story.ts';
import { instantOf, millis, seconds } from '../../src/host/time.ts';
import type { Fault } from '../../src/sim/fault.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { sliceOf } from '../../src/trace/slice.ts';
import { type ToyPlan, toy } from './toy.ts';

const event = (index: number, process: string, kind: TraceEvent['kind'], cause = -1, more: Partial<TraceEvent> = {}): TraceEvent => ({
  index,
  time: instantOf(index),
  process,
  kind,
  cause,
  message: 0,
  channel: '',
  bytes: undefined,
  data: undefined,
  ...more,
});

describe('a slice', () => {
  // b hears a, by way of c; d talks to itself.
  const events = [
    event(0, 'a', 'start'),
    event(1, 'd', 'start'),
    event(2, 'b', 'start'),
    event(3, 'c', 'start'),
    event(4, 'a', 'send', -1, { message: 1 }),
    event(5, 'd', 'log'),
    event(6, 'c', 'recv', 4, { message: 1 }),
    event(7, 'c', 'send', -1, { message: 2 }),
    event(8, 'd', 'log'),
    event(9, '', 'fault'),
    event(10, 'b', 'recv', 7, { message: 2 }),
    event(11, 'b', 'log'),
  ];
  const told = (decided: boolean, most: number) => sliceOf(events, decided, () => true, most).map(({ index }) => index);

  test('has what an event followed from, the nearest first, and what the world does', () => {
    expect(told(true, 5)).toEqual([6, 7, 9, 10, 11]);
    expect(told(true, 6)).toEqual([4, 6, 7, 9, 10, 11]);
    expect(told(true, 99)).not.toContain(5);
    expect(told(true, 99)).not.toContain(1);
  });

  test('has the last of every process where no event decided', () => {
    expect(told(false, 5)).toEqual([4, 7, 8, 9, 11]);
  });

  test('comes to its end where causes of a file go round', () => {
    expect(sliceOf([event(0, 'a', 'recv', 1), event(1, 'a', 'recv', 0), event(2, 'a', 'recv', 77)], true, () => true, 9)).toHaveLength(3);
  });
});

/** Fails with the silent connection, whatever else goes wrong. */
const SILENT: Fault = { kind: 'half-open', at: millis(500), program: 'server' };
const SLOW: Fault = { kind: 'latency', at: millis(10), duration: millis(50), extra: millis(1) };
const seed = 3;
const plan: ToyPlan = {
  ...planOf(toy, seed, 'as-written'),
  schedule: { strategy: 'fifo' },
  faults: [SLOW, SILENT],
};
const neededBy = (faults: readonly Fault[]) => {
  const tried = { ...plan, faults };
  const failing = failureOf(toy, tried, seed, 'pongs-again');
  if (failing === undefined) throw new Error('it holds');
  return neededOf(toy, tried, seed, failing.signature);
};

/** Two that sleep, of whom one dies. */
const twins = scenario({
  name: 'twins/sleep',
  title: 'Two sleep.',
  programs: { sleeper: host => void host.clock.setTimer(seconds(1), () => {}) },
  build: world => {
    world.machine('m').start('sleeper');
    world.machine('n').start('sleeper');
  },
  properties: [
    always(
      'all-live',
      'Nobody is killed.',
      () => ({ see: ({ data }) => (data?.['signal'] === 'SIGKILL' ? 'one was killed' : undefined) }),
      ['exit'],
    ),
  ],
  faults: { kinds: { kill: 2 }, programs: ['sleeper'] },
});

const kill = (at: number): Fault => ({ kind: 'kill', at: millis(at), program: 'sleeper' });
const bothDie = always(
  'one-lives',
  'Not both are killed.',
  () => {
    let killed = 0;
    return { see: ({ data }) => (data?.['signal'] === 'SIGKILL' && ++killed === 2 ? 'both were killed' : undefined) };
  },
  ['exit'],
);

describe('what a failure needs', () => {
  test('is found by taking each fault away', () => {
    expect(neededBy([SLOW, SILENT])).toEqual({
      faults: [
        { fault: SLOW, without: 'fails the same' },
        { fault: SILENT, without: 'holds' },
      ],
      none: 'holds',
      mattered: 1,
    });
  });

  test('is, of several that are all needed, the one that came last, wherever it stands in the plan', () => {
    const both = { ...twins, properties: [bothDie] };
    const tried = { ...planOf(twins, 1, 'corrected'), faults: [kill(300), kill(200)] };
    const failing = failureOf(both, tried, 1, 'one-lives');
    const needed = failing === undefined ? undefined : neededOf(both, tried, 1, failing.signature);
    expect(needed?.faults.map(({ without }) => without)).toEqual(['holds', 'holds']);
    expect(needed?.mattered).toBe(0);
  });

  test('is one of two that each suffice, where nothing is needed alone', () => {
    const tried = { ...planOf(twins, 1, 'corrected'), faults: [kill(200), kill(300)] };
    const failing = failureOf(twins, tried, 1, 'all-live');
    const needed = failing === undefined ? undefined : neededOf(twins, tried, 1, failing.signature);
    expect(needed).toEqual({
      faults: tried.faults.map(fault => ({ fault, without: 'fails the same' })),
      none: 'holds',
      mattered: 0,
      ...(tried.schedule.strategy === 'fifo' ? {} : { inOrder: 'fails the same' }),
    });
  });
});

describe('a story', () => {
  const { events = [], violations } = runPlan(toy, plan, seed, { keep: true });
  const violation = violations.find(({ property }) => property === 'pongs-again');
  if (violation === undefined) throw new Error('it holds');
  const story = storyOf(toy, { plan, events, violation, needed: neededBy(plan.faults) }, { columns: 60 });

  test('says what should have happened, what it needs, and that time decided', () => {
    expect(story.sentence).toBe('After healing a ping is answered.');
    expect(story.told.join(' ')).toMatch(
      /^It needs one fault: without the half-open of server at 0\.500000 s the property holds\. Before that: at .*\. No event decided: it was found when time had passed, at /,
    );
    expect(story.mattered).toBe('fault half-open at 0.500000 s: program "server"');
    expect(story.plan).toContain(story.mattered);
  });

  test('fits its columns, and ends with the violation', () => {
    const lines = formatStory(story, 60);
    expect(Math.max(...lines.map(line => [...line].length))).toBeLessThanOrEqual(60);
    expect(lines.at(-1)).toBe('               ✗ pongs-again');
    expect(lines.some(line => line.includes('── half-open ──'))).toBe(true);
  });

  test('names the event that decided, where one did', () => {
    const garbled = events.find(({ kind }) => kind === 'send')?.index ?? -1;
    const told = storyOf(toy, { plan, events, violation: { property: 'no-garble', at: garbled, why: 'because' } }).told.join(' ');
    expect(told).toMatch(/Event \d+ decided, at .*: a\/client\.\d+ sends "ping 1\\n" to b\/server\.\d+\.$/);
  });

  test('says that nothing has to go wrong where nothing did', () => {
    const always = { ...toy, programs: (given: ToyPlan) => ({ ...toy.programs(given), server: () => {} }) };
    const shrunk = shrinkPlan(always, plan, seed, 'pongs-again', { maxRuns: 20 });
    if (shrunk === undefined) throw new Error('it holds');
    const failing = failureOf(always, shrunk.plan, seed, 'pongs-again');
    const needed = failing === undefined ? undefined : neededOf(always, shrunk.plan, seed, failing.signature);
    const told = storyOf(always, { plan: shrunk.plan, events: shrunk.result.events ?? [], violation: shrunk.violation, needed }).told;
    expect(told[0]).toBe('Nothing has to go wrong for it.');
  });

  test('wraps at words, and cuts what is longer than a line', () => {
    expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapped(`a ${'x'.repeat(20)} b`, 8)).toEqual(['a', 'xxxxxxx…', 'b']);
  });
});
