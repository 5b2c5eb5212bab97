/**
 * Where two traces part: the first event in which they differ, what differs, and where they meet again. `recorded` is the
 * trace that is trusted, `replayed` the one that is judged.
 * Lacks: a full alignment of two long traces; after the first difference everything may follow from it.
 */
import { equalBytes } from '../host/bytes.ts';
import type { EventData } from '../host/event.ts';
import { canonicalValue } from './canonical.ts';
import { NO_EVENT, type TraceEvent } from './event.ts';

export type Field = 'process' | 'kind' | 'channel' | 'message' | 'bytes' | 'data' | 'time' | 'cause';

/** missing: recorded and not replayed. extra: the reverse. length: one trace ends where the other goes on. */
export type DifferenceCategory = Field | 'missing' | 'extra' | 'length';

export interface DiffOptions {
  /** Differences in these do not count: `['time']` where two recordings have real clocks. */
  readonly ignore?: readonly Field[];
  /** Events to show before the difference and after it. */
  readonly context?: number;
  /** How far to look for the place where the traces agree again. */
  readonly lookAhead?: number;
  /** Of the recorded trace: true lengths of payloads that were cut at writing (`ReadTrace.truncated`). */
  readonly truncated?: ReadonlyMap<number, number>;
}

export interface Resync {
  /** Index in each trace of the first event that agrees again. */
  readonly recorded: number;
  readonly replayed: number;
  /** How many were recorded and not replayed in between, and the reverse. A changed event counts as both. */
  readonly missing: number;
  readonly extra: number;
}

export interface TraceDifference {
  /** Of the first event that differs; all before it agree. */
  readonly index: number;
  readonly recordedTotal: number;
  readonly replayedTotal: number;
  /** How much of the recorded trace agrees, in tenths of a percent, rounded down. */
  readonly agreedPerMille: number;
  readonly category: DifferenceCategory;
  /** Every field of the event that differs; empty when one trace has no such event. */
  readonly fields: readonly Field[];
  /** Only time or cause differ here: the same things happened, at other times or for other reasons. */
  readonly soft: boolean;
  /** Index of the first event that differs in more than that; `index` itself when the difference is not soft, NO_EVENT for none. */
  readonly hardAt: number;
  readonly before: readonly TraceEvent[];
  /** From the difference up to where the traces agree again, at most one event and `context` more. */
  readonly recorded: readonly TraceEvent[];
  readonly replayed: readonly TraceEvent[];
  /** Where they agree again, as recorded. */
  readonly after: readonly TraceEvent[];
  /** Absent when they do not agree again within the look-ahead. */
  readonly resync: Resync | undefined;
}

export function diffTraces(
  recorded: readonly TraceEvent[],
  replayed: readonly TraceEvent[],
  options: DiffOptions = {},
): TraceDifference | undefined {
  const rules = { ignore: new Set(options.ignore), truncated: options.truncated ?? NOTHING_CUT };
  const shorter = Math.min(recorded.length, replayed.length);
  const index = firstWhere(recorded, replayed, 0, fields => fields.length > 0, rules);
  if (index === shorter && recorded.length === replayed.length) return undefined;
  const fields = index < shorter ? differingFields(at(recorded, index), at(replayed, index), rules) : [];
  const soft = fields.length > 0 && fields.every(isSoft);
  const lookAhead = options.lookAhead ?? LOOK_AHEAD;
  const resync = fields.length > 0 && fields.every(isNumber) ? nextAfter(index) : resyncAt(recorded, replayed, index, lookAhead);
  const context = options.context ?? CONTEXT;
  const shown = index + 1 + context;
  return {
    index,
    recordedTotal: recorded.length,
    replayedTotal: replayed.length,
    agreedPerMille: recorded.length === 0 ? 0 : Math.floor((1000 * index) / recorded.length),
    category: categoryOf(fields, resync),
    fields,
    soft,
    hardAt: soft ? firstHard(recorded, replayed, index, rules) : index,
    before: recorded.slice(Math.max(0, index - context), index),
    recorded: recorded.slice(index, Math.min(shown, resync?.recorded ?? shown)),
    replayed: replayed.slice(index, Math.min(shown, resync?.replayed ?? shown)),
    after: resync === undefined ? [] : recorded.slice(resync.recorded, resync.recorded + context),
    resync,
  };
}

interface Rules {
  readonly ignore: ReadonlySet<Field>;
  readonly truncated: ReadonlyMap<number, number>;
}

/** In order of weight: the first one names the difference. */
function differingFields(left: TraceEvent, right: TraceEvent, rules: Rules): readonly Field[] {
  const length = rules.truncated.get(left.index);
  const fields: Field[] = [];
  if (left.process !== right.process) fields.push('process');
  if (left.kind !== right.kind) fields.push('kind');
  if (left.channel !== right.channel) fields.push('channel');
  if (left.message !== right.message) fields.push('message');
  if (!equalPayloads(left.bytes, right.bytes, length)) fields.push('bytes');
  if (!equalData(left.data, right.data)) fields.push('data');
  if (left.time !== right.time) fields.push('time');
  if (left.cause !== right.cause) fields.push('cause');
  return rules.ignore.size === 0 ? fields : fields.filter(field => !rules.ignore.has(field));
}

const isSoft = (field: Field): boolean => field === 'time' || field === 'cause';

/** What only numbers an event: it is still the same happening. */
const isNumber = (field: Field): boolean => isSoft(field) || field === 'message';

const nextAfter = (index: number): Resync => ({ recorded: index + 1, replayed: index + 1, missing: 0, extra: 0 });

function firstWhere(
  recorded: readonly TraceEvent[],
  replayed: readonly TraceEvent[],
  from: number,
  differ: (fields: readonly Field[]) => boolean,
  rules: Rules,
): number {
  const shorter = Math.min(recorded.length, replayed.length);
  let index = from;
  while (index < shorter && !differ(differingFields(at(recorded, index), at(replayed, index), rules))) index++;
  return index;
}

function firstHard(recorded: readonly TraceEvent[], replayed: readonly TraceEvent[], from: number, rules: Rules): number {
  const index = firstWhere(recorded, replayed, from, fields => !fields.every(isSoft), rules);
  return index === recorded.length && index === replayed.length ? NO_EVENT : index;
}

/** The nearest pair of places from which the traces run alike, the fewest events skipped first. */
function resyncAt(recorded: readonly TraceEvent[], replayed: readonly TraceEvent[], index: number, lookAhead: number): Resync | undefined {
  for (let skipped = 1; skipped <= 2 * lookAhead; skipped++) {
    for (let missing = Math.max(0, skipped - lookAhead); missing <= Math.min(skipped, lookAhead); missing++) {
      const extra = skipped - missing;
      if (runsAlike(recorded, index + missing, replayed, index + extra)) {
        return { recorded: index + missing, replayed: index + extra, missing, extra };
      }
    }
  }
  return undefined;
}

/** One event alike may be chance (timers are all alike), so a few in a row must be; or as many as are left, in both. */
function runsAlike(recorded: readonly TraceEvent[], left: number, replayed: readonly TraceEvent[], right: number): boolean {
  const length = Math.min(RUN, recorded.length - left);
  if (length <= 0 || replayed.length - right < length) return false;
  if (length < RUN && replayed.length - right !== length) return false;
  for (let step = 0; step < length; step++) {
    if (!sameHappening(at(recorded, left + step), at(replayed, right + step))) return false;
  }
  return true;
}

/** Alike but for numbers that shift when something is added or lost: message, time, cause. */
function sameHappening(left: TraceEvent, right: TraceEvent): boolean {
  return (
    left.process === right.process &&
    left.kind === right.kind &&
    left.channel === right.channel &&
    left.bytes?.length === right.bytes?.length &&
    equalPayloads(left.bytes, right.bytes, undefined) &&
    equalData(left.data, right.data)
  );
}

function categoryOf(fields: readonly Field[], resync: Resync | undefined): DifferenceCategory {
  if (fields.length === 0) return 'length';
  if (resync !== undefined && resync.missing > 0 && resync.extra === 0) return 'missing';
  if (resync !== undefined && resync.missing === 0 && resync.extra > 0) return 'extra';
  return fields[0] ?? 'length';
}

function equalPayloads(left: Uint8Array | undefined, right: Uint8Array | undefined, length: number | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  if (length === undefined) return equalBytes(left, right);
  return right.length === length && equalBytes(left, right.subarray(0, left.length));
}

function equalData(left: EventData | undefined, right: EventData | undefined): boolean {
  if (left === right) return true;
  if (left === undefined || right === undefined) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every(key => {
    const [mine, theirs] = [left[key], right[key]];
    // A key that only its prototype has gives no text, number or truth value, and so nothing equal.
    return mine !== undefined && theirs !== undefined && canonicalValue(mine) === canonicalValue(theirs);
  });
}

function at(events: readonly TraceEvent[], index: number): TraceEvent {
  const event = events[index];
  if (event === undefined) throw new RangeError(`there is no event at ${index}`);
  return event;
}

const NOTHING_CUT: ReadonlyMap<number, number> = new Map();
const CONTEXT = 3;
const LOOK_AHEAD = 64;
const RUN = 3;
