/** Events of every kind with a decoder of lines: what is told beside which event, and where it stood. */
import { describe, expect, test } from 'vitest';
import { datagrams, lengthPrefixed, lines } from '../../conformance/decoders.ts';
import { utf8 } from '../../src/host/bytes.ts';
import { DecodedTrace, formatItem, HOLE } from '../../src/trace/decoded.ts';
import type { EventKind, TraceEvent } from '../../src/trace/event.ts';
import type { Decoders } from '../../src/trace/message.ts';
import { eventsFrom, sketch } from '../check/event.ts';

const line = lines({ read: text => (text === 'bad' ? { clause: 'C1', detail: 'it is bad' } : { type: 'line', fields: { text } }) });

type Row = readonly [kind: EventKind, channel: string, text: string, process?: string];

function told(decoders: Decoders, ...rows: readonly Row[]): readonly string[] {
  const decoded = new DecodedTrace(decoders);
  const events = eventsFrom(rows.map(([kind, , , process]) => sketch(1, kind, undefined, process)));
  const full = events.map(
    (event, index): TraceEvent => ({ ...event, channel: rows[index]?.[1] ?? '', bytes: utf8(rows[index]?.[2] ?? '') }),
  );
  return full.map(event => decoded.see(event).map(formatItem).join('; '));
}

describe('the messages of a trace', () => {
  /** Lines as they are told of one event after the other. */
  function teller(decoders: Decoders, ...limits: readonly number[]) {
    const decoded = new DecodedTrace(decoders, ...limits);
    return {
      decoded,
      see(kind: EventKind, channel: string, text: string, data?: TraceEvent['data']): string {
        const [event] = eventsFrom([sketch(1, kind)]);
        if (event === undefined) throw new Error('no event');
        return decoded
          .see({ ...event, channel, bytes: utf8(text), data })
          .map(formatItem)
          .join('; ');
      },
    };
  }

  test('of too many streams at once those that were silent longest are decoded no further, and that is counted', () => {
    const { decoded, see } = teller({ tcp: line }, 4);
    see('send', 'tcp1>', 'a');
    see('send', 'tcp2>', 'b');
    // What has ended makes room.
    see('end', 'tcp2>', '');
    expect([see('send', 'tcp3>', 'c'), decoded.dropped]).toEqual(['', 0]);
    see('send', 'tcp4>', 'd');
    see('send', 'tcp3>', 'c');
    see('send', 'tcp5>', 'e');
    expect([see('send', 'tcp1>', 'x\n'), see('send', 'tcp3>', 'x\n'), see('send', 'tcp5>', 'x\n'), decoded.dropped]).toEqual([
      '',
      'line text=ccx  (bytes 0 to 3)',
      'line text=ex  (bytes 0 to 2)',
      1,
    ]);
    // It may begin again.
    see('reset', 'tcp1>', '');
    expect(see('send', 'tcp1>', 'x\n')).toBe('line text=x  (bytes 0 to 1)');
  });

  test('behind a hole nothing is told, even where the stream was silent long', () => {
    const { decoded, see } = teller({ tcp: line }, 4);
    see('log', 'tcp1>', '', { event: HOLE, bytes: 3 });
    for (const channel of ['tcp2>', 'tcp3>', 'tcp4>', 'tcp5>', 'tcp6>']) see('send', channel, 'x\n');
    expect([see('send', 'tcp1>', 'x\n'), see('send', 'tcp6>', 'x\n')]).toEqual(['', 'line text=x  (bytes 2 to 3)']);
    expect(decoded.dropped).toBeGreaterThan(0);
  });

  test('of what was read are none behind a hole either', () => {
    const { see } = teller({ tcp: line });
    see('log', 'tcp1>', '', { event: HOLE, bytes: 3 });
    expect([see('recv', 'tcp1>', 'x\n'), see('send', 'tcp1>', 'x\n'), see('recv', 'tcp1<', 'x\n')]).toEqual([
      ...['', '', 'line text=x  (bytes 0 to 1)'],
    ]);
  });

  test('go on however many streams have come and ended meanwhile, and datagrams however many sockets there are', () => {
    const { decoded, see } = teller({ tcp: line, udp: line }, 4);
    see('send', 'tcp1>', 'a');
    for (let number = 2; number < 20; number++) for (const kind of ['send', 'end'] as const) see(kind, `tcp${number}>`, 'b');
    expect([see('send', 'tcp1>', '\n'), decoded.dropped]).toEqual(['line text=a  (bytes 0 to 1)', 0]);
    for (let number = 1; number < 20; number++) see('datagram', `udp${number}`, 'b\n');
    expect([see('datagram', 'udp1', 'x\n'), decoded.dropped]).toEqual(['line text=x  (bytes 0 to 1)', 1]);
  });

  test('are told where their last byte is, each direction for itself', () => {
    const rows: readonly Row[] = [
      ['send', 'tcp1>', 'ahoy\non'],
      ['recv', 'tcp1>', 'ah'],
      ['send', 'tcp1<', 'aye\n'],
      ['recv', 'tcp1>', 'oy\no'],
      ['send', 'tcp1>', 'e\n'],
    ];
    expect(told({ tcp: line }, ...rows)).toEqual([
      'line text=ahoy  (bytes 0 to 4)',
      '',
      'line text=aye  (bytes 0 to 3)',
      'line text=ahoy  (bytes 0 to 4)',
      'line text=one  (bytes 5 to 8)',
    ]);
  });

  test('break a rule, in the middle or at the end, and no more is told', () => {
    expect(
      told({ pipe: line }, ['send', 'pipe1', 'a\nbad\nb\n'], ['send', 'pipe1', 'c\n'], ['recv', 'pipe1', 'a'], ['eof', 'pipe1', '']),
    ).toEqual([
      'line text=a  (bytes 0 to 1); breaks C1: it is bad  (byte 2)',
      '',
      '',
      'breaks format: the end in the middle of a line, after 1 of its bytes  (byte 0)',
    ]);
  });

  test('of a datagram are whole', () => {
    const word = datagrams(bytes => ({ type: 'word', fields: { length: bytes.length } }));
    expect(told({ udp: word }, ['datagram', 'udp1', 'ab'], ['receive', 'udp1', 'abc'])).toEqual(['word length=2', 'word length=3']);
    expect(told({ udp: line }, ['receive', 'udp1', 'a'], ['receive', 'udp1', 'b\n'])).toEqual(['', 'line text=b  (bytes 0 to 1)']);
  });

  test('are those of the programs that the protocol names, over what it names', () => {
    const decoders: Decoders = { tcp: program => (program === 'upper' ? line() : undefined) };
    expect(
      told(decoders, ['send', 'tcp1>', 'a\n', 'm/upper.7'], ['send', 'tcp2>', 'a\n', 'm/other.7'], ['send', 'unix1>', 'a\n', 'm/upper.7']),
    ).toEqual(['line text=a  (bytes 0 to 1)', '', '']);
  });

  test('are safe to look at, and a decoder that throws is not asked again', () => {
    let asked = 0;
    const frame = lengthPrefixed({ lengthBytes: 1, read: () => ({ type: '\u001b[2J', fields: { text: '\u001b]0;x\u0007' } }) });
    expect(told({ tcp: frame }, ['send', 'tcp1>', '\u0001x'])[0]).not.toMatch(/\p{Cc}/u);
    const throws: Decoders = {
      tcp: () => ({
        feed: () => {
          asked++;
          throw new Error('of its own');
        },
        end: () => [],
      }),
    };
    expect(told(throws, ['send', 'tcp1>', 'a'], ['send', 'tcp1>', 'a'])).toEqual(['', '']);
    expect(asked).toBe(1);
  });
});
