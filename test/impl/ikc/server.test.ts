/** The server as a process: how many it serves at a time, how it ends, and the processes that share its work. */
import { describe, expect, test } from 'vitest';
import { replaced } from '../../../conformance/replaced.ts';
import { utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Host } from '../../../src/host/host.ts';
import { seconds } from '../../../src/host/time.ts';
import { programs } from '../../../src/impl/ikc/programs.ts';
import { HELD_MAX } from '../../../src/impl/ikc/server.ts';
import { perl, plain, quirk, raw, run, SERVER, type Start } from './bench.ts';

const client = (name: string, at: number, ...args: readonly string[]): Start => ({
  program: 'ikc-client',
  args: ['--connect=10.0.0.2:603', `--name=${name}`, ...args],
  at,
});
const server = (...args: readonly string[]): Start => ({ on: 'b', program: 'ikc-server', args: [...SERVER, ...args] });
/** Ends the server of machine `b`. */
const stop = (at: number, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM', pid = 101): Start => ({
  on: 'b',
  program: host => void host.process.kill(pid, signal),
  at,
});

/** More than the kernels between two processes hold. */
const LARGE = 'x'.repeat(3_000_000);
/** Asks for it, and reads nothing for six seconds. */
const slowReader = (at: number): Start => ({
  program: raw(
    ['id1'],
    self => {
      self.send(perl({ event: 'poe:/demo/echo', params: LARGE, rsvp: { kernel: 'id1', session: 'S', state: 'e' } }));
      self.stream.pause();
      self.host.clock.setTimer(seconds(6), () => self.stream.resume());
    },
    (request, { host }) => host.log('info', 'whole', { bytes: String((plain(request) as { params: string }).params).length }),
  ),
  at,
});

describe('one process', () => {
  test('concurrency: the second is connected and silent until the first has left', () => {
    const { fields, trace } = run([
      server('--concurrency=1'),
      client('One', 1, '--call=poe:/demo/slow 5000'),
      client('Two', 2, '--call=poe:/demo/add [1]'),
    ]);
    expect(fields('answer', 'value')).toEqual(['5000', '1']);
    expect(fields('waits', 'from').length).toBe(1);
    const answered = trace.filter(event => event.data?.['event'] === 'answer').map(event => Math.floor(event.time / 1_000_000));
    expect(answered).toEqual([6, 6]);
  });

  test('more than may wait are closed', () => {
    const crowd: Daemon = host => {
      const to = { transport: 'tcp', address: '10.0.0.2', port: 603 } as const;
      for (let count = 0; count < HELD_MAX + 2; count++) host.network.connect(to, {}, () => ({ data: () => {} }));
    };
    const { fields } = run([server('--concurrency=1', '--negotiation-timeout=5'), { program: crowd, at: 1 }], { until: 4 });
    expect([fields('waits', 'from').length, fields('too-many', 'from').length]).toEqual([HELD_MAX, 1]);
  });

  test('connections: it ends when it has served so many', () => {
    const { ends, fields } = run([
      server('--connections=2'),
      client('A', 1, '--call=poe:/demo/add [1]'),
      client('B', 2, '--call=poe:/demo/add [2]'),
    ]);
    expect(ends.toSorted()).toEqual(['ikc-client 0', 'ikc-client 0', 'ikc-server 0']);
    expect(fields('answer', 'value')).toEqual(['1', '2']);
  });

  test('connections: whoever comes later is refused, while the last one is served', () => {
    const { fields, ends } = run([
      server('--connections=1'),
      client('One', 1, '--call=poe:/demo/slow 5000'),
      client('Two', 2, '--call=poe:/demo/add [1]'),
    ]);
    expect(fields('not-connected', 'error')).toEqual(['ECONNREFUSED']);
    expect(fields('answer', 'value')).toEqual(['5000']);
    expect(ends[0]).toBe('ikc-client 1');
  });

  test('shutdown: whoever waits is let go at once', () => {
    const { trace } = run([server('--concurrency=1'), slowReader(1), client('Two', 3), stop(5)]);
    const exit = trace.find(event => event.kind === 'exit' && event.process.includes('ikc-client'));
    expect(Math.floor((exit?.time ?? 0) / 1_000_000)).toBe(5);
  });

  test('shutdown: what was accepted is answered, what is not finished is refused, and all read the end', () => {
    const { ends, fields, logs } = run([
      server(),
      client('Slow', 1, '--call=poe:/demo/slow 60000'),
      slowReader(2),
      client('Idle', 2, '--stay'),
      stop(5),
    ]);
    expect(fields('error', 'text')).toEqual([expect.stringContaining('The kernel is shutting down [poe:/demo/slow]')]);
    expect(logs('own-2')).toEqual([`whole bytes=${LARGE.length}`, 'eof']);
    expect(ends).toEqual(['ikc-client 1', 'ikc-client 1', 'ikc-server 0']);
    expect(logs('ikc-server')).toContain('stopped');
  });

  test('shutdown: of a call whose kernel has left nothing is said', () => {
    const { fields } = run([
      server(),
      client('Slow', 1, '--call=poe:/demo/slow 60000'),
      { program: host => void host.process.kill(101, 'SIGKILL'), at: 3 },
      stop(5),
    ]);
    expect(fields('unregistered', 'name').length).toBeGreaterThan(0);
    expect(fields('refused', 'text')).toEqual([]);
  });

  test('a second signal does not wait', () => {
    const deaf: Daemon = host => {
      host.network.connect({ transport: 'tcp', address: '10.0.0.2', port: 603 }, {}, result => {
        if (result.ok) {
          result.value.write(utf8('HELLO\r\n'));
          result.value.pause();
        }
        return { data: () => {} };
      });
    };
    expect(run([server(), { program: deaf, at: 1 }, stop(3), stop(4)]).ends).toEqual(['ikc-server 1']);
  });

  test('the file of a socket that nobody listens at is replaced; one that is served is not', () => {
    const local = (at: number): Start => ({ on: 'b', program: 'ikc-server', args: ['--listen=/run/ikc'], at });
    const killed = run([local(0), stop(1, 'SIGKILL'), local(2)]);
    expect(killed.ends).toEqual(['ikc-server SIGKILL']);
    expect(killed.fields('listening', 'address')).toEqual(['unix:/run/ikc', 'unix:/run/ikc']);
    const twice = run([local(0), local(2)]);
    expect(twice.ends).toEqual(['ikc-server 75']);
    expect(twice.fields('not-listening', 'error')).toEqual(['EADDRINUSE']);
  });

  test('told to end while its socket is made, it leaves no file behind', () => {
    const late: Daemon = host => {
      const listen: Host['network']['listen'] = (at, options, handler) =>
        host.network.listen(at, options, {
          ...handler,
          opened: result => void host.clock.setTimer(seconds(2), () => handler.opened(result)),
        });
      programs['ikc-server']?.(replaced(host, { network: replaced(host.network, { listen }) }));
    };
    const { fields, ends, trace } = run([{ on: 'b', program: late, args: ['--listen=/run/ikc'] }, stop(1)]);
    expect(fields('stopped', 'severity').length).toBe(1);
    expect(ends).toContain('own-0 0');
    expect(trace.filter(({ kind, data }) => kind === 'unlink' && data?.['path'] === '/run/ikc').length).toBe(1);
  });

  test.each([
    ['no address', ['--name=x'], '--listen= is missing'],
    ['a bad address', ['--listen=there'], '--listen=there: give an IPv4 address and a port'],
    ['a port that is none', ['--listen=127.0.0.1:65536'], '--listen=127.0.0.1:65536'],
    ['a name with a blank', ['--listen=127.0.0.1:0', '--name=a b'], "'a b' is no name of a kernel"],
    ['an unknown serializer', ['--listen=127.0.0.1:0', '--serializer=YAML'], '--serializer=YAML: choose of Storable, JSON'],
    ['a folder with too long a path', ['--listen=127.0.0.1:0', '--processes=2', `--run=/${'x'.repeat(95)}`], 'longer than 107 bytes'],
    ['several processes and no folder', ['--listen=127.0.0.1:0', '--processes=2'], '--run= is missing'],
  ])('%s is told', (_, args, problem) => {
    const { ends, fields } = run([{ program: 'ikc-server', args }]);
    expect(ends).toEqual(['ikc-server 2']);
    expect(fields('usage', 'problem')).toEqual([expect.stringContaining(problem)]);
  });
});

describe('the client', () => {
  test.each([
    ['no specifier', '--call=: 5', "':' is no specifier"],
    ['no JSON', '--post=poe:/a/b {', 'the parameters are no JSON text'],
  ])('%s is told', (_, arg, problem) => {
    const { ends, fields } = run([{ program: 'ikc-client', args: ['--connect=127.0.0.1:603', arg] }]);
    expect(ends).toEqual(['ikc-client 2']);
    expect(fields('usage', 'problem')).toEqual([expect.stringContaining(problem)]);
  });

  test('nobody there: it ends, or tries again for longer and longer', () => {
    expect(run([client('A', 0, '--call=poe:/demo/add [1]')]).ends).toEqual(['ikc-client 1']);
    const { fields, ends } = run([client('A', 0, '--reconnect', '--call=poe:/demo/add [1]'), { ...server(), at: 10 }]);
    expect(fields('reconnecting', 'seconds')).toEqual([1, 2, 4, 8]);
    expect([fields('answer', 'value'), ends]).toEqual([['1'], ['ikc-client 0']]);
  });

  test('a server that is killed and comes back: the call that was on its way fails, once, and the rest is done', () => {
    const calls = ['--call=poe:/demo/add [1]', '--call=poe:/demo/slow 5000', '--call=poe:/demo/add [2]'];
    const { fields, ends } = run([server(), client('A', 1, '--reconnect', ...calls), stop(3, 'SIGKILL'), { ...server(), at: 4 }]);
    expect([fields('answer', 'value'), fields('error', 'failure')]).toEqual([['1', '2'], ['gone']]);
    expect(ends).toEqual(['ikc-server SIGKILL', 'ikc-client 1']);
  });

  test('a connection begins the waits anew', () => {
    const { fields } = run([
      server(),
      client('A', 1, '--reconnect', '--stay'),
      stop(3, 'SIGKILL'),
      { ...server(), at: 7 },
      stop(20, 'SIGKILL', 103),
      { ...server(), at: 20.5 },
    ]);
    expect(fields('reconnecting', 'seconds')).toEqual([1, 2, 4, 1]);
  });

  test('steps can be repeated, with a pause before each', () => {
    const { fields, trace } = run([
      server(),
      client('A', 1, '--repeat=3', '--pause=1000', '--post=poe:/demo/note', '--call=poe:/demo/count'),
    ]);
    expect(fields('answer', 'value')).toEqual(['1', '2', '3']);
    const at = trace.filter(event => event.data?.['event'] === 'answer').map(event => Math.floor(event.time / 1_000_000));
    expect(at).toEqual([3, 5, 7]);
  });

  test('a client that publishes is asked by the server', () => {
    const { fields } = run([
      server(),
      client('A', 1, '--publish', '--stay'),
      client('B', 2, '--call=poe:/demo/forward ["poe://A/demo/note", 1]'),
    ]);
    expect(fields('noted', 'count')).toEqual([1]);
  });
});

describe('several processes', () => {
  const prefork = (...args: readonly string[]): Start => server('--processes=3', '--run=/run', ...args);

  test('each serves one connection, and another one takes its place', () => {
    const clients = Array.from({ length: 8 }, (_, index) =>
      client(`C${index}`, 5 + index * 0.01, '--call=poe://Inet/demo/slow 500', '--call=poe://10.0.0.2:603/demo/count'),
    );
    const { fields, ends } = run([prefork(), ...clients]);
    expect(fields('answer', 'value').filter(value => value === '500').length).toBe(8);
    expect(fields('answer', 'value').filter(value => value === '0').length).toBe(8);
    expect(ends.filter(each => each === 'ikc-client 0').length).toBe(8);
    expect(ends.filter(each => each === 'ikc-server 0').length).toBe(8);
    expect(fields('child-starting', 'child').length).toBe(2 + 8);
  });

  test('B-T11 as written kills one process, and nobody but its own client notices', () => {
    const dies = client('Dies', 5, quirk('frame-kills'), '--call=poe:/demo/fail');
    const { fields, ends } = run([
      prefork(quirk('frame-kills')),
      client('Lives', 5, '--call=poe:/demo/slow 3000'),
      dies,
      client('Next', 10, '--call=poe:/demo/add [1]'),
    ]);
    expect(fields('answer', 'value')).toEqual(['3000', '1']);
    expect(fields('error', 'failure')).toEqual(['gone']);
    expect(ends.filter(each => each === 'ikc-server 255').length).toBe(1);
  });

  test('told to end, it ends when each child has delivered what it accepted', () => {
    const { fields, logs, ends } = run([prefork(), slowReader(2), client('Idle', 2, '--stay'), stop(5)]);
    expect(logs('own-1')).toEqual([`whole bytes=${LARGE.length}`, 'eof']);
    expect(ends.filter(each => each.startsWith('ikc-server'))).toEqual(['ikc-server 0', 'ikc-server 0', 'ikc-server 0']);
    expect(fields('stopped', 'event').length).toBe(3);
  });

  test('children end with their parent', () => {
    const { ends } = run([prefork(), stop(5, 'SIGKILL')]);
    expect(ends.toSorted()).toEqual(['ikc-server 0', 'ikc-server 0', 'ikc-server SIGKILL']);
  });

  test('a folder that is in use, or is none, is told', () => {
    const second = { ...server('--processes=2', '--run=/run', '--listen=0.0.0.0:604'), at: 2 };
    const { fields, ends } = run([prefork(), second, { ...server('--processes=2', '--run=/none', '--listen=0.0.0.0:605'), at: 3 }]);
    expect(fields('not-started', 'why')).toEqual(['process 101 has this folder', 'the pid file cannot be written: ENOENT']);
    expect(ends).toEqual(['ikc-server 1', 'ikc-server 1']);
  });

  test('a child that cannot listen is tried again, not at once', () => {
    // Where its socket would be there is something else.
    const first: Start = { on: 'b', program: host => void host.storage.write('/run/ikc-102-1', utf8('kept')) };
    const { fields, ends } = run([first, { ...server('--processes=2', '--run=/run'), at: 1 }], { until: 11.5 });
    expect(fields('not-listening', 'error')).toEqual(Array.from({ length: 11 }, () => 'EADDRINUSE'));
    expect(new Set(ends.filter(each => each.startsWith('ikc-server')))).toEqual(new Set(['ikc-server 75']));
  });
});
