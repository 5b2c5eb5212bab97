/** What the wire log says of the bytes of a line: which message is where in them, which field, and which byte broke the format. */
import { describe, expect, test } from 'vitest';
import { frameDecoder } from '../../../conformance/lifetime/frames.ts';
import { LIFETIME } from '../../../conformance/lifetime/suite.ts';
import { LONC } from '../../../conformance/lonc/suite.ts';
import { itemsOf } from '../../../conformance/report/items.ts';
import { difference } from '../../../conformance/report/wire.ts';
import { RWHO } from '../../../conformance/rwho/suite.ts';
import { unhex, utf8 } from '../../../src/host/bytes.ts';
import { encodeFrame } from '../../../src/impl/lifetime/wire.ts';
import { reportOf } from './reports.ts';

const frame = (type: string, payload: Uint8Array): Uint8Array => {
  const encoded = encodeFrame(type, payload);
  if (!encoded.ok) throw new Error(type);
  return encoded.bytes;
};
const start = frame('lifetimeevent', Uint8Array.of(0, 1));
const address = frame('p2plistenaddr', utf8('127.0.0.1:9'));
const both = Uint8Array.from([...start, ...address]);

describe('messages of a line', () => {
  test('stand where they came, with their fields in them', () => {
    const items = itemsOf(frameDecoder().feed(both), both, 0);
    expect(items.map(({ type, at, length }) => [type, at, length])).toEqual([
      ['lifetimeevent', 0, start.length],
      ['p2plistenaddr', start.length, address.length],
    ]);
    const [, id] = items[0]?.fields ?? [];
    expect(id).toEqual({ name: 'id', value: '1', at: start.length - 1, length: 1 });
    const place = items[1]?.fields[0];
    expect(new TextDecoder().decode(both.subarray(place?.at, (place?.at ?? 0) + (place?.length ?? 0)))).toBe('127.0.0.1:9');
  });

  test('a violation counts from the beginning of its channel, a line from its own', () => {
    const decoder = frameDecoder();
    decoder.feed(start);
    const broken = Uint8Array.of(2, 3);
    expect(itemsOf(decoder.feed(broken), broken, start.length)).toMatchObject([{ type: 'violation', at: 0, length: 1 }]);
    // What was broken in another line has no place in this one.
    const again = frameDecoder();
    expect(itemsOf(again.feed(Uint8Array.from([...start, 2])), broken, 0)[1]).not.toHaveProperty('at');
  });

  test('have no place where nobody knows one, and are not more than a report has room for', () => {
    const message = { kind: 'message', type: 'x', fields: { text: 'not in it', n: 7 }, bytes: utf8('other'), ignorable: false } as const;
    expect(itemsOf([message], utf8('some'), 0)).toEqual([
      {
        type: 'x',
        fields: [
          { name: 'text', value: 'not in it' },
          { name: 'n', value: '7' },
        ],
      },
    ]);
    const many = Array.from({ length: 1_000 }, () => message);
    expect(itemsOf(many, utf8('other'), 0).length).toBeLessThanOrEqual(16);
    const repeated = new Uint8Array(1_000_000).fill(0x61);
    const started = performance.now();
    itemsOf(
      Array.from({ length: 16 }, () => ({ ...message, fields: { text: 'a'.repeat(900_000) }, bytes: repeated })),
      repeated,
      0,
    );
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('in reports', () => {
  const RUNS = [
    [LIFETIME, 'child', 'lifetime.child.start.*'],
    [LONC, 'lond', 'lonc.lond.connections.*'],
    [RWHO, 'receiver', 'rwho.receiver.survives'],
  ] as const;

  test.each(RUNS)('every place is inside the bytes of its line: %#', async (suite, role, pattern) => {
    const report = await reportOf({ suite, role, cases: [pattern] });
    const placed = report.rows.flatMap(({ log }) => log.flatMap(line => (line.items ?? []).map(item => ({ line, item }))));
    expect(placed.length).toBeGreaterThan(0);
    for (const { line, item } of placed)
      for (const { at = 0, length = 0 } of [item, ...item.fields]) expect(at + length).toBeLessThanOrEqual(line.length);
    expect(placed.some(({ item }) => item.fields.some(each => each.at !== undefined))).toBe(true);
  });

  test('a line holds all of its bytes as long as its case has room, and compares by the first of them', async () => {
    const report = await reportOf({ suite: RWHO, role: 'receiver', cases: ['rwho.receiver.survives'] });
    const lines = report.rows.flatMap(({ log }) => log).filter(line => line.length > 64);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.some(line => unhex(line.hex)?.length === line.length)).toBe(true);
    for (const { log } of report.rows)
      expect(log.reduce((sum, { hex }) => sum + hex.length / 2, 0)).toBeLessThan(16_384 + 4_096 + 64 * 200);
    const [row] = report.rows;
    if (row === undefined) throw new Error('no row');
    const older = { ...row, log: row.log.map(line => ({ ...line, hex: line.hex.slice(0, 128) })) };
    expect(difference(older, row, true)).toBeUndefined();
  });
});
