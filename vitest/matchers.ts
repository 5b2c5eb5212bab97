/**
 * What can be said of a trace in a test: `expect(runSeed(exchange, 7)).toHappenBefore({ kind: 'open' }, { kind: 'send' })`. What is
 * expected may be a run that kept its events, a trace that was read from a file, or events.
 * Lacks: what a property says better (src/check/property.ts); `toHold` judges one.
 */
import { expect } from 'vitest';
import { judgeTrace } from '../src/check/judge.ts';
import type { Property, RunEnding, Violation } from '../src/check/property.ts';
import type { RunResult } from '../src/check/run.ts';
import { printable, textOf, utf8 } from '../src/host/bytes.ts';
import { formatTime, ORIGIN } from '../src/host/time.ts';
import type { EventKind, TraceEvent } from '../src/trace/event.ts';
import { formatData, formatEvent } from '../src/trace/view.ts';

/** What an event must be like; what is left out may be anything. */
export interface EventPattern {
  readonly kind?: EventKind;
  /** `machine/program.pid`, or without the pid; '' for what the world does. */
  readonly process?: string | RegExp;
  readonly channel?: string;
  /** In its bytes, in UTF-8 where it is text. */
  readonly bytes?: string | Uint8Array;
  /** Fields of its data; `expect.any(Number)` and the like will do. */
  readonly data?: Readonly<Record<string, unknown>>;
}

export type Traced = readonly TraceEvent[] | { readonly events: readonly TraceEvent[] | undefined };

export interface TraceMatchers {
  /** Some event is like this. */
  toContainEvent(pattern: EventPattern): void;
  /** Both happen, and the first event like `earlier` comes before the first like `later`. */
  toHappenBefore(earlier: EventPattern, later: EventPattern): void;
  /** These properties hold, and a `sometimes` among them is met; of a run, without any named, nothing was violated. */
  toHold(...properties: readonly Property[]): void;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: as vitest declares it
  interface Matchers<T = any> extends TraceMatchers {}
}

type Equals = (left: unknown, right: unknown) => boolean;
interface Said {
  readonly pass: boolean;
  readonly message: () => string;
}

/** Events shown where none was like what was expected. */
const SHOWN = 12;

function eventsOf(received: Traced): readonly TraceEvent[] {
  const events: unknown = typeof received === 'object' && received !== null && 'events' in received ? received.events : received;
  if (Array.isArray(events)) return events;
  throw new TypeError('expected events, a run that kept them ({ keep: true }, or runSeed), or a trace that was read');
}

function isLike({ kind, process, channel, bytes, data }: TraceEvent, pattern: EventPattern, equals: Equals): boolean {
  if (pattern.kind !== undefined && pattern.kind !== kind) return false;
  if (pattern.channel !== undefined && pattern.channel !== channel) return false;
  if (pattern.process instanceof RegExp ? !pattern.process.test(process) : !isNamed(process, pattern.process)) return false;
  if (pattern.bytes !== undefined && !includes(bytes, pattern.bytes)) return false;
  return Object.entries(pattern.data ?? {}).every(([name, value]) => equals(data?.[name], value));
}

const isNamed = (process: string, name: string | undefined): boolean =>
  name === undefined || process === name || process.replace(/\.\d+$/, '') === name;

// One character a byte: what is looked for begins at a byte.
const latin = (bytes: Uint8Array): string => Array.from(bytes, byte => String.fromCharCode(byte)).join('');
const includes = (bytes: Uint8Array | undefined, wanted: string | Uint8Array): boolean =>
  bytes !== undefined && latin(bytes).includes(latin(typeof wanted === 'string' ? utf8(wanted) : wanted));

function told({ kind, process, channel, bytes, data = {} }: EventPattern): string {
  const parts = [
    kind ?? 'any event',
    process === undefined ? '' : `of ${printable(String(process))}`,
    channel === undefined ? '' : `on ${printable(channel)}`,
    bytes === undefined ? '' : `with ${JSON.stringify(printable(typeof bytes === 'string' ? bytes : textOf(bytes)))} in its bytes`,
    ...Object.entries(data).map(
      ([name, value]) =>
        `${printable(name)}=${isPlain(value) ? formatData({ [name]: value }).slice(name.length + 1) : printable(String(value))}`,
    ),
  ];
  return parts.filter(each => each !== '').join(' ');
}

const isPlain = (value: unknown): value is string | number | boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** Those of its kind, or all: what a reader compares. */
function nearby(events: readonly TraceEvent[], { kind }: EventPattern): string {
  const near = events.filter(each => kind === undefined || each.kind === kind);
  if (near.length === 0) return `  no event of ${events.length} is of kind ${kind}`;
  const more = near.length > SHOWN ? [`  … ${near.length - SHOWN} more`] : [];
  return [`  there are, of ${events.length} events:`, ...near.slice(0, SHOWN).map(formatEvent), ...more].join('\n');
}

function containEvent(events: readonly TraceEvent[], pattern: EventPattern, equals: Equals): Said {
  const found = events.find(each => isLike(each, pattern, equals));
  return {
    pass: found !== undefined,
    message: () =>
      found === undefined
        ? `expected an event like: ${told(pattern)}\n${nearby(events, pattern)}`
        : `expected no event like: ${told(pattern)}\n${formatEvent(found)}`,
  };
}

function happenBefore(events: readonly TraceEvent[], earlier: EventPattern, later: EventPattern, equals: Equals): Said {
  const [first, second] = [earlier, later].map(pattern => events.find(each => isLike(each, pattern, equals)));
  const missing = first === undefined ? earlier : second === undefined ? later : undefined;
  const order = `${told(earlier)}\n  before: ${told(later)}`;
  return {
    pass: first !== undefined && second !== undefined && first.index < second.index,
    message: () =>
      missing === undefined
        ? `expected: ${order}\n${[first, second].map(each => (each === undefined ? '' : formatEvent(each))).join('\n')}`
        : `expected: ${order}\n  nothing is like: ${told(missing)}\n${nearby(events, missing)}`,
  };
}

function hold(received: Traced, properties: readonly Property[]): Said {
  const run = isRun(received) ? received : undefined;
  if (properties.length === 0 && run === undefined)
    throw new TypeError('toHold() without properties is asked of a run: name some for events');
  const { violations, unmet } = properties.length === 0 && run !== undefined ? { ...run, unmet: [] } : judged(received, run, properties);
  const bad = [...violations.map(violationText), ...unmet.map(name => `  ${name}: was not met${sentenceOf(properties, name)}`)];
  const names = properties.length === 0 ? 'everything' : properties.map(each => each.name).join(', ');
  return {
    pass: bad.length === 0,
    message: () =>
      bad.length === 0 ? `expected something of this not to hold: ${names}` : [`expected to hold: ${names}`, ...bad].join('\n'),
  };

  function violationText({ property, at, time, why }: Violation): string {
    return `  ${property}${sentenceOf(properties, property)}\n    event ${at}, ${formatTime(time)}: ${printable(why, 400)}`;
  }
}

const sentenceOf = (properties: readonly Property[], name: string): string => {
  const text = properties.find(each => each.name === name)?.text;
  return text === undefined ? '' : `: ${text}`;
};

function judged(received: Traced, run: RunResult | undefined, properties: readonly Property[]) {
  const events = eventsOf(received);
  const ending: RunEnding = run?.ending ?? { time: events.at(-1)?.time ?? ORIGIN, ended: 'quiet' };
  return judgeTrace(properties, events, ending);
}

const isRun = (received: Traced): received is RunResult => typeof received === 'object' && received !== null && 'violations' in received;

expect.extend({
  toContainEvent(received: Traced, pattern: EventPattern) {
    return containEvent(eventsOf(received), pattern, (left, right) => this.equals(left, right));
  },
  toHappenBefore(received: Traced, earlier: EventPattern, later: EventPattern) {
    return happenBefore(eventsOf(received), earlier, later, (left, right) => this.equals(left, right));
  },
  toHold(received: Traced, ...properties: readonly Property[]) {
    return hold(received, properties);
  },
});
