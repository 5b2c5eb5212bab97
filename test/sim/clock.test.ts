import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Duration, type Instant, instantOf, seconds } from '../../src/host/time.ts';
import { MachineClock } from '../../src/sim/core/clock.ts';
import { later, Stage } from './kit.ts';

const rates = fc.integer({ min: -900_000, max: 5_000_000 });
const times = fc.integer({ min: 0, max: 10 ** 12 });

describe('the clock of a machine', () => {
  it('shows `due` when `until` says, and not before, at any rate', () => {
    fc.assert(
      fc.property(times, rates, times, fc.integer({ min: 0, max: 10 ** 12 }), (start, rate, now, delay) => {
        const clock = new MachineClock();
        clock.drift(instantOf(start), rate);
        const from = instantOf(start + now);
        const due = (clock.monotonic(from) + delay) as Instant;
        const wait = clock.until(from, due);
        expect(clock.monotonic((from + wait) as Instant)).toBeGreaterThanOrEqual(due);
        // A slow clock shows one microsecond for several true ones.
        const one = Math.ceil(1_000_000 / (1_000_000 + rate)) + 1;
        if (wait >= one) expect(clock.monotonic((from + wait - one) as Instant)).toBeLessThan(due);
      }),
      { numRuns: 500 },
    );
  });

  it('never goes back on the monotonic side, whatever changes', () => {
    const change = fc.record({ wait: fc.nat(10_000_000), rate: rates, step: fc.integer({ min: -(10 ** 12), max: 10 ** 12 }) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), list => {
        const clock = new MachineClock();
        let now = 0;
        let last = -1;
        for (const { wait, rate, step } of list) {
          now += wait;
          const shown = clock.monotonic(instantOf(now));
          clock.drift(instantOf(now), rate);
          clock.step(step as Duration);
          expect(clock.monotonic(instantOf(now))).toBe(shown);
          expect(shown).toBeGreaterThanOrEqual(last);
          expect(Number.isInteger(shown)).toBe(true);
          last = shown;
        }
      }),
    );
  });

  it('jumps on the wall side only', () => {
    const clock = new MachineClock();
    const wall = clock.wall(instantOf(5));
    clock.step(seconds(-3600));
    expect(clock.wall(instantOf(5))).toBe(wall - 3_600_000_000);
    expect(clock.monotonic(instantOf(5))).toBe(5);
  });

  it('starts the monotonic side at zero after a reboot, and goes on with the wall side', () => {
    const clock = new MachineClock();
    clock.drift(instantOf(0), 100_000);
    const wall = clock.wall(instantOf(1_000_000));
    clock.reboot(instantOf(1_000_000));
    expect(clock.monotonic(instantOf(1_000_000))).toBe(0);
    expect(clock.wall(instantOf(1_000_000))).toBe(wall);
  });

  it('refuses a rate at which it would stand still', () => {
    expect(() => new MachineClock().drift(instantOf(0), -1_000_000)).toThrow('cannot drift');
  });
});

describe('timers under drift', () => {
  const rate = fc.integer({ min: -500_000, max: 500_000 });
  const fault = fc.record({ at: fc.nat(3_000_000), duration: fc.nat(3_000_000), partsPerMillion: rate });

  it('fire on the local clock, never early, whenever the rate changes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4_000_000), { minLength: 1, maxLength: 5 }), fc.array(fault, { maxLength: 3 }), (delays, faults) => {
        const off: number[] = [];
        const stage = Stage.of({
          a: host => {
            for (const delay of delays) {
              const due = host.clock.monotonic() + delay;
              later(host, delay as Duration, () => off.push(host.clock.monotonic() - due));
            }
          },
        });
        for (const { at, duration, partsPerMillion } of faults)
          stage.inject({ kind: 'clock-drift', machine: 'a', at: at as Duration, duration: duration as Duration, partsPerMillion });
        stage.run(60);
        expect(off).toHaveLength(delays.length);
        for (const late of off) {
          expect(late).toBeGreaterThanOrEqual(0);
          // One true microsecond may be more than one of a fast clock, and one more is lost to rounding at a change.
          expect(late).toBeLessThanOrEqual(2);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('tell an alarm the time that is left on the local clock', () => {
    const left: number[] = [];
    const stage = Stage.of({
      a: host => {
        host.signals.alarm(seconds(10));
        later(host, seconds(3), () => left.push(host.signals.alarm(seconds(0))));
      },
    });
    stage.inject({ kind: 'clock-drift', machine: 'a', at: seconds(0), duration: seconds(100), partsPerMillion: 500_000 }).run(20);
    expect(left).toEqual([7_000_000]);
  });
});
