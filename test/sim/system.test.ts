/** What a simulated machine knows of itself; networks that cannot broadcast; groups. */
import { describe, expect, it } from 'vitest';
import type { Daemon, DatagramOptions } from '../../src/host/host.ts';
import { instantOf, millis, seconds } from '../../src/host/time.ts';
import { World } from '../../src/sim/world.ts';
import { bytesOf, must } from './kit.ts';

const PORT = 513;
const GROUP = '224.0.1.3';
const MASK = '255.255.255.0';

type Said = Readonly<Record<string, unknown>>;

/** Runs one program on a machine and gives what it said. */
function asked(daemon: (say: (what: Said) => void) => Daemon, prepare: (world: World) => void): readonly Said[] {
  const said: Said[] = [];
  const world = new World({ seed: 's', programs: { main: daemon(what => said.push(what)) } });
  prepare(world);
  world.run(instantOf(100_000_000));
  return said;
}

describe('a machine', () => {
  it('has the name, the load and the people that a scenario gives it', () => {
    const said = asked(
      say => host => {
        const { system } = host;
        say({ name: system.hostName(), load: system.loadAverages(), logins: system.logins() });
      },
      world => {
        const machine = world.machine('a');
        const now = 1_767_225_600_000_000;
        Object.assign(machine.status, {
          hostName: 'a.example.org',
          load: [115, 139, 131],
          sessions: [
            { line: 'pts/0', user: 'ada', since: instantOf(now - 5_000_000), lastInput: instantOf(now - 2_000_000) },
            { line: ':0', user: 'bob', since: instantOf(now), lastInput: undefined },
          ],
        });
        machine.start('main');
      },
    );
    expect(said[0]).toMatchObject({ name: 'a.example.org', load: [115, 139, 131] });
    expect(said[0]?.['logins']).toMatchObject({
      ok: true,
      value: [
        { line: 'pts/0', user: 'ada' },
        { line: ':0', user: 'bob', idle: undefined },
      ],
    });
  });

  it.each([
    ['absent', 'ENOENT'],
    ['unreadable', 'EACCES'],
  ] as const)('whose account of logins is %s says %s', (accounting, code) => {
    const said = asked(
      say => host => say({ logins: host.system.logins() }),
      world => {
        const machine = world.machine('a');
        machine.status.accounting = accounting;
        machine.start('main');
      },
    );
    expect(said[0]?.['logins']).toMatchObject({ ok: false, error: { code } });
  });

  it('was started when its wall clock says so: setting that moves it, as the kernel does', () => {
    const said = asked(
      say => host => {
        const before = host.system.bootTime();
        host.clock.setTimer(seconds(20), () => say({ moved: host.system.bootTime() - before }));
      },
      world => {
        world.machine('a').start('main');
        world.inject([{ kind: 'clock-step', at: seconds(10), machine: 'a', by: seconds(700) }]);
      },
    );
    expect(said).toEqual([{ moved: seconds(700) }]);
  });
});

describe('who hears a datagram', () => {
  const hears = (
    options: DatagramOptions,
    to: string,
    networks: Readonly<Record<string, string>>,
    peers: Readonly<Record<string, string>> = {},
  ) => {
    const heard: string[] = [];
    const listener =
      (name: string): Daemon =>
      host =>
        host.network.bind({ address: '0.0.0.0', port: PORT }, options, {
          opened: result => {
            if (name === 'a') host.clock.setTimer(millis(200), () => must(result).send(bytesOf('x'), { address: to, port: PORT }));
          },
          message: (_bytes, from) => heard.push(`${name} from ${from.address}`),
        });
    const world = new World({ seed: 's', programs: Object.fromEntries(Object.keys(networks).map(name => [name, listener(name)])) });
    for (const [name, address] of Object.entries(networks)) {
      const peer = peers[name];
      const interfaces = [{ address, netmask: MASK, ...(peer === undefined ? {} : { peer }) }];
      world.machine(name, { addresses: interfaces }).start(name);
    }
    world.run(instantOf(1_000_000));
    return heard.sort();
  };

  it('a broadcast is heard on its network alone, and by its sender', () => {
    const networks = { a: '10.1.0.1', b: '10.1.0.2', c: '10.2.0.1' };
    expect(hears({ broadcast: true }, '10.1.0.255', networks)).toEqual(['a from 10.1.0.1', 'b from 10.1.0.1']);
  });

  it('a group is heard by those who joined it, and by the sender if it did', () => {
    const networks = { a: '10.1.0.1', b: '10.1.0.2', c: '10.2.0.1' };
    expect(hears({ groups: [GROUP] }, GROUP, networks)).toEqual(['a from 10.1.0.1', 'b from 10.1.0.1']);
    expect(hears({}, GROUP, networks)).toEqual([]);
  });

  it('a point-to-point link has no broadcast address, and its peer is heard from the address of the link', () => {
    const networks = { a: '10.9.0.1', b: '10.9.1.1' };
    const peers = { a: '10.9.1.1', b: '10.9.0.1' };
    expect(hears({}, '10.9.1.1', networks, peers)).toEqual(['b from 10.9.0.1']);
    const world = new World({ seed: 's', programs: {} });
    const machine = world.machine('p', { addresses: [{ address: '10.9.0.1', netmask: MASK, peer: '10.9.1.1' }] });
    expect(machine.interfaces.at(-1)).toMatchObject({ name: 'ppp0', broadcast: undefined, peer: '10.9.1.1' });
  });

  it('a network that carries to one address only has none for all', () => {
    const world = new World({ seed: 's', programs: {} });
    const machine = world.machine('n', { addresses: [{ address: '10.9.0.1', netmask: MASK, broadcasts: false }] });
    expect(machine.interfaces.at(-1)).toMatchObject({ name: 'eth0', broadcast: undefined, peer: undefined });
  });
});
