/** What a cut, silent, lossy or slow path means to a stream: a delay, and past the time to give up an error; never a hole. */
import { describe, expect, it } from 'vitest';
import type { Daemon, Stream, StreamHandler } from '../../src/host/host.ts';
import { seconds } from '../../src/host/time.ts';
import { LOCAL_DEFAULTS } from '../../src/sim/core/options.ts';
import type { Fault } from '../../src/sim/fault.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { chatter, during, idle, longest, sink, ticking } from './fault-daemons.ts';
import { bytesOf, calling, echo, later, logging, must, Stage, serving } from './kit.ts';

describe('a cut path and a stream', () => {
  const cut = (at: number, duration: number): Fault => ({
    kind: 'partition',
    at: seconds(at),
    duration: seconds(duration),
    shape: 'symmetric',
    machines: ['a', 'b'],
  });
  /** Connects at one second and writes a byte at each of the times. */
  const writes = (...times: readonly number[]): Daemon =>
    calling((stream, host) => {
      for (const time of times) later(host, seconds(time - 1), () => stream.write(bytesOf('x')));
      return logging(host);
    });
  const total = (stage: Stage): number => stage.of('recv', 'a').reduce((sum, event) => sum + (event.bytes?.length ?? 0), 0);

  it('gives a writer up after 924 s, and its peer never reads an end after the hole', () => {
    const stage = Stage.of({ a: sink, b: writes(2, 20) });
    stage.inject(cut(10, 2_000)).run(5_000);
    expect(stage.logs('b')).toEqual(['close-ETIMEDOUT']);
    expect(Math.floor((stage.of('close', 'b')[0]?.time ?? 0) / 1_000_000)).toBe(944);
    expect(stage.logs('a')).toEqual(['data']);
  });

  it('counts anew after a cut that healed', () => {
    const stage = Stage.of({ a: sink, b: writes(2, 20, 600) });
    stage.inject(cut(10, 500), cut(590, 1_000)).run(5_000);
    expect(Math.floor((stage.of('close', 'b')[0]?.time ?? 0) / 1_000_000)).toBe(600 + 924);
    expect(total(stage)).toBe(2);
  });

  it('is not healed by the end of another cut, nor is the time to give up', () => {
    const stage = Stage.of({ a: sink, b: writes(2, 20), c: idle });
    stage
      .inject(cut(10, 2_000), { kind: 'partition', at: seconds(15), duration: seconds(500), shape: 'isolate', machines: ['c'] })
      .run(5_000);
    expect(Math.floor((stage.of('close', 'b')[0]?.time ?? 0) / 1_000_000)).toBe(944);
  });

  it('loses a reset: the peer hears of it when it sends', () => {
    const a = serving((stream, host) => {
      later(host, seconds(60), () => stream.write(bytesOf('still there?')));
      return logging(host);
    });
    const b = calling((stream, host) => {
      later(host, seconds(19), () => stream.reset());
      return logging(host);
    });
    const stage = Stage.of({ a, b });
    stage.inject(cut(10, 20)).run(200);
    expect(stage.logs('a')).toEqual(['close-ECONNRESET']);
    expect(stage.of('close', 'a')[0]?.time).toBeGreaterThan(60_000_000);
  });

  it('delivers the end of a process that died, after its bytes', () => {
    const stage = Stage.of({ a: sink, b: writes(2, 20) });
    stage.inject(cut(10, 100), { kind: 'kill', at: seconds(30), program: 'b' }).run(200);
    expect(stage.logs('a')).toEqual(['data', 'data', 'end']);
    expect(stage.of('eof', 'a')[0]?.time).toBeGreaterThan(110_000_000);
  });

  it('forgets what a machine without power had not got through', () => {
    const stage = Stage.of({ a: sink, b: writes(2, 20) });
    stage.inject(cut(10, 60), { kind: 'power-cut', at: seconds(30), duration: seconds(10), machine: 'b', unsynced: 'kept' }).run(900);
    const [first, ...others] = stage.of('recv', 'a');
    // Its second life has a connection of its own.
    expect(others.length).toBeGreaterThan(0);
    expect(others.map(event => event.channel)).not.toContain(first?.channel);
  });

  it('one way only holds only that way', () => {
    const stage = Stage.of({ a: echo, b: chatter });
    stage.inject({ kind: 'partition', ...during, shape: 'one-way', machines: ['a', 'b'] }).run(60);
    const between = (program: string): number =>
      stage.of('recv', program).filter(event => event.time > 2_100_000 && event.time < 12_000_000).length;
    expect(between('a')).toBeGreaterThan(5);
    expect(between('b')).toBe(0);
    expect(stage.of('recv', 'b').reduce((sum, event) => sum + (event.bytes?.length ?? 0), 0)).toBe(20);
  });
});

describe('half-open', () => {
  it('lets bytes that had arrived be read, and nothing after them', () => {
    const a = serving((stream, host) => {
      stream.pause();
      later(host, seconds(9), () => stream.resume());
      return logging(host, { data: bytes => host.log('info', `data-${bytes.length}`) });
    });
    const b = calling((stream, host) => {
      stream.write(bytesOf('x'));
      later(host, seconds(5), () => stream.write(bytesOf('y')));
      return logging(host);
    });
    const stage = Stage.of({ a, b });
    stage.inject({ kind: 'half-open', at: seconds(3), program: 'b' }).run(2_000);
    expect(stage.logs('a')).toEqual(['data-1']);
    expect(stage.logs('b')).toEqual(['close-ETIMEDOUT']);
  });

  it('is noticed by a writer however late it writes', () => {
    const b = calling((stream, host) => {
      later(host, seconds(1_999), () => stream.write(bytesOf('x')));
      return logging(host);
    });
    const stage = Stage.of({ a: sink, b });
    stage.inject({ kind: 'half-open', at: seconds(3), program: 'b' }).run(5_000);
    expect(stage.logs('a')).toEqual([]);
    expect(Math.floor((stage.of('close', 'b')[0]?.time ?? 0) / 1_000_000)).toBe(2_000 + 924);
  });

  it('is for ever, also after healing', () => {
    const stage = Stage.of({ a: sink, b: chatter });
    stage.inject({ kind: 'half-open', at: seconds(3), program: 'b' }).run(5);
    const before = stage.of('recv', 'a').length;
    stage.world.heal();
    stage.run(100);
    expect(stage.of('recv', 'a')).toHaveLength(before);
  });
});

/** On both machines, each with itself: says a byte each second, over a path and over loopback, and hears its echo. */
const alone: Daemon = host => {
  const speaks = (stream: Stream): StreamHandler => {
    const next = (): void => {
      stream.write(bytesOf('x'));
      later(host, seconds(1), next);
    };
    next();
    return logging(host);
  };
  const echoes = { accept: (stream: Stream): StreamHandler => ({ data: bytes => void stream.write(bytes) }) };
  for (const at of [
    { transport: 'unix', path: '/s' },
    { transport: 'tcp', address: '127.0.0.1', port: 9 },
  ] as const)
    host.network.listen(at, { backlog: 1 }, { ...echoes, opened: () => host.network.connect(at, {}, result => speaks(must(result))) });
};

describe('half-open inside one machine', () => {
  it('does not exist: Unix-domain streams and loopback go on, and it does not fire', () => {
    const stage = Stage.of({ alone });
    stage.inject({ kind: 'half-open', at: seconds(3), program: 'alone' }).run(10);
    const after = stage.of('recv').filter(event => event.time > 4_000_000);
    expect(new Set(after.map(event => event.channel.replace(/[0-9]+/, '')))).toEqual(new Set(['unix>', 'unix<', 'tcp>', 'tcp<']));
    expect(stage.fired()).toEqual([0]);
  });

  it('spares these connections of a program that has others: only those between machines fall silent', () => {
    const both: Daemon = host => {
      alone(host);
      chatter(host);
    };
    const stage = Stage.of({ a: echo, both });
    stage.inject({ kind: 'half-open', at: seconds(3), program: 'both' }).run(10);
    const heard = (event: TraceEvent): boolean => event.time > 4_000_000;
    expect(stage.of('recv', 'a').filter(heard)).toEqual([]);
    expect(stage.of('recv', 'both').filter(heard)).not.toEqual([]);
    expect(stage.fired()).toEqual([1]);
  });
});

describe('loss of packets', () => {
  it('only slows a stream', () => {
    const stage = Stage.of({ a: echo, b: chatter });
    stage.inject({ kind: 'loss', ...during, chance: 500 }).run(200);
    expect(stage.fired()[0]).toBeGreaterThan(0);
    expect(longest(stage)).toBeGreaterThan(190_000);
    expect(
      stage
        .of('recv', 'a')
        .map(event => String.fromCharCode(...(event.bytes ?? [])))
        .join(''),
    ).toBe('01234567890123456789');
  });
});

describe('latency', () => {
  it('is that of bytes: a process wakes no later for it', () => {
    const stage = Stage.of({ a: ticking });
    stage.inject({ kind: 'latency', at: seconds(0), duration: seconds(100), extra: seconds(50) }).run(100);
    expect(stage.of('start')[0]?.time).toBeLessThan(LOCAL_DEFAULTS.startMax + 1_000);
    expect(stage.fired()).toEqual([0]);
  });
});
