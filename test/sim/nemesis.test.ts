/** The nemesis: healing, faults that overlap, the shapes of a partition, and faults that strike a process or a machine. */
import { describe, expect, it } from 'vitest';
import type { Daemon } from '../../src/host/host.ts';
import { millis, seconds } from '../../src/host/time.ts';
import { LOCAL_DEFAULTS } from '../../src/sim/core/options.ts';
import type { Fault } from '../../src/sim/fault.ts';
import { chatter, during, hearing, idle, receivedIn, shouting, sink, ticking, writing } from './fault-daemons.ts';
import { bytesOf, calling, echo, later, logging, must, Stage } from './kit.ts';

describe('healing', () => {
  it('ends every fault at once', () => {
    const stage = Stage.of({ a: writing, b: ticking, c: hearing, d: shouting }, {}, ['/d']);
    const long = { at: seconds(1), duration: seconds(10_000) };
    stage.inject(
      { kind: 'latency', ...long, extra: seconds(100) },
      { kind: 'loss', ...long, chance: 1_000 },
      { kind: 'partition', ...long, shape: 'isolate', machines: ['a'] },
      { kind: 'pause', ...long, program: 'b' },
      { kind: 'disk-error', ...long, machine: 'a' },
      { kind: 'slow-sync', ...long, machine: 'a', extra: seconds(100) },
      { kind: 'clock-drift', ...long, machine: 'b', partsPerMillion: 900_000 },
      { kind: 'power-cut', ...long, machine: 'd', unsynced: 'kept' },
      { kind: 'kill', at: seconds(1), program: 'a', call: 1_000 },
    );
    stage.run(10.5);
    stage.world.heal();
    const from = stage.events.length;
    stage.run(60);
    const events = stage.events.slice(from);
    expect(events.filter(event => event.kind === 'fault')).toEqual([]);
    expect(events.some(event => event.process.startsWith('b/') && event.kind === 'fire')).toBe(true);
    expect(events.filter(event => event.kind === 'append' && event.data?.['error'] === undefined)).toHaveLength(9);
    expect(events.filter(event => event.kind === 'start').map(event => event.process)).toEqual(['d/d.101']);
    expect(stage.data('fault', 'step').filter(step => step === 'end')).toHaveLength(9);
    expect(stage.of('phase').map(event => event.data?.['name'])).toEqual(['heal']);
  });

  it('takes back a kill that has not struck', () => {
    const stage = Stage.of({ a: ticking });
    stage.inject({ kind: 'kill', at: seconds(0), program: 'a', call: 60 }).run(2.5);
    stage.world.heal();
    stage.run(30);
    expect(stage.of('exit')).toEqual([]);
    expect(stage.of('log')).toHaveLength(19);
  });
});

describe('faults of single calls', () => {
  it('are over when so many were refused, and leave the one before in force', () => {
    const stage = Stage.of({ a: writing }, {}, ['/d']);
    stage.inject({ kind: 'disk-full', at: millis(1_500), duration: seconds(30), machine: 'a', calls: 5 });
    stage.inject({ kind: 'disk-error', at: millis(2_500), duration: seconds(30), machine: 'a', calls: 2 }).run(60);
    expect(stage.logs().slice(0, 9)).toEqual(['ok', 'ENOSPC', 'EIO', 'EIO', 'ENOSPC', 'ENOSPC', 'ENOSPC', 'ENOSPC', 'ok']);
    expect(stage.fired()).toEqual([5, 2]);
  });

  it('spare the first so many', () => {
    const stage = Stage.of({ a: writing }, {}, ['/d']);
    stage.inject({ kind: 'disk-error', at: millis(1_500), duration: seconds(30), machine: 'a', calls: 2, spares: 3 }).run(60);
    // A write and a sync each: the sync of the third, and the write of the fourth.
    expect(stage.logs().slice(0, 6)).toEqual(['ok', 'ok', 'EIO', 'EIO', 'ok', 'ok']);
    expect(stage.fired()).toEqual([2]);
  });

  it('never come where the fault is over before', () => {
    const stage = Stage.of({ a: writing }, {}, ['/d']);
    stage.inject({ kind: 'disk-full', at: millis(1_500), duration: seconds(2), machine: 'a', calls: 1, spares: 9 }).run(60);
    expect(stage.fired()).toEqual([0]);
  });

  it('are for descriptors, processes and memory as well', () => {
    const opens: Daemon = host => {
      for (let each = 0; each < 4; each++)
        later(host, seconds(each + 1), () => host.log('info', host.descriptors.pipe().ok ? 'ok' : 'none'));
    };
    const stage = Stage.of({ a: opens });
    stage.inject({ kind: 'no-descriptors', at: seconds(0), duration: seconds(30), program: 'a', calls: 2 }).run(60);
    expect(stage.logs()).toEqual(['none', 'none', 'ok', 'ok']);
  });
});

describe('faults that overlap', () => {
  it('leave the first in force when the second is over', () => {
    const stage = Stage.of({ a: writing }, {}, ['/d']);
    stage.inject({ kind: 'disk-error', at: millis(1_500), duration: seconds(10), machine: 'a' });
    stage.inject({ kind: 'disk-full', at: millis(3_500), duration: seconds(3), machine: 'a' }).run(30);
    expect(stage.logs().slice(0, 13)).toEqual([
      'ok',
      'EIO',
      'EIO',
      'ENOSPC',
      'ENOSPC',
      'ENOSPC',
      'EIO',
      'EIO',
      'EIO',
      'EIO',
      'EIO',
      'ok',
      'ok',
    ]);
    expect(stage.fired()).toEqual([7, 3]);
  });

  it('count a firing for the partition that held something back, and not for another', () => {
    const stage = Stage.of({ a: echo, b: chatter, c: idle });
    stage.inject({ kind: 'partition', at: seconds(2), duration: seconds(10), shape: 'symmetric', machines: ['a', 'b'] });
    stage.inject({ kind: 'partition', at: seconds(3), duration: seconds(1), shape: 'symmetric', machines: ['a', 'c'] }).run(60);
    expect(stage.fired()[0]).toBeGreaterThan(5);
    expect(stage.fired()[1]).toBe(0);
  });

  it('keep a path cut until the last of them has ended', () => {
    const stage = Stage.of({ a: hearing, b: shouting });
    stage.inject({ kind: 'partition', at: seconds(2), duration: seconds(8), shape: 'symmetric', machines: ['a', 'b'] });
    stage.inject({ kind: 'partition', at: seconds(5), duration: seconds(2), shape: 'isolate', machines: ['a'] }).run(60);
    expect(receivedIn(stage, 2.1, 9.9)).toBe(0);
    expect(receivedIn(stage, 10.1, 60)).toBe(9 * 5);
  });
});

describe('the shapes of a partition', () => {
  const names = ['a', 'b', 'c', 'd'];
  /** Everybody tells everybody once a second; `x>y` for each path that was silent during the cut. */
  function silent(
    fault: Omit<Extract<Fault, { kind: 'partition' }>, 'kind' | 'at' | 'duration'>,
    from = 2.5,
    to = 11.5,
  ): readonly string[] {
    const talk: Daemon = host =>
      host.network.bind(
        { address: '0.0.0.0', port: 9 },
        {},
        {
          opened: result => {
            for (let tick = 1; tick < 60; tick++)
              later(host, millis(250 * tick), () => {
                for (let other = 1; other <= 4; other++) must(result).send(bytesOf('x'), { address: `10.0.0.${other}`, port: 9 });
              });
          },
          message: () => {},
        },
      );
    const stage = Stage.of(Object.fromEntries(names.map(name => [name, talk])));
    stage.inject({ kind: 'partition', ...during, ...fault }).run(30);
    const heard = new Set(
      stage
        .of('receive')
        .filter(event => event.time > from * 1_000_000 && event.time < to * 1_000_000)
        .map(event => `${names[Number(String(event.data?.['from']).split(/[.:]/)[3]) - 1]}>${event.process.slice(0, 1)}`),
    );
    expect(stage.of('receive').filter(event => event.time > 12_100_000).length).toBeGreaterThan(16 * 8);
    return names.flatMap(one => names.map(other => `${one}>${other}`)).filter(path => !heard.has(path));
  }

  it('symmetric', () => expect(silent({ shape: 'symmetric', machines: ['a', 'b'] })).toEqual(['a>b', 'b>a']));
  it('one-way', () => expect(silent({ shape: 'one-way', machines: ['a', 'b'] })).toEqual(['a>b']));
  it('isolate', () => expect(silent({ shape: 'isolate', machines: ['c'] })).toEqual(['a>c', 'b>c', 'c>a', 'c>b', 'c>d', 'd>c']));
  it('halves', () =>
    expect(silent({ shape: 'halves', machines: ['a', 'b'] })).toEqual(['a>c', 'a>d', 'b>c', 'b>d', 'c>a', 'c>b', 'd>a', 'd>b']));

  it('swizzle: all are cut in the middle, one after the other, and mended in another order', () => {
    expect(silent({ shape: 'swizzle', machines: names }, 6.9, 7.1)).toEqual(
      names.flatMap(one => names.filter(other => other !== one).map(other => `${one}>${other}`)),
    );
    // Cut one by one: soon after the start some are still open, shortly before the end some are open again.
    expect(silent({ shape: 'swizzle', machines: names }, 2.1, 4).length).toBeLessThan(12);
    expect(silent({ shape: 'swizzle', machines: names }, 10, 11.9).length).toBeLessThan(12);
  });

  it('swizzle of one machine cuts only its paths', () => {
    expect(silent({ shape: 'swizzle', machines: ['a'] }, 6.9, 7.1)).toEqual(['a>b', 'a>c', 'a>d', 'b>a', 'c>a', 'd>a']);
  });

  it('of hours do not exceed what chance can draw', () => {
    const stage = Stage.of({ a: hearing, b: shouting });
    stage.inject({ kind: 'partition', at: seconds(0), duration: seconds(20_000), shape: 'swizzle', machines: ['a', 'b'] });
    expect(() => stage.run(30_000)).not.toThrow();
    expect(stage.of('fault')).toHaveLength(3 - (stage.fired()[0] === 0 ? 1 : 0));
  });
});

describe('kill at a Host call', () => {
  it.each([1, 2, 7, 19])('strikes at the %i-th call from then, and nothing runs after it', call => {
    let steps = 0;
    const a: Daemon = host =>
      later(host, seconds(1), () => {
        for (let each = 0; each < 30; each++) {
          host.log('info', String(each));
          steps++;
        }
      });
    const stage = Stage.of({ a });
    stage.inject({ kind: 'kill', at: millis(500), program: 'a', call }).run(5);
    expect(steps).toBe(call - 1);
    expect(stage.of('log')).toHaveLength(call - 1);
    expect(stage.data('exit', 'signal')).toEqual(['SIGKILL']);
    expect(stage.events.at(-1)?.kind === 'exit' || stage.events.at(-1)?.kind === 'fault').toBe(true);
    expect(stage.fired()).toEqual([1]);
  });

  it('takes the earlier of two', () => {
    const stage = Stage.of({ a: ticking });
    const kill = (call: number): Fault => ({ kind: 'kill', at: millis(500), program: 'a', call });
    stage.inject(kill(5), kill(20)).run(30);
    expect(stage.fired()).toEqual([1, 0]);
  });

  it('is not survived by a daemon that catches everything', () => {
    const a: Daemon = host =>
      later(host, seconds(1), () => {
        for (let each = 0; each < 10; each++) {
          try {
            host.storage.append('/d/f', bytesOf(String(each)));
          } catch {
            // Goes on.
          }
        }
      });
    const stage = Stage.of({ a }, {}, ['/d']);
    stage.inject({ kind: 'kill', at: millis(500), program: 'a', call: 4 }).run(5);
    expect(must(stage.machine('a').disk.stat('/d/f')).size).toBe(3);
    expect(stage.of('bug')).toEqual([]);
  });

  it('strikes the newest process of the program', () => {
    const stage = new Stage({ a: ticking });
    const machine = stage.add('m');
    machine.start('a');
    machine.start('a');
    stage.inject({ kind: 'kill', at: seconds(2), program: 'a' }).run(5);
    expect(stage.of('exit').map(event => event.process)).toEqual(['m/a.101']);
  });
});

describe('pause', () => {
  it('delivers what waited in its order: timers, bytes, datagrams, signals', () => {
    const a: Daemon = host => {
      host.signals.handle('SIGCONT', () => host.log('info', 'SIGCONT'));
      for (const second of [3, 4]) later(host, seconds(second), () => host.log('info', `timer ${second}`));
      sink(host);
    };
    const stage = Stage.of({ a, b: chatter });
    stage.inject({ kind: 'pause', at: millis(1_500), duration: seconds(5), program: 'a' });
    stage.run(6.4);
    const before = stage.logs('a').length;
    stage.run(7);
    const woken = stage.logs('a').slice(before);
    expect(woken.filter(each => each !== 'data')).toEqual(['timer 3', 'timer 4', 'SIGCONT']);
    expect(woken).toContain('data');
    expect(
      stage
        .of('recv', 'a')
        .map(event => String.fromCharCode(...(event.bytes ?? [])))
        .join(''),
    ).toBe('012345');
  });
});

describe('a power cut', () => {
  it('starts what was started at boot again, with the same arguments, and only that', () => {
    const main: Daemon = host => {
      if (host.process.args[0] === 'boot') host.process.spawn('main', ['child']);
    };
    const stage = new Stage({ main });
    stage.add('m').start('main', ['boot']);
    stage.inject({ kind: 'power-cut', ...during, machine: 'm', unsynced: 'lost' }).run(30);
    expect(stage.data('start', 'args')).toEqual(['boot', 'child', 'boot', 'child']);
    expect(stage.machine('m').processes).toHaveLength(2);
    expect(stage.of('exit')).toEqual([]);
  });

  it.each([
    ['kept', 'synced not'],
    ['lost', 'synced'],
  ] as const)('leaves what was synced, and the rest if it is %s', (unsynced, expected) => {
    const seen: string[] = [];
    const a: Daemon = host => {
      const read = host.storage.read('/d/f');
      if (read.ok) seen.push(String.fromCharCode(...read.value));
      host.storage.write('/d/f', bytesOf('synced'));
      host.storage.sync('/d/f');
      host.storage.sync('/d');
      host.storage.append('/d/f', bytesOf(' not'));
    };
    Stage.of({ a }, {}, ['/d'])
      .inject({ kind: 'power-cut', ...during, machine: 'a', unsynced })
      .run(30);
    expect(seen).toEqual([expected]);
  });

  it('is silence to a peer that does not write, whether it was connected or in the backlog', () => {
    for (const stopped of [false, true]) {
      const b = calling((_stream, host) => logging(host));
      const stage = Stage.of({ a: sink, b });
      if (stopped) stage.inject({ kind: 'pause', at: millis(500), duration: seconds(1_000), program: 'a' });
      stage.inject({ kind: 'power-cut', at: seconds(3), duration: seconds(10), machine: 'a', unsynced: 'kept' }).run(3_000);
      expect(stage.logs('b')).toEqual([]);
    }
  });

  it('starts the monotonic clock again and lets the wall clock go on', () => {
    const a: Daemon = host => host.log('info', 'boot', { at: host.clock.monotonic(), wall: host.clock.wall() });
    const stage = Stage.of({ a });
    stage.inject({ kind: 'power-cut', ...during, machine: 'a', unsynced: 'kept' }).run(30);
    const [first, second] = stage.of('log');
    expect(Number(second?.data?.['at'])).toBeLessThan(LOCAL_DEFAULTS.startMax + 1_000);
    expect(Number(second?.data?.['wall']) - Number(first?.data?.['wall'])).toBe((second?.time ?? 0) - (first?.time ?? 0));
  });

  it('lets a program that was started without power begin with the machine', () => {
    const stage = new Stage({ a: ticking });
    const machine = stage.add('m');
    stage.inject({ kind: 'power-cut', at: seconds(0), duration: seconds(5), machine: 'm', unsynced: 'kept' }).run(1);
    expect(machine.start('a')).toBe(0);
    stage.run(10);
    expect(stage.of('start').map(event => Math.floor(event.time / 1_000_000))).toEqual([5]);
  });
});
