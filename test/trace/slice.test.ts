/** Which events a failure is told by: the nearest of those that it followed from, by what brought them about, and always what the world did. */
import { expect, test } from 'vitest';
import type { TraceEvent } from '../../src/trace/event.ts';
import { sliceOf } from '../../src/trace/slice.ts';
import { event } from './arbitrary.ts';

type Row = readonly [process: string, kind: TraceEvent['kind'], cause?: number, data?: TraceEvent['data']];
const eventsOf = (...rows: readonly Row[]): readonly TraceEvent[] =>
  rows.map(([process, kind, cause = -1, data], index) => event(index, { process, kind, cause, data }));
const sliced = (
  events: readonly TraceEvent[],
  most: number,
  decided = true,
  tells: (event: TraceEvent) => boolean = () => true,
): readonly number[] => sliceOf(events, decided, tells, most).map(({ index }) => index);

/** a tells b, which has read something else before, and c has nothing to do with it. */
const TALK = eventsOf(['b', 'start'], ['b', 'recv'], ['c', 'log'], ['a', 'log'], ['a', 'send'], ['b', 'recv', 4], ['b', 'log']);

test('has what led to the last event, the nearest first, in their order', () => {
  expect(sliced(TALK, 10)).toEqual([0, 1, 3, 4, 5, 6]);
  expect(sliced(TALK, 1)).toEqual([6]);
  expect(sliced(TALK, 2)).toEqual([5, 6]);
  // What another process said is nearer than what the own one did before.
  expect(sliced(TALK, 4)).toEqual([3, 4, 5, 6]);
  expect(sliced(TALK, 5)).toEqual([1, 3, 4, 5, 6]);
});

test('has only events that say something, and looks through the others', () => {
  expect(sliced(TALK, 3, true, ({ kind }) => kind !== 'recv')).toEqual([3, 4, 6]);
});

test('of what nobody decided begins at the last event of each process', () => {
  expect(sliced(TALK, 10, false)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(sliced(TALK, 3, false)).toEqual([2, 4, 6]);
});

test('takes a connection that the Host has closed for the beginning of something, and one that was closed for its end', () => {
  const closed = (data?: TraceEvent['data']): readonly TraceEvent[] =>
    eventsOf(['a', 'log'], ['b', 'send'], ['b', 'log'], ['b', 'log'], ['a', 'close', 3, data], ['a', 'log']);
  expect(sliced(closed(), 4)).toContain(0);
  expect(sliced(closed({ error: 'ECONNRESET' }), 4)).not.toContain(0);
});

test('always has what the world does, the last of it where that is too much, and the last event beside it', () => {
  const world = eventsOf(['', 'fault'], ['', 'fault'], ['a', 'log'], ['', 'fault'], ['a', 'log']);
  expect(sliced(world, 4)).toEqual([0, 1, 3, 4]);
  expect(sliced(world, 5)).toEqual([0, 1, 2, 3, 4]);
  expect(sliced(world, 2)).toEqual([1, 3, 4]);
});
