import { describe, expect, it } from 'vitest';
import type { Daemon, Programs } from '../../src/host/host.ts';
import { instantOf, micros, seconds } from '../../src/host/time.ts';
import { Agenda } from '../../src/sim/core/agenda.ts';
import { type Schedule, WINDOW_MAX } from '../../src/sim/core/options.ts';
import { Prng } from '../../src/sim/core/prng.ts';
import { chooserOf, takeNext } from '../../src/sim/core/schedule.ts';
import { AT_ONCE, calling, later, Stage, serving } from './kit.ts';

const LATE: readonly Schedule[] = [
  { strategy: 'walk', window: WINDOW_MAX },
  { strategy: 'priorities', window: WINDOW_MAX, depth: 3, steps: 64 },
  { strategy: 'delays', window: WINDOW_MAX, most: 5, steps: 64 },
  { strategy: 'races', most: 5, oneIn: 2 },
];
const SCHEDULES: readonly Schedule[] = [{ strategy: 'fifo' }, { strategy: 'random' }, { strategy: 'pct', depth: 3 }, ...LATE];
const SEEDS = Array.from({ length: 20 }, (_, index) => `seed ${index}`);
/** Everything that happens, happens at one instant. */
const INSTANT = { latencyMin: micros(0), latencyMax: micros(0), ...AT_ONCE };

const tick: Daemon = host => later(host, seconds(1), () => host.log('info', host.process.args[0] ?? ''));

/** Two processes whose timers fire at the same instant: who was first. */
function race(schedule: Schedule, seed: string): string {
  const stage = new Stage({ tick }, { schedule, seed, local: INSTANT });
  stage.add('a').start('tick', ['a']);
  stage.add('b').start('tick', ['b']);
  stage.run(2);
  return stage.logs().join('');
}

const orders = (schedule: Schedule): ReadonlySet<string> => new Set(SEEDS.map(seed => race(schedule, seed)));

describe('schedules', () => {
  it('fifo knows one order', () => expect(orders({ strategy: 'fifo' })).toEqual(new Set(['ab'])));
  it('random finds both', () => expect(orders({ strategy: 'random' })).toEqual(new Set(['ab', 'ba'])));
  it('pct finds both', () => expect(orders({ strategy: 'pct', depth: 2 })).toEqual(new Set(['ab', 'ba'])));

  it('records each decision, at its time, and repeats it for the same seed', () => {
    const runs = [0, 1].map(() => {
      const stage = new Stage({ tick }, { schedule: { strategy: 'random' }, local: INSTANT });
      for (const name of ['a', 'b', 'c']) stage.add(name).start('tick', [name]);
      stage.run(2);
      return stage;
    });
    const choices = runs.map(stage => stage.of('choice').map(event => `${event.time} ${event.data?.['of']} ${event.data?.['value']}`));
    expect(choices[0]?.length).toBeGreaterThan(3);
    expect(choices[0]).toEqual(choices[1]);
    // Three timers are due at one second: the first choice is among three, the second among two.
    expect(choices[0]?.filter(choice => choice.startsWith('1000000 ')).map(choice => choice.split(' ')[1])).toEqual(['3', '2']);
    const times = runs[0]?.events.map(event => event.time) ?? [];
    expect(times).toEqual([...times].sort((left, right) => left - right));
  });

  it.each(LATE)('$strategy comes to an end where a tape says that all draws are alike', schedule => {
    const stage = new Stage(
      { tick },
      { schedule: { ...schedule, depth: 5 } as Schedule, chance: { tape: { least: ['schedule'], set: {} } } },
    );
    stage.add('a').start('tick', ['a']);
    stage.run(2);
    expect(stage.logs()).toEqual(['a']);
  });

  it('fifo decides nothing', () => {
    const stage = new Stage({ tick }, { local: INSTANT });
    for (const name of ['a', 'b']) stage.add(name).start('tick', [name]);
    stage.run(2);
    expect(stage.of('choice')).toEqual([]);
  });

  it.each(SCHEDULES)('keeps the order of the timers of one process: $strategy', schedule => {
    const many: Daemon = host => {
      for (let index = 0; index < 10; index++) later(host, seconds(1), () => host.log('info', String(index)));
    };
    for (const seed of SEEDS) {
      const stage = new Stage({ many }, { schedule, seed, local: INSTANT });
      stage.add('a').start('many');
      stage.add('b').start('many');
      stage.run(2);
      for (const machine of ['a', 'b']) {
        const own = stage.of('log').filter(event => event.process.startsWith(machine));
        expect(own.map(event => event.data?.['event'])).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
      }
    }
  });

  it.each(SCHEDULES)('never breaks the order of bytes in a stream: $strategy', schedule => {
    for (const seed of SEEDS.slice(0, 8)) {
      const received = new Map<number, number[]>();
      const a = serving(stream => {
        let got: number[] | undefined;
        return {
          data: bytes => {
            got ??= [];
            if (got.length === 0) received.set(received.size, got);
            got.push(...bytes);
            stream.write(bytes.slice(0, 1));
          },
        };
      });
      const b = calling(stream => {
        for (let index = 0; index < 200; index++) stream.write(Uint8Array.of(index));
        return { data: () => {} };
      });
      const programs: Programs = { a, b };
      const stage = new Stage(programs, { schedule, seed, local: INSTANT, link: INSTANT });
      stage.add('a').start('a');
      const clients = stage.add('b');
      for (let count = 0; count < 5; count++) clients.start('b');
      stage.run(5);
      expect(received.size).toBe(5);
      for (const got of received.values()) expect(got).toEqual(Array.from({ length: 200 }, (_, index) => index));
    }
  });

  it('has no favourite among many at one instant', () => {
    const first = new Set<number>();
    const prng = new Prng('ready');
    const chooser = chooserOf({ strategy: 'random' }, prng);
    for (let round = 0; round < 300; round++) {
      const agenda = new Agenda();
      const entries = Array.from({ length: 8 }, () => agenda.add(instantOf(1), () => {}));
      const taken = takeNext(agenda, Number.POSITIVE_INFINITY, chooser, () => {});
      if (taken !== undefined) first.add(entries.indexOf(taken));
      expect(agenda.size).toBe(7);
    }
    expect(first.size).toBe(8);
  });

  it('lowers each priority below those that pct lowered before', () => {
    let complete = 0;
    for (const seed of SEEDS) {
      const chooser = chooserOf({ strategy: 'pct', depth: 4 }, new Prng(seed));
      const agenda = new Agenda();
      const entries = [1, 2, 3].map(owner => agenda.add(instantOf(0), () => {}, owner));
      const chosen = Array.from({ length: 256 }, () => chooser(entries));
      const turns = chosen.filter((value, index) => value !== chosen[index - 1]);
      if (turns.length < 4) continue;
      complete++;
      // All three were lowered once: the first of them is the highest again.
      expect(turns[3]).toBe(turns[0]);
      expect(new Set(turns).size).toBe(3);
    }
    expect(complete).toBeGreaterThan(10);
  });

  it('lowers priorities as often as the depth of pct says, and no more', () => {
    const switches = (depth: number): number => {
      const chooser = chooserOf({ strategy: 'pct', depth }, new Prng('pct'));
      const agenda = new Agenda();
      const entries = [1, 2, 3].map(owner => agenda.add(instantOf(0), () => {}, owner));
      const chosen = Array.from({ length: 256 }, () => chooser(entries));
      return chosen.filter((value, index) => index > 0 && value !== chosen[index - 1]).length;
    };
    expect(switches(1)).toBe(0);
    expect(switches(2)).toBe(1);
    expect(switches(3)).toBe(2);
  });
});
