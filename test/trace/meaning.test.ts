/** What two traces mean is compared, and not how a kernel went about it. */
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/host/bytes.ts';
import { instantOf } from '../../src/host/time.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { diffMeanings, formatMeaningDifference } from '../../src/trace/meaning-diff.ts';
import type { Decoder, Decoders, Item } from '../../src/trace/message.ts';
import type { FieldMode, Varying } from '../../src/trace/varying.ts';
import { event } from './arbitrary.ts';

/** A message for each line: `type field`. */
const decoders: Decoders = {
  tcp(): Decoder {
    let held = '';
    return {
      feed(bytes): readonly Item[] {
        held += Buffer.from(bytes).toString('latin1');
        const lines = held.split('\n');
        held = lines.pop() ?? '';
        return lines.map(line => {
          const [type = '', at = '', rest = ''] = line.split(' ');
          return { kind: 'message', type, fields: { at, rest }, bytes: utf8(line), ignorable: false };
        });
      },
      end: () => [],
    };
  },
};

interface Given {
  readonly pid?: number;
  readonly connection?: number;
  readonly port?: number;
  readonly shift?: number;
  readonly cuts?: readonly string[];
  readonly log?: string;
  readonly timers?: boolean;
}

/** A server that hears a line, notes it, and answers. */
function run({
  pid = 100,
  connection = 1,
  port = 40_000,
  shift = 0,
  cuts = ['hello 1 x\n'],
  log = 'heard',
  timers = false,
}: Given = {}): TraceEvent[] {
  const process = `m/server.${pid}`;
  const channel = `tcp${connection}<`;
  const parts: Partial<TraceEvent>[] = [
    { kind: 'start', channel: '', data: { program: 'server', args: `--pid=${pid}`, parent: 1 } },
    { kind: 'accept', channel, data: { peer: `10.0.0.2:${port}` } },
    ...(timers ? [{ kind: 'timer' as const, channel: '', data: { id: pid, delay: pid } }] : []),
    ...cuts.map(cut => ({ kind: 'recv' as const, channel: `tcp${connection}>`, bytes: utf8(cut) })),
    { kind: 'log', channel: '', data: { severity: 'info', event: log } },
    { kind: 'send', channel, bytes: utf8('answer 2 y\n') },
  ];
  return parts.map((part, index) => {
    const { bytes, ...made } = event(index, { ...part, process, time: instantOf(1000 * index + shift) });
    return { ...made, bytes: part.bytes === undefined ? undefined : bytes };
  });
}

const differ = (one: readonly TraceEvent[], other: readonly TraceEvent[]): string | undefined => {
  const difference = diffMeanings(one, other, { decoders });
  return difference === undefined ? undefined : `${difference.left?.key ?? '-'} / ${difference.right?.key ?? '-'}`;
};

describe('the same is meant', () => {
  it.each<[string, Given]>([
    ['with other numbers of processes', { pid: 4711 }],
    ['on another connection, from another port', { connection: 9, port: 51_234 }],
    ['at another time', { shift: 777 }],
    ['where bytes were cut otherwise', { cuts: ['hel', 'lo 1', ' x\n'] }],
    ['with timers', { timers: true }],
  ])('%s', (_, given) => {
    expect(differ(run(), run(given))).toBeUndefined();
  });

  it('where processes take turns in another order', () => {
    const other = run().map(each => ({ ...each, process: 'm/other.7' }));
    const mixed = (lists: readonly TraceEvent[][]): TraceEvent[] => lists.flat().map((each, index) => ({ ...each, index }));
    expect(differ(mixed([run(), other]), mixed([other, run()]))).toBeUndefined();
  });

  it('where only a field differs of which the protocol says that it varies', () => {
    const [one, other] = [run(), run({ cuts: ['hello 7 x9\n'] })];
    const varies = (type: string, mode: FieldMode): readonly Varying[] => [
      { type, field: 'at', mode },
      { type, field: 'rest', when: 'x\\d*', mode: 'structural' },
    ];
    expect(diffMeanings(one, other, { decoders, varies: varies('hello', 'ignore') })).toBeUndefined();
    expect(diffMeanings(one, other, { decoders, varies: varies('*', 'bound') })).toBeUndefined();
    expect(diffMeanings(one, other, { decoders, varies: varies('answer', 'ignore') })).toBeDefined();
  });
});

describe('something else is meant', () => {
  it.each<[string, Given, RegExp]>([
    ['by a field of a message', { cuts: ['hello 7 x\n'] }, /at="1" .* \/ .*at="7"/],
    ['by the type of a message', { cuts: ['hullo 1 x\n'] }, /hello .* \/ .*hullo/],
    ['by what is noted', { log: 'refused' }, /event=heard .* \/ .*event=refused/],
    ['by a port that somebody chose', { port: 513 }, /10\.0\.0\.2:# .*|10\.0\.0\.2:# \/ .*:513/],
  ])('%s', (_, given, expected) => {
    expect(differ(run(), run(given))).toMatch(expected);
  });

  it('where one does something that the other does not, while it goes on', () => {
    const other = [
      ...run().slice(0, -1),
      event(5, { process: 'm/late.3', kind: 'log', channel: '', time: instantOf(9000), data: { event: 'x' } }),
    ];
    expect(differ(run(), other)).toBe('send tcp< answer at="2" rest="y" / -');
  });

  it('first where it is first: what follows in another process comes later', () => {
    const late = run({ log: 'late' }).map(each => ({ ...each, process: 'm/late.9', time: instantOf(each.time + 100_000) }));
    const other = run().map(each => ({ ...each, process: 'm/late.9', time: instantOf(each.time + 100_000) }));
    const renumbered = (lists: readonly TraceEvent[][]): TraceEvent[] => lists.flat().map((each, index) => ({ ...each, index }));
    expect(differ(renumbered([late, run({ log: 'early' })]), renumbered([other, run()]))).toMatch(/event=early/);
  });

  it('and is told with the last three things that agreed, however many did', () => {
    const many = run({ cuts: ['a 1 x\n', 'b 1 x\n', 'c 1 x\n', 'd 1 x\n'] });
    const other = run({ cuts: ['a 1 x\n', 'b 1 x\n', 'c 1 x\n', 'e 1 x\n'] });
    const difference = diffMeanings(many, [...other, event(9, { process: 'm/late.3', kind: 'log', channel: '', time: instantOf(9_000) })], {
      decoders,
    });
    expect(difference).toMatchObject({ agreed: 5, leftTotal: 8, rightTotal: 9 });
    expect(difference?.before.map(({ key }) => /\b([abc]) /.exec(key)?.[1])).toEqual(['a', 'b', 'c']);
  });

  it('first where the first trace has it first, of what is at the same time; and what is over in one is told as that', () => {
    const log = (index: number, process: string, text: string): TraceEvent =>
      event(index, { process, kind: 'log', channel: '', time: instantOf(0), data: { event: text } });
    const three = (one: string, other: string): readonly TraceEvent[] => [
      log(0, 'm/a.1', 'same'),
      log(1, 'm/b.1', one),
      log(2, 'm/a.1', other),
    ];
    expect(diffMeanings(three('x', 'y'), three('w', 'z'), { decoders })?.process).toBe('m/b');
    const left = [log(0, 'm/b.1', 'x'), log(1, 'm/a.1', 'y')];
    const shorter = diffMeanings(left, left.slice(0, 1), { decoders });
    expect(shorter === undefined ? '' : formatMeaningDifference(shorter)).toContain('\n + nothing more of m/a\n');
    const longer = diffMeanings(left.slice(0, 1), left, { decoders });
    expect(longer === undefined ? '' : formatMeaningDifference(longer)).toContain('\n - nothing more of m/a\n');
  });

  it('and is told with what agreed before it', () => {
    const difference = diffMeanings(run(), run({ log: 'refused' }), { decoders });
    const text = difference === undefined ? '' : formatMeaningDifference(difference);
    expect(text).toMatch(/^DIFFERS {2}m\/server, at 0\.003000 s; 3 of 5 and 5 steps mean the same/);
    expect(text.split('\n').filter(line => line.startsWith('   '))).toHaveLength(6);
    expect(text).toMatch(/\n - .*heard[\s\S]*\n \+ .*refused/);
  });
});
