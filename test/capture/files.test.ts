/** Capture files: formats, byte orders, resolutions, links; cut anywhere; damaged anywhere. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAGMENTED_LIMIT, RECORD_LIMIT } from '../../src/capture/limits.ts';
import { captureFormatOf } from '../../src/capture/packets.ts';
import {
  ascii,
  block,
  bytesOf,
  type Captured,
  ethernet,
  interfaceOf,
  ipv4,
  ipv6,
  pcap,
  pcapng,
  sectionOf,
  tcp,
  u8,
  u16,
  u32,
  udpHeader,
} from './build.ts';
import { seen } from './seen.ts';

const udp = (text: string): Uint8Array => ipv4('10.0.0.2', '10.0.0.255', 17, udpHeader(513, 513, ascii(text)));
const TOLD = '10.0.0.2:513 10.0.0.255:513 ';
const packets: readonly Captured[] = ['one', 'two', 'three'].map(text => ({ bytes: ethernet(udp(text)) }));
const ALL = ['one', 'two', 'three'].map(text => TOLD + text);
const TIME = 1_700_000_000_123_456;

describe('formats', () => {
  for (const little of [true, false]) {
    const order = little ? 'little' : 'big';
    for (const nanoseconds of [true, false])
      it(`reads pcap, ${order}-endian, ${nanoseconds ? 'nano' : 'micro'}seconds`, () => {
        const { told, times, problems, counts } = seen(
          pcap([{ bytes: ethernet(udp('x')), time: TIME }, ...packets], { little, nanoseconds }),
        );
        expect(told).toEqual([`${TOLD}x`, ...ALL]);
        expect(times[0]).toBe(TIME);
        expect(problems).toEqual([]);
        expect(counts.format).toBe('pcap');
      });

    it(`reads pcapng, ${order}-endian, each interface with its own link and resolution`, () => {
      const interfaces = [
        {},
        { resolution: [9, 1_000] as const },
        { link: 101, resolution: [3, 0.001] as const },
        { resolution: [0x80 | 20, 1.048_576] as const },
      ];
      const file = pcapng(
        [
          { bytes: ethernet(udp('micro')), time: TIME, on: 0 },
          { bytes: ethernet(udp('nano')), time: TIME, on: 1 },
        ],
        { interfaces, little },
      );
      const { told, times, problems } = seen(file);
      expect(told).toEqual([`${TOLD}micro`, `${TOLD}nano`]);
      expect(times).toEqual([TIME, TIME]);
      expect(problems).toEqual([]);
    });
  }

  it('takes stamps of other powers of ten and of two for what they are', () => {
    const stamped = (resolution: number, stamp: bigint): Uint8Array =>
      bytesOf(
        sectionOf(true),
        interfaceOf({ resolution: [resolution, 1] }, true),
        block(
          6,
          bytesOf(
            u32(0),
            u32(Number(stamp >> 32n), true),
            u32(Number(stamp & 0xffff_ffffn), true),
            u32(udp('x').length + 14, true),
            u32(udp('x').length + 14, true),
            ethernet(udp('x')),
          ),
          true,
        ),
      );
    expect(seen(stamped(3, 1_700_000_000_123n)).times).toEqual([1_700_000_000_123_000]);
    expect(seen(stamped(0x80 | 10, 1_024n * 5n + 512n)).times).toEqual([5_500_000]);
    expect(seen(stamped(0, 7n)).times).toEqual([7_000_000]);
  });

  it('begins anew with each section, in its own byte order', () => {
    const file = bytesOf(pcapng(packets.slice(0, 1)), pcapng(packets.slice(1), { little: false }));
    expect(seen(file).told).toEqual(ALL);
  });

  it('knows in a section no interface of the one before', () => {
    const raw = pcapng([{ bytes: udp('raw') }], { interfaces: [{ link: 101 }] });
    expect(seen(bytesOf(pcapng(packets), raw))).toMatchObject({ told: [...ALL, `${TOLD}raw`], problems: [] });
  });

  it('passes over blocks that it does not know, and reads simple and obsolete packets', () => {
    const [one, two] = packets as [Captured, Captured];
    const file = bytesOf(
      sectionOf(true),
      interfaceOf({}, true),
      block(0x0bad, ascii('what is this'), true),
      block(3, bytesOf(u32(one.bytes.length, true), one.bytes), true),
      block(2, bytesOf(u16(0), u16(0), u32(0), u32(0), u32(two.bytes.length, true), u32(two.bytes.length, true), two.bytes), true),
    );
    expect(seen(file)).toMatchObject({ told: ALL.slice(0, 2), problems: [] });
  });

  it('knows a capture by its first bytes', () => {
    expect(captureFormatOf(pcap([]))).toBe('pcap');
    expect(captureFormatOf(pcap([], { little: false, nanoseconds: true }))).toBe('pcap');
    expect(captureFormatOf(pcapng([]))).toBe('pcapng');
    expect(captureFormatOf(ascii('{"format":"slipway-trace"'))).toBeUndefined();
    expect(captureFormatOf(u8(1, 2))).toBeUndefined();
  });
});

describe('links', () => {
  const LINKS: Readonly<Record<string, readonly [link: number, wrap: (packet: Uint8Array) => Uint8Array]>> = {
    Ethernet: [1, packet => ethernet(packet)],
    'one VLAN tag': [1, packet => ethernet(packet, [0x8100])],
    'two VLAN tags': [1, packet => ethernet(packet, [0x88a8, 0x8100])],
    'Linux cooked v1': [113, packet => bytesOf(new Uint8Array(14), u16(0x0800), packet)],
    'Linux cooked v2': [276, packet => bytesOf(u16(0x0800), new Uint8Array(18), packet)],
    'the loopback of BSD, little-endian': [0, packet => bytesOf(u32(2, true), packet)],
    'the loopback of BSD, big-endian': [0, packet => bytesOf(u32(2), packet)],
    'the loopback of OpenBSD': [108, packet => bytesOf(u32(2), packet)],
    'raw IP': [101, packet => packet],
    'raw IPv4': [228, packet => packet],
  };
  for (const [name, [link, wrap]] of Object.entries(LINKS))
    it(`finds IP behind ${name}`, () => {
      expect(seen(pcap([{ bytes: wrap(udp('x')) }], { link }))).toMatchObject({ told: [`${TOLD}x`], problems: [] });
    });

  it('says which link it does not know, once', () => {
    const { problems, counts } = seen(pcap(packets, { link: 195 }));
    expect(problems).toEqual(['24: packets of link type 195, which cannot be read; known are Ethernet, Linux cooked, loopback and raw IP']);
    expect(counts.others).toBe(3);
  });

  it('passes over what is no IP, and what is neither TCP nor UDP', () => {
    const arp = bytesOf(new Uint8Array(12), u16(0x0806), new Uint8Array(28));
    const icmp = ethernet(ipv4('10.0.0.1', '10.0.0.2', 1, ascii('ping')));
    expect(seen(pcap([{ bytes: arp }, { bytes: icmp }]))).toMatchObject({ told: [], problems: [], counts: { others: 2 } });
  });
});

describe('IP', () => {
  const A = '2001:db8:0:0:0:0:0:1';
  const B = '2001:db8:0:0:0:0:0:2';
  it('reads IPv6, behind extension headers', () => {
    const options = bytesOf(u8(17, 0), new Uint8Array(6));
    const packet = ipv6(A, B, 0, udpHeader(5_353, 53, ascii('six')), options);
    expect(seen(pcap([{ bytes: ethernet(packet) }])).told).toEqual(['[2001:db8::1]:5353 [2001:db8::2]:53 six']);
  });

  it.each([
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:1:1', '2001::1:0:0:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['0:0:0:0:0:0:0:0', '::'],
  ])('writes %s as RFC 5952 does', (address, text) => {
    expect(seen(pcap([{ bytes: ethernet(ipv6(address, B, 17, udpHeader(1, 2, ascii('x')))) }])).told).toEqual([
      `[${text}]:1 [2001:db8::2]:2 x`,
    ]);
  });

  it('puts no datagram together that is longer than one can be', () => {
    const long = (length: number): readonly string[] => {
      const bytes = udpHeader(513, 513, new Uint8Array(100));
      const parts = [new Uint8Array(65_512), new Uint8Array(length)] as const;
      parts[0].set(bytes);
      const pieces = parts.map((part, index) => ({
        bytes: ethernet(ipv4('10.0.0.2', '10.0.0.255', 17, part, { id: 7, more: index === 0, at: index * 65_512 })),
      }));
      return seen(pcap(pieces)).told;
    };
    expect([long(23).length, long(24).length]).toEqual([1, 0]);
  });

  it('follows TCP over IPv6', () => {
    const ends = { from: A, to: B, fromPort: 40_000, toPort: 80 };
    expect(seen(pcap([{ bytes: ethernet(tcp({ ...ends, seq: 1, flags: 'PA', payload: ascii('six') })) }])).streams).toEqual({
      '1>': 'six',
    });
  });

  const whole = udpHeader(513, 513, ascii('0123456789abcdefghijklmn'));
  const pieces = [0, 8, 16, 24].map(at => ({ at, bytes: whole.subarray(at, at + 8), more: at < 24 }));
  const four = ({ at, bytes, more }: (typeof pieces)[number]): Captured => ({
    bytes: ethernet(ipv4('10.0.0.2', '10.0.0.255', 17, bytes, { id: 7, more, at })),
  });
  const six = ({ at, bytes, more }: (typeof pieces)[number]): Captured => ({
    bytes: ethernet(ipv6(A, B, 44, bytes, bytesOf(u8(17, 0), u16(at | (more ? 1 : 0)), u32(7)))),
  });
  it('puts fragments together in any order, and says which are missing', () => {
    for (const order of [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 0, 3, 1],
      [0, 0, 1, 2, 2, 3],
    ]) {
      const some = order.map(index => pieces[index] ?? pieces[0]).filter(piece => piece !== undefined);
      expect(seen(pcap(some.map(four))).told).toEqual([`${TOLD}0123456789abcdefghijklmn`]);
      expect(seen(pcap(some.map(six))).told).toEqual(['[2001:db8::1]:513 [2001:db8::2]:513 0123456789abcdefghijklmn']);
    }
    const { told, problems } = seen(pcap(pieces.slice(1).map(four)));
    expect(told).toEqual([]);
    expect(problems.join()).toContain('1 datagrams of which a fragment is missing');
  });

  it('lets so many datagrams wait for fragments, and says when the oldest goes', () => {
    const half = (id: number, at: number): Captured => ({
      bytes: ethernet(ipv4('10.0.0.2', '10.0.0.255', 17, whole.subarray(at, at + 16), { id, more: at === 0, at })),
    });
    const waiting = Array.from({ length: FRAGMENTED_LIMIT + 1 }, (_, id) => half(id, 0));
    const { told, problems } = seen(pcap([...waiting, half(1, 16), half(0, 16)]));
    expect(told).toEqual([`${TOLD}0123456789abcdefghijklmn`]);
    expect(problems[0]).toMatch(/^\d+: too many fragments wait: 1 datagrams that waited longest are not put together$/);
  });

  it('takes of two fragments of one place the first that came', () => {
    const other = { at: 8, bytes: ascii('XXXXXXXX'), more: true };
    const some = [pieces[0], pieces[1], other, pieces[2], pieces[3]].flatMap(piece => (piece === undefined ? [] : [four(piece)]));
    expect(seen(pcap(some)).told).toEqual([`${TOLD}0123456789abcdefghijklmn`]);
  });

  it('takes what a network card would have cut for whole', () => {
    const packet = udp('x').slice();
    packet.set([0, 0], 2);
    expect(seen(pcap([{ bytes: ethernet(packet) }])).told).toEqual([`${TOLD}x`]);
  });

  it('leaves what pads a short frame out', () => {
    expect(seen(pcap([{ bytes: bytesOf(ethernet(udp('x')), new Uint8Array(20)) }])).told).toEqual([`${TOLD}x`]);
  });
});

describe('a file', () => {
  const files = { pcap: pcap(packets), pcapng: pcapng(packets) };
  for (const [format, file] of Object.entries(files)) {
    it(`of ${format} gives the same in any pieces`, () => {
      const expected = seen(file);
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 0, max: file.length }), { maxLength: 12 }), cuts => {
          expect(
            seen(
              file,
              [...cuts].sort((a, b) => a - b),
            ),
          ).toEqual(expected);
        }),
      );
    });

    it(`of ${format} that was cut is read up to the cut, and says so with its place`, () => {
      for (let length = 0; length < file.length; length++) {
        const { told, problems, counts } = seen(file.subarray(0, length));
        expect(told).toEqual(ALL.slice(0, told.length));
        // Where a record ends a file may as well have ended.
        if (problems.length === 0) expect(counts.bytes).toBe(length);
        else expect(problems).toHaveLength(1);
      }
      expect(seen(file).problems).toEqual([]);
    });
  }

  it('that is none is refused with what it begins with', () => {
    expect(seen(ascii('this is not a capture at all')).problems).toEqual(['0: it begins with 74686973, which is neither pcap nor pcapng']);
    expect(seen(u8()).problems).toEqual(['0: the file is empty']);
  });

  it('with a length that cannot be is read up to there', () => {
    const head = pcap(packets.slice(0, 1));
    const broken = bytesOf(head, u32(0), u32(0), u32(RECORD_LIMIT + 1, true), u32(0));
    expect(seen(broken).told).toEqual(ALL.slice(0, 1));
    expect(seen(broken).problems).toEqual([
      `${head.length}: a packet of ${RECORD_LIMIT + 1} bytes, the limit is ${RECORD_LIMIT}: the file is damaged here, and nothing after it can be read`,
    ]);
    const ng = pcapng(packets.slice(0, 1));
    expect(seen(bytesOf(ng, u32(6, true), u32(13, true), new Uint8Array(40))).problems[0]).toMatch(
      new RegExp(`^${ng.length}: a block of 13 bytes`),
    );
  });

  it('damaged anywhere ends, in bounds, and keeps what is before the damage', () => {
    const byte = fc.record({ at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) });
    for (const file of Object.values(files))
      fc.assert(
        fc.property(fc.array(byte, { minLength: 1, maxLength: 6 }), edits => {
          const damaged = file.slice();
          for (const { at, value } of edits) damaged[at % file.length] = value;
          const { problems, counts } = seen(damaged);
          expect(counts.bytes).toBeLessThanOrEqual(file.length);
          for (const problem of problems) expect(problem).toMatch(/^\d+: ./);
        }),
        { numRuns: 500 },
      );
  });
});
