/**
 * Traces at random, for the tests of this folder: every field at its edges, text that is hostile to terminals and parsers.
 * Lacks: sense. No simulator would make such a trace.
 */
import fc from 'fast-check';
import type { EventData } from '../../src/host/event.ts';
import { instantOf } from '../../src/host/time.ts';
import type { TraceEnding } from '../../src/trace/encode.ts';
import { encodeTrace } from '../../src/trace/encode.ts';
import type { JsonValue, TraceEvent, TraceHeader } from '../../src/trace/event.ts';
import { EVENT_KINDS, TRACE_VERSION } from '../../src/trace/event.ts';

export interface Trace {
  readonly header: TraceHeader;
  readonly events: readonly TraceEvent[];
  readonly ending: TraceEnding;
}

/** Any code units: control characters, quotation marks, lone surrogates, `__proto__`. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ maxLength: 12 }),
  fc.constantFrom('', '__proto__', 'constructor', '\ud800', '\udc00x', '"h":"', '\u2028', '\u001b[2J', '# ', '\\', '}'),
);
const count = fc.oneof(fc.nat({ max: 100 }), fc.maxSafeNat());
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => value + 0);
const data: fc.Arbitrary<EventData> = fc.dictionary(text, fc.oneof(text, fc.maxSafeInteger(), finite, fc.boolean()), {
  maxKeys: 4,
  noNullPrototype: true,
});

const loose = fc.record({
  time: count.map(instantOf),
  process: text,
  kind: fc.constantFrom(...EVENT_KINDS),
  back: fc.nat({ max: 5 }),
  message: count,
  channel: text,
  bytes: fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined }),
  data: fc.option(data, { nil: undefined }),
});

export const events: fc.Arbitrary<readonly TraceEvent[]> = fc
  .array(loose, { maxLength: 12 })
  .map(list => list.map(({ back, ...event }, index) => ({ index, ...event, cause: back === 0 ? -1 : Math.max(-1, index - back) })));

const plain = fc.string({ unit: fc.constantFrom('a', 'B', '"', '\\', 'ö', '1', '\n'), maxLength: 5 });
const plan = fc
  .letrec<{ value: JsonValue }>(tie => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.oneof(fc.constant(null), fc.boolean(), fc.maxSafeInteger(), finite, text),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(plain, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  }))
  .value.map(value => value);

export const header: fc.Arbitrary<TraceHeader> = fc.record({
  version: fc.constant(TRACE_VERSION),
  engine: fc.nat(),
  kind: fc.constantFrom('sim' as const, 'shrunk' as const, 'conformance' as const),
  clock: fc.constantFrom('virtual' as const, 'monotonic' as const),
  name: text,
  seed: text,
  plan,
  title: text,
});

export const trace: fc.Arbitrary<Trace> = fc.record({
  header,
  events,
  ending: fc.record({
    outcome: fc.constantFrom('pass' as const, 'fail' as const, 'inconclusive' as const, 'not-applicable' as const),
    check: text,
    at: fc.constant(-1),
    why: text,
  }),
});

// ── plain traces, for tests that read ───────────────────────────────────────────────────────────────────────────────

export const HEADER: TraceHeader = {
  version: TRACE_VERSION,
  engine: 1,
  kind: 'sim',
  clock: 'virtual',
  name: 'lifetime/inherit',
  seed: '7',
  plan: { faults: [], clients: 2 },
  title: 'a child outlives its parent',
};

export const PASS: TraceEnding = { outcome: 'pass', check: '', at: -1, why: '' };

/** An event of which only some fields matter. */
export function event(index: number, fields: Partial<TraceEvent> = {}): TraceEvent {
  const bytes = fields.bytes ?? new Uint8Array([index & 255]);
  const given = { process: 'm/child.101', kind: 'send' as const, cause: -1, message: 0, channel: 'pipe1', data: undefined };
  return { index, time: instantOf(1000 * index), ...given, ...fields, bytes };
}

export const sequence = (length: number): TraceEvent[] => Array.from({ length }, (_, index) => event(index));

export const linesOf = (list: readonly TraceEvent[], ending: TraceEnding = PASS): string[] =>
  [...encodeTrace(HEADER, list, ending)].join('').split('\n').slice(0, -1);

/** Without a footer. */
export const openLinesOf = (list: readonly TraceEvent[]): string[] =>
  [...encodeTrace(HEADER, list, undefined)].join('').split('\n').slice(0, -1);

export const bytesOf = (lines: readonly string[]): Uint8Array => new TextEncoder().encode(`${lines.join('\n')}\n`);
