import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from '../../src/host/time.ts';
import { Agenda, type Entry } from '../../src/sim/agenda.ts';

/** Takes everything and fires it. */
function drain(agenda: Agenda): void {
  for (let entry = agenda.take(); entry !== undefined; entry = agenda.take()) {
    const fire = entry.fire;
    entry.fire = undefined;
    fire?.();
  }
}

type Step = readonly ['add', number] | readonly ['cancel', number] | readonly ['take'];
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.tuple(fc.constant('add' as const), fc.nat(20)) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('cancel' as const), fc.nat(100)) },
    { weight: 3, arbitrary: fc.tuple(fc.constant('take' as const)) },
  ),
  { maxLength: 200 },
);

describe('agenda', () => {
  it('gives entries in the order of time, then of arrival, whatever is cancelled in between', () => {
    fc.assert(
      fc.property(steps, list => {
        const agenda = new Agenda();
        let model: { time: number; order: number; entry: Entry }[] = [];
        list.forEach((step, order) => {
          if (step[0] === 'add') model.push({ time: step[1], order, entry: agenda.add(instantOf(step[1]), () => {}) });
          else if (step[0] === 'cancel') {
            const [gone] = model.splice(step[1] % Math.max(1, model.length), 1);
            if (gone !== undefined) agenda.cancel(gone.entry);
          } else {
            model = model.sort((left, right) => left.time - right.time || left.order - right.order);
            expect(agenda.nextTime()).toBe(model[0]?.time);
            expect(agenda.take()).toBe(model.shift()?.entry);
          }
          expect(agenda.size).toBe(model.length);
        });
      }),
      { numRuns: 300 },
    );
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
