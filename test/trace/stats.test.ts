/** A trace in numbers: who did how much of what, how long it was on its way, and what is kept of a trace that never ends. */
import { describe, expect, test } from 'vitest';
import { linesOf } from '../../cli/commands/stats.ts';
import { lines } from '../../conformance/decoders.ts';
import { utf8 } from '../../src/host/bytes.ts';
import { instantOf } from '../../src/host/time.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import {
  LATENCY_LIMIT,
  OTHER_PROCESSES,
  PROCESS_LIMIT,
  type StatsLimits,
  StatsTally,
  statsOf,
  type TraceStats,
  WAITING_LIMIT,
} from '../../src/trace/stats.ts';
import { event } from './arbitrary.ts';

const bytes = (length: number): Uint8Array => new Uint8Array(length);
/** a sends twice, b reads both at once; c has nothing to do with it. */
const SMALL: readonly TraceEvent[] = [
  event(0, { process: 'a', bytes: bytes(3), message: 1 }),
  event(1, { process: 'c', kind: 'log', channel: '' }),
  event(2, { process: 'a', bytes: bytes(2), message: 2 }),
  event(3, { process: 'b', kind: 'recv', bytes: bytes(5), message: 1, cause: 0 }),
  event(4, { process: 'b', bytes: bytes(1), channel: 'pipe2', message: 3 }),
  event(5, { process: 'c', kind: 'log', channel: '' }),
  event(6, { process: 'a', kind: 'log', channel: '' }),
];

test('numbers of a trace', () => {
  const { latency, kinds, processes, channels, duration } = statsOf(SMALL, {});
  expect(latency).toEqual({ count: 2, least: 1000, median: 1000, p99: 3000, most: 3000, unread: 1, forgone: 0 });
  expect(Object.entries(kinds)).toEqual([
    ['send', 3],
    ['log', 3],
    ['recv', 1],
  ]);
  expect(processes.map(({ process, bytesSent, bytesReceived }) => [process, bytesSent, bytesReceived])).toEqual([
    ['a', 5, 0],
    ['c', 0, 0],
    ['b', 1, 5],
  ]);
  expect({ channels, duration }).toEqual({ channels: 2, duration: 6000 });
});

test('timers that were set fire, are cancelled, or are pending at the end', () => {
  const timer = (index: number, kind: 'timer' | 'fire' | 'cancel', id: number): TraceEvent =>
    event(index, { kind, channel: '', data: { id } });
  const all = [timer(0, 'timer', 1), timer(1, 'timer', 2), timer(2, 'timer', 3), timer(3, 'fire', 1), timer(4, 'cancel', 2)];
  expect(statsOf(all, {}).timers).toEqual({ set: 3, fired: 1, cancelled: 1, pending: 1 });
});

test('more processes than have a row of their own are one row, and channels are counted however many there are', () => {
  const events = Array.from({ length: PROCESS_LIMIT + 5 }, (_, index) =>
    event(index, { process: `p${index}`, channel: `tcp${index}>`, bytes: bytes(1), message: index + 1 }),
  );
  const { processes, channels } = statsOf([...events, ...events.slice(0, 1)], {});
  expect(processes.length).toBe(PROCESS_LIMIT + 1);
  expect([processes[0], processes.at(-1)]).toMatchObject([
    { process: 'p0', events: 2 },
    { process: OTHER_PROCESSES, events: 5 },
  ]);
  expect(channels).toBe(PROCESS_LIMIT + 5);
});

const decoders = {
  pipe: lines({ read: text => (text === '!' ? { clause: 'C1', detail: 'no' } : { type: text === 'rest' ? 'rest' : 'line' }) }),
};
const tallied = (events: readonly TraceEvent[], limits: StatsLimits = {}): TraceStats => {
  const tally = new StatsTally(decoders, limits);
  for (const each of events) tally.see(each);
  return tally.stats();
};
const sent = (index: number, channel = 'pipe1', length = 2): TraceEvent => event(index, { channel, bytes: bytes(length) });
const read = (index: number, channel = 'pipe1', length = 2): TraceEvent => event(index, { kind: 'recv', channel, bytes: bytes(length) });

describe('how long something was on its way', () => {
  test('is counted from its send to the read of its last byte, also where it came in pieces', () => {
    const all = [sent(0), sent(1), event(2, { kind: 'recv', bytes: bytes(0) }), read(3, 'pipe1', 1), read(5, 'pipe1', 1), read(9)];
    expect(tallied(all).latency).toEqual({ count: 2, least: 5_000, median: 5_000, p99: 8_000, most: 8_000, unread: 0, forgone: 0 });
  });

  test('is told once of each, however many are read at once, and not of what has no bytes', () => {
    const all = [sent(3), sent(4), read(5, 'pipe1', 4), sent(6, 'pipe1', 0), sent(7), read(8)];
    expect(tallied(all)).toMatchObject({ duration: 5_000, latency: { count: 3, least: 1_000, most: 2_000, unread: 0 } });
  });

  test('has a median and what 99 of 100 took', () => {
    const all = Array.from({ length: 200 }, (_, index) => [
      sent(index, `pipe${index}`),
      event(index, { kind: 'recv', channel: `pipe${index}`, bytes: bytes(2), time: instantOf(1_000 * index + index + 1) }),
    ]);
    expect(tallied(all.flat()).latency).toMatchObject({ count: 200, least: 1, median: 100, p99: 198, most: 200 });
  });

  test('has of very many that all took another time its least and its most, and the others in three digits', () => {
    const all = Array.from({ length: LATENCY_LIMIT + 2 }, (_, index) => [
      sent(2 * index, 'pipe1'),
      event(2 * index + 1, { kind: 'recv', channel: 'pipe1', bytes: bytes(2), time: instantOf(2_000 * index + index + 101) }),
    ]).flat();
    const exact = tallied(all.slice(0, -4)).latency;
    expect(exact).toMatchObject({ count: LATENCY_LIMIT, least: 101, median: 101 + LATENCY_LIMIT / 2 - 1, most: 100 + LATENCY_LIMIT });
    expect(tallied(all).latency).toMatchObject({
      count: LATENCY_LIMIT + 2,
      least: 101,
      median: 32_900,
      p99: 65_000,
      most: 102 + LATENCY_LIMIT,
    });
  });

  test('costs no more of each where many wait', () => {
    const number = 100_000;
    const all = [
      ...Array.from({ length: number }, (_, index) => sent(index)),
      ...Array.from({ length: number }, (_, index) => read(number + index)),
    ];
    expect(tallied(all).latency).toMatchObject({ count: number, least: number * 1_000, most: number * 1_000, unread: 0 });
  });

  test('is that of the first who receives a datagram, by its number; one that was refused was not sent', () => {
    const datagram = (index: number, kind: 'datagram' | 'receive', message: number): TraceEvent =>
      event(index, { kind, channel: 'udp1', message });
    const refused: TraceEvent = { ...datagram(4, 'datagram', 3), bytes: undefined };
    const all = [datagram(0, 'datagram', 1), datagram(1, 'datagram', 2), datagram(2, 'receive', 1), datagram(3, 'receive', 1), refused];
    expect(tallied(all).latency).toMatchObject({ count: 1, most: 2_000, unread: 1 });
    const [own] = tallied(all).processes;
    expect(own).toMatchObject({ events: 5, bytesSent: 2 * (all[0]?.bytes?.length ?? 0), bytesReceived: 2 * (all[2]?.bytes?.length ?? 0) });
    expect(own?.bytesReceived).toBeGreaterThan(0);
    // A log of one end has no numbers.
    expect(tallied([datagram(0, 'datagram', 0), datagram(1, 'receive', 0)]).latency).toMatchObject({ count: 0, unread: 1, forgone: 0 });
  });

  test('goes on behind the end of a stream of which not all was read', () => {
    expect(tallied([sent(0), event(1, { kind: 'eof' }), read(2)]).latency).toMatchObject({ count: 1, unread: 0 });
  });

  test('is not waited for any longer where too much waits, and what is sent later is', () => {
    const limits = { waiting: 3 };
    const log = Array.from({ length: 10 }, (_, index) => sent(index, 'tcp1>'));
    expect(tallied(log, limits).latency).toMatchObject({ count: 0, unread: 10, forgone: 9 });
    expect(tallied(log.slice(0, 3), limits).latency).toMatchObject({ unread: 3, forgone: 0 });
    // Beside such a log, what is read is told: each in its place in its stream.
    const beside = Array.from({ length: 40 }, (_, index) => [
      sent(4 * index, 'tcp1>'),
      sent(4 * index + 1, 'pipe2'),
      read(4 * index + 2, 'pipe2'),
    ]).flat();
    expect(tallied(beside, limits).latency).toMatchObject({ count: 40, least: 1_000, most: 1_000, unread: 40 });
    const late = [
      ...log.slice(0, 4),
      event(4, { kind: 'recv', channel: 'tcp1>', bytes: bytes(6) }),
      event(5, { kind: 'recv', channel: 'tcp1>', bytes: bytes(2) }),
    ];
    expect(tallied(late, limits).latency).toMatchObject({ count: 1, least: 2_000, unread: 3, forgone: 3 });
    const datagrams = Array.from({ length: 4 }, (_, index) => event(index, { kind: 'datagram', channel: 'udp1', message: index + 1 }));
    expect(tallied([...datagrams, event(4, { kind: 'receive', channel: 'udp2', message: 1 })], limits).latency).toMatchObject({
      count: 0,
      forgone: 3,
    });
    // What was read makes room.
    expect(
      tallied(
        Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? sent(index) : read(index))),
        limits,
      ).latency,
    ).toMatchObject({ count: 10, forgone: 0 });
  });
});

test('messages are counted where they are sent and where they are read, the most frequent first, and what breaks a rule by its clause', () => {
  const text = (index: number, kind: TraceEvent['kind'], said: string): TraceEvent =>
    event(index, { kind, process: kind === 'send' ? 'a' : 'b', bytes: utf8(said) });
  const all = [text(0, 'send', 'rest\na\nb\n!\n'), text(1, 'recv', 'rest\na\nb\n!')];
  const { messages, violations, processes } = tallied([...all, text(2, 'eof', '')]);
  expect(messages).toEqual([
    { type: 'line', sent: 2, received: 2, bytes: 4 },
    { type: 'rest', sent: 1, received: 1, bytes: 5 },
  ]);
  expect(violations).toEqual({ C1: 1, format: 1 });
  expect(processes.map(({ process, messagesSent, messagesReceived }) => [process, messagesSent, messagesReceived])).toEqual([
    ['a', 3, 0],
    ['b', 0, 3],
  ]);
});

test('a message that the end of a stream ends is one that is read', () => {
  const whole = {
    pipe: () => ({ feed: () => [], end: () => [{ kind: 'message', type: 'all', fields: {}, bytes: bytes(3), ignorable: false }] as const }),
  };
  const tally = new StatsTally(whole);
  for (const each of [event(0), event(1, { kind: 'recv' }), event(2, { kind: 'eof' })]) tally.see(each);
  expect(tally.stats().messages).toEqual([{ type: 'all', sent: 0, received: 1, bytes: 0 }]);
});

test('streams that are decoded only in part are counted', () => {
  expect(
    tallied(
      ['pipe1', 'pipe2', 'pipe3', 'pipe4'].map((channel, index) => event(index, { channel, bytes: utf8('x') })),
      { decoded: 2 },
    ).undecoded,
  ).toBe(2);
  expect(tallied([sent(0)]).undecoded).toBe(0);
});

test('a timer is known by its process and its number', () => {
  const timer = (index: number, kind: 'timer' | 'fire', process: string): TraceEvent =>
    event(index, { kind, process, channel: '', data: { id: 1 } });
  expect(tallied([timer(0, 'timer', 'a'), timer(1, 'timer', 'b'), timer(2, 'fire', 'a')]).timers).toEqual({
    set: 2,
    fired: 1,
    cancelled: 0,
    pending: 1,
  });
});

describe('on the screen', () => {
  const shown = (events: readonly TraceEvent[], limits: StatsLimits = {}): readonly string[] => [...linesOf(tallied(events, limits))];

  test('are the numbers of all, without the world, and each process, message, clause, time and timer', () => {
    const all = [
      ...[event(0, { process: '', kind: 'log', channel: '' }), event(1, { process: 'a', bytes: utf8('rest\na\n!\n') })],
      ...[
        event(2, { process: 'b', kind: 'recv', bytes: utf8('rest\n') }),
        event(3, { process: 'a', kind: 'timer', channel: '', data: { id: 1 } }),
      ],
      event(4, { process: 'b', kind: 'recv', bytes: utf8('a\n!\n') }),
      event(5, { process: 'a', bytes: utf8('x'), channel: 'pipe2' }),
    ];
    expect(shown(all)).toEqual([
      '  6 events in 0.005000 s, 2 processes, 2 channels',
      '  send 2, recv 2, log 1, timer 1',
      '  process      events  messages out  bytes out  messages in  bytes in',
      '  (the world)       1             0          0            0         0',
      '  a                 3             2         10            0         0',
      '  b                 2             0          0            2         9',
      '  message  sent  received  bytes sent',
      '  rest        1         1           5',
      '  line        1         1           2',
      '  broken: C1 2',
      '  on their way: 0.003000 s to 0.003000 s, median 0.003000 s, 99 of 100 within 0.003000 s; 1 never read',
      '  timers: 1 set, 0 fired, 0 cancelled, 1 pending at the end',
    ]);
  });

  test('have as many rows as somebody reads, and say how many more there are', () => {
    const processes = (number: number): readonly string[] =>
      shown(Array.from({ length: number }, (_, index) => event(index, { process: `p${index}`, kind: 'log', channel: '' })));
    expect(processes(30).at(-1)).toMatch(/^ {2}p29 /);
    expect(processes(32).slice(-2)).toEqual([expect.stringMatching(/^ {2}p29 /), '  … 2 more rows']);
    expect(processes(1)).toHaveLength(4);
  });

  test('say what was not waited for', () => {
    expect(
      shown(
        Array.from({ length: 4 }, (_, index) => sent(index, 'tcp1>')),
        { waiting: 3 },
      ).at(-1),
    ).toBe(
      `  3 sends not followed to whoever reads them: more than ${String(WAITING_LIMIT).replace(/(\d{3})$/, ' $1')} waited for that at the same time`,
    );
  });
});
