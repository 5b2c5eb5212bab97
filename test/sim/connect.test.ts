/** How a connection comes about, or does not. */
import { describe, expect, it } from 'vitest';
import type { Daemon, Programs } from '../../src/host/host.ts';
import { micros, millis, seconds } from '../../src/host/time.ts';
import { AT_SERVER, calling, codeOf, echo, later, logging, must, nothing, PORT, Stage, serving } from './kit.ts';

/** Connects after a second and logs the answer. */
const attempt =
  (address = AT_SERVER.address, port = PORT, from?: string): Daemon =>
  host =>
    later(host, seconds(1), () =>
      host.network.connect({ transport: 'tcp', address, port }, from === undefined ? {} : { from }, result => {
        host.log('info', codeOf(result));
        return nothing;
      }),
    );

const idle: Daemon = () => {};
const outcome = (programs: Programs, until: number, set: (stage: Stage) => void = () => {}): readonly [unknown, number] => {
  const stage = Stage.of(programs);
  set(stage);
  stage.run(until);
  expect(stage.of('log', 'b').length).toBeLessThanOrEqual(1);
  return [stage.logs('b')[0], Math.floor((stage.of('log', 'b')[0]?.time ?? -1) / 1_000_000)];
};
const cut = (at: number, duration: number) =>
  ({ kind: 'partition', at: seconds(at), duration: seconds(duration), shape: 'symmetric', machines: ['a', 'b'] }) as const;

describe('a connection', () => {
  it('is made where somebody listens', () => expect(outcome({ a: echo, b: attempt() }, 5)).toEqual(['ok', 1]));
  it('is refused where nobody does', () => expect(outcome({ a: idle, b: attempt() }, 5)).toEqual(['ECONNREFUSED', 1]));
  it('is refused on another port', () =>
    expect(outcome({ a: echo, b: attempt(AT_SERVER.address, PORT + 1) }, 5)).toEqual(['ECONNREFUSED', 1]));
  it('has no host to go to at an address nobody has', () =>
    expect(outcome({ a: echo, b: attempt('10.0.0.99') }, 9)).toEqual(['EHOSTUNREACH', 4]));
  it('cannot come from an address of another machine', () =>
    expect(outcome({ a: echo, b: attempt(AT_SERVER.address, PORT, '10.0.0.1') }, 5)).toEqual(['EADDRNOTAVAIL', 1]));

  it('times out after 127 seconds through a partition', () =>
    expect(outcome({ a: echo, b: attempt() }, 300, stage => stage.inject(cut(0, 1_000)))).toEqual(['ETIMEDOUT', 128]));

  // SYN again after 1, 3, 7, 15, 31 and 63 seconds: the first after the path is whole gets through.
  it.each([
    [1.5, 2],
    [3.5, 4],
    [7, 8],
    [10, 16],
    [17, 32],
    [40, 64],
  ])('comes about at the next SYN when the partition heals after %i s', (healed, expected) =>
    expect(outcome({ a: echo, b: attempt() }, 300, stage => stage.inject(cut(0, healed)))).toEqual(['ok', expected]),
  );

  it('is not made when only the answers are cut off', () =>
    expect(
      outcome({ a: echo, b: attempt() }, 300, stage =>
        stage.inject({ kind: 'partition', at: seconds(0), duration: seconds(20), shape: 'one-way', machines: ['a', 'b'] }),
      ),
    ).toEqual(['ok', 32]));

  it('waits in the backlog of a stopped listener; one too many tries again', () => {
    const stage = new Stage({ a: serving((_stream, host) => logging(host), 1), b: attempt() });
    stage.add('a').start('a');
    const clients = stage.add('b');
    for (let count = 0; count < 3; count++) clients.start('b');
    stage.inject({ kind: 'pause', at: millis(500), duration: seconds(2), program: 'a' }).run(2.4);
    // A backlog of one lets two wait.
    expect(stage.logs('b')).toEqual(['ok', 'ok']);
    expect(stage.of('accept')).toEqual([]);
    stage.run(10);
    expect(stage.logs('b')).toEqual(['ok', 'ok', 'ok']);
    expect(stage.of('accept')).toHaveLength(3);
  });

  it('is reset when its listener ends before it was accepted', () => {
    const a = serving(() => nothing);
    const b = calling((_stream, host) => logging(host));
    const stage = Stage.of({ a, b });
    stage.inject({ kind: 'pause', at: millis(500), duration: seconds(100), program: 'a' });
    stage.inject({ kind: 'kill', at: seconds(3), program: 'a' }).run(5);
    expect(stage.logs('b')).toEqual(['close-ECONNRESET']);
  });

  it('leaves nothing behind when its process ends or is replaced before the answer', () => {
    const b: Daemon = host => {
      host.network.connect(AT_SERVER, {}, result => {
        host.log('info', codeOf(result));
        return nothing;
      });
      later(host, millis(150), () => host.process.exec('c', []));
    };
    const a = serving((_stream, host) => logging(host));
    const stage = new Stage({ a, b, c: idle }, { link: { latencyMin: millis(100), latencyMax: millis(100) } });
    stage.add('a').start('a');
    stage.add('b').start('b');
    expect(stage.run(1_000)).toBe('quiet');
    expect(stage.logs()).toEqual(['close-ECONNRESET']);
  });

  it('lets the listener be told that it listens before it is given a connection', () => {
    for (let seed = 0; seed < 30; seed++) {
      const path = '/socket';
      const order: string[] = [];
      const s: Daemon = host =>
        host.network.listen(
          { transport: 'unix', path },
          { backlog: 5 },
          {
            opened: () => void order.push('opened'),
            accept: () => {
              order.push('accept');
              return nothing;
            },
          },
        );
      const c: Daemon = host => {
        const again = (): void =>
          host.network.connect({ transport: 'unix', path }, {}, result => {
            if (!result.ok) again();
            return nothing;
          });
        again();
      };
      const stage = new Stage({ s, c }, { seed: String(seed), local: { latencyMin: micros(1), latencyMax: micros(500) } });
      const machine = stage.add('m');
      machine.start('c');
      machine.start('s');
      stage.run(1);
      expect(order).toEqual(['opened', 'accept']);
    }
  });
});

describe('listening', () => {
  it('needs an address of this machine and a free port', () => {
    const codes: unknown[] = [];
    const a: Daemon = host => {
      const listen = (address: string, port: number): void =>
        host.network.listen(
          { transport: 'tcp', address, port },
          { backlog: 1 },
          { opened: result => void codes.push(codeOf(result)), accept: () => nothing },
        );
      later(host, millis(1), () => listen('10.0.0.1', 1));
      later(host, millis(2), () => listen('0.0.0.0', 1));
      later(host, millis(3), () => listen('127.0.0.1', 1));
      later(host, millis(4), () => listen('10.0.0.7', 2));
      later(host, millis(5), () => listen('0.0.0.0', 0));
    };
    Stage.of({ a }).run(1);
    expect(codes).toEqual(['ok', 'EADDRINUSE', 'ok', 'EADDRNOTAVAIL', 'ok']);
  });

  it('on a path leaves a file that refuses connections and is in the way of the next', () => {
    const path = '/run/socket';
    const s: Daemon = host =>
      host.network.listen(
        { transport: 'unix', path },
        { backlog: 1 },
        { opened: result => host.log('info', codeOf(result)), accept: () => nothing },
      );
    const c: Daemon = host =>
      host.network.connect({ transport: 'unix', path: host.process.args[0] ?? path }, {}, result => {
        host.log('info', codeOf(result));
        return nothing;
      });
    const stage = new Stage({ s, c });
    const machine = stage.add('m', ['/run']);
    const steps: readonly (() => unknown)[] = [
      () => machine.start('c'),
      () => machine.start('s'),
      () => machine.start('c'),
      () => machine.newest('s')?.end({ signal: 'SIGKILL' }, -1),
      () => machine.start('c'),
      () => machine.start('s'),
      () => machine.start('c', ['/run']),
      () => machine.start('c', [`/run/${'x'.repeat(120)}`]),
    ];
    steps.forEach((step, index) => {
      step();
      stage.run(index + 1);
    });
    expect(stage.logs()).toEqual(['ENOENT', 'ok', 'ok', 'ECONNREFUSED', 'EADDRINUSE', 'ECONNREFUSED', 'ENAMETOOLONG']);
    expect(must(machine.disk.stat(path)).kind).toBe('socket');
  });
});
