/** Events that are put off, so that others pass them: never early, never out of a process's own order of timers, never for ever. */
import { describe, expect, it } from 'vitest';
import type { Daemon } from '../../src/host/host.ts';
import { type Duration, micros, millis, ZERO } from '../../src/host/time.ts';
import { type LateSchedule, type Schedule, WINDOW_MAX } from '../../src/sim/core/options.ts';
import { AT_ONCE, calling, later, Stage, serving } from './kit.ts';

const SEEDS = Array.from({ length: 60 }, (_, index) => `seed ${index}`);
const INSTANT = { latencyMin: ZERO, latencyMax: ZERO, ...AT_ONCE };
const FIFO: Schedule = { strategy: 'fifo' };
const WALK: LateSchedule = { strategy: 'walk', window: WINDOW_MAX };
const PRIORITIES: LateSchedule = { strategy: 'priorities', window: WINDOW_MAX, depth: 2, steps: 4 };
const DELAYS: LateSchedule = { strategy: 'delays', window: WINDOW_MAX, most: 2, steps: 4 };
const RACES: LateSchedule = { strategy: 'races', most: 3, oneIn: 1 };

/** Two processes of which one has a timer a little before the other: who was first, and when. */
function apart(schedule: Schedule, seed: string, by: Duration): { readonly order: string; readonly times: readonly number[] } {
  const tick: Daemon = host =>
    later(host, (millis(100) + (host.process.args[0] === 'b' ? by : 0)) as Duration, () => host.log('info', host.process.args[0] ?? ''));
  const stage = new Stage({ tick }, { schedule, seed, local: INSTANT });
  for (const name of ['a', 'b']) stage.add(name).start('tick', [name]);
  stage.run(2);
  return { order: stage.logs().join(''), times: stage.of('log').map(({ time }) => time) };
}

describe('what is late', () => {
  it.each([WALK, PRIORITIES, DELAYS])('lets pass what comes within its window, and no more: $strategy', schedule => {
    const orders = (by: Duration): ReadonlySet<string> => new Set(SEEDS.map(seed => apart(schedule, seed, by).order));
    expect(orders(millis(5))).toEqual(new Set(['ab', 'ba']));
    // The start may have been late as well.
    expect(orders((2 * WINDOW_MAX + 1) as Duration)).toEqual(new Set(['ab']));
    expect(new Set(SEEDS.map(seed => apart(FIFO, seed, millis(5)).order))).toEqual(new Set(['ab']));
  });

  it('is never early, and never later than the window', () => {
    for (const seed of SEEDS) {
      for (const time of apart(WALK, seed, ZERO).times) {
        expect(time).toBeGreaterThanOrEqual(100_000);
        // The start of the process may have been late as well.
        expect(time).toBeLessThanOrEqual(100_000 + 2 * WINDOW_MAX);
      }
    }
  });

  it('keeps the timers of a process in their order, also those of one instant', () => {
    const many: Daemon = host => {
      for (let index = 0; index < 20; index++)
        later(host, (millis(10) + Math.floor(index / 2) * micros(300)) as Duration, () => host.log('info', String(index)));
    };
    for (const schedule of [WALK, PRIORITIES, DELAYS]) {
      for (const seed of SEEDS.slice(0, 20)) {
        const stage = new Stage({ many }, { schedule, seed, local: INSTANT });
        stage.add('a').start('many');
        stage.run(2);
        expect(stage.logs()).toEqual(Array.from({ length: 20 }, (_, index) => String(index)));
      }
    }
  });

  it('is a busy machine, not a slow one: a process is late for a tenth of the time and a little more', () => {
    const busy: Daemon = host => {
      let left = 10_000;
      const again = (): void => {
        if (--left > 0) host.clock.setTimer(millis(1), again);
        else host.log('info', 'done');
      };
      host.clock.setTimer(millis(1), again);
    };
    const stage = new Stage({ busy }, { schedule: WALK, local: INSTANT });
    stage.add('a').start('busy');
    stage.run(60);
    const [done] = stage.of('log');
    expect(done?.time).toBeGreaterThan(10_000_000);
    expect(done?.time).toBeLessThan(11_500_000);
  });
});

/** A client that waits 200 ms for an answer that takes two. */
function answered(schedule: Schedule, seed: string, latest: Duration): { readonly logs: string; readonly choices: number } {
  const a = serving(stream => ({ data: bytes => void stream.write(bytes) }));
  const b = calling((stream, host) => {
    stream.write(Uint8Array.of(1));
    const timer = host.clock.setTimer(millis(200), () => host.log('info', 'late'));
    return {
      data: () => {
        timer.cancel();
        host.log('info', 'answered');
      },
    };
  });
  const stage = Stage.of({ a, b }, { schedule, seed, latest, local: INSTANT, link: { latencyMin: millis(1), latencyMax: millis(1) } });
  stage.run(5);
  return { logs: stage.logs().join(' '), choices: stage.of('choice').length };
}

describe('a race on purpose', () => {
  it('between an answer and the timer that it cancels ends in either way', () => {
    const outcomes = (latest: Duration): ReadonlySet<string> => new Set(SEEDS.map(seed => answered(RACES, seed, latest).logs));
    expect(outcomes(millis(500))).toEqual(new Set(['answered', 'late answered']));
    // Nothing in this world makes an answer so late.
    expect(outcomes(ZERO)).toEqual(new Set(['answered']));
    expect(new Set(SEEDS.map(seed => answered(WALK, seed, millis(500)).logs))).toEqual(new Set(['answered']));
  });

  it('is told in the trace, once for each event that was singled out', () => {
    const choices = SEEDS.map(seed => answered(RACES, seed, millis(500)).choices);
    expect(Math.max(...choices)).toBeGreaterThan(0);
    expect(Math.max(...choices)).toBeLessThanOrEqual(RACES.strategy === 'races' ? RACES.most : 0);
    expect(answered(FIFO, 'seed', millis(500)).choices).toBe(0);
  });

  it('is not held once all is healed', () => {
    const a = serving(stream => ({ data: bytes => void stream.write(bytes) }));
    const b = calling((stream, host) => {
      const timer = host.clock.setTimer(millis(900), () => host.log('info', 'late'));
      // Asked after the world was healed.
      host.clock.setTimer(millis(600), () => stream.write(Uint8Array.of(1)));
      return { data: () => timer.cancel() };
    });
    for (const seed of SEEDS) {
      const stage = Stage.of({ a, b }, { schedule: RACES, seed, latest: millis(800), local: INSTANT });
      stage.run(0.5);
      stage.world.heal();
      stage.run(5);
      expect(stage.logs()).toEqual([]);
    }
  });
});
