import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from '../../src/host/time.ts';
import { Agenda, type Entry } from '../../src/sim/core/agenda.ts';

/** Takes everything and fires it. */
function drain(agenda: Agenda): void {
  for (let entry = agenda.take(); entry !== undefined; entry = agenda.take()) {
    const fire = entry.fire;
    entry.fire = undefined;
    fire?.();
  }
}

type Step = readonly ['add', number] | readonly ['cancel', number] | readonly ['take', number] | readonly ['putBack', number];
/** From now: mostly near, sometimes any number of digits away. */
const delay = fc.oneof(
  fc.nat(3),
  fc.nat(200),
  fc.nat(100_000),
  fc.nat(2 ** 31 - 1),
  fc.integer({ min: 0, max: 2 ** 40 }),
  fc.integer({ min: 0, max: 2 ** 51 }),
);
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constant('add' as const), delay) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('cancel' as const), fc.nat(100)) },
    { weight: 4, arbitrary: fc.tuple(fc.constant('take' as const), fc.oneof(fc.constant(Number.POSITIVE_INFINITY), delay)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('putBack' as const), fc.nat(5)) },
  ),
  { maxLength: 200, size: 'max' },
);

interface Item {
  readonly time: number;
  readonly order: number;
  readonly entry: Entry;
}

/** A sorted list beside the agenda; the two must agree after every step. */
class Pair {
  readonly #agenda = new Agenda();
  #items: Item[] = [];
  #now = 0;
  #order = 0;

  perform([step, number]: Step): void {
    if (step === 'add') this.#add(Math.min(this.#now + number, Number.MAX_SAFE_INTEGER));
    else if (step === 'cancel') this.#cancel(number);
    else if (step === 'take') this.#take(this.#now + number);
    else this.#putBack(number);
    expect(this.#agenda.nextTime()).toBe(this.#items[0]?.time);
    expect(this.#agenda.size).toBe(this.#items.length);
  }

  #add(time: number): void {
    this.#items.push({ time, order: this.#order++, entry: this.#agenda.add(instantOf(time), () => {}) });
    this.#sort();
  }

  #cancel(which: number): void {
    const [gone] = this.#items.splice(which % Math.max(1, this.#items.length), 1);
    if (gone !== undefined) this.#agenda.cancel(gone.entry);
  }

  /** As World.run does: afterwards it is the time of what was taken, or `until`. */
  #take(until: number): void {
    const [first] = this.#items;
    const taken = this.#agenda.take(until);
    if (first === undefined || first.time > until) {
      expect(taken).toBeUndefined();
      if (Number.isFinite(until)) this.#now = Math.min(until, Number.MAX_SAFE_INTEGER);
      return;
    }
    expect(taken).toBe(first.entry);
    this.#items.shift();
    this.#now = first.time;
  }

  /** As takeNext does: some of one instant are taken, and all but one go back. */
  #putBack(count: number): void {
    const first = this.#agenda.take();
    expect(first).toBe(this.#items[0]?.entry);
    if (first === undefined) return;
    this.#now = first.time;
    const taken = [first];
    while (taken.length <= count) {
      const next = this.#agenda.take(first.time);
      if (next === undefined) break;
      taken.push(next);
    }
    expect(taken).toEqual(this.#items.slice(0, taken.length).map(item => item.entry));
    const kept = taken[count % taken.length];
    for (const entry of taken) if (entry !== kept) this.#agenda.putBack(entry);
    this.#items = this.#items.filter(item => item.entry !== kept);
  }

  #sort(): void {
    this.#items.sort((left, right) => left.time - right.time || left.order - right.order);
  }
}

describe('agenda', () => {
  it('gives entries in the order of time, then of arrival, whatever is cancelled, limited or put back in between', () => {
    fc.assert(
      fc.property(steps, list => {
        const pair = new Pair();
        for (const step of list) pair.perform(step);
        for (let left = 0; left < 200; left++) pair.perform(['take', Number.POSITIVE_INFINITY]);
      }),
      { numRuns: 150 },
    );
  });

  it('takes nothing into the past', () => {
    const agenda = new Agenda();
    agenda.add(instantOf(1_000_000), () => {});
    agenda.take();
    expect(() => agenda.add(instantOf(999_999), () => {})).toThrow('in the past');
  });

  it('takes nothing into the past', () => {
    const agenda = new Agenda();
    agenda.add(instantOf(5_000), () => {});
    agenda.take();
    expect(() => agenda.add(instantOf(4_999), () => {})).toThrow('in the past');
    expect(agenda.add(instantOf(5_000), () => {}).time).toBe(5_000);
  });

  it('keeps the order of entries of one instant, from whichever wheel they come', () => {
    const agenda = new Agenda();
    const far = 40_000_000;
    const early = [0, 1, 2].map(() => agenda.add(instantOf(far), () => {}));
    agenda.add(instantOf(far - 3), () => {});
    agenda.take();
    const late = [0, 1].map(() => agenda.add(instantOf(far), () => {}));
    expect([...early, ...late].map(entry => agenda.take() === entry)).toEqual([true, true, true, true, true]);
  });

  it('sweeps cancelled entries out and keeps the order of the others', () => {
    const agenda = new Agenda();
    const fired: number[] = [];
    const entries = Array.from({ length: 5_000 }, (_, index) => agenda.add(instantOf((index * 7_919) % 1_000), () => fired.push(index)));
    entries.forEach((entry, index) => {
      if (index % 10 !== 0) agenda.cancel(entry);
    });
    expect(agenda.size).toBe(500);
    drain(agenda);
    const expected = entries.map((_, index) => index).filter(index => index % 10 === 0);
    expect(fired).toEqual(expected.sort((left, right) => ((left * 7_919) % 1_000) - ((right * 7_919) % 1_000) || left - right));
  });

  it('ignores a second cancel, and a cancel of what has fired', () => {
    const agenda = new Agenda();
    const first = agenda.add(instantOf(1), () => {});
    const second = agenda.add(instantOf(2), () => {});
    agenda.cancel(second);
    agenda.cancel(second);
    expect(agenda.size).toBe(1);
    drain(agenda);
    agenda.cancel(first);
    expect(agenda.size).toBe(0);
    expect(agenda.take()).toBeUndefined();
  });

  it('puts an entry back to its place', () => {
    const agenda = new Agenda();
    const entries = [5, 5, 5].map(time => agenda.add(instantOf(time), () => {}));
    const first = agenda.take();
    if (first !== undefined) agenda.putBack(first);
    expect([agenda.take(), agenda.take(), agenda.take()]).toEqual(entries);
  });
});
