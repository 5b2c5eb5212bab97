/** A sequence in text: lanes, arrows, bands, and never a line that is too long or that a terminal would obey. */
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../src/host/bytes.ts';
import { instantOf } from '../../src/host/time.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { labelsOf } from '../../src/trace/labels.ts';
import { drawSequence } from '../../src/trace/sequence.ts';

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
