/** A long run keeps the world as large as what lives in it. */
import { describe, expect, it } from 'vitest';
import type { Daemon } from '../../src/host/host.ts';
import { Queue } from '../../src/host/queue.ts';
import { instantOf, micros, millis } from '../../src/host/time.ts';
import { World } from '../../src/sim/world.ts';
import { AT_ONCE, AT_SERVER, bytesOf, echo, later, must, nothing } from './kit.ts';

/** Callers close as soon as they have an answer; that must not end the server. */
const server: Daemon = host => {
  host.signals.handle('SIGPIPE', 'ignore');
  echo(host);
};

/** Opens a connection, says a word, waits for the answer, closes, and begins again; a timer is set and cancelled each time. */
const caller: Daemon = host => {
  const again = (): void => {
    const timer = host.clock.setTimer(millis(60_000), () => {});
    host.network.connect(AT_SERVER, {}, result => {
      if (!result.ok) {
        // Every port is in TIME_WAIT.
        timer.cancel();
        later(host, millis(1_000), again);
        return nothing;
      }
      const stream = result.value;
      stream.write(bytesOf('word'));
      return {
        data: () => {
          timer.cancel();
          stream.close();
          later(host, micros(10), again);
        },
      };
    });
  };
  later(host, millis(10), again);
};
const parent: Daemon = host => {
  const again = (): void => {
    const { read, write } = must(host.descriptors.pipe());
    must(host.process.spawn('child', [], { descriptors: { 3: write } }));
    host.descriptors.close(write);
    must(host.descriptors.attach(read, 'read', nothing));
    host.process.wait(again);
  };
  again();
};
const child: Daemon = host => {
  must(host.descriptors.attach(3, 'write', nothing)).write(bytesOf('word'));
  later(host, micros(300), () => host.process.exit(host.random.below(2)));
};

const CALLERS = 20;

const END = instantOf(Number.MAX_SAFE_INTEGER);

describe('a long run', () => {
  it('of streams and processes that come and go leaves nothing behind', () => {
    const link = { latencyMin: micros(1), latencyMax: micros(20) };
    const world = new World({ seed: 'growth', programs: { server, caller, parent, child }, link, local: { ...link, ...AT_ONCE } });
    const machine = world.machine('server');
    const clients = world.machine('clients');
    machine.start('server');
    machine.start('parent');
    for (let count = 0; count < CALLERS; count++) clients.start('caller');
    expect(world.run(END, 100_000)).toBe('event-limit');
    const before = { ...sizes(machine), agenda: machine.core.agenda.size };
    expect(world.run(END, 1_000_000)).toBe('event-limit');
    const later = { ...sizes(machine), agenda: machine.core.agenda.size };
    // Each caller has a connection, a timer and a few things on their way.
    for (const size of [before, later]) {
      expect(size.agenda).toBeLessThan(CALLERS * 10);
      expect(size.processes).toBeLessThanOrEqual(4);
      expect(size.streams).toBeLessThanOrEqual(CALLERS * 3);
      expect(size.held).toBeLessThanOrEqual(2);
    }
    expect(Math.max(...clients.processes.map(process => process.streams.size + process.held.size))).toBeLessThanOrEqual(3);
    expect(clients.processes).toHaveLength(CALLERS);
  });

  it('of a paused reader and a cut path keeps no more than their buffers hold', () => {
    const flood: Daemon = host =>
      host.network.bind(
        { address: '0.0.0.0', port: 9 },
        {},
        {
          opened: result => {
            const again = (): void => {
              must(result).send(bytesOf('x'), { address: '10.0.0.1', port: 9 });
              later(host, micros(100), again);
            };
            again();
          },
          message: () => {},
        },
      );
    const deaf: Daemon = host => host.network.bind({ address: '0.0.0.0', port: 9 }, {}, { opened: () => {}, message: () => {} });
    const world = new World({ seed: 'flood', programs: { deaf, flood } });
    const machine = world.machine('a');
    machine.start('deaf');
    world.machine('b').start('flood');
    world.inject([{ kind: 'pause', at: millis(100), duration: millis(100_000), program: 'deaf' }]);
    world.run(instantOf(60_000_000), 500_000);
    expect(machine.core.agenda.size).toBeLessThan(200);
  });
});

function sizes(machine: ReturnType<World['machine']>): { readonly processes: number; readonly streams: number; readonly held: number } {
  const { processes } = machine;
  return {
    processes: processes.length,
    streams: processes.reduce((sum, process) => sum + process.streams.size, 0),
    held: Math.max(...processes.map(process => process.held.size)),
  };
}

describe('a queue', () => {
  it('keeps its order through any pushes, shifts and cuts', () => {
    const queue = new Queue<number>();
    let model: number[] = [];
    let next = 1;
    for (let step = 1; step < 20_000; step++) {
      const turn = (step * 7_919) % 10;
      if (turn < 6) {
        queue.push(next);
        model.push(next++);
      } else if (turn < 9 || step % 97 !== 0) expect(queue.shift()).toBe(model.shift());
      else {
        const index = model.length >> 1;
        expect(queue.cut(index)).toEqual(model.slice(index));
        model = model.slice(0, index);
      }
      expect([queue.length, queue.first, queue.at(1)]).toEqual([model.length, model[0], model[1]]);
    }
    expect(queue.all()).toEqual(model);
    for (let count = 0; count < 1_000; count++) queue.push(count);
    queue.clear();
    expect([queue.length, queue.first, queue.shift()]).toEqual([0, undefined, undefined]);
  });
});
