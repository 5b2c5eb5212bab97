/** A trace as a page embeds it: nothing is lost on the way, and messages are where their bytes are. */
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { loadProtocols } from '../../protocols/index.ts';
import { equalBytes, utf8 } from '../../src/host/bytes.ts';
import type { EventData } from '../../src/host/event.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { readTrace } from '../../src/trace/read.ts';
import { type Columns, channelOf, dataOf, kindOf, NONE, placeOf, processOf, saidOf } from '../../viewer/columns.ts';
import { PAYLOAD_KEPT, packTrace } from '../../viewer/pack.ts';
import { unpackTrace } from '../../viewer/unpack.ts';
import { VarintReader, VarintWriter } from '../../viewer/varints.ts';
import { ROOT } from '../support/slipway.ts';
import { columnsOf, eventsOf, kept, traceOf } from './made.ts';

const FILES = readdirSync(`${ROOT}traces`, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.jsonl'));
const PROTOCOLS = await loadProtocols();
const decodersOf = (name: string) => PROTOCOLS.find(each => name.startsWith(`${each.name}/`))?.decoders ?? {};

/** An event, as far as columns have it, in the form of a trace. */
const eventIn = (columns: Columns, place: number): Omit<TraceEvent, 'time'> & { readonly time: number } => {
  const cause = columns.cause[place] ?? NONE;
  return {
    index: columns.index[place] ?? NONE,
    time: columns.time[place] ?? NONE,
    process: processOf(columns, place),
    kind: kindOf(columns, place) as TraceEvent['kind'],
    channel: channelOf(columns, place),
    cause: cause < 0 ? NONE : (columns.index[cause] ?? NONE),
    message: columns.message[place] ?? NONE,
    bytes: columns.payloads.of(place),
    data: dataOf(columns, place),
  };
};
const eventsIn = (columns: Columns) => Array.from({ length: columns.count }, (_, place) => eventIn(columns, place));

test.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32 + 5, 2 ** 53 - 1])('the number %d comes back', value => {
  const writer = new VarintWriter();
  for (const each of [value, 7, value]) writer.write(each);
  const reader = new VarintReader(writer.bytes());
  expect([reader.read(), reader.read(), reader.read()]).toEqual([value, 7, value]);
  expect(() => reader.read()).toThrow(RangeError);
});

test.each(FILES)('%s', name => {
  const trace = kept(name);
  const columns = columnsOf(trace, decodersOf(name));
  expect(eventsIn(columns)).toEqual(trace.events);
  expect(columns.head).toMatchObject({ events: trace.events.length, footer: trace.footer, state: 'complete', problems: [] });
  expect(columns.head.decided).toBe(trace.footer?.at);
});

describe('messages', () => {
  const all = FILES.flatMap(name => {
    const columns = columnsOf(kept(name), decodersOf(name));
    return eventsIn(columns).flatMap((event, place) => saidOf(columns, place).map(said => ({ event, said })));
  });

  it('are there, most of them with their place', () => {
    expect(all.length).toBeGreaterThan(500);
    expect(all.filter(({ said }) => said.at !== undefined).length).toBeGreaterThan(0.9 * all.length);
  });

  it('end within the payload of the event that they stand at, and their fields within them', () => {
    for (const { event, said } of all) {
      const { at, length = 0, spans = {} } = said;
      if (at === undefined) continue;
      expect(at + length).toBeLessThanOrEqual(event.bytes?.length ?? 0);
      for (const [from, many] of Object.values(spans)) expect(from + many).toBeLessThanOrEqual(length);
    }
  });

  it('of a text that one can see are where that text is', () => {
    let seen = 0;
    for (const { event, said } of all) {
      const { fields: { text } = {}, at = -1, spans } = said;
      const [from, many] = spans?.['text'] ?? [0, 0];
      if (typeof text !== 'string' || at < 0 || many === 0 || event.bytes === undefined) continue;
      seen++;
      expect(equalBytes(event.bytes.subarray(at + from, at + from + many), utf8(text))).toBe(true);
    }
    expect(all.some(({ said }) => said.spans?.['text'] !== undefined) ? seen : 1).toBeGreaterThan(0);
  });
});

describe('whatever a trace holds', () => {
  const data: fc.Arbitrary<EventData | undefined> = fc.option(
    fc.dictionary(
      fc.string({ minLength: 1, maxLength: 8 }),
      fc.oneof(fc.string({ unit: 'binary' }), fc.boolean(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    ),
    { nil: undefined, freq: 2 },
  );
  const said = fc.record({
    kind: fc.constantFrom('send', 'recv', 'log', 'timer', 'fault'),
    process: fc.constantFrom('', 'm/a.1', 'm/b.2', '\u202e<img src=x onerror=alert(1)>', '/', '.7'),
    channel: fc.constantFrom('', 'tcp1>', 'udp2', '</script>'),
    message: fc.constantFrom(0, 1, 300, 2 ** 53 - 1),
    time: fc.integer({ min: 0, max: 2 ** 40 }),
    bytes: fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined }),
    data,
  });
  it('comes back', () => {
    fc.assert(
      fc.property(fc.array(said, { maxLength: 30 }), many => {
        const events = eventsOf(
          many.map((each, index) => ({ ...each, cause: index > 2 && index % 3 === 0 ? index - 2 : -1 })) as Parameters<typeof eventsOf>[0],
        );
        const trace = traceOf(events);
        expect(eventsIn(columnsOf(trace))).toEqual(trace.events);
      }),
      { numRuns: 300 },
    );
  });

  it('a payload that was cut when it was written says how long it was, and so does one that a page has no room for', () => {
    const long = new Uint8Array(PAYLOAD_KEPT + 10).fill(65);
    const columns = columnsOf(
      traceOf(
        eventsOf([
          { kind: 'send', bytes: long },
          { kind: 'send', bytes: new Uint8Array() },
          { kind: 'log' },
          { kind: 'send', bytes: utf8('last') },
        ]),
      ),
    );
    expect([columns.payloads.of(0)?.length, columns.payloads.of(1)?.length, columns.payloads.of(2)]).toEqual([PAYLOAD_KEPT, 0, undefined]);
    expect([...columns.payloads.lengths]).toEqual([PAYLOAD_KEPT + 10, 0, NONE, 4]);
    expect(columns.payloads.of(3)).toEqual(utf8('last'));
    const trace = readTrace([utf8(cutText)]);
    expect(columnsOf(trace).payloads.lengths[0]).toBe(500);
  });

  it('of an altered trace, events are found by their numbers, and causes that are lost are none', () => {
    const trace = kept('lifetime/lost-shutdown@2.jsonl');
    const events = trace.events.filter(({ index }) => index % 4 !== 1);
    const columns = unpackTrace(packTrace({ ...trace, events, state: 'altered' }, 'x', {}));
    const lost = events.filter(({ cause }) => cause >= 0 && cause % 4 === 1).map(({ index }) => index);
    expect(lost.length).toBeGreaterThan(0);
    for (const [place, event] of events.entries()) {
      expect(columns.index[place]).toBe(event.index);
      expect(placeOf(columns, event.index)).toBe(place);
      const cause = columns.cause[place] ?? NONE;
      expect(cause < 0 ? NONE : columns.index[cause]).toBe(lost.includes(event.index) ? NONE : event.cause);
    }
    expect(placeOf(columns, 1)).toBe(1);
    expect(placeOf(columns, 1_000)).toBe(columns.count);
  });
});

/** As an encoder with a limit writes it; the footer is missing. */
const cutText = `{"format":"slipway-trace","v":[1,0],"engine":4,"kind":"sim","clock":"virtual","unit":"us","name":"toy/cut","seed":"0","title":"","plan":{}}
{"i":0,"t":0,"n":"m/a.1","k":"send","m":1,"ch":"tcp1>","len":500,"raw":"0102"}
`;
