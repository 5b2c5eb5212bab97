/** Captures: what a reader of pcapng, and Wireshark where it is installed, makes of what one process sent and received. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { BRINGING } from '../../conformance/arms/arm.ts';
import { simArm } from '../../conformance/arms/sim.ts';
import { programs } from '../../conformance/lifetime/programs.ts';
import { LIFETIME } from '../../conformance/lifetime/suite.ts';
import { LONC } from '../../conformance/lonc/suite.ts';
import { captureOfRow } from '../../conformance/report/capture.ts';
import { runSuite } from '../../conformance/run/runner.ts';
import { RWHO } from '../../conformance/rwho/suite.ts';
import type { Suite } from '../../conformance/suite.ts';
import { concat, textOf, utf8 } from '../../src/host/bytes.ts';
import { instantOf } from '../../src/host/time.ts';
import { socketOf } from '../../src/trace/capture/address.ts';
import { captureOf, PACKET_LIMIT } from '../../src/trace/capture/capture.ts';
import { datagramFrameOf } from '../../src/trace/capture/segment.ts';
import { HOLE } from '../../src/trace/decoded.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { madeBy } from '../conformance/report/reports.ts';
import { realArm } from '../support/arms.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-capture-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// ── a reader of its own ─────────────────────────────────────────────────────────────────────────────────────────────

interface Packet {
  readonly micros: number;
  readonly from: string;
  readonly to: string;
  readonly seq: number;
  readonly ack: number;
  /** U for a datagram, which has no numbers. */
  readonly flags: string;
  readonly payload: Uint8Array;
  readonly comment: string;
}

/** Sections, interfaces and packets of a pcapng file; throws at the first thing that is not as it has to be. */
function packetsOf(file: Uint8Array): readonly Packet[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const packets: Packet[] = [];
  const types: number[] = [];
  for (let at = 0; at < file.length; ) {
    const length = view.getUint32(at + 4, true);
    if (length % 4 !== 0 || length < 12 || view.getUint32(at + length - 4, true) !== length)
      throw new Error(`block at ${at}: length ${length}`);
    const type = view.getUint32(at, true);
    types.push(type);
    if (type === 6) packets.push(packetAt(file.subarray(at + 8, at + length - 4)));
    at += length;
  }
  expect(types.slice(0, 2)).toEqual([0x0a0d0d0a, 1]);
  expect(types.slice(2).every(type => type === 6)).toBe(true);
  expect(view.getUint32(8, true)).toBe(0x1a2b3c4d);
  return packets;
}

function packetAt(body: Uint8Array): Packet {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const length = view.getUint32(12, true);
  const padded = length + ((4 - (length % 4)) % 4);
  const options = body.subarray(20 + padded);
  const comment =
    options.length === 0 ? '' : textOf(options.subarray(4, 4 + new DataView(options.buffer, options.byteOffset).getUint16(2, true)));
  return { micros: view.getUint32(4, true) * 2 ** 32 + view.getUint32(8, true), comment, ...segmentOf(body.subarray(20, 20 + length)) };
}

function segmentOf(frame: Uint8Array): Omit<Packet, 'micros' | 'comment'> {
  if (frame[12] === 0x86) return segmentOf6(frame.subarray(14));
  const ip = frame.subarray(14);
  const view = new DataView(ip.buffer, ip.byteOffset, ip.length);
  const protocol = ip[9] ?? 0;
  expect([frame[12], frame[13], ip[0]]).toEqual([8, 0, 0x45]);
  expect(view.getUint16(2)).toBe(ip.length);
  // A checksum is right when the sum over everything, itself included, is all ones (RFC 1071 §1).
  expect(folded(ip.subarray(0, 20))).toBe(0xffff);
  expect(
    folded(concat([ip.subarray(12, 20), Uint8Array.of(0, protocol, (ip.length - 20) >> 8, (ip.length - 20) & 255), ip.subarray(20)])),
  ).toBe(0xffff);
  const socket = (address: number, port: number): string => `${ip.subarray(address, address + 4).join('.')}:${view.getUint16(port)}`;
  const ends = { from: socket(12, 20), to: socket(16, 22) };
  return { ...ends, ...bodyOf(ip.subarray(20), protocol) };
}

function segmentOf6(ip: Uint8Array): Omit<Packet, 'micros' | 'comment'> {
  const view = new DataView(ip.buffer, ip.byteOffset, ip.length);
  const protocol = ip[6] ?? 0;
  expect([view.getUint32(0), view.getUint16(4)]).toEqual([0x60000000, ip.length - 40]);
  expect(
    folded(concat([ip.subarray(8, 40), Uint8Array.of(0, protocol, (ip.length - 40) >> 8, (ip.length - 40) & 255), ip.subarray(40)])),
  ).toBe(0xffff);
  const groups = (at: number): string => Array.from({ length: 8 }, (_, group) => view.getUint16(at + 2 * group).toString(16)).join(':');
  return {
    from: `[${groups(8)}]:${view.getUint16(40)}`,
    to: `[${groups(24)}]:${view.getUint16(42)}`,
    ...bodyOf(ip.subarray(40), protocol),
  };
}

function bodyOf(body: Uint8Array, protocol: number): Pick<Packet, 'seq' | 'ack' | 'flags' | 'payload'> {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  if (protocol === 17) {
    expect(view.getUint16(4)).toBe(body.length);
    return { seq: 0, ack: 0, flags: 'U', payload: body.subarray(8) };
  }
  expect(protocol).toBe(6);
  const bits = body[13] ?? 0;
  const flags = [...'FSRPA'].filter((_, at) => (bits >> at) & 1).join('');
  return { seq: view.getUint32(4), ack: view.getUint32(8), flags, payload: body.subarray(20) };
}

function folded(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    sum = (sum & 0xffff) + (sum >>> 16);
  }
  return sum;
}

/** Sequence numbers without gaps, nothing acknowledged that was not sent, a handshake first and nothing after a reset. */
function checkFlows(packets: readonly Packet[]): void {
  const next = new Map<string, number>();
  const over = new Set<string>();
  for (const { from, to, seq, ack, flags, payload } of packets.filter(each => each.flags !== 'U')) {
    const [there, back] = [`${from} ${to}`, `${to} ${from}`];
    if (flags.includes('S')) for (const flow of [there, back]) over.delete(flow);
    expect(over.has(there)).toBe(false);
    if (flags.includes('S')) next.set(there, seq);
    if (flags !== 'RA' || next.has(there)) expect(next.get(there)).toBe(seq);
    next.set(there, seq + payload.length + (/[SF]/.test(flags) ? 1 : 0));
    if (flags.includes('A')) expect(ack).toBe(next.get(back));
    if (flags.includes('R')) over.add(there).add(back);
  }
}

// ── the events ──────────────────────────────────────────────────────────────────────────────────────────────────────

const ME = 'm/tester.1';
function event(index: number, kind: TraceEvent['kind'], channel: string, more: Partial<TraceEvent> = {}): TraceEvent {
  return {
    index,
    time: instantOf(index * 1_000),
    process: ME,
    kind,
    cause: -1,
    message: 0,
    channel,
    bytes: undefined,
    data: undefined,
    ...more,
  };
}
const captured = (events: readonly TraceEvent[], notes: ReadonlyMap<number, string> = new Map()) =>
  captureOf(events, { process: ME, comment: 'a test', notes });
const shown = (packets: readonly Packet[]): readonly string[] =>
  packets.map(({ from, to, flags, payload }) => `${from} > ${to} ${flags}${payload.length === 0 ? '' : ` ${textOf(payload)}`}`);

const EVERYTHING: readonly TraceEvent[] = [
  event(0, 'listen', '', { data: { at: '127.0.0.1:4000' } }),
  event(1, 'attach', 'pipe1', { data: { fd: 3, direction: 'read' } }),
  event(2, 'connect', '', { data: { to: '127.0.0.1:5000' } }),
  event(3, 'open', '', { data: { error: 'ECONNREFUSED' } }),
  event(4, 'connect', '', { data: { to: '127.0.0.1:5000' } }),
  event(5, 'open', 'tcp2>', { data: { at: '127.0.0.1:40001' } }),
  event(6, 'send', 'tcp2>', { bytes: utf8('ping') }),
  event(7, 'recv', 'tcp2<', { bytes: utf8('pong') }),
  event(8, 'accept', 'tcp3<', { data: { peer: '127.0.0.1:40002' } }),
  event(9, 'recv', 'tcp3>', { bytes: utf8('x'.repeat(3_000)) }),
  event(10, 'reset', 'tcp3<'),
  event(11, 'recv', 'pipe1', { bytes: utf8('log') }),
  event(12, 'recv', 'pipe1', { bytes: utf8('of another'), process: 'm/other.2' }),
  event(13, 'end', 'tcp2>'),
  event(14, 'eof', 'tcp2<'),
  event(15, 'close', 'tcp2>'),
  event(16, 'connect', '', { data: { to: 'unix:/run/x' } }),
  event(17, 'open', 'unix4>', { data: { at: 'unix:' } }),
  event(18, 'send', 'unix4>', { bytes: utf8('hello') }),
  event(19, 'close', 'unix4>', { data: { error: 'ECONNRESET' } }),
  event(20, 'close', 'pipe1'),
];

const IPV6: readonly TraceEvent[] = [
  event(0, 'connect', '', { data: { to: '[::1]:5000' } }),
  event(1, 'open', 'tcp1>', { data: { at: '[::1]:40000' } }),
  event(2, 'send', 'tcp1>', { bytes: utf8('odd') }),
  event(3, 'bind', 'udp2', { data: { at: '[FE80::]:4000' } }),
  event(4, 'receive', 'udp2', { data: { from: '[::ffff:127.0.0.2]:4001' }, bytes: utf8('ping') }),
];

describe('a capture', () => {
  test('has a handshake, the bytes, and the ends as they were seen, at the time they were', () => {
    const packets = packetsOf(concat(captured(EVERYTHING, new Map([[6, 'a: the line ping']])).parts));
    checkFlows(packets);
    const [a, b, pipe, peer] = ['127.0.0.1:40001', '127.0.0.1:5000', '192.0.2.1:40001', '192.0.2.2:20001'];
    const lines = shown(packets);
    expect(lines.slice(0, 5)).toEqual([
      `${pipe} > ${peer} S`,
      `${peer} > ${pipe} SA`,
      `${pipe} > ${peer} A`,
      '127.0.0.1:60000 > 127.0.0.1:5000 S',
      '127.0.0.1:5000 > 127.0.0.1:60000 RA',
    ]);
    expect(lines.slice(5, 12)).toEqual([
      `${a} > ${b} S`,
      `${b} > ${a} SA`,
      `${a} > ${b} A`,
      `${a} > ${b} PA ping`,
      `${b} > ${a} A`,
      `${b} > ${a} PA pong`,
      `${a} > ${b} A`,
    ]);
    expect(lines.slice(12, 15)).toEqual([
      '127.0.0.1:40002 > 127.0.0.1:4000 S',
      '127.0.0.1:4000 > 127.0.0.1:40002 SA',
      '127.0.0.1:40002 > 127.0.0.1:4000 A',
    ]);
    expect(packets.slice(15, 21).map(each => each.payload.length)).toEqual([1_460, 0, 1_460, 0, 80, 0]);
    expect(lines[21]).toBe('127.0.0.1:4000 > 127.0.0.1:40002 RA');
    expect(lines.slice(24, 28)).toEqual([`${a} > ${b} FA`, `${b} > ${a} A`, `${b} > ${a} FA`, `${a} > ${b} A`]);
    expect(lines.slice(28, 31)).toEqual([
      '192.0.2.1:50004 > 192.0.2.2:30004 S',
      '192.0.2.2:30004 > 192.0.2.1:50004 SA',
      '192.0.2.1:50004 > 192.0.2.2:30004 A',
    ]);
    expect(lines.slice(33)).toEqual(['192.0.2.2:30004 > 192.0.2.1:50004 RA', `${pipe} > ${peer} FA`, `${peer} > ${pipe} A`]);
    expect(packets[8]).toMatchObject({ micros: 6_000, comment: 'a: the line ping' });
    expect(lines.join()).not.toContain('of another');
  });

  test('has a datagram as one packet, with its checksum, and none that was refused', () => {
    const packets = packetsOf(
      concat(
        captured([
          event(0, 'bind', 'udp1', { data: { at: '127.0.0.1:513' } }),
          event(1, 'datagram', 'udp1', { data: { to: '127.0.0.2:513' }, bytes: utf8('odd') }),
          event(2, 'datagram', 'udp1', { data: { to: '127.0.0.2:513', error: 'EMSGSIZE' } }),
          event(3, 'receive', 'udp1', { data: { from: '127.0.0.2:514' }, bytes: utf8('x'.repeat(9_000)) }),
          event(4, 'receive', 'udp1', { data: { from: '[::1]:514' }, bytes: utf8('of another family') }),
          event(5, 'datagram', 'udp1', { data: { to: '127.0.0.2:513' }, bytes: new Uint8Array(0) }),
        ]).parts,
      ),
    );
    expect(packets.map(({ from, to, flags, payload }) => [from, to, flags, payload.length])).toEqual([
      ['127.0.0.1:513', '127.0.0.2:513', 'U', 3],
      ['127.0.0.2:514', '127.0.0.1:513', 'U', 9_000],
      ['127.0.0.1:513', '127.0.0.2:513', 'U', 0],
    ]);
  });

  test('knows IPv6, also where it carries an IPv4 address', () => {
    const [a, b] = ['0:0:0:0:0:0:0:1', '0:0:0:0:0:ffff:7f00:2'];
    const packets = packetsOf(concat(captured(IPV6).parts));
    checkFlows(packets);
    expect(shown(packets)).toEqual([
      `[${a}]:40000 > [${a}]:5000 S`,
      `[${a}]:5000 > [${a}]:40000 SA`,
      `[${a}]:40000 > [${a}]:5000 A`,
      `[${a}]:40000 > [${a}]:5000 PA odd`,
      `[${a}]:5000 > [${a}]:40000 A`,
      `[${b}]:4001 > [fe80:0:0:0:0:0:0:0]:4000 U ping`,
    ]);
  });

  test.each([
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    ':1:2:3:4:5:6:7',
    '12345::',
    'fe80::1%eth0',
    '::1.2.3.256',
    '',
  ])('takes [%s] for no address', text => {
    expect(socketOf(`[${text}]:1`)).toBeUndefined();
  });

  test('begins when the trace began', () => {
    const started = 1_795_298_400_000_000;
    const packets = packetsOf(concat(captureOf(EVERYTHING, { process: ME, comment: '', notes: new Map(), started }).parts));
    expect([packets[0]?.micros, packets.at(-1)?.micros]).toEqual([started + 1_000, started + 20_000]);
  });

  test('ends at its limit and says how much is missing', () => {
    const flood = Array.from({ length: PACKET_LIMIT / 2 + 10 }, (_, at) => event(at + 1, 'recv', 'pipe1', { bytes: utf8('x') }));
    const { parts, packets, omitted } = captured([event(0, 'attach', 'pipe1'), ...flood]);
    expect({ packets, omitted, blocks: parts.length }).toEqual({ packets: PACKET_LIMIT, omitted: 23, blocks: PACKET_LIMIT + 2 });
  });

  const told = (...events: readonly TraceEvent[]): readonly string[] => shown(packetsOf(concat(captured(events).parts)));
  const opened: readonly TraceEvent[] = [
    event(0, 'connect', '', { data: { to: '127.0.0.1:5000' } }),
    event(1, 'open', 'tcp1>', { data: { at: '127.0.0.1:40000' } }),
  ];

  test('of both ends has each datagram once', () => {
    const events = [
      event(0, 'bind', 'udp1', { data: { at: '127.0.0.1:513' } }),
      event(1, 'bind', 'udp2', { data: { at: '127.0.0.2:513' }, process: 'm/other.2' }),
      event(2, 'datagram', 'udp1', { data: { to: '127.0.0.2:513' }, bytes: utf8('one'), message: 1 }),
      event(3, 'receive', 'udp2', { data: { from: '127.0.0.1:513' }, bytes: utf8('one'), message: 1, process: 'm/other.2' }),
      event(4, 'receive', 'udp2', { data: { from: '127.0.0.1:513' }, bytes: utf8('two'), message: 2, process: 'm/other.2' }),
    ];
    const packets = packetsOf(concat(captureOf(events, { comment: '', notes: new Map() }).parts));
    expect(packets.map(({ payload }) => textOf(payload))).toEqual(['one', 'two']);
  });

  test('has each datagram of a log, in which none has a number', () => {
    const events = [
      event(0, 'bind', 'udp1', { data: { at: '127.0.0.1:513' } }),
      event(1, 'datagram', 'udp1', { data: { to: '127.0.0.2:513' }, bytes: utf8('one') }),
      event(2, 'receive', 'udp1', { data: { from: '127.0.0.2:513' }, bytes: utf8('two') }),
    ];
    expect(packetsOf(concat(captured(events).parts)).map(({ payload }) => textOf(payload))).toEqual(['one', 'two']);
  });

  test('has no reset of what has ended, and nothing behind a reset', () => {
    const [a, b] = ['127.0.0.1:40000', '127.0.0.1:5000'];
    expect(told(...opened, event(2, 'end', 'tcp1>'), event(3, 'eof', 'tcp1<'), event(4, 'reset', 'tcp1>')).slice(3)).toEqual([
      ...[`${a} > ${b} FA`, `${b} > ${a} A`, `${b} > ${a} FA`, `${a} > ${b} A`],
    ]);
    expect(told(...opened, event(2, 'reset', 'tcp1>'), event(3, 'send', 'tcp1>', { bytes: utf8('late') })).slice(3)).toEqual([
      `${a} > ${b} RA`,
    ]);
  });

  test('has each connect that was refused, from a port of its own, and none that failed otherwise', () => {
    const failing = (index: number, error: string): readonly TraceEvent[] => [
      event(index, 'connect', '', { data: { to: '127.0.0.1:5000' } }),
      event(index + 1, 'open', '', { data: { error } }),
    ];
    expect(told(...failing(0, 'ECONNREFUSED'), ...failing(2, 'ETIMEDOUT'), ...failing(4, 'ECONNREFUSED'))).toEqual([
      ...['127.0.0.1:60000 > 127.0.0.1:5000 S', '127.0.0.1:5000 > 127.0.0.1:60000 RA'],
      ...['127.0.0.1:60001 > 127.0.0.1:5000 S', '127.0.0.1:5000 > 127.0.0.1:60001 RA'],
    ]);
  });

  test('of connects at the same time knows the answer of each by its cause, and without one the oldest is answered', () => {
    const connect = (index: number, port: number): TraceEvent => event(index, 'connect', '', { data: { to: `127.0.0.1:${port}` } });
    const open = (index: number, channel: string, cause: number): TraceEvent =>
      event(index, 'open', channel, { data: { at: `127.0.0.1:${40_000 + index}` }, cause });
    const events = [
      connect(0, 5_000),
      connect(1, 5_001),
      connect(2, 5_002),
      open(3, 'tcp1>', 1),
      open(4, 'tcp2>', -1),
      open(5, 'tcp3>', -1),
    ];
    expect(told(...events).filter(line => line.endsWith(' S'))).toEqual([
      '127.0.0.1:40003 > 127.0.0.1:5001 S',
      '127.0.0.1:40004 > 127.0.0.1:5000 S',
      '127.0.0.1:40005 > 127.0.0.1:5002 S',
    ]);
  });

  test('has the address of the listener even where it listens at a path, too, and no mixture of families', () => {
    const accepts = (at: string): readonly string[] =>
      told(
        event(0, 'listen', '', { data: { at } }),
        event(1, 'listen', '', { data: { at: '/run/x' } }),
        event(2, 'accept', 'tcp3<', { data: { peer: '127.0.0.1:40000' } }),
      );
    expect(accepts('127.0.0.1:4000')[0]).toBe('127.0.0.1:40000 > 127.0.0.1:4000 S');
    expect(accepts('[::1]:4000')[0]).toBe('192.0.2.2:30003 > 192.0.2.1:50003 S');
  });

  test('has nothing of a pipe that could not be attached, and a port below 30000 for each that was', () => {
    expect(told(event(0, 'attach', 'pipe1', { data: { fd: 3, error: 'EBADF' } }))).toEqual([]);
    expect(told(event(0, 'attach', 'pipe12345'))[0]).toBe('192.0.2.1:42345 > 192.0.2.2:22345 S');
  });

  test('goes on with its numbers behind what was not captured, in the direction of that', () => {
    const hole = (channel: string, bytes: number): TraceEvent => event(3, 'log', channel, { data: { event: HOLE, bytes } });
    const sent = (index: number): TraceEvent => event(index, 'send', 'tcp1>', { bytes: utf8('abc') });
    const got = (index: number): TraceEvent => event(index, 'recv', 'tcp1<', { bytes: utf8('de') });
    const numbers = (channel: string): readonly number[] =>
      packetsOf(concat(captured([...opened, sent(2), got(2), hole(channel, 100), sent(4), got(5)]).parts))
        .filter(({ payload }) => payload.length > 0)
        .map(({ seq }) => seq);
    const [a, b] = [1_001, 2_001];
    expect(numbers('tcp1>')).toEqual([a, b, a + 103, b + 2]);
    expect(numbers('tcp1<')).toEqual([a, b, a + 3, b + 102]);
  });

  test('has a note at the first packet of what it is about, whatever its length, and a number in each packet', () => {
    const { parts } = captured([...opened, event(2, 'send', 'tcp1>', { bytes: utf8('x'.repeat(2_000)) })], new Map([[2, 'odd']]));
    expect(packetsOf(concat(parts)).map(({ comment }) => comment)).toEqual(['', '', '', 'odd', '', '', '']);
    // Block and packet headers, Ethernet, and the first two fields of IPv4 are before it.
    expect(parts.slice(2).map(part => (part[46] ?? 0) * 256 + (part[47] ?? 0))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('has a checksum in every datagram: zero would be none', () => {
    const [from, to] = [socketOf('127.0.0.1:1'), socketOf('127.0.0.2:2')];
    if (from === undefined || to === undefined) throw new Error('these are addresses');
    const checksumOf = (payload: Uint8Array): Uint8Array => datagramFrameOf({ from, to, payload, id: 0 }).slice(40, 42);
    // What is missing to a sum of all ones, as the payload.
    expect(checksumOf(checksumOf(new Uint8Array(2)))).toEqual(Uint8Array.of(255, 255));
    // Of sums near all ones some carry once more when the carry of the first time is added.
    const [high = 0, low = 0] = checksumOf(new Uint8Array(200).fill(255, 0, 198));
    const near = Array.from({ length: 400 }, (_, at) => (high * 256 + low - 200 + at) & 0xffff);
    for (const word of near)
      segmentOf(datagramFrameOf({ from, to, payload: Uint8Array.of(...Array(198).fill(255), word >> 8, word & 255), id: 0 }));
  });

  test.each(['1.2.3.4:65536', '256.2.3.4:1', '1.2.3:1', '1.2.3.4.5:1', '1.2.3.4', 'name:1'])('takes %s for no address', text => {
    expect(socketOf(text)).toBeUndefined();
    expect(socketOf('255.2.3.4:65535')).toEqual({ address: [255, 2, 3, 4], port: 65_535 });
  });

  test('of nothing is a file all the same', () => {
    expect(packetsOf(concat(captured([]).parts))).toEqual([]);
  });
});

const RUNS: readonly (readonly [string, Suite, string, string])[] = [
  ['pipes', LIFETIME, 'child', 'lifetime.child.start.*'],
  ['a socket that the tester opens, and a reset', LONC, 'lond', 'lonc.lond.connections.*'],
  ['a socket that is accepted, and Unix-domain ones', LONC, 'local', 'lonc.local.clients.half-close'],
  ['datagrams', RWHO, 'receiver', 'rwho.receiver.survives'],
  ['a reset by the tester', LONC, 'local', 'lonc.local.lost.reset'],
];

const CROSSED: readonly TraceEvent['kind'][] = ['send', 'datagram', ...BRINGING];
const slug = (name: string): string => name.replace(/\W+/g, '-');

describe('of real cases', () => {
  test.each(RUNS)('holds every byte of %s', async (name, suite, role, pattern) => {
    const { rows } = await madeBy({ suite, role, cases: [pattern] });
    const wiring = suite.roles[role];
    if (wiring === undefined) throw new Error(role);
    for (const row of rows) {
      const file = concat(captureOfRow(row, wiring).parts);
      const packets = packetsOf(file);
      checkFlows(packets);
      const own = row.events.filter(each => each.process === row.tester && CROSSED.includes(each.kind) && (each.bytes?.length ?? 0) > 0);
      expect(concat(packets.map(each => each.payload))).toEqual(concat(own.map(each => each.bytes ?? new Uint8Array(0))));
      expect(packets.filter(each => each.payload.length > 0 && each.comment !== '').length).toBe(own.length);
    }
    writeFileSync(join(folder, `${slug(name)}.pcapng`), concat(rows.map(row => concat(captureOfRow(row, wiring).parts)).slice(0, 1)));
  });
});

test('of a real run has the time of the day, of a simulated one that since 1970', async () => {
  const { program, args, claims } = LIFETIME.own['child'] ?? { program: '', args: [], claims: [] };
  const wiring = LIFETIME.roles['child'];
  if (wiring === undefined) throw new Error('no such role');
  const before = Date.now() * 1_000;
  for (const arm of [await realArm('lifetime'), simArm(programs)]) {
    const run = await runSuite({
      suite: LIFETIME,
      role: 'child',
      arm,
      implementation: { program, args },
      claims,
      select: ['lifetime.child.stop.exit-zero'],
    });
    if (run.outcome !== 'ran') throw new Error(run.why);
    const [row] = run.rows;
    if (row === undefined) throw new Error('no row');
    const times = packetsOf(concat(captureOfRow(row, wiring).parts)).map(each => each.micros);
    expect(times.length).toBeGreaterThan(0);
    const [least, most] = arm.name === 'sim' ? [0, 3_600_000_000] : [before, Date.now() * 1_000];
    expect(Math.min(...times)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...times)).toBeLessThanOrEqual(most);
  }
});

const TSHARK = spawnSync('tshark', ['--version']).status === 0;

describe.skipIf(!TSHARK)('Wireshark', () => {
  const FIELDS = [
    '_ws.malformed',
    'tcp.analysis.flags',
    'ip.checksum.status',
    'tcp.checksum.status',
    'udp.checksum.status',
    'frame.comment',
  ];

  /** A line for each packet, with these fields. */
  function fieldsOf(file: string): readonly (readonly string[])[] {
    const preferences = [
      '-n',
      '-o',
      'tcp.check_checksum:TRUE',
      '-o',
      'ip.check_checksum:TRUE',
      '-o',
      'udp.check_checksum:TRUE',
      '-T',
      'fields',
      '-E',
      'separator=/t',
    ];
    const { status, stdout, stderr } = spawnSync('tshark', ['-r', file, ...preferences, ...FIELDS.flatMap(field => ['-e', field])], {
      encoding: 'utf8',
      timeout: 240_000,
    });
    if (status !== 0) throw new Error(stderr);
    return stdout
      .split('\n')
      .slice(0, -1)
      .map(line => line.split('\t'));
  }

  test.each(['everything', 'ipv6', slug(RUNS[2]?.[0] ?? ''), 'datagrams'])('finds nothing wrong with %s', name => {
    const file = join(folder, `${name}.pcapng`);
    if (name === 'everything') writeFileSync(file, concat(captured(EVERYTHING, new Map([[6, 'the line ping']])).parts));
    if (name === 'ipv6') writeFileSync(file, concat(captured(IPV6, new Map([[2, 'odd']])).parts));
    const packets = fieldsOf(file);
    expect(packets.length).toBe(packetsOf(readFileSync(file)).length);
    // Nothing malformed, no retransmission nor a gap, and both checksums are good.
    for (const [malformed, analysis, ip, tcp, udp] of packets)
      expect([malformed, analysis, ip, `${tcp}${udp}`]).toEqual(['', '', name === 'ipv6' ? '' : '1', '1']);
    expect(packets.some(packet => packet.at(-1) !== '')).toBe(true);
  });
});
