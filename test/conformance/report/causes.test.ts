/** What a report leads with: one fault is planted, and the requirement that it breaks stands first, with all that followed from it below. */
import { describe, expect, test } from 'vitest';
import { LIFETIME } from '../../../conformance/lifetime/suite.ts';
import type { Finding } from '../../../conformance/report/causes.ts';
import { findingsOf, setupSuspicion } from '../../../conformance/report/causes.ts';
import type { LogLine, ReportRow } from '../../../conformance/report/report.ts';
import { RWHO } from '../../../conformance/rwho/suite.ts';
import type { Suite } from '../../../conformance/suite.ts';
import { failed, reportOf, toyRow } from './reports.ts';

const ledBy = ({ row }: Finding): string => row.refuted?.requirement.split('.').slice(1).join('.') ?? row.why;

/** What is planted, and the requirement that its first finding is led by. */
const PLANTED: readonly (readonly [suite: Suite, mutant: string, lead: string])[] = [
  [LIFETIME, 'child/network-order', 'child.frame-format'],
  [LIFETIME, 'child/short-lengths', 'child.frame-format'],
  [LIFETIME, 'child/stale-header', 'child.frame-format'],
  [LIFETIME, 'child/version-2', 'child.frame-format'],
  [LIFETIME, 'child/garbage-first', 'child.frame-format'],
  [LIFETIME, 'child/unflushed', 'child.start-db-first'],
  [LIFETIME, 'child/long-event', 'child.event-payload'],
  [LIFETIME, 'child/exits-at-once', 'child.start-db-first'],
  [LIFETIME, 'child/ignores-control', 'child.stop-on-control-eof'],
  [LIFETIME, 'child/never-exits', 'child.stop-on-control-eof'],
  [LIFETIME, 'child/leaves-heir', 'child.eof-on-death'],
  [LIFETIME, 'child/server-first', 'child.start-db-first'],
  [LIFETIME, 'child/late-address', 'child.address-between'],
  [LIFETIME, 'child/exit-one', 'child.exit-zero'],
  [LIFETIME, 'child/drops-when-slow', 'child.whole-to-slow-reader'],
  [RWHO, 'sender/mute', 'sender.unasked'],
  [RWHO, 'sender/sends-short', 'sender.layout'],
  [RWHO, 'receiver/deaf', 'receiver.keeps'],
  [RWHO, 'receiver/hang-up-ends', 'receiver.hang-up'],
];

describe('a planted fault leads with the requirement that it breaks', () => {
  test.each(PLANTED.map(([suite, mutant, lead]) => [mutant, lead, suite] as const))('%s: %s', async (mutant, lead, suite) => {
    const report = await reportOf({ suite, mutant, role: mutant.split('/')[0] ?? '' });
    const found = findingsOf(report);
    expect(found.map(ledBy)[0]).toBe(lead);
    // Nothing is told twice, and nothing is lost.
    const told = found.flatMap(({ row, folded }) => [row, ...folded]).filter(row => row.refuted !== undefined);
    expect(told.map(row => row.case).sort()).toEqual(report.rows.flatMap(row => (row.refuted === undefined ? [] : [row.case])).sort());
  });

  test.each(['child/network-order', 'child/short-lengths', 'child/stale-header', 'child/unflushed'])('%s is one cause', async mutant => {
    const report = await reportOf({ suite: LIFETIME, mutant, role: 'child' });
    expect(findingsOf(report).map(ledBy)).toHaveLength(1);
  });

  test('nothing that was sent is not told as something malformed', async () => {
    const [first] = findingsOf(await reportOf({ suite: LIFETIME, mutant: 'child/unflushed', role: 'child' }));
    expect(first?.row.refuted?.received).toContain('nothing was sent on events');
  });
});

describe('rows of a report', () => {
  const said = (text: string): LogLine => ({ at: 1, from: 'peer', step: 1, channel: 'in', text, length: 1, hex: '00' });
  const did = (text: string): LogLine => ({ at: 1, from: 'tester', step: 1, channel: 'out', text, length: 1, hex: '00' });
  const at = (
    name: string,
    requirement: string,
    after: number,
    is: 'violation' | 'message' | 'nothing',
    log: readonly LogLine[],
  ): ReportRow => {
    const row = failed(name);
    if (row.refuted === undefined) throw new Error('not refuted');
    const refuted = { ...row.refuted, requirement, received: name, line: log.length, at: { channel: 'in', after, is, wanted: 1 } };
    return { ...row, log, refuted };
  };
  const groups = (...rows: readonly ReportRow[]): unknown =>
    findingsOf({ rows }).map(({ row, folded }) => [row.case, ...folded.map(each => each.case)].map(id => id.slice(11)).join(' '));

  test('that went another way at the same message have one cause, whatever numbers are in it', () => {
    const [left, right] = [
      at('x', 'r1', 1, 'message', [said('hello 1234'), said('wrong 55')]),
      at('y', 'r2', 1, 'message', [said('hello 99'), said('wrong 66')]),
    ];
    expect(groups(left, right)).toEqual(['x y']);
  });

  test('that went another way at another message have not', () => {
    expect(
      groups(at('x', 'r1', 1, 'message', [said('hello'), said('a')]), at('y', 'r2', 1, 'message', [said('hello'), said('b')])),
    ).toEqual(['x', 'y']);
  });

  test('that only came later to the same thing stand below, and those that the tester brought about stand alone', () => {
    const first = at('x', 'r1', 0, 'message', [said('wrong')]);
    expect(groups(at('a', 'r2', 1, 'message', [said('wrong'), said('odd')]), first)).toEqual(['x a']);
    expect(groups(at('a', 'r2', 1, 'message', [said('wrong'), did('stop'), said('odd')]), first)).toEqual(['x', 'a']);
  });

  test('a message right before bytes that are none leads nothing', () => {
    const log = [said('fine'), said('odd')];
    const violated = at('z', 'format', 2, 'violation', [...log, said('C2 broken at byte 42')]);
    expect(groups(at('a', 'order', 1, 'message', log), violated)).toEqual(['z a']);
  });

  test('silence after two different things has two causes', () => {
    const [one, other] = [at('x', 'r1', 1, 'nothing', [said('up'), did('stop')]), at('y', 'r2', 1, 'nothing', [said('up'), did('end')])];
    expect(groups(one, other)).toEqual(['x', 'y']);
    expect(groups(one, { ...other, log: one.log })).toEqual(['x y']);
  });
});

describe('whether it is the right command', () => {
  const ended = (end: string, ...before: readonly string[]): ReportRow => {
    const line = (from: LogLine['from'], text: string): LogLine => ({ at: 1, from, step: 0, channel: '', text, length: 0, hex: '' });
    return { ...failed('x'), end, log: [...before.map(text => line('tester', text)), line('peer', `ends: ${end}`)] };
  };
  const asks = (...rows: readonly ReportRow[]): boolean => setupSuspicion(rows) !== undefined;

  test('is asked when it always ends by itself, and not when the tester ended it', () => {
    expect(asks(ended('exited 1'), ended('exited 1'))).toBe(true);
    expect(asks(ended('killed by us after the verdict'), ended('killed by us after the verdict'))).toBe(false);
    expect(asks(ended('killed by SIGKILL', 'SIGKILL'), ended('killed by SIGKILL', 'SIGKILL'))).toBe(false);
    expect(asks(ended('exited 0', 'closes'), ended('exited 0', 'closes'))).toBe(false);
    expect(asks(ended('exited 1'), ended('exited 2'))).toBe(false);
    expect(asks(ended('exited 1'), toyRow('y'))).toBe(false);
  });
});
