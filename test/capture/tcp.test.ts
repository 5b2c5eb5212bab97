/** TCP out of packets: reassembly, whatever the order, and what is told of what is missing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LATE_PACKETS, WAITING_LIMIT } from '../../src/capture/limits.ts';
import { ascii, ethernet, pcap, type TcpOptions, tcp } from './build.ts';
import { seen } from './seen.ts';

const C = { from: '10.0.0.2', to: '10.0.0.1', fromPort: 40_000, toPort: 9_090 };
const S = { from: '10.0.0.1', to: '10.0.0.2', fromPort: 9_090, toPort: 40_000 };
const file = (packets: readonly TcpOptions[]): Uint8Array => pcap(packets.map(each => ({ bytes: ethernet(tcp(each)) })));
const client = (seq: number, text: string, flags = 'PA', ack = 501): TcpOptions => ({ ...C, seq, ack, flags, payload: ascii(text) });
const server = (seq: number, text: string, flags = 'PA', ack = 101): TcpOptions => ({ ...S, seq, ack, flags, payload: ascii(text) });
const HANDSHAKE: readonly TcpOptions[] = [
  { ...C, seq: 100, flags: 'S' },
  { ...S, seq: 500, ack: 101, flags: 'SA' },
  { ...C, seq: 101, ack: 501, flags: 'A' },
];
const streamOf = (packets: readonly TcpOptions[]): string | undefined => seen(file([...HANDSHAKE, ...packets])).streams['1>'];

describe('a connection', () => {
  it('is told from its handshake to its end', () => {
    const { told, streams, problems } = seen(
      file([
        ...HANDSHAKE,
        client(101, 'hello'),
        server(501, 'hi', 'PA', 106),
        client(106, '', 'FA', 503),
        server(503, '', 'FA', 107),
        client(107, '', 'A', 504),
      ]),
    );
    expect(told).toEqual(['1 dials 10.0.0.2:40000 10.0.0.1:9090', '1 opens', '1> ends', '1< ends']);
    expect(streams).toEqual({ '1>': 'hello', '1<': 'hi' });
    expect(problems).toEqual([]);
  });

  it('says nothing where it only acknowledges', () => {
    const { streams } = seen(file([...HANDSHAKE, client(101, 'a'), server(501, '', 'A', 102)]));
    expect(streams).toEqual({ '1>': 'a' });
  });

  it('that is refused was dialled and never opened', () => {
    const { told } = seen(
      file([
        { ...C, seq: 100, flags: 'S' },
        { ...S, seq: 0, ack: 101, flags: 'RA' },
      ]),
    );
    expect(told).toEqual(['1 dials 10.0.0.2:40000 10.0.0.1:9090', '1 refused']);
  });

  it('that is reset is over', () => {
    const { told, streams } = seen(file([...HANDSHAKE, client(101, 'a'), server(501, '', 'RA', 102), client(102, 'late', 'R')]));
    expect(told.slice(2)).toEqual(['1< resets']);
    expect(streams).toEqual({ '1>': 'a' });
  });

  it('that was there before the capture is told midway, and the lower port listens', () => {
    const { told, streams } = seen(file([server(700, 'yes'), client(300, 'and')]));
    expect(told).toEqual(['1 opens midway']);
    expect(streams).toEqual({ '1<': 'yes', '1>': 'and' });
  });

  it('of the same ends that comes later is another one; a handshake that is repeated is not', () => {
    const [syn, answer, last] = HANDSHAKE as [TcpOptions, TcpOptions, TcpOptions];
    const { told, streams } = seen(
      file([
        syn,
        syn,
        answer,
        last,
        client(101, 'one'),
        { ...syn, seq: 9_000 },
        { ...answer, ack: 9_001, seq: 77 },
        client(9_001, 'two', 'PA', 78),
      ]),
    );
    expect(told.filter(each => each.includes('opens'))).toEqual(['1 opens', '2 opens']);
    expect(streams).toEqual({ '1>': 'one', '2>': 'two' });
  });

  it('that another one of the same ends follows has told what waited, and has nothing of it', () => {
    const [syn, answer] = HANDSHAKE as [TcpOptions, TcpOptions];
    const between = { ...client(7, 'else'), fromPort: 40_001 };
    const second = [{ ...syn, seq: 9_000 }, { ...answer, ack: 9_001 }, between, client(9_001, 'two')];
    const { streams } = seen(file([...HANDSHAKE, client(101, 'ab'), client(110, 'z'), ...second]));
    expect(streams).toEqual({ '1>': 'ab[7]z', '2>': 'two', '3>': 'else' });
  });
});

describe('reassembly', () => {
  it('goes on where it was, however many others there are', () => {
    const all = Array.from({ length: 200 }, (_, index) => ({ fromPort: 40_000 + index, seq: 1_000 * index }));
    const said = (text: string, place: number): readonly TcpOptions[] =>
      all.map(({ fromPort, seq }) => ({ ...client(seq + place, text), fromPort }));
    const { streams } = seen(
      file([...all.map(({ fromPort, seq }) => ({ ...C, fromPort, seq, flags: 'S' })), ...said('a', 1), ...said('b', 2)]),
    );
    expect(streams).toEqual(Object.fromEntries(all.map((_, index) => [`${index + 1}>`, 'ab'])));
  });

  it('takes what came twice, overlapping and out of order for what it is', () => {
    const packets = [client(101, 'abc'), client(104, 'def'), client(107, 'ghi')];
    const [abc, def, ghi] = packets as [TcpOptions, TcpOptions, TcpOptions];
    expect(streamOf([abc, abc, def, ghi])).toBe('abcdefghi');
    expect(streamOf([ghi, def, abc])).toBe('abcdefghi');
    expect(streamOf([abc, client(102, 'bcdefg'), ghi])).toBe('abcdefghi');
    expect(streamOf([def, client(101, 'abcXXX'), ghi])).toBe('abcXXXghi');
    // A probe that keeps a connection alive has one old byte.
    expect(streamOf([abc, client(103, '?'), def])).toBe('abcdef');
  });

  // 32 bits, and half of them, where a number with a sign turns over.
  it.each([0xffff_fffe, 0x7fff_fffe])('counts over the end of the numbers, from %i', start => {
    const packets: TcpOptions[] = [
      { ...C, seq: start - 1, flags: 'S' },
      { ...S, seq: 500, ack: start, flags: 'SA' },
      client(start + 5, 'def'),
      client(start, 'abcde'),
      client(start + 8, '', 'FA'),
    ];
    const { streams, told } = seen(file(packets));
    expect(streams).toEqual({ '1>': 'abcdedef' });
    expect(told.at(-1)).toBe('1> ends');
  });

  it('gives the same stream however the segments lie and whatever comes twice', () => {
    const text = 'The quick brown fox jumps over the lazy dog, and then it rains.';
    const piece = fc.record({ at: fc.integer({ min: 0, max: text.length - 1 }), length: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.integer(), (pieces, seed) => {
        const cover = Array.from({ length: Math.ceil(text.length / 7) }, (_, index) => ({ at: 7 * index, length: 7 }));
        const all = [...pieces, ...cover].map(({ at, length }) => client(101 + at, text.slice(at, at + length)));
        // Any order at all, with the same numbers of a generator of our own.
        const order = all.map((packet, index) => ({ packet, key: Math.imul(index + 1, seed | 1) >>> 0 })).sort((a, b) => a.key - b.key);
        expect(streamOf(order.map(({ packet }) => packet))).toBe(text);
      }),
    );
  });
});

describe('what is missing', () => {
  it('is a hole once it was acknowledged and enough came after it', () => {
    const behind = Array.from({ length: LATE_PACKETS }, (_, index) => client(200 + index, 'x'));
    const tooLate = client(103, 'y'.repeat(97));
    expect(streamOf([client(101, 'ab'), server(501, '', 'A', 216), ...behind, tooLate])).toBe(`ab[97]${'x'.repeat(LATE_PACKETS)}`);
  });

  it('is no hole while it was not acknowledged: it may still come', () => {
    const behind = Array.from({ length: LATE_PACKETS }, (_, index) => client(200 + index, 'x'));
    const filled = client(103, 'y'.repeat(97));
    expect(streamOf([client(101, 'ab'), ...behind, filled])).toBe(`ab${'y'.repeat(97)}${'x'.repeat(LATE_PACKETS)}`);
  });

  it('is no hole because of what was acknowledged before, and has come', () => {
    const first = [client(101, 'ab'), server(501, '', 'A', 106), client(103, 'cde')];
    const behind = Array.from({ length: LATE_PACKETS }, (_, index) => client(110 + index, 'x'));
    expect(streamOf([...first, ...behind, client(106, 'fghi')])).toBe(`abcdefghi${'x'.repeat(LATE_PACKETS)}`);
  });

  it('comes before the end, whichever of them is there first', () => {
    const ahead = [client(101, 'ab'), client(106, '', 'FA'), client(103, 'cde'), server(501, '', 'FA', 107)];
    const waiting = [client(103, 'cde'), client(101, 'ab'), client(106, '', 'FA'), server(501, '', 'FA', 107)];
    for (const packets of [ahead, waiting]) {
      const { told, streams } = seen(file([...HANDSHAKE, ...packets]));
      expect([streams['1>'], told.slice(2)]).toEqual(['abcde', ['1> ends', '1< ends']]);
    }
    const answers = [server(503, 'cde'), server(501, 'ab'), server(506, '', 'FA'), client(101, '', 'FA', 507)];
    const { told, streams } = seen(file([...HANDSHAKE, ...answers]));
    expect([streams['1<'], told.slice(2)]).toEqual(['abcde', ['1< ends', '1> ends']]);
  });

  it('is a hole when too much waits for it', () => {
    const behind = Array.from({ length: WAITING_LIMIT + 1 }, (_, index) => client(200 + index, 'x'));
    expect(streamOf(behind)).toBe(`[99]${'x'.repeat(WAITING_LIMIT + 1)}`);
  });

  it('is a hole at the end of the capture, and before a reset', () => {
    expect(streamOf([client(101, 'ab'), client(110, 'z')])).toBe('ab[7]z');
    expect(streamOf([client(101, 'ab'), client(110, 'z'), server(501, '', 'R')])).toBe('ab[7]z');
  });

  it('is what the capture cut off', () => {
    const bytes = ethernet(tcp(client(101, 'abcdefgh')));
    const cut = { bytes: bytes.subarray(0, bytes.length - 3), original: bytes.length };
    const { streams, counts } = seen(
      pcap([
        ...HANDSHAKE.map(each => ({ bytes: ethernet(tcp(each)) })),
        cut,
        ...[client(109, 'ij'), client(106, 'fgh')].map(each => ({ bytes: ethernet(tcp(each)) })),
      ]),
    );
    // At once: nothing waits for it.
    expect(streams).toEqual({ '1>': 'abcde[3]ij' });
    expect(counts.cut).toBe(1);
  });
});
