/** A process that holds more and more, and one that only seems to: each leak is a small daemon, and beside it the same without. */
import { describe, expect, test } from 'vitest';
import type { Holding } from '../../../src/check/world/housekeeping.ts';
import type { Daemon, Host, Stream, StreamHandler } from '../../../src/host/host.ts';
import { millis } from '../../../src/host/time.ts';
import { deaf, every, HERE, HOUR, streamOf, violated } from './small.ts';

const SECOND = millis(1_000);
const eachSecond =
  (act: (host: Host) => void): Daemon =>
  host =>
    every(host, SECOND, () => act(host));

/** Listens, and connects to itself each second; what is done with each end. */
const connects =
  (opened: (stream: Stream) => void, accepted: (stream: Stream) => StreamHandler): Daemon =>
  host => {
    host.network.listen(HERE, { backlog: 8 }, { opened: () => {}, accept: accepted });
    every(host, SECOND, () =>
      host.network.connect(HERE, {}, result => {
        opened(streamOf(result));
        return deaf;
      }),
    );
  };
const closes = (stream: Stream): void => stream.close();
const closesAfter = (stream: Stream): StreamHandler => ({ ...deaf, end: () => stream.close() });
const orderly = connects(closes, closesAfter);

const listens = (then: (listener: { close(): void }) => void): Daemon =>
  eachSecond(({ network }) =>
    network.listen(
      { transport: 'tcp', address: '127.0.0.1', port: 0 },
      { backlog: 1 },
      { opened: result => result.ok && then(result.value), accept: () => deaf },
    ),
  );
const binds = (then: (socket: { close(): void }) => void): Daemon =>
  eachSecond(({ network }) =>
    network.bind({ address: '127.0.0.1', port: 0 }, {}, { opened: result => result.ok && then(result.value), message: () => {} }),
  );
const pipes = (then: (host: Host, end: number) => void): Daemon =>
  eachSecond(host => {
    const pipe = host.descriptors.pipe();
    if (pipe.ok) for (const end of [pipe.value.read, pipe.value.write]) then(host, end);
  });
const bears = (then: (host: Host) => void): Daemon =>
  eachSecond(host => {
    host.process.spawn('child', []);
    then(host);
  });
const keeps = (): void => {};

/** What leaks, and the same without the mistake. */
const LEAKS: Readonly<Record<Holding, readonly [leaks: Daemon, tidy: Daemon]>> = {
  timers: [eachSecond(({ clock }) => void clock.setTimer(HOUR, keeps)), eachSecond(({ clock }) => clock.setTimer(HOUR, keeps).cancel())],
  opened: [connects(keeps, () => deaf), orderly],
  halfClosed: [connects(closes, () => deaf), orderly],
  paused: [
    connects(keeps, stream => {
      stream.pause();
      return deaf;
    }),
    orderly,
  ],
  pipes: [pipes(keeps), pipes((host, end) => host.descriptors.close(end))],
  listeners: [listens(keeps), listens(each => each.close())],
  sockets: [binds(keeps), binds(each => each.close())],
  unreaped: [bears(keeps), bears(host => host.process.wait(keeps))],
};

const others = { child: ((host: Host) => host.process.exit(0)) satisfies Daemon };

describe.each(Object.entries(LEAKS))('%s', (_, [leaks, tidy]) => {
  test('that grow are a leak', () =>
    expect(violated(leaks, {}, others)).toEqual([expect.stringContaining('no-leak: m/it.100 has more and more')]));
  test('that come and go are none', () => expect(violated(tidy, {}, others)).toEqual([]));
});

describe('of a program whose needs are known', () => {
  const needs = (timers: number) => ({ housekeeping: { programs: { it: { holds: { timers, listeners: 1 } } } } });
  /** `wanted` timers for good. */
  const sets =
    (wanted: number): Daemon =>
    host => {
      for (let each = 0; each < wanted; each++) host.clock.setTimer(HOUR, keeps);
    };

  test('one too many is a leak', () => {
    expect(violated(sets(2), needs(2))).toEqual([]);
    expect(violated(sets(3), needs(2))).toEqual([
      'no-leak: m/it.100 never has less than 3 timers that have neither fired nor been cancelled, and needs 2',
    ]);
  });

  test('what is there for a moment is none', () => {
    expect(violated(host => every(host, SECOND, () => void host.clock.setTimer(millis(900), keeps)), needs(1))).toEqual([]);
    expect(violated(host => every(host, SECOND, () => void host.clock.setTimer(millis(1_900), keeps)), needs(1))).toEqual([
      expect.stringContaining('never has less than 2 timers'),
    ]);
  });

  test('as many as it has children', () => {
    const bearsWith =
      (pipesOfEach: number): Daemon =>
      host => {
        for (let each = 0; each < 3 * pipesOfEach; each++) {
          const pipe = host.descriptors.pipe();
          if (pipe.ok) host.descriptors.close(pipe.value.read);
        }
        for (let each = 0; each < 3; each++) host.process.spawn('child', []);
      };
    const each = { housekeeping: { programs: { it: { holds: { pipes: 'children' } } } } } as const;
    expect(violated(bearsWith(1), each, { child: keeps })).toEqual([]);
    expect(violated(bearsWith(2), each, { child: keeps })).toEqual(['no-leak: m/it.100 never has less than 6 ends of pipes, and needs 3']);
  });

  test('the file of a socket is not left by one that ends by itself', () => {
    const leaves =
      (end: (host: Host) => void): Daemon =>
      host => {
        host.network.listen(HERE, { backlog: 1 }, { opened: keeps, accept: () => deaf });
        host.clock.setTimer(SECOND, () => end(host));
      };
    const killed = leaves(({ process }) => process.kill(process.pid, 'SIGKILL'));
    const tidy = leaves(({ process, storage }) => {
      storage.unlink(HERE.path);
      process.exit(0);
    });
    for (const good of [killed, tidy]) expect(violated(good, needs(1))).toEqual([]);
    expect(
      violated(
        leaves(({ process }) => process.exit(0)),
        needs(1),
      ),
    ).toEqual(['no-leak: m/it.100 has ended and left the file of its socket at /s/here']);
    // Whose parent has gone, he may have a successor, whose file it is.
    const parent =
      (stays: boolean): Daemon =>
      host => {
        host.process.spawn('child', []);
        if (!stays) host.clock.setTimer(millis(500), () => host.process.exit(0));
      };
    const children = { housekeeping: { programs: { child: { holds: { timers: 1, listeners: 1 } } } } };
    const child = leaves(({ process }) => process.exit(0));
    expect(violated(parent(false), children, { child })).toEqual([]);
    expect(violated(parent(true), children, { child })).toEqual([expect.stringContaining('left the file of its socket')]);
  });
});

test('another program in the same process has what is not closed by that', () => {
  const becomes =
    (next: string): Daemon =>
    host => {
      host.descriptors.pipe();
      host.clock.setTimer(HOUR, keeps);
      host.process.exec(next, []);
    };
  const holds = (pipesLeft: number) => ({ housekeeping: { programs: { other: { holds: { pipes: pipesLeft } } } } });
  expect(violated(becomes('other'), holds(2), { other: keeps })).toEqual([]);
  expect(violated(becomes('other'), holds(1), { other: keeps })).toEqual([
    'no-leak: m/other.100 never has less than 2 ends of pipes, and needs 1',
  ]);
});
