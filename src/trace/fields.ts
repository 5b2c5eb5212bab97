/**
 * The lines of a trace, key by key: what each must hold, and the words for what it holds instead.
 * Lacks: what lies between lines (order, hashes), which decode.ts checks.
 */
import { printable, unhex } from '../host/bytes.ts';
import type { EventData } from '../host/event.ts';
import type { Instant } from '../host/time.ts';
import type { EventKind, JsonValue, Outcome, TraceEvent, TraceFooter, TraceHeader } from './event.ts';
import { EVENT_KINDS, NO_CAUSE, NO_EVENT } from './event.ts';

export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };
export type JsonObject = Readonly<Record<string, unknown>>;

export interface EventLine {
  readonly event: TraceEvent;
  /** Of the payload as it was; `event.bytes` is shorter when it was cut. */
  readonly length: number;
  /** The kind is none of ours: a newer minor version may have more. */
  readonly unknown: boolean;
}

export interface CheckpointLine {
  readonly index: number;
  readonly hash: string;
  readonly fingerprint: string;
}

export interface FooterLine {
  readonly footer: TraceFooter;
  readonly hash: string;
}

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** [major, minor] of anything that calls itself a version. */
export function readVersion(value: unknown): readonly [number, number] | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [major, minor]: readonly unknown[] = value;
  return isCount(major) && isCount(minor) ? [major, minor] : undefined;
}

export function readHeader(line: JsonObject, version: readonly [number, number], newer: boolean): Read<TraceHeader> {
  const stranger = newer ? undefined : strangerIn(line, HEADER_KEYS);
  if (stranger !== undefined) return unknownKey(stranger);
  const { engine, kind, clock, unit, name, seed, title, plan } = line;
  if (!isCount(engine)) return wrong('engine', 'an integer from 0', engine);
  if (!isOneOf(TRACE_KINDS, kind)) return wrong('kind', TRACE_KINDS.join(', '), kind);
  if (!isOneOf(CLOCKS, clock)) return wrong('clock', CLOCKS.join(' or '), clock);
  if (unit !== 'us') return wrong('unit', '"us" (microseconds)', unit);
  if (typeof name !== 'string') return wrong('name', 'text', name);
  if (typeof seed !== 'string') return wrong('seed', 'text', seed);
  if (typeof title !== 'string') return wrong('title', 'text', title);
  if (!isPlan(plan)) return wrong('plan', 'JSON with finite numbers and without a key "__proto__"', plan);
  return { ok: true, value: { version, engine, kind, clock, name, seed, plan, title } };
}

export function readEvent(line: JsonObject, newer: boolean): Read<EventLine> {
  const { i: index, t: time, n: process = '', k: kind, c: cause = NO_CAUSE, m: message = 0, ch: channel = '', len, raw, d: data } = line;
  if (!isCount(index)) return wrong('i', 'an integer from 0', index);
  if (!isCount(time)) return wrong('t', 'an integer number of microseconds', time);
  if (typeof process !== 'string') return wrong('n', 'text', process);
  if (typeof kind !== 'string' || kind === '') return wrong('k', 'the kind of the event', kind);
  const unknown = !KINDS.has(kind);
  if (unknown && !newer) return wrong('k', 'a kind of event of this version', kind);
  if (!Number.isSafeInteger(cause) || !(Number(cause) >= NO_CAUSE && Number(cause) < index))
    return wrong('c', 'the index of an earlier event', cause);
  if (!isCount(message)) return wrong('m', 'an integer from 0', message);
  if (typeof channel !== 'string') return wrong('ch', 'text', channel);
  if (data !== undefined && !isData(data)) return wrong('d', 'an object of text, finite numbers and truth values', data);
  const payload = readPayload(len, raw);
  if (!payload.ok) return payload;
  const stranger = newer ? undefined : strangerIn(line, EVENT_KEYS);
  if (stranger !== undefined) return unknownKey(stranger);
  const event: TraceEvent = {
    index,
    // Just checked: an integer, microseconds by the header.
    time: time as Instant,
    process,
    // A member of the union, or, by a newer minor version only, another word: whoever switches over kinds has a default.
    kind: kind as EventKind,
    cause: Number(cause),
    message,
    channel,
    bytes: payload.value,
    data,
  };
  return { ok: true, value: { event, length: Number(len ?? 0), unknown } };
}

function readPayload(length: unknown, raw: unknown): Read<Uint8Array | undefined> {
  if (length === undefined && raw === undefined) return NO_PAYLOAD;
  if (!isCount(length)) return wrong('len', 'an integer from 0, beside "raw"', length);
  const bytes = typeof raw === 'string' ? unhex(raw) : undefined;
  if (bytes === undefined) return wrong('raw', 'an even number of hexadecimal digits, beside "len"', raw);
  if (bytes.length > length) return wrong('raw', `at most the ${length} bytes that "len" says`, `${bytes.length} bytes`);
  return { ok: true, value: bytes };
}

export function readCheckpoint(line: JsonObject): Read<CheckpointLine> {
  const { i: index, h: hash, s: fingerprint } = line;
  if (!isCount(index)) return wrong('i', 'an integer from 0', index);
  if (!isDigits(hash, 32)) return wrong('h', '32 hexadecimal digits in lower case', hash);
  if (!isDigits(fingerprint, 16)) return wrong('s', '16 hexadecimal digits in lower case', fingerprint);
  return { ok: true, value: { index, hash, fingerprint } };
}

export function readFooter(line: JsonObject): Read<FooterLine> {
  const { events, h: hash, s: fingerprint, outcome, check, at, why } = line;
  if (!isCount(events)) return wrong('events', 'an integer from 0', events);
  if (!isDigits(hash, 32)) return wrong('h', '32 hexadecimal digits in lower case', hash);
  if (!isDigits(fingerprint, 16)) return wrong('s', '16 hexadecimal digits in lower case', fingerprint);
  if (!isOneOf(OUTCOMES, outcome)) return wrong('outcome', OUTCOMES.join(', '), outcome);
  if (typeof check !== 'string') return wrong('check', 'text', check);
  if (!Number.isSafeInteger(at) || !(Number(at) >= NO_EVENT)) return wrong('at', 'the index of an event, or -1', at);
  if (typeof why !== 'string') return wrong('why', 'text', why);
  return { ok: true, value: { footer: { events, fingerprint, outcome, check, at: Number(at), why }, hash } };
}

// ── checks of values ────────────────────────────────────────────────────────────────────────────────────────────────

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

const isDigits = (value: unknown, count: number): value is string =>
  typeof value === 'string' && value.length === count && /^[0-9a-f]*$/.test(value);

const isOneOf = <T extends string>(words: readonly T[], value: unknown): value is T => words.some(word => word === value);

function isData(value: unknown): value is EventData {
  if (!isObject(value)) return false;
  for (const key in value) {
    const member = value[key];
    const type = typeof member;
    // JSON.parse makes an infinity of 1e999.
    if (type !== 'string' && type !== 'boolean' && !(type === 'number' && Number.isFinite(member))) return false;
  }
  return true;
}

/** For what JSON.parse returned, so that only what JSON allows and a plan does not is left to look for. */
function isPlan(value: unknown): value is JsonValue {
  if (value === undefined) return false;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isPlan);
  return !isObject(value) || Object.keys(value).every(key => key !== '__proto__' && isPlan(value[key]));
}

function strangerIn(line: JsonObject, known: ReadonlySet<string>): string | undefined {
  for (const key in line) if (!known.has(key)) return key;
  return undefined;
}

// ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const unknownKey = (key: string): Read<never> => ({ ok: false, message: `this version has no key "${printable(key, SHOWN)}" here` });

const wrong = (key: string, expected: string, found: unknown): Read<never> => ({
  ok: false,
  message: found === undefined ? `"${key}" is missing: it must be ${expected}` : `"${key}" must be ${expected}, found ${shown(found)}`,
});

function shown(value: unknown): string {
  if (typeof value === 'string') return printable(JSON.stringify(value.slice(0, 2 * SHOWN)), SHOWN);
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? 'a list' : 'an object';
}

/** Characters of a wrong value that a message repeats. */
const SHOWN = 40;
const NO_PAYLOAD: Read<undefined> = { ok: true, value: undefined };
const KINDS: ReadonlySet<string> = new Set(EVENT_KINDS);
const TRACE_KINDS: readonly TraceHeader['kind'][] = ['sim', 'shrunk', 'conformance', 'capture', 'anonymised'];
const CLOCKS: readonly TraceHeader['clock'][] = ['virtual', 'monotonic'];
const OUTCOMES: readonly Outcome[] = ['pass', 'fail', 'inconclusive', 'not-applicable'];
const HEADER_KEYS: ReadonlySet<string> = new Set('format v engine kind clock unit name seed title plan'.split(' '));
const EVENT_KEYS: ReadonlySet<string> = new Set('i t n k c m ch len raw d'.split(' '));
