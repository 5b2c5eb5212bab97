/** What is kept of a capture while it is read has bounds, however long the file; what is dropped for them is told, and where. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FlowAccounts, PacketAccounts } from '../../src/capture/accounts.ts';
import { Ends, EndsTable } from '../../src/capture/ends.ts';
import type { Connection, FlowSink } from '../../src/capture/flow.ts';
import {
  CONNECTION_LIMIT,
  ENDPOINT_LIMIT,
  FRAGMENTS_BYTES_LIMIT,
  HELD_LIMIT,
  WAITING_ALL_LIMIT,
  WAITING_BYTES_LIMIT,
} from '../../src/capture/limits.ts';
import { CaptureReader } from '../../src/capture/reader.ts';
import type { Decoders } from '../../src/trace/message.ts';
import { ascii, ipv4, pcap, type TcpOptions, tcp, u16, u32, udpHeader } from './build.ts';

const NOTHING: FlowSink = {
  dialled() {},
  opened() {},
  refused() {},
  data() {},
  hole() {},
  ended() {},
  reset() {},
  forgotten() {},
  datagram() {},
  endpointsForgotten() {},
};

type Kept = CaptureReader['kept'];

/** Raw IP, fed packet by packet; the most that was kept of each kind, and all problems. */
function mostKept(
  packets: Iterable<Uint8Array>,
  sink: Partial<FlowSink> = {},
): { most: Kept; problems: readonly string[]; reader: CaptureReader } {
  const reader = new CaptureReader({ ...NOTHING, ...sink });
  reader.feed(pcap([], { link: 101 }));
  const most = { connections: 0, endpoints: 0, waiting: 0, fragments: 0 };
  for (const packet of packets) {
    const record = new Uint8Array(16 + packet.length);
    record.set([...u32(0), ...u32(0), ...u32(packet.length, true), ...u32(packet.length, true)]);
    record.set(packet, 16);
    reader.feed(record);
    const { kept } = reader;
    for (const name of ['connections', 'endpoints', 'waiting', 'fragments'] as const) most[name] = Math.max(most[name], kept[name]);
  }
  reader.end();
  return { most, problems: reader.problems.kept.map(({ offset, message }) => `${offset}: ${message}`), reader };
}

/** The same packet with other numbers in it, which is cheaper than another one. */
const changed = (packet: Uint8Array, ...edits: readonly (readonly [at: number, bytes: Uint8Array])[]): Uint8Array => {
  const copy = packet.slice();
  for (const [at, bytes] of edits) copy.set(bytes, at);
  return copy;
};
const CLIENT: TcpOptions = { from: '10.0.0.2', to: '10.0.0.1', fromPort: 40_000, toPort: 9_090, seq: 100, flags: 'S' };
const numbered = (number: number): Uint8Array => u32(0x0b00_0000 + number);

it('follows connections up to the limit, and forgets each of them once', () => {
  const syn = tcp(CLIENT);
  const data = tcp({ ...CLIENT, seq: 101, flags: 'PA', payload: ascii('x') });
  const count = CONNECTION_LIMIT + 5_000;
  const places = new Map<number, number>();
  const reused = new Set<number>();
  const wrong: number[] = [];
  let forgotten = 0;
  /** One that goes on speaking. */
  const [answer, more] = [
    tcp({ ...CLIENT, from: '10.0.0.1', to: '11.0.0.0', fromPort: 9_090, toPort: 40_000, seq: 500, ack: 101, flags: 'SA' }),
    tcp({ ...CLIENT, from: '11.0.0.0', seq: 102, ack: 501, flags: 'PA', payload: ascii('y') }),
  ];
  let stillThere = false;
  const { most, problems, reader } = mostKept(
    (function* () {
      for (let number = 0; number < count; number++) {
        yield changed(syn, [12, numbered(number)]);
        yield changed(data, [12, numbered(number)]);
        if (number === 0) yield answer;
        if (number === CONNECTION_LIMIT - 1) yield more;
        if (number === count - 1) stillThere = places.get(0) === 1;
      }
    })(),
    {
      dialled({ id, place }: Connection) {
        if (place >= CONNECTION_LIMIT || places.has(place)) wrong.push(id);
        places.set(place, id);
        if (id > CONNECTION_LIMIT) reused.add(place);
      },
      forgotten({ id, place }: Connection) {
        if (places.get(place) !== id) wrong.push(id);
        places.delete(place);
        forgotten++;
      },
    },
  );
  expect(wrong).toEqual([]);
  expect(most.connections).toBe(CONNECTION_LIMIT);
  expect(reader.counts.connections).toBe(count);
  expect(reused.size).toBe(5_000);
  expect([forgotten, places.size, reader.kept.connections]).toEqual([count, 0, 0]);
  expect(stillThere).toBe(true);
  // The header of the file, and two packets of each connection before; four of the first.
  const first = 24 + CONNECTION_LIMIT * (2 * 16 + syn.length + data.length) + 2 * 16 + answer.length + more.length;
  expect(problems.map(each => each.replace(/ of .*| connections .*/, ''))).toEqual([
    `${first}: more than ${CONNECTION_LIMIT}`,
    `${first + 4_096 * (2 * 16 + syn.length + data.length)}: more than ${CONNECTION_LIMIT}`,
  ]);
});

it('keeps endpoints of datagrams up to the limit', () => {
  const datagram = ipv4('10.0.0.2', '10.0.0.255', 17, udpHeader(513, 513, ascii('x')));
  let times = 0;
  const { most, problems, reader } = mostKept(
    (function* () {
      for (let number = 0; number < ENDPOINT_LIMIT + 10; number++) yield changed(datagram, [12, numbered(number)]);
    })(),
    { endpointsForgotten: () => times++ },
  );
  expect(most.endpoints).toBeLessThanOrEqual(ENDPOINT_LIMIT);
  expect(reader.counts.datagrams).toBe(ENDPOINT_LIMIT + 10);
  expect(times).toBe(1);
  expect(problems).toEqual([expect.stringMatching(/^\d+: datagrams of more than 65536 endpoints/)]);
});

it('lets segments wait up to the limit of all directions together, and tells the hole', () => {
  const late = tcp({ ...CLIENT, seq: 0, flags: 'A', payload: new Uint8Array(60_000) });
  const begin = tcp({ ...CLIENT, seq: 100, flags: 'A', payload: ascii('x') });
  const each = Math.floor(WAITING_BYTES_LIMIT / 60_000);
  let [bytes, missing] = [0, 0];
  const connections = 50;
  const { most, problems } = mostKept(
    (function* () {
      for (let number = 0; number < connections; number++) {
        yield changed(begin, [12, numbered(number)]);
        for (let index = 0; index < each; index++) yield changed(late, [12, numbered(number)], [24, u32(201 + 60_000 * index)]);
      }
    })(),
    {
      data: (_connection, _fromClient, _bytes, start, end) => {
        bytes += end - start;
      },
      hole: (_connection, _fromClient, length) => {
        missing += length;
      },
    },
  );
  expect(most.waiting).toBeGreaterThan(WAITING_ALL_LIMIT - 120_000);
  expect(most.waiting).toBeLessThanOrEqual(WAITING_ALL_LIMIT);
  // Nothing of what came is lost, and each direction has the hole of its own.
  expect([bytes, missing]).toEqual([connections * (1 + 60_000 * each), connections * 100]);
  expect(problems.length).toBeGreaterThan(0);
  for (const problem of problems) expect(problem).toMatch(/^\d+: more than 33554432 bytes wait for what is missing before them/);
});

it('lets fragments wait up to the limit, also those of one datagram that come again and again', () => {
  const fragment = ipv4('10.0.0.2', '10.0.0.255', 17, new Uint8Array(1_400), { id: 7, more: true, at: 0 });
  for (const isOne of [true, false]) {
    const { most, problems } = mostKept(
      (function* () {
        for (let number = 0; number < 20_000; number++) yield isOne ? fragment : changed(fragment, [4, u16(number % 200)]);
      })(),
    );
    expect(most.fragments).toBeGreaterThan(FRAGMENTS_BYTES_LIMIT - 1_700);
    expect(most.fragments).toBeLessThanOrEqual(FRAGMENTS_BYTES_LIMIT);
    expect(problems[0]).toMatch(/^\d+: too many fragments wait: 1 datagrams that waited longest are not put together$/);
    if (isOne) expect(problems.at(-1)).toMatch(/^\d+: 2 datagrams of which a fragment is missing$/);
  }
});

it('lets decoders hold what is not whole up to the limit, and says where it is decoded no further', () => {
  const holding: Decoders = {
    tcp() {
      let held = 0;
      return {
        feed(bytes) {
          held += bytes.length;
          return [];
        },
        end: () => [],
        get held() {
          return held;
        },
      };
    },
  };
  const accounts = new FlowAccounts(holding);
  const sink = new PacketAccounts(accounts);
  const bytes = new Uint8Array(1_000_000);
  const connection = (id: number): Connection => ({
    ...{ id, place: id, whole: true },
    ...{ client: { address: '10.0.0.2', port: id }, server: { address: '10.0.0.1', port: 9_090 } },
  });
  for (let id = 1; id <= 40; id++) {
    sink.opened(connection(id), id);
    sink.data(id, true, bytes, 0, bytes.length, id);
    expect(accounts.held.bytes).toBeLessThanOrEqual(HELD_LIMIT);
  }
  expect(accounts.held.bytes).toBe(33_000_000);
  expect(accounts.flows.map(({ sent }) => sent.violation?.clause)).toEqual([
    ...Array.from({ length: 33 }, () => undefined),
    ...Array.from({ length: 7 }, () => 'HELD_LIMIT'),
  ]);
  for (let id = 1; id <= 40; id++) sink.ended(connection(id), true, id);
  expect(accounts.held.bytes).toBe(0);
});

it('finds connections by their ends as a list does', () => {
  const LIMIT = 300;
  const end = fc.record({ address: fc.integer({ min: 0, max: 3 }), port: fc.integer({ min: 1, max: 3 }) });
  const step = fc.record({ from: end, to: end, isLong: fc.boolean(), remove: fc.boolean() });
  const addressOf = (address: number, isLong: boolean): readonly number[] =>
    isLong ? [0x20, ...new Array<number>(14).fill(0), address] : [10, 0, 0, address];
  const network = new Uint8Array(36);
  const transport = ({ from, to, isLong }: { from: { address: number; port: number }; to: typeof from; isLong: boolean }) => {
    const size: 4 | 16 = isLong ? 16 : 4;
    network.set([...addressOf(from.address, isLong), ...addressOf(to.address, isLong), ...u16(from.port), ...u16(to.port)]);
    return { bytes: network, start: 2 * size, end: 2 * size + 4, missing: 0, network, from: 0, to: size, size, time: 0, offset: 0 };
  };
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400, size: 'max' }), steps => {
      const table = new EndsTable<{ addresses: Uint8Array | undefined; key: string }>(LIMIT);
      const model = new Map<string, number>();
      const ends = new Ends();
      for (const each of steps) {
        const texts = [each.from, each.to].map(({ address, port }) => `${each.isLong} ${address} ${port}`);
        const key = texts.toSorted().join();
        ends.of(transport(each));
        const found = table.find(ends);
        expect(found).toBe(model.get(key) ?? -1);
        if (found >= 0) expect(table.at(found)?.key).toBe(key);
        if (found >= 0 && each.remove) {
          table.remove(found);
          model.delete(key);
        } else if (found < 0 && !table.isFull) {
          const place = table.nextPlace;
          expect([...model.values()]).not.toContain(place);
          table.add(ends, { addresses: ends.addresses(), key });
          model.set(key, place);
        }
        expect(table.size).toBe(model.size);
      }
      expect([...table.values()].map(({ key }) => key).toSorted()).toEqual([...model.keys()].toSorted());
    }),
  );
});

it('tells ends of IPv6 from others that come to the same numbers', () => {
  const table = new EndsTable<{ addresses: Uint8Array | undefined }>(3);
  const ends = new Ends();
  /** What an address of IPv6 is folded with, the other way round: each step doubles the bits that are right. */
  let inverse = 1;
  for (let step = 0; step < 6; step++) inverse = Math.imul(inverse, 2 - Math.imul(0x9e37_79b1, inverse));
  const addresses = [0x0a00_0001, 0x0a00_0002];
  const short = new Uint8Array([...addresses.flatMap(each => [...u32(each)]), ...u16(40_000), ...u16(9_090)]);
  const folded = (word: number): Uint8Array => {
    const rest = Math.imul(word, 0x9e37_79b1);
    const of16 = addresses.flatMap(each => [...new Uint8Array(8), ...u32(word), ...u32((rest ^ Math.imul(each, inverse)) >>> 0)]);
    return new Uint8Array([...of16, ...u16(40_000), ...u16(9_090)]);
  };
  const of = (network: Uint8Array, size: 4 | 16): void =>
    ends.of({ bytes: network, start: 2 * size, end: 2 * size + 4, missing: 0, network, from: 0, to: size, size, time: 0, offset: 0 });
  of(short, 4);
  const numbers = [ends.low, ends.high, ends.ports];
  const all = [folded(7), short, folded(0)].map(network => ({ network, size: network.length > short.length ? 16 : 4 }) as const);
  for (const [place, { network, size }] of all.entries()) {
    of(network, size);
    expect([ends.low, ends.high, ends.ports]).toEqual(numbers);
    expect(table.find(ends)).toBe(-1);
    table.add(ends, { addresses: ends.addresses() });
    expect(table.find(ends)).toBe(place);
  }
});
