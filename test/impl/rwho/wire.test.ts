/** Reports as bytes: what Debian's rwhod sent and stored is read as the people who captured it read it, and written again. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, unhex } from '../../../src/host/bytes.ts';
import { AS_WRITTEN, turned } from '../../../src/impl/rwho/as-written.ts';
import { nameFault, shortName } from '../../../src/impl/rwho/name.ts';
import { parseRecord, recordOf } from '../../../src/impl/rwho/record.ts';
import { elapsed, nearest, stampOf } from '../../../src/impl/rwho/time.ts';
import type { Status } from '../../../src/impl/rwho/wire.ts';
import { decode, ENTRIES_MAX, encode, HEADER, REPORT_MAX } from '../../../src/impl/rwho/wire.ts';

interface VectorEntry {
  readonly out_line: string;
  readonly out_name: string;
  readonly out_time: number;
  readonly we_idle: number;
}
interface VectorReport {
  readonly entries: readonly VectorEntry[];
  readonly trailing_bytes: number;
  readonly wd_boottime: number;
  readonly wd_hostname: string;
  readonly wd_loadav: readonly number[];
  readonly wd_recvtime: number;
  readonly wd_sendtime: number;
  readonly wd_type: number;
  readonly wd_vers: number;
}
interface Vectors {
  readonly sender_captures: Readonly<
    Record<string, { readonly packets: readonly { readonly decoded: VectorReport; readonly hex: string }[] }>
  >;
  readonly sender_sequence: { readonly packets: readonly { readonly decoded: VectorReport; readonly hex: string }[] };
  readonly receiver_cases: {
    readonly cases: Readonly<
      Record<
        string,
        {
          readonly sent: readonly string[];
          readonly files: Readonly<Record<string, { readonly hex: string | null; readonly decoded_le?: VectorReport }>>;
        }
      >
    >;
  };
}

// The file is a copy of what was captured; the tests fail where it has another form.
const vectors = JSON.parse(readFileSync(new URL('vectors/rwhod.json', import.meta.url), 'utf8')) as Vectors;

const bytesOf = (text: string): Uint8Array => {
  const bytes = unhex(text);
  if (bytes === undefined) throw new Error(`not hexadecimal: ${text}`);
  return bytes;
};

const expected = (report: VectorReport): Status => ({
  sendTime: report.wd_sendtime,
  receiveTime: report.wd_recvtime,
  hostName: report.wd_hostname,
  load: [report.wd_loadav[0] ?? 0, report.wd_loadav[1] ?? 0, report.wd_loadav[2] ?? 0],
  bootTime: report.wd_boottime,
  entries: report.entries.map(each => ({ line: each.out_line, name: each.out_name, loginTime: each.out_time, idle: each.we_idle })),
});

/** What the captured daemon leaves behind a NUL is whatever its stack had (RW-25). */
function cleaned(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const end = copy.indexOf(0, 12);
  copy.fill(0, end, 44);
  return copy;
}

const captures = [
  ...Object.entries(vectors.sender_captures).flatMap(([name, { packets }]) => packets.map(packet => [name, packet] as const)),
  ...vectors.sender_sequence.packets.map((packet, index) => [`sequence ${index}`, packet] as const),
];

describe('what Debian sent', () => {
  test.each(captures)('%s', (_name, { decoded, hex: text }) => {
    const bytes = bytesOf(text);
    const read = decode(bytes);
    expect(read).toEqual({ version: decoded.wd_vers, type: decoded.wd_type, status: expected(decoded), trailing: 0 });
    if (read !== undefined) expect(hex(encode(read.status))).toBe(hex(cleaned(bytes)));
  });
});

describe('what Debian stored', () => {
  const stored = Object.entries(vectors.receiver_cases.cases).flatMap(([name, { sent, files }]) =>
    Object.values(files).flatMap(file =>
      file.hex === null || file.decoded_le === undefined ? [] : [[name, sent, file.hex, file.decoded_le] as const],
    ),
  );

  test.each(stored)('%s', (_name, sent, text, decoded) => {
    const record = bytesOf(text);
    expect(parseRecord(record)).toEqual(expected(decoded));
    const came = sent.map(bytesOf).findLast(each => decode(each)?.status.hostName === decoded.wd_hostname);
    if (came !== undefined) expect(hex(turned(came, decoded.wd_recvtime))).toBe(text);
    const report = came === undefined ? undefined : decode(came);
    if (report !== undefined && decoded.trailing_bytes === 0)
      expect(hex(recordOf(report.status, decoded.wd_recvtime))).toBe(hex(cleaned(record)));
  });

  test('there are as many as there were', () => {
    expect(captures.length).toBeGreaterThan(40);
    expect(stored.length).toBeGreaterThan(15);
  });
});

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const text = (maxLength: number) => fc.string({ maxLength, unit: fc.integer({ min: 1, max: 255 }).map(code => String.fromCharCode(code)) });
const status: fc.Arbitrary<Status> = fc.record({
  sendTime: int32,
  receiveTime: int32,
  hostName: text(31),
  load: fc.tuple(int32, int32, int32),
  bootTime: int32,
  entries: fc.array(fc.record({ line: text(8), name: text(8), loginTime: int32, idle: int32 }), { maxLength: 42 }),
});

describe('any report', () => {
  test('is read as it was written, in both orders', () => {
    fc.assert(
      fc.property(status, fc.constantFrom('big' as const, 'little' as const), (value, order) => {
        expect(decode(encode(value, order), order)?.status).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  test('of any bytes of any length is read without harm: nothing below a header, never more than 42 people', () => {
    for (let length = 0; length <= 2_000; length++) {
      const read = decode(new Uint8Array(length).fill(0x5a));
      if (length < HEADER) expect(read).toBeUndefined();
      else {
        expect(read?.status.entries.length).toBe(Math.min(ENTRIES_MAX, Math.floor((length - HEADER) / 24)));
        expect(read?.status.hostName).toBe('Z'.repeat(31));
      }
      expect(turned(new Uint8Array(length), 1).length).toBe(Math.min(length, REPORT_MAX));
    }
  });

  test('what does not fit is cut: 42 people, names of 31 bytes, texts of 8', () => {
    const entry = { line: 'l'.repeat(9), name: 'n'.repeat(9), loginTime: 1, idle: 2 };
    const bytes = encode({
      sendTime: 1,
      receiveTime: 0,
      hostName: 'h'.repeat(40),
      load: [1, 2, 3],
      bootTime: 4,
      entries: Array(50).fill(entry),
    });
    expect(bytes.length).toBe(REPORT_MAX);
    expect(decode(bytes)?.status).toMatchObject({ hostName: 'h'.repeat(31) });
    expect(decode(bytes)?.status.entries[41]).toEqual({ ...entry, line: 'l'.repeat(8), name: 'n'.repeat(8) });
  });
});

describe('seconds of 32 bits', () => {
  const around = (year: number): number => Date.UTC(year, 0, 19, 3, 14, 7) / 1_000;

  test.each([1970, 2026, 2038, 2106, 2174])('are right in %d', year => {
    for (const shift of [-1_000_000, -1, 0, 1, 1_000_000]) {
      const now = around(year) + shift;
      const sent = now - 700;
      expect(elapsed(stampOf(sent), stampOf(now))).toBe(700);
      expect(elapsed(stampOf(now), stampOf(sent))).toBe(-700);
      expect(nearest(stampOf(sent), now)).toBe(sent);
    }
  });
});

describe('a name', () => {
  test.each(['a', '..', '-rf', '*', '!"#$%&\'()*+,-.:;<=>?@[\\]^_`{|}~', 'HOST'])('%s is taken', name => {
    expect(nameFault(name)).toBeUndefined();
  });
  test.each([
    ['', 'it is empty'],
    ['a b', 'it has the byte 20'],
    ['a\n', 'it has the byte 0a'],
    ['a\u007f', 'it has the byte 7f'],
    ['é', 'it has the byte e9'],
    ['../x', 'it has a slash'],
  ])('%j is not: %s', (name, why) => {
    expect(nameFault(name)).toBe(why);
  });
  test('with a slash was taken once', () => {
    expect(AS_WRITTEN['RW-08']?.nameFault?.('x/y')).toBeUndefined();
  });
  test('is short up to the first dot', () => {
    expect(['alpha.example.org', 'alpha', '.example.org', '.'].map(shortName)).toEqual(['alpha', 'alpha', '', '']);
  });
});
