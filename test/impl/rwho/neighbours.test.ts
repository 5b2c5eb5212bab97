/** Whom a daemon tells, whom it learns, and what it passes on. */
import { describe, expect, test } from 'vitest';
import type { Host, NetworkInterface } from '../../../src/host/host.ts';
import { instantOf } from '../../../src/host/time.ts';
import { rulesOf } from '../../../src/impl/rwho/as-written.ts';
import { NEIGHBOURS_LIMIT, Neighbours } from '../../../src/impl/rwho/neighbours.ts';
import { parseOptions, type RwhodOptions } from '../../../src/impl/rwho/options.ts';
import { EDITIONS, QUIRK } from '../../../src/impl/rwho/quirks.ts';
import type { Rules } from '../../../src/impl/rwho/server.ts';
import { hostNameOf } from '../../../src/impl/rwho/wire.ts';
import { type Bench, OWN, report, run, type Said, type Setup } from './bench.ts';

const LAN = { address: '10.0.0.1', netmask: '255.255.255.0' };
const SECOND = { address: '10.0.1.1', netmask: '255.255.255.0' };
const QUIET = { ...LAN, broadcasts: false };
const LINK = { address: '10.9.0.1', netmask: '255.255.255.255', peer: '10.9.0.2' };
const to = (setup: Setup): readonly string[] => [...new Set(run(setup).said.map(said => said.to))];

describe('reports go', () => {
  test.each<[string, Setup, readonly string[]]>([
    ['to every network that broadcasts', { addresses: [LAN, SECOND] }, ['10.0.0.255:513', '10.0.1.255:513']],
    ['to the other end of a link', { addresses: [LAN, LINK] }, ['10.0.0.255:513', '10.9.0.2:513']],
    ['not to networks that do not', { addresses: [QUIET] }, []],
    [
      'to neighbours',
      { addresses: [QUIET], args: ['--neighbour=10.0.0.7', '--neighbour=10.8.0.1:1513'] },
      ['10.0.0.7:513', '10.8.0.1:1513'],
    ],
    ['once where two say the same', { addresses: [LINK], args: ['--neighbour=10.9.0.2'] }, ['10.9.0.2:513']],
    ['to the group', { args: ['--multicast'] }, ['10.0.0.255:513', '224.0.1.3:513']],
    ['by the interfaces that are named', { addresses: [LAN, SECOND, LINK], args: ['--interface=eth1'] }, ['10.0.1.255:513']],
    ['not by broadcast', { addresses: [LAN, LINK], args: ['--no-broadcast'] }, ['10.9.0.2:513']],
    ['not by links', { addresses: [LAN, LINK], args: ['--no-point-to-point'] }, ['10.0.0.255:513']],
  ])('%s', (_what, setup, ways) => {
    expect(to(setup)).toEqual(ways);
  });

  test('nowhere is logged, once in an interval', () => {
    expect(run({ addresses: [QUIET], until: 300 }).logs).toEqual(['no-way-out', 'no-way-out']);
  });
});

describe('neighbours are learned', () => {
  const quiet = { addresses: [QUIET] };
  const heard = (second: number, name = 'x') => [second, report(name, second)] as const;

  test('from whoever is heard, and answered', () => {
    const { said, logs } = run({ ...quiet, acts: [heard(30)] });
    expect(logs).toEqual(['no-way-out', 'neighbour-learned']);
    expect(said.map(each => each.to)).toEqual(['10.0.0.2:513']);
  });
  test('but not where they are reached already, nor with --learn=no', () => {
    expect(run({ acts: [heard(30)] }).logs).toEqual([]);
    expect(run({ ...quiet, args: ['--learn=no'], acts: [heard(30)] }).said).toEqual([]);
    expect(run({ ...quiet, args: ['--neighbour=10.0.0.2'], acts: [heard(30)] }).logs).toEqual([]);
  });
  test('not from what is refused', () => {
    const acts = [
      [30, (bench: Bench) => bench.send(report('x', 30), 5_130)],
      [31, report('a/b', 31)],
      [32, report(OWN, 32)],
    ] as const; // prettier-ignore
    expect(run({ ...quiet, acts }).said).toEqual([]);
  });
  test('and forgotten after 660 s', () => {
    const seconds = run({ ...quiet, acts: [heard(30)], until: 2_000 }).said.map(({ second }) => second);
    expect(seconds.at(-1)).toBeLessThan(30 + 660 + 180);
    expect(seconds.length).toBeGreaterThanOrEqual(4);
  });
});

function optionsOf(...args: readonly string[]): RwhodOptions<Rules> {
  const options = parseOptions(args, rulesOf);
  if ('problem' in options) throw new Error(options.problem);
  return options;
}

/** As much of a Host as neighbours need. */
function hostWith(interfaces: readonly NetworkInterface[]): Host {
  const host = { clock: { monotonic: () => instantOf(0) }, network: { interfaces: () => interfaces }, log: () => {} };
  // Neighbours asks for these three and nothing else.
  return host as unknown as Host;
}
const eth0: NetworkInterface = {
  name: 'eth0',
  address: '10.0.0.1',
  netmask: '255.255.255.0',
  broadcast: '10.0.0.255',
  peer: undefined,
  loopback: false,
};
const alias: NetworkInterface = { ...eth0, address: '10.0.1.1', broadcast: '10.0.1.255' };

test('RW-46: of an interface with two addresses both are used; as Debian has it the first', () => {
  const ways = (...args: readonly string[]) =>
    new Neighbours(hostWith([eth0, alias]), optionsOf(...args)).ways.map(({ address }) => address);
  expect(ways()).toEqual(['10.0.0.255', '10.0.1.255']);
  expect(ways(`--quirk=${QUIRK.FIRST_ADDRESS_ONLY}`)).toEqual(['10.0.0.255']);
});

test('no more than 256 are learned, and own addresses are not', () => {
  const neighbours = new Neighbours(hostWith([{ ...eth0, broadcast: undefined }, alias]), optionsOf('--interface=eth0', '--no-broadcast'));
  for (let index = 0; index < 1_000; index++) neighbours.heard({ address: `10.7.${index >> 8}.${index & 255}`, port: 513 });
  expect(neighbours.ways.length).toBe(NEIGHBOURS_LIMIT);
  const other = new Neighbours(
    hostWith([
      { ...eth0, broadcast: undefined },
      { ...alias, name: 'eth1' },
    ]),
    optionsOf('--interface=eth0'),
  );
  other.heard({ address: '10.0.1.1', port: 513 });
  expect(other.ways).toEqual([]);
});

describe('--forward', () => {
  const forwarding: Setup = { addresses: [LAN, SECOND], args: ['--forward', '--neighbour=10.8.0.1'] };
  const passed = (setup: Setup): readonly Said[] => run(setup).said.filter(({ bytes }) => hostNameOf(bytes) !== OWN);

  test('passes on what was taken, byte for byte, but not to where it came from', () => {
    const bytes = report('x', 30);
    bytes.fill(0x77, 8, 12);
    const all = passed({ ...forwarding, acts: [[30, bytes]] });
    expect(all.map(said => said.to)).toEqual(['10.0.1.255:513', '10.8.0.1:513']);
    for (const said of all) expect(said.bytes).toEqual(bytes);
    expect(passed({ ...forwarding, args: ['--neighbour=10.8.0.1'], acts: [[30, bytes]] })).toEqual([]);
  });

  test('not what comes again, is late, is refused, or is our own', () => {
    const acts = [
      [30, report('x', 30)],
      [31, report('x', 30)],
      [32, report('x', 20)],
      [33, report('bad name', 33)],
      [34, report(OWN, 34)],
    ] as const; // prettier-ignore
    expect(passed({ ...forwarding, acts }).length).toBe(2);
  });

  test('four reports of a host in an interval', () => {
    const acts = Array.from({ length: 20 }, (_, index) => [10 + index, report('x', 10 + index)] as const);
    expect(passed({ ...forwarding, acts }).length).toBe(4 * 2);
    expect(passed({ ...forwarding, acts: [...acts, [200, report('x', 200)]], until: 210 }).length).toBe(5 * 2);
  });

  test('RW-47 to RW-49: as Debian does it, names unseen, whatever comes round, 181 reports and never again', () => {
    const args = ['--forward', ...EDITIONS.debian.map(slug => `--quirk=${slug}`)];
    const debian = { ...forwarding, args, until: 500 };
    expect(
      passed({
        ...debian,
        acts: [
          [30, report('bad/name', 30)],
          [31, report('x', 31)],
          [32, report('x', 31)],
        ],
      }).length,
    ).toBe(3); // prettier-ignore
    const flood = Array.from({ length: 200 }, (_, index) => [30 + index / 100, report(`n${index}`, 30)] as const);
    const { said, logs } = run({ ...debian, acts: [...flood, [400, report('later', 400)]] });
    expect(said.filter(({ bytes }) => hostNameOf(bytes) !== OWN).length).toBe(181);
    expect(logs).toEqual(['forwarding-disabled']);
    const paused = Array.from(
      { length: 340 },
      (_, index) => [index < 170 ? 30 + index / 100 : 230 + index / 100, report(`n${index}`, 30)] as const,
    );
    expect(passed({ ...debian, acts: paused }).length).toBe(340);
    expect(passed({ ...forwarding, acts: [...flood, [400, report('later', 400)]], until: 500 }).length).toBe(201 * 2);
  });
});
