/** Cones of a small trace that was made by hand, and of every recorded one: an event is in the past cone of another exactly if that is in its future cone. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { coneOf, readingsOfSends } from '../../src/trace/causality.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { readTrace } from '../../src/trace/read.ts';
import { event } from './arbitrary.ts';

const bytes = (length: number): Uint8Array => new Uint8Array(length);
/** a sends twice, b reads both at once; c has nothing to do with it. */
const SMALL: readonly TraceEvent[] = [
  event(0, { process: 'a', bytes: bytes(3), message: 1 }),
  event(1, { process: 'c', kind: 'log', channel: '' }),
  event(2, { process: 'a', bytes: bytes(2), message: 2 }),
  event(3, { process: 'b', kind: 'recv', bytes: bytes(5), message: 1, cause: 0 }),
  event(4, { process: 'b', bytes: bytes(1), channel: 'pipe2', message: 3 }),
  event(5, { process: 'c', kind: 'log', channel: '' }),
  event(6, { process: 'a', kind: 'log', channel: '' }),
];

test('a past cone has the order of processes, causes, and whatever was read together', () => {
  expect([...coneOf(SMALL, 4, 'past')].toSorted()).toEqual([0, 2, 3, 4]);
  expect([...coneOf(SMALL, 5, 'past')].toSorted()).toEqual([1, 5]);
});

test('a future cone is the reverse', () => {
  expect([...coneOf(SMALL, 2, 'future')].toSorted()).toEqual([2, 3, 4, 6]);
  expect([...coneOf(SMALL, 1, 'future')].toSorted()).toEqual([1, 5]);
});

test('the read of a send is the one that has its last byte', () => {
  expect([...readingsOfSends(SMALL)]).toEqual([
    [0, 3],
    [2, 3],
  ]);
});

const root = new URL('../../traces/lonc/', import.meta.url);
test.each(
  readdirSync(root)
    .filter(name => name.endsWith('.jsonl'))
    .slice(0, 8),
)('%s: past and future agree', name => {
  const { events } = readTrace([readFileSync(new URL(name, root))]);
  const step = Math.max(1, Math.floor(events.length / 12));
  const places = events.map(({ index }) => index).filter(index => index % step === 0);
  const pasts = new Map(places.map(at => [at, coneOf(events, at, 'past')]));
  for (const at of places) {
    const future = coneOf(events, at, 'future');
    for (const [other, past] of pasts) expect([at, other, past.has(at)]).toEqual([at, other, future.has(other)]);
  }
});
