/** A sequence in text: lanes, arrows, bands, and never a line that is too long or that a terminal would obey. */
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../src/host/bytes.ts';
import { instantOf } from '../../src/host/time.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { labelsOf } from '../../src/trace/labels.ts';
import { drawnOf, drawSequence } from '../../src/trace/sequence.ts';

type Given = Partial<Omit<TraceEvent, 'time'>> & Pick<TraceEvent, 'kind'> & { readonly at?: number };

const eventsOf = (given: readonly Given[]): readonly TraceEvent[] =>
  given.map(({ at = 0, ...rest }, index) => ({
    index,
    time: instantOf(at),
    process: '',
    cause: -1,
    message: 0,
    channel: '',
    bytes: undefined,
    data: undefined,
    ...rest,
  }));

const draw = (given: readonly Given[], columns = 80): readonly string[] => {
  const events = eventsOf(given);
  return drawSequence(events, { labels: labelsOf(events), columns });
};

const said = (text: string, message = 1): Given => ({ kind: 'send', process: 'a/client.1', channel: 'tcp1>', message, bytes: utf8(text) });
const heard = (message = 1, process = 'b/server.1'): Given => ({ kind: 'recv', process, channel: 'tcp1>', message });

describe('a sequence', () => {
  test('has a lane for each process and an arrow for each message, with a note where nobody reads', () => {
    expect(
      draw([said('ping'), heard(), { kind: 'exit', process: 'b/server.1', data: { code: 0 } }, { ...said('lost', 9), channel: 'tcp2>' }]),
    ).toEqual([
      '               client.1                        server.1',
      '  0.000000 s   │─────────── "ping" ───────────▶│',
      '  0.000000 s   │                               │ ends with 0',
      '  0.000000 s   │ "lost"                        │',
    ]);
  });

  test('has an arrow to who reads first, also where it was read together with another message', () => {
    const all = [said('1'), said('2', 2), heard(1), heard(1, 'c/late.1'), heard(2, 'c/late.1')];
    const arrows = (given: readonly Given[]): readonly string[] =>
      drawnOf(eventsOf(given), labelsOf(eventsOf(given)), undefined).map(({ to }) => to);
    expect(arrows(all)).toEqual(['b/server.1', 'c/late.1']);
    expect(arrows(all.slice(0, 3))).toEqual(['b/server.1', 'b/server.1']);
    const datagram = (message: number): Given => ({ kind: 'datagram', process: 'a/client.1', channel: 'tcp1>', message, bytes: utf8('x') });
    expect(arrows([datagram(5), heard()])).toEqual(['']);
  });

  test('has only the events that are asked for, with whoever reads them', () => {
    const events = eventsOf([said('1'), heard(), said('2', 2), heard(2)]);
    expect(drawSequence(events, { labels: labelsOf(events), only: new Set([2]), columns: 80 }).slice(1)).toEqual([
      expect.stringMatching(/^ +0\.000000 s +│─+ "2" ─+▶│$/),
    ]);
  });

  test('has a message on its arrow where it has just room', () => {
    const arrows = (length: number): readonly string[] => draw([said('x'.repeat(length)), heard()], 49).slice(1);
    expect(arrows(9)).toHaveLength(1);
    expect(arrows(10)).toHaveLength(2);
  });

  test('has lanes as long as each has sixteen characters', () => {
    const lanes = (columns: number): string => draw([said('1'), heard()], columns)[0] ?? '';
    expect(lanes(15 + 32)).toMatch(/^ +client\.1 +server\.1$/);
    expect(lanes(15 + 31)).toBe('  0.000000 s   a/client.1 → b/server.1: "1"');
  });

  test('tells a long message above its arrow', () => {
    const text = 'x'.repeat(30);
    expect(draw([said(text), heard()], 60).slice(1)).toEqual([`  0.000000 s   │ "${text}"`, '               │────────────────────▶│']);
  });

  test('has a band for as long as something is wrong, and no end of what is a moment', () => {
    const fault = (step: string, at: number, fault = 0): Given => ({
      kind: 'fault',
      at,
      data: { fault, kind: fault === 0 ? 'pause' : 'kill', step },
    });
    const lines = draw([
      said('1'),
      fault('begin', 5),
      said('2', 2),
      fault('begin', 6, 1),
      fault('end', 6, 1),
      fault('end', 7),
      said('3', 3),
    ]);
    expect(lines.slice(1)).toEqual([
      '  0.000000 s   │ "1"',
      '  0.000005 s ▒ ── pause ──',
      '  0.000000 s ▒ │ "2"',
      '  0.000006 s ▒ ── kill ──',
      '  0.000007 s ▒ ── pause is over ──',
      '  0.000000 s   │ "3"',
    ]);
    // One that is over later is told, also where nothing came between.
    expect(draw([fault('begin', 5), fault('end', 9)]).map(line => line.slice(15))).toEqual(['', '── pause ──', '── pause is over ──']);
    expect(draw([fault('begin', 5), fault('begin', 5, 1), fault('end', 5), said('1')]).at(-1)).toContain('▒');
  });

  test('names the machines of processes that are called the same', () => {
    expect(draw([said('1'), heard(1, 'b/client.1')])[0]).toMatch(/^ +a\/client\.1 +b\/client\.1$/);
  });

  test('is a line of words for each event where the lanes have no room', () => {
    const [first, ...lines] = draw([
      said('ping'),
      heard(),
      ...Array.from({ length: 9 }, (_, each) => ({ kind: 'eof', process: `m/p.${each}` }) as const),
    ]);
    expect(first).toBe('  0.000000 s   a/client.1 → b/server.1: "ping"');
    expect(lines[0]).toBe('  0.000000 s   m/p.0: reads the end');
  });

  test.each([40, 80, 200])('never has a line of more than %d characters, or one that a terminal obeys', columns => {
    const evil = `\u001b[2J\u001b]0;x\u0007${'\u202e'.repeat(3)}${'y'.repeat(300)}`;
    const events: Given[] = [
      said(evil),
      heard(1, evil),
      { kind: 'log', process: evil, data: { event: evil, severity: 'info', [evil]: evil } },
      { kind: 'exit', process: evil, data: { signal: evil } },
      { kind: 'bug', process: 'm/p.1', data: { message: evil } },
      { kind: 'fault', data: { fault: 0, kind: evil, step: 'begin' } },
      { kind: 'power', data: { machine: evil, state: evil } },
    ];
    for (const line of draw(events, columns)) {
      expect([...line].length).toBeLessThanOrEqual(columns);
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });
});
