/**
 * The agenda alone: take the first entry, fire it, put one back, with 1,000 pending. Beside it an empty binary heap that
 * fires nothing, and the same loop on @sinonjs/fake-timers.
 */
import FakeTimers from '@sinonjs/fake-timers';
import type { Duration, Instant } from '../src/host/time.ts';
import { Agenda } from '../src/sim/core/agenda.ts';
import { Prng } from '../src/sim/core/prng.ts';

export const PENDING = 1_000;
export const ROUNDS = 10_000;
const LONGEST = 100_000;

const delays: readonly Duration[] = drawDelays();

function drawDelays(): readonly Duration[] {
  const prng = new Prng('bench');
  return Array.from({ length: 65_536 }, () => (1 + prng.below(LONGEST)) as Duration);
}

const delayAt = (index: number): number => delays[index & 65_535] ?? 1;

/** Each call makes ROUNDS rounds. */
export function agendaRounds(): () => void {
  const agenda = new Agenda();
  let fired = 0;
  const fire = (): void => {
    fired++;
  };
  for (let index = 0; index < PENDING; index++) agenda.add(delayAt(index) as Instant, fire);
  return () => {
    for (let round = 0; round < ROUNDS; round++) {
      const entry = agenda.take();
      if (entry?.fire === undefined) throw new Error('the agenda ran dry');
      const act = entry.fire;
      entry.fire = undefined;
      act();
      agenda.add((entry.time + delayAt(fired)) as Instant, fire);
    }
  };
}

interface Item {
  readonly time: number;
  readonly order: number;
}

/** A textbook binary heap of (time, order): what any agenda costs at the least. */
export function emptyHeapRounds(): () => void {
  const heap: Item[] = [];
  let order = 0;
  for (let index = 0; index < PENDING; index++) push(heap, { time: delayAt(index), order: order++ });
  return () => {
    for (let round = 0; round < ROUNDS; round++) {
      const first = pop(heap);
      push(heap, { time: first.time + delayAt(order), order: order++ });
    }
  };
}

const before = (left: Item, right: Item): boolean => left.time < right.time || (left.time === right.time && left.order < right.order);

function push(heap: Item[], item: Item): void {
  let index = heap.length;
  heap.push(item);
  while (index > 0) {
    const above = (index - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !before(item, parent)) break;
    heap[index] = parent;
    index = above;
  }
  heap[index] = item;
}

function pop(heap: Item[]): Item {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined) throw new Error('the heap ran dry');
  let index = 0;
  for (;;) {
    let below = 2 * index + 1;
    let child = heap[below];
    const right = heap[below + 1];
    if (child === undefined) break;
    if (right !== undefined && before(right, child)) {
      child = right;
      below++;
    }
    if (!before(child, last)) break;
    heap[index] = child;
    index = below;
  }
  if (heap.length > 0) heap[index] = last;
  return first;
}

export const FAKE_ROUNDS = 200;

/** The same on fake timers: every callback sets the next timer, `next()` fires one. */
export function fakeTimerRounds(): () => void {
  const clock = FakeTimers.createClock(0);
  let fired = 0;
  const fire = (): void => {
    fired++;
    clock.setTimeout(fire, delayAt(fired));
  };
  for (let index = 0; index < PENDING; index++) clock.setTimeout(fire, delayAt(index));
  return () => {
    for (let round = 0; round < FAKE_ROUNDS; round++) clock.next();
  };
}
