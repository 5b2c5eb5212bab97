/** Numbers held against what was saved, and what is shown of a message that is not the one that was asked for. */
import { expect, test } from 'vitest';
import type { FieldPattern, Message } from '../../conformance/case.ts';
import { describeItem, matches, nearest } from '../../conformance/judge/match.ts';

const message = (fields: Message['fields'], type = 'report'): Message => ({
  kind: 'message',
  type,
  fields,
  bytes: new Uint8Array(0),
  ignorable: false,
});
const saved = new Map([['clock', '1000']]);
const fits = (send: FieldPattern, value: number): boolean =>
  matches({ type: 'report', fields: { send }, name: 'a report' }, message({ send: value }), saved);

test.each<readonly [FieldPattern, readonly number[], readonly number[]]>([
  [{ near: 'clock', by: 5 }, [995, 1_000, 1_005], [994, 1_006]],
  [{ above: 'clock' }, [1_001], [1_000, 999]],
  [{ atLeast: 2, atMost: 4 }, [2, 4], [1, 5]],
  [{ near: 'nothing', by: 5 }, [], [0, 1_000]],
  [{ above: 'nothing' }, [], [0, 1_000]],
])('%j', (want, right, wrong) => {
  expect(right.filter(value => !fits(want, value))).toEqual([]);
  expect(wrong.filter(value => fits(want, value))).toEqual([]);
});

test('the nearest is of the same type and has most of what was asked', () => {
  const wanted = { type: 'host', fields: { host: 'alpha', users: 2 }, name: 'a line' };
  const alpha = message({ host: 'alpha', users: 0 }, 'host');
  const others = [message({ host: 'alpha', users: 2 }, 'line'), message({ host: 'bravo', users: 0 }, 'host')];
  expect(nearest(wanted, [...others, alpha], saved)).toBe(alpha);
  expect(nearest(wanted, others.slice(0, 1), saved)).toBeUndefined();
});

test('fields that were asked for are shown first', () => {
  const item = message({ host: 'alpha', version: 1, idle: 9 });
  expect(describeItem(item, 0)).toBe('report, host alpha, version 1, idle 9');
  expect(describeItem(item, 0, [{ type: 'report', fields: { idle: 0 }, name: 'a report' }])).toBe('report, idle 9, host alpha, version 1');
});
