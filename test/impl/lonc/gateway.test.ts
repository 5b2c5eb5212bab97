/** Two machines, each with gateway and lond: exchanges, restarts, loss and recovery, and the quirks of the parent. */
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../src/host/bytes.ts';
import { millis, seconds } from '../../../src/host/time.ts';
import type { Quirk } from '../../../src/impl/lonc/quirks.ts';
import type { Fault } from '../../../src/sim/fault.ts';
import type { Acts, Run, Setup } from './bench.ts';
import { CONF, confFor, polite, run } from './bench.ts';

const quirks = (...slugs: readonly Quirk[]): readonly string[] => slugs.map(slug => `--quirk=${slug}`);
const seeds = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `seed ${index}`);

describe('two machines', () => {
  test('requests, clear and encrypted, over storage', () => {
    const { heard, slugs } = run({
      acts: [
        [10, t => t.ask('ping', 'ping')],
        [11, t => t.ask('put', 'put:dom:me:env:k=v%201&l=w')],
        [12, t => t.ask('get', 'encrypt:get:dom:me:env:l&k&none')],
        [13, t => t.ask('eget', 'eget:dom:me:env:k')],
        [14, t => t.ask('del', 'del:dom:me:env:k')],
        [15, t => t.ask('dump', 'dump:dom:me:env')],
        [16, t => t.ask('keys', 'keys:dom:me:env')],
        [17, t => t.ask('home', 'home:dom:me')],
        [18, t => t.ask('nobody', 'home:dom:you')],
        [19, t => t.ask('roles', 'put:dom:me:roles:a=b')],
        [20, t => t.ask('log', 'log:dom:me:hello')],
        [21, t => t.ask('auth', 'auth:dom:me:secret')],
        [22, t => t.ask('what', 'no such command')],
        [23, t => t.ask('path', 'put:..:me:env:a=b')],
        [24, t => t.ask('self', 'ping', 'a')],
        [25, t => t.ask('stranger', 'ping', 'zz')],
        [26, t => t.ask('load', 'load')],
      ],
    });
    expect(heard.map(line => line.slice(3))).toEqual([
      'ping b',
      'put ok',
      'get w&v%201&',
      'eget v%201',
      'del ok',
      'dump l=w',
      'keys l',
      'home found',
      'nobody not_found',
      'roles refused',
      'log ok',
      'auth refused',
      'what unknown_cmd',
      'path error:write domain:user',
      'self a',
      'stranger no_such_host',
      'load 0',
    ]);
    expect(slugs('gateway-child')).not.toContain('connection-lost');
  });

  test('the reply to pong comes back through the caller, once its gateway is up', () => {
    const later = run({ until: 30, acts: [[20, t => t.ask('pong', 'pong')]] });
    expect(later.heard).toEqual(['20 pong b:a']);
  });

  test('what put has acknowledged is there after a power cut', () => {
    const { heard } = run({
      acts: [
        [10, t => t.ask('put', 'put:dom:me:env:k=v')],
        [120, t => t.ask('get', 'get:dom:me:env:k')],
      ],
      faults: [{ kind: 'power-cut', at: seconds(11), duration: seconds(5), machine: 'b', unsynced: 'lost' }],
      until: 700,
    });
    expect(heard[0]).toBe('10 put ok');
    expect(heard.at(-1)).toMatch(/ get v$|con_lost/);
  });

  test('bytes one by one, and late, change nothing', () => {
    for (const seed of seeds(5)) {
      const { heard } = run({
        seed,
        acts: [
          [20, t => t.ask('ping', 'ping')],
          [21, t => t.ask('get', 'encrypt:put:dom:me:env:k=v')],
        ],
        faults: [
          { kind: 'segmentation', at: seconds(0), duration: seconds(60), most: 1 },
          { kind: 'latency', at: seconds(0), duration: seconds(60), extra: millis(100) },
        ],
      });
      expect(heard.map(line => line.slice(3))).toEqual(['ping b', 'get ok']);
    }
  });

  test('lonTimePercent: every wait is shorter by as much', () => {
    const hurried: Setup = { before: host => void host.storage.append(CONF, utf8('PerlSetVar lonTimePercent 1\n')), until: 60 };
    const fast = run({ ...hurried, acts: [[3, t => t.ask('ping', 'ping')]] });
    expect(fast.heard).toEqual(['3 ping b']);
    // The pause of 5 s, a back-off of 120 to 359 s, and 5 restarts.
    const alone = run({ ...hurried, peer: 'none' });
    expect(
      alone
        .logs('gateway-child')
        .filter(line => line.startsWith('back-off'))
        .every(line => /\((?:1\.[2-9]|[23]\.)[0-9]* secs\)/.test(line)),
    ).toBe(true);
    expect(alone.logs('gateway')).toContain('skipped: Skipped b');
  });

  test('the same seed gives the same run, as written too', () => {
    for (const args of [[], ['--profile=as-written']]) {
      const once = (): unknown => run({ args, acts: [[10, t => t.ask('ping', 'ping')]] }).trace;
      expect(once()).toEqual(once());
    }
  });

  test('as written it works too, but for the key: with ids as short as these A-B08 shows', () => {
    const { heard } = run({
      args: ['--profile=as-written'],
      acts: [
        [10, t => t.ask('ping', 'ping')],
        [12, t => t.ask('enc', 'encrypt:put:dom:me:env:k=v')],
      ],
    });
    expect(heard).toEqual(['10 ping b', '12 enc error:not_decrypted']);
  });
});

/** The most children of a that lived at once for the same host. */
function twins({ trace }: Run): number {
  const living = new Map<string, string>();
  let most = 0;
  for (const event of trace) {
    if (!event.process.startsWith('a/gateway-child.')) continue;
    if (event.kind === 'start') living.set(event.process, /--peer=(\S+)/.exec(String(event.data?.['args']))?.[1] ?? '');
    if (event.kind === 'exit') living.delete(event.process);
    for (const peer of living.values()) most = Math.max(most, [...living.values()].filter(other => other === peer).length);
  }
  return most;
}

describe('what goes wrong', () => {
  test('a killed child is started again, and serves', () => {
    const { heard, logs } = run({
      acts: [
        [10, t => t.kill('gateway-child', 'SIGKILL')],
        [10.5, t => t.ask('early', 'ping')],
        [20, t => t.ask('late', 'ping')],
      ],
    });
    expect(heard).toEqual(['10 early con_lost', '20 late b']);
    expect(logs('gateway')).toContain('restarting-child: Trying to reconnect for b (1 of 5 attempts)');
  });

  test('a killed parent: its children end, and the next one has the hosts for itself', () => {
    for (const seed of seeds(5)) {
      const killed = run({
        seed,
        acts: [
          [10, t => t.kill('gateway', 'SIGKILL')],
          [10.001, t => void t.host.process.spawn('gateway', [`--conf=${CONF}`])],
          [30, t => t.ask('ping', 'ping')],
        ],
      });
      expect(killed.heard).toEqual(['30 ping b']);
      expect(killed.ends.filter(end => end.includes('gateway-child')).length).toBe(2);
    }
  });

  test('a lond that is killed: its next child needs a moment to start, so the gateway is refused and backs off; then a new connection', () => {
    const { heard, slugs } = run({
      acts: [
        [10, t => t.kill('lond-child', 'SIGKILL')],
        [20, t => t.ask('early', 'ping', 'a')],
        [400, t => t.ask('late', 'ping', 'a')],
      ],
      until: 410,
    });
    expect(heard).toEqual(['20 early con_lost', '400 late a']);
    expect(slugs('gateway-child')).toContain('back-off');
    expect(slugs('lond')).toContain('restarting-child');
    expect(slugs('gateway-child').filter(slug => slug === 'connection-lost').length).toBe(1);
  });

  test('a host that was given up is tried again when it calls itself', () => {
    const { heard, logs } = run({ peerAt: 4_000, acts: [[4_060, t => t.ask('ping', 'ping')]], until: 4_100 });
    const lines = logs('gateway');
    expect(lines).toContain('skipped: Skipped b');
    expect(lines.indexOf('rearmed: Restarting child for server: b')).toBeGreaterThan(lines.indexOf('skipped: Skipped b'));
    expect(heard).toEqual(['4060 ping b']);
  });

  test('a second gateway does not start', () => {
    const { slugs, ends } = run({ acts: [[10, t => void t.host.process.spawn('gateway', [`--conf=${CONF}`])]] });
    expect(slugs('gateway').at(-1)).toBe('already-running');
    expect(ends).toEqual(['10 gateway 1']);
  });

  test('SIGTERM: exit through every child but our own, then all end', () => {
    const { logs, ends, list } = run({ acts: [[20, t => t.kill('gateway', 'SIGTERM')]] });
    const closing = logs('gateway').filter(line => line.startsWith('closing'));
    expect(closing).toEqual(['closing: Closing a: self_reply', 'closing: Closing b: bye']);
    expect(ends).toEqual(['20 gateway-child 0', '20 gateway-child 0', '20 gateway 0']);
    expect(list('/s')).toEqual(['delayed']);
    expect(list('/d/logs')).not.toContain('lonc.pid');
  });

  test('SIGHUP: the same process begins anew', () => {
    const { heard, ends, trace } = run({
      acts: [
        [20, t => t.kill('gateway', 'SIGHUP')],
        [40, t => t.ask('ping', 'ping')],
      ],
    });
    expect(trace.filter(event => event.kind === 'exec').length).toBe(1);
    expect(ends).toEqual(['20 gateway-child 0', '20 gateway-child 0']);
    expect(heard).toEqual(['40 ping b']);
  });

  test('SIGUSR1 makes the status file: parent first, then one child a second', () => {
    const { file } = run({ acts: [[20, t => t.kill('gateway', 'SIGUSR1')]] });
    const lines = file('/w/lon-status/loncstatus.txt').trimEnd().split('\n');
    expect(lines[0]).toMatch(/^LONC status Thu Jan {2}1 00:00:20 2026 - parent [0-9]+$/);
    expect(lines[1]).toBe('');
    expect(lines.slice(2).map(line => line.split('\t')[1])).toEqual(['PARENT', 'a', 'b']);
  });

  test.each([
    ['hosts.tab', '/t/hosts.tab'],
    ['configuration', CONF],
  ])('without %s it does not start', (_name, path) => {
    const { ends, slugs } = run({ before: host => host.storage.unlink(path), start: 'gateway', until: 5 });
    expect(ends).toEqual(['1 gateway 1']);
    expect(slugs('gateway')).toEqual(['unreadable']);
  });
});

describe('delayed messages', () => {
  const partition: readonly Fault[] = [
    { kind: 'partition', at: seconds(15), duration: seconds(400), shape: 'symmetric', machines: ['a', 'b'] },
  ];

  test('critical messages over a partition are kept, and get there when it is over', () => {
    const { heard, list, file } = run({
      acts: [
        [10, t => t.critical('now', 'put:dom:me:env:a=1')],
        [20, t => t.critical('kept', 'put:dom:me:env:b=2')],
        [3_500, t => t.ask('get', 'get:dom:me:env:a&b')],
      ],
      faults: partition,
      until: 3_600,
    });
    expect(heard[0]).toBe('10 now ok');
    expect(heard[1]).toMatch(/kept (ok|con_delayed)$/);
    expect(heard[2]).toBe('3500 get 1&2');
    expect(list('/s/delayed')).toEqual([]);
    expect(file('/d/logs/lonnet.perm.log')).toMatch(heard[1]?.endsWith('con_delayed') === true ? /:D:b:[^\n]*\n[0-9]+:S:b:/ : /^$/);
  });

  test('without a gateway: kept, recorded, and sent by the next one', () => {
    const { heard, list, file, logs } = run({
      start: 'nothing',
      acts: [
        [10, t => t.critical('one', 'put:dom:me:env:a=1')],
        [10, t => t.critical('two', 'put:dom:me:env:a=2')],
        [11, t => t.critical('secret', 'encrypt:put:dom:me:env:s=word')],
        [20, t => void t.host.process.spawn('gateway', [`--conf=${CONF}`])],
        [40, t => t.ask('get', 'get:dom:me:env:a&s')],
      ],
    });
    expect(heard).toEqual(['10 one con_delayed', '10 two con_delayed', '11 secret con_delayed', '40 get 2&word']);
    expect(list('/s/delayed')).toEqual([]);
    const letters = file('/d/logs/lonnet.perm.log').match(/:[DFS]:/g);
    expect(letters).toEqual([':D:', ':D:', ':D:', ':S:', ':S:', ':S:']);
    expect(file('/d/logs/lonnet.perm.log') + file('/d/logs/lonc.log')).not.toContain('word');
    expect(logs('gateway-child').filter(line => line.startsWith('delayed-sent')).length).toBe(3);
  });

  test('what cannot be kept is con_failed, and recorded as that', () => {
    const { heard, file } = run({
      start: 'nothing',
      before: host => host.storage.write(CONF, utf8(confFor('a').replace('/s\n', '/nowhere\n'))),
      acts: [[10, t => t.critical('one', 'put:dom:me:env:a=1')]],
    });
    expect(heard).toEqual(['10 one con_failed']);
    expect(file('/d/logs/lonnet.perm.log')).toMatch(/^[0-9]+:F:b:put:dom:me:env:a=1:/);
  });

  test('kills at any Host call: every message that was accepted is sent, none is lost', () => {
    for (let call = 1; call <= 60; call += 3) {
      const { heard, list } = run({
        start: 'nothing',
        acts: [
          [10, t => t.critical('one', 'put:dom:me:env:a=1')],
          [11, t => t.critical('two', 'put:dom:me:env:b=2')],
          [20, t => void t.host.process.spawn('gateway', [`--conf=${CONF}`])],
          [90, t => t.ask('get', 'get:dom:me:env:a&b')],
        ],
        faults: [{ kind: 'kill', at: seconds(20.01), program: 'gateway-child', call }],
        until: 100,
      });
      expect(heard).toEqual(['10 one con_delayed', '11 two con_delayed', '90 get 1&2']);
      expect(list('/s/delayed')).toEqual([]);
    }
  });
});

describe('quirks of the parent', () => {
  const hosts = 'b:d:access:b:10.0.0.2\n';
  const killAt = (at: readonly number[]): Acts => at.map(second => [second, t => t.kill('gateway-child', 'SIGKILL')] as const);

  test('A-B11: six deaths after healthy lives', () => {
    const acts = killAt([1, 2, 3, 4, 5, 6].map(count => count * 1_000));
    const setup: Setup = { hosts, start: 'gateway', peer: polite(), acts, until: 6_100 };
    expect(run(setup).slugs('gateway')).not.toContain('skipped');
    const asWritten = run({ ...setup, args: quirks('attempts-never-reset') });
    expect(asWritten.logs('gateway')).toContain('skipped: Skipped b');
  });

  test('A-B14: SIGUSR1 with five attempts and a living child', () => {
    const acts: Acts = [...killAt([10, 20, 30, 40, 50]), [60, t => t.kill('gateway', 'SIGUSR1')]];
    const setup: Setup = { hosts, start: 'gateway', peer: polite(), acts, until: 80 };
    expect(twins(run(setup))).toBe(1);
    const asWritten = run({ ...setup, args: quirks('rearm-duplicates-child') });
    expect(twins(asWritten)).toBe(2);
  });

  test('A-B13: SIGTERM, SIGHUP to a restarted child', () => {
    const acts = (signal: 'SIGTERM' | 'SIGHUP'): Acts => [
      [10, t => t.kill('gateway-child', 'SIGKILL')],
      [20, t => t.kill('gateway-child', signal)],
    ];
    const corrected = run({ acts: acts('SIGTERM') });
    expect(corrected.list('/d/logs')).toContain('lonc.pid');
    expect(corrected.ends.filter(end => end.startsWith('20'))).toEqual(['20 gateway-child 0']);
    const asWritten = run({ acts: acts('SIGTERM'), args: quirks('restart-inherits-handlers') });
    expect(asWritten.list('/d/logs')).not.toContain('lonc.pid');
    expect(asWritten.ends.filter(end => end.startsWith('20')).length).toBe(2);
    expect(asWritten.logs('gateway-child')).toContain('shutting-down: Shutting down');
    expect(run({ acts: acts('SIGHUP') }).ends.filter(end => end.startsWith('20'))).toEqual([]);
    const restarted = run({ acts: acts('SIGHUP'), args: quirks('restart-inherits-handlers') });
    expect(restarted.trace.filter(event => event.kind === 'exec').length).toBe(1);
  });

  test('A-B29: SIGTERM during start-up', () => {
    // It has started by then, and its 50 ms have often not passed.
    const acts: Acts = [[1.065, t => t.kill('gateway', 'SIGTERM')]];
    const setup: Setup = { start: 'gateway', peer: polite(), acts, until: 20 };
    const ends = (args: readonly string[], seed: string): string => run({ ...setup, args, seed }).ends.at(-1) ?? '';
    for (const seed of seeds(3)) expect(ends([], seed)).toBe('1 gateway 0');
    expect(seeds(10).map(seed => run({ ...setup, args: quirks('start-up-unguarded'), seed }).ends.join())).toContainEqual(
      expect.stringContaining('gateway SIGTERM'),
    );
  });
});

describe('lond', () => {
  const stranger = 'b:d:access:b:10.0.0.2\n';

  test('an address that is not in the table is refused', () => {
    const { logs } = run({
      start: 'nothing',
      peer: 'none',
      acts: [
        [
          1,
          t => {
            t.host.storage.write('/t/hosts.tab', utf8(stranger));
            t.host.process.spawn('lond', [`--conf=${CONF}`]);
          },
        ],
        [2, t => void t.host.process.spawn('gateway-child', [`--conf=${CONF}`, '--peer=a', '--address=10.0.0.1'])],
      ],
    });
    expect(logs('lond-child')).toContain('refused: Refused a connection: the address is not in the hosts table');
    expect(logs('gateway-child')).toContain('init-reply: Init reply: >refused<');
  });

  test('the port is taken: restarts, then gives up', () => {
    const { slugs, ends } = run({
      start: 'nothing',
      peer: 'none',
      acts: [
        [
          1,
          t =>
            t.host.network.listen(
              { transport: 'tcp', address: '0.0.0.0', port: 5_663 },
              { backlog: 1 },
              { opened: () => {}, accept: () => ({ data: () => {} }) },
            ),
        ],
        [2, t => void t.host.process.spawn('lond', [`--conf=${CONF}`])],
      ],
    });
    expect(slugs('lond').at(-1)).toBe('skipped');
    expect(ends.length).toBe(6);
  });

  test('who says nothing is let go', () => {
    const { heard } = run({
      peer: 'none',
      acts: [
        [
          2,
          t =>
            t.host.network.connect({ transport: 'tcp', address: '10.0.0.1', port: 5_663 }, {}, () => ({
              data: () => {},
              end: () => t.hear('silent', 'EOF'),
            })),
        ],
      ],
      until: 100,
    });
    expect(heard).toEqual(['62 silent EOF']);
  });

  test.each([['--no-such=1'], ['--request-timeout=x'], ['--conf'], ['--listen=x']])('%s is a usage error', option => {
    const { ends } = run({
      start: 'nothing',
      peer: 'none',
      acts: [[1, t => void t.host.process.spawn('lond-child', [`--conf=${CONF}`, option])]],
    });
    expect(ends).toEqual(['1 lond-child 2']);
  });
});
