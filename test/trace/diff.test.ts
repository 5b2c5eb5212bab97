import { expect, test } from 'vitest';
import { instantOf } from '../../src/host/time.ts';
import type { TraceDifference } from '../../src/trace/diff.ts';
import { diffTraces } from '../../src/trace/diff.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { formatDifference } from '../../src/trace/report.ts';
import { event, sequence } from './arbitrary.ts';

const renumbered = (list: readonly TraceEvent[]): TraceEvent[] => list.map((each, index) => ({ ...each, index }));
const changed = (list: readonly TraceEvent[], at: number, fields: Partial<TraceEvent>): TraceEvent[] =>
  list.map((each, index) => (index === at ? { ...each, ...fields } : each));

function differ(recorded: readonly TraceEvent[], replayed: readonly TraceEvent[]): TraceDifference {
  const difference = diffTraces(recorded, replayed);
  if (difference === undefined) throw new Error('the traces agree');
  return difference;
}

test('equal traces', () => {
  expect(diffTraces(sequence(10), sequence(10))).toBeUndefined();
  expect(diffTraces([], [])).toBeUndefined();
});

test.each<[string, Partial<TraceEvent>]>([
  ['process', { process: 'm/child.102' }],
  ['kind', { kind: 'recv' }],
  ['channel', { channel: 'pipe2' }],
  ['message', { message: 4 }],
  ['bytes', { bytes: new Uint8Array([9, 9]) }],
  ['data', { data: { at: 1 } }],
  ['time', { time: instantOf(1) }],
  ['cause', { cause: 2 }],
])('one event differs in its %s', (field, fields) => {
  const difference = differ(sequence(20), changed(sequence(20), 7, fields));
  const soft = field === 'time' || field === 'cause';
  expect(difference).toMatchObject({ index: 7, category: field, fields: [field], soft, agreedPerMille: 350, hardAt: soft ? -1 : 7 });
  const shift = soft || field === 'message' ? 0 : 1;
  expect(difference.resync).toEqual({ recorded: 8, replayed: 8, missing: shift, extra: shift });
  expect([difference.recorded.length, difference.replayed.length, difference.after.length]).toEqual([1, 1, 3]);
});

test('a soft difference, and the hard one after it', () => {
  const replayed = changed(changed(sequence(20), 5, { time: instantOf(1) }), 11, { kind: 'recv' });
  const difference = differ(sequence(20), replayed);
  expect(difference).toMatchObject({ index: 5, category: 'time', soft: true, hardAt: 11 });
  expect(formatDifference(difference)).toContain('more than times and causes differs from event 11 on');
  const shorter = differ(sequence(20), changed(sequence(20), 5, { time: instantOf(1) }).slice(0, 15));
  expect(shorter).toMatchObject({ soft: true, hardAt: 15 });
});

test('what is to be ignored is ignored', () => {
  const replayed = changed(sequence(20), 5, { time: instantOf(1) });
  expect(diffTraces(sequence(20), replayed, { ignore: ['time'] })).toBeUndefined();
  expect(diffTraces(sequence(20), replayed, { ignore: ['bytes'] })?.index).toBe(5);
});

test.each([1, 5, 64])('%i events missing, %i extra: found again', count => {
  const list = sequence(200);
  const shorter = renumbered(list.toSpliced(50, count));
  const missing = { recorded: 50 + count, replayed: 50, missing: count, extra: 0 };
  expect(differ(list, shorter)).toMatchObject({ index: 50, category: 'missing', resync: missing });
  const extra = { recorded: 50, replayed: 50 + count, missing: 0, extra: count };
  expect(differ(shorter, list)).toMatchObject({ index: 50, category: 'extra', resync: extra });
});

test('beyond the look-ahead they are not found again', () => {
  const list = sequence(200);
  const difference = differ(list, renumbered(list.toSpliced(50, 65)));
  expect(difference.resync).toBeUndefined();
  expect(difference.category).toBe('bytes');
  expect(formatDifference(difference)).toContain('resync     not found again');
});

test('seven missing and one extra', () => {
  const list = sequence(60);
  const replayed = renumbered(list.toSpliced(10, 7, event(0, { kind: 'choice', data: { of: 2 } })));
  expect(differ(list, replayed).resync).toEqual({ recorded: 17, replayed: 11, missing: 7, extra: 1 });
});

test('two events alike by chance do not end the search', () => {
  const timer = (index: number): TraceEvent => ({ ...event(index), kind: 'fire', channel: '', bytes: undefined });
  const recorded = renumbered([...sequence(5), timer(0), event(90), event(91), ...sequence(5)]);
  const replayed = renumbered([...sequence(5), event(80), timer(0), event(90), event(91), ...sequence(5)]);
  expect(differ(recorded, replayed).resync).toEqual({ recorded: 5, replayed: 6, missing: 0, extra: 1 });
  const changed = renumbered([...sequence(5), event(80), timer(0), event(90), event(91), ...sequence(5)]);
  const twice = renumbered([...sequence(5), timer(0), event(81), timer(0), event(90), event(91), ...sequence(5)]);
  expect(differ(changed, twice).resync).toEqual({ recorded: 6, replayed: 7, missing: 1, extra: 2 });
});

test('near the end, as many events as are left must be alike, in both', () => {
  const of = (...indexes: number[]): TraceEvent[] => renumbered([...sequence(5), ...indexes.map(index => event(index))]);
  expect(differ(of(70, 90), of(80, 90)).resync).toEqual({ recorded: 6, replayed: 6, missing: 1, extra: 1 });
  expect(differ(of(70, 90), of(80, 90, 91)).resync).toBeUndefined();
});

test('one trace ends where the other goes on', () => {
  const early = differ(sequence(20), sequence(12));
  expect(early).toMatchObject({ index: 12, category: 'length', agreedPerMille: 600, fields: [], soft: false, replayed: [] });
  expect(early.recorded.map(each => each.index)).toEqual([12, 13, 14, 15]);
  expect(formatDifference(early)).toContain('the replay ended 8 events early');
  expect(formatDifference(differ(sequence(12), sequence(20)))).toContain('the replay went on for 8 events');
  expect(differ([], sequence(1))).toMatchObject({ index: 0, agreedPerMille: 0, category: 'length' });
});

test('a payload that was cut at writing is compared as far as it goes', () => {
  const recorded = [event(0, { bytes: new Uint8Array([1, 2]) })];
  const replayed = [event(0, { bytes: new Uint8Array([1, 2, 3]) })];
  expect(diffTraces(recorded, replayed)?.category).toBe('bytes');
  expect(diffTraces(recorded, replayed, { truncated: new Map([[0, 3]]) })).toBeUndefined();
  expect(diffTraces(recorded, replayed, { truncated: new Map([[0, 4]]) })?.category).toBe('bytes');
});

test('data: what a trace cannot tell apart is equal, keys of every object are no keys of this one', () => {
  const of = (data: TraceEvent['data']): TraceEvent[] => [event(0, { data })];
  expect(diffTraces(of({ a: Number.NaN, b: 0 }), of({ b: -0, a: 'NaN' }))).toBeUndefined();
  expect(diffTraces(of({ a: 1 }), of({ b: 1 }))?.category).toBe('data');
  expect(diffTraces(of({ a: 1 }), of({ a: 1, b: 1 }))?.category).toBe('data');
  expect(diffTraces(of({ toString: 'x' }), of({ a: 'x' }))?.category).toBe('data');
  expect(diffTraces(of({}), of(undefined))?.category).toBe('data');
});

test('the report has the shape of a unified diff', () => {
  const replayed = renumbered(changed(sequence(20), 7, { bytes: new Uint8Array([0x68, 0x69]), data: { to: 'm2' } }));
  expect(formatDifference(differ(sequence(20), replayed))).toBe(`\
DIVERGED  bytes  at event 7 of 20 (35.0 % agreed), t=0.007000 s, m/child.101
  bytes      recorded  len 1  07  |.|
             replayed  len 2  68 69  |hi|
  data       recorded  none
             replayed  to=m2
  why        other bytes crossed the Host
  try        compare the program with the one that was recorded; look for what a run does not own: module state kept from an earlier run, Math.random(), Date.now(), a promise
        4      0.004000 s  m/child.101       send      pipe1          1  04  |.|
        5      0.005000 s  m/child.101       send      pipe1          1  05  |.|
        6      0.006000 s  m/child.101       send      pipe1          1  06  |.|
 -      7      0.007000 s  m/child.101       send      pipe1          1  07  |.|
 +      7      0.007000 s  m/child.101       send      pipe1          2  68 69  |hi|  to=m2
        8      0.008000 s  m/child.101       send      pipe1          1  08  |.|
        9      0.009000 s  m/child.101       send      pipe1          1  09  |.|
       10      0.010000 s  m/child.101       send      pipe1          1  0a  |.|
  resync     found again at recorded 8, replayed 8 (1 missing, 1 extra)
`);
});

test('the report is safe for a terminal, whatever the traces hold', () => {
  const evil = '\u001b[2J\n\u202e\ud800';
  const hostile = { process: evil, channel: evil, data: { [evil]: evil } };
  const [good, evilToo] = [sequence(9), changed(sequence(9), 4, hostile)];
  for (const report of [formatDifference(differ(good, evilToo)), formatDifference(differ(evilToo, good))]) {
    expect(report.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    expect(report.split('\n').length).toBe(19);
  }
});

test('long gaps are shown in part, and counted', () => {
  const list = sequence(100);
  expect(formatDifference(differ(list, renumbered(list.toSpliced(50, 20))))).toContain(' - … 16 more recorded');
});
