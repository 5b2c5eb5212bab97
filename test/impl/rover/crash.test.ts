/**
 * The server struck at every Host call of its daemon: killed, and its disk full or broken at every call that may be refused. What was
 * answered holds, and everything is done once.
 */
import { describe, expect, test } from 'vitest';
import type { Fault, Strike } from '../../../src/sim/fault.ts';
import { type Ask, ask, type Served, serve } from './world.ts';

const card = (number: number, user: string, name: string): Ask =>
  ask(0, user, number, 'EXPORT', { OBJECT: 'Irolo__work', DATA: `${name}\t1` });
const deliver = (number: number, user: string): Ask => ask(0, user, number, 'EXPORT', { OBJECT: 'Agent__box', DATA: `from ${user}` });

const WORK: readonly Ask[] = [
  card(1, 'ann', 'a'),
  deliver(3, 'ann'),
  deliver(2, 'ann'),
  card(1, 'bob', 'x'),
  ask(0, 'ann', 4, 'TESTEXPORT', { OBJECT: 'Irolo__work', DATA: '1500\nb\t1' }),
  deliver(2, 'bob'),
  card(5, 'ann', 'c'),
];
/** Asked four times: the second life of a daemon may begin a second after its first, and the third two after that. */
const ROUNDS = [1_000, 12_000, 24_000, 36_000];
const ASKS: readonly Ask[] = [
  ...ROUNDS.flatMap(round => WORK.map((each, index) => ({ ...each, at: round + 100 * index }))),
  ask(50_000, 'ann', 6, 'IMPORTDATA', { OBJECT: 'Irolo__work' }),
  ask(50_000, 'bob', 3, 'IMPORTDATA', { OBJECT: 'Irolo__work' }),
];
/** Behind it nothing is struck any more. */
const LAST = 33_000;
const RUN = { until: 60_000, args: ['--segment=4096'] };

const ON_DISK: ReadonlySet<string> = new Set(['read', 'write', 'append', 'rename', 'mkdir', 'sync', 'stat', 'list', 'unlink']);

/** What is wrong at the end. */
function wrong(served: Served): readonly string[] {
  const last = served.shorts.slice(-WORK.length - 2).map(each => each.replace(/ \d+>\d+( again)?/, ''));
  const expected = [
    '200 done "1 cards\\n"',
    '200 done "delivered\\n"',
    '200 done "delivered\\n"',
    '200 done "1 cards\\n"',
    '200 done "2 cards\\n"',
    '200 done "delivered\\n"',
    '200 done "3 cards\\n"',
    '200 done "a\\t1\\nb\\t1\\nc\\t1\\n"',
    '200 done "x\\t1\\n"',
  ];
  const lines = (served.file('/var/rover/agents/Agent__box') ?? '').split('\n').sort();
  const delivered = ['', 'ann laptop 0 2 from ann', 'ann laptop 0 3 from ann', 'bob laptop 0 2 from bob'];
  const answers = last.flatMap((each, index) => (each === expected[index] ? [] : [`${index}: ${each}`]));
  // What was answered once is not answered in another way.
  const changed = WORK.flatMap((_, index) => {
    const all = ROUNDS.map((_round, round) => served.shorts[round * WORK.length + index] ?? '');
    const done = new Set(all.filter(each => each.startsWith('200')).map(each => each.replace(/ \d+>\d+( again)?/, '')));
    return done.size > 1 ? [`${index}: ${[...done].join(' and ')}`] : [];
  });
  return [...answers, ...changed, ...(JSON.stringify(lines) === JSON.stringify(delivered) ? [] : [lines.join('|')])];
}

const struck = (call: number, what: Strike): Fault => ({
  kind: 'strike',
  call,
  what,
  program: 'rover-daemon',
  machine: 'server',
  at: 0 as never,
  duration: 2_000_000 as never,
});

const healthy = serve(ASKS, { ...RUN, observed: true });

test('nothing goes wrong where nothing does', () => {
  expect(wrong(healthy)).toEqual([]);
});

describe('every moment', () => {
  test('the daemon is killed before a call', () => {
    const calls = healthy.calls.filter(({ at }) => at < LAST);
    let fired = 0;
    const failures = calls.flatMap(({ call }) => {
      const served = serve(ASKS, { ...RUN, faults: [struck(call, 'kill')] });
      fired += served.fired[0] ?? 0;
      return wrong(served).map(each => `call ${call}: ${each}`);
    });
    expect([failures, fired]).toEqual([[], calls.length]);
  });

  test.each(['EIO', 'ENOSPC'] as const)('a call of the disk is refused with %s', what => {
    const calls = healthy.calls.filter(({ at, name }) => at < LAST && name !== undefined && ON_DISK.has(name));
    let fired = 0;
    const failures = calls.flatMap(({ call, name }) => {
      const served = serve(ASKS, { ...RUN, faults: [struck(call, what)] });
      fired += served.fired[0] ?? 0;
      return wrong(served).map(each => `call ${call}, ${name}: ${each}`);
    });
    expect(failures).toEqual([]);
    expect(fired).toBeGreaterThan(calls.length / 3);
  });
});
