/**
 * What is in the log (R8): entries as records, and back.
 * Lacks: what they do to the state (state.ts).
 */
import type { Position, StreamName } from '../fifo/fifo.ts';
import type { LogRecord } from '../stable-log/segment.ts';
import { decodeFields, encodeFields, type FieldList, type Fields } from './fields.ts';
import type { Place } from './form.ts';
import type { Change } from './main-loop.ts';
import type { Pairs } from './pairs.ts';
import type { Declaration } from './plug-ins.ts';
import { textOf } from './text.ts';
import { isStatus, RESULTS, type Reply, TYPES } from './wire.ts';

export type Entry =
  /** A request, before it is run or held. */
  | { readonly kind: 'message'; readonly pairs: Pairs }
  /** It is run again after a restart, for the time `count`. */
  | { readonly kind: 'attempt'; readonly place: Place; readonly count: number }
  | { readonly kind: 'recovery'; readonly place: Place; readonly declared: Declaration }
  /** It has this value from the result of `place` on. */
  | { readonly kind: 'variable'; readonly place: Place; readonly change: Change }
  | { readonly kind: 'result'; readonly place: Place; readonly reply: Reply }
  | { readonly kind: 'acked'; readonly place: Place }
  // Of a checkpoint. What belongs to a stream follows it: what runs and what is held, as messages, and the answers that are kept.
  | { readonly kind: 'stream'; readonly stream: StreamName; readonly epoch: number; readonly next: number }
  | { readonly kind: 'running' | 'held'; readonly position: Position; readonly pairs: Pairs }
  | { readonly kind: 'answer'; readonly number: number; readonly identity: string; readonly reply: Reply }
  | { readonly kind: 'object'; readonly change: Change };

/** They never change: old logs have them. */
const KINDS: Readonly<Record<Entry['kind'], number>> = {
  message: 1,
  attempt: 2,
  recovery: 3,
  variable: 4,
  result: 5,
  acked: 6,
  stream: 7,
  running: 8,
  held: 9,
  answer: 10,
  object: 11,
};
const NAMES: ReadonlyMap<number, Entry['kind']> = new Map(Object.entries(KINDS).map(([name, kind]) => [kind, name as Entry['kind']]));

export const recordOf = (entry: Entry): LogRecord => ({ kind: KINDS[entry.kind], payload: encodeFields(fieldsOf(entry)) });

/** Undefined for what no version of ours has written. */
export function entryOf({ kind, payload }: LogRecord): Entry | undefined {
  const name = NAMES.get(kind);
  const fields = decodeFields(payload);
  if (name === undefined || fields === undefined) return undefined;
  const entry = read(name, fields);
  return fields.whole ? entry : undefined;
}

// ── to fields ───────────────────────────────────────────────────────────────────────────────────────────────────────

const placed = ({ stream, epoch, number }: Place): FieldList => [stream.owner, stream.place, epoch, number];
const paired = (pairs: Pairs): FieldList => [...pairs].flat();
const replied = ({ status, result, type, body }: Reply): FieldList => [status, result, type, body];
const changed = ({ user, object, value }: Change): FieldList => [user, object, ...(value === undefined ? [] : [value])];

function fieldsOf(entry: Entry): FieldList {
  switch (entry.kind) {
    case 'message':
      return paired(entry.pairs);
    case 'attempt':
      return [...placed(entry.place), entry.count];
    case 'recovery':
      return [...placed(entry.place), entry.declared.module, entry.declared.code, entry.declared.object, entry.declared.data];
    case 'variable':
      return [...placed(entry.place), ...changed(entry.change)];
    case 'result':
      return [...placed(entry.place), ...replied(entry.reply)];
    case 'acked':
      return placed(entry.place);
    case 'stream':
      return [entry.stream.owner, entry.stream.place, entry.epoch, entry.next];
    case 'running':
    case 'held':
      return [entry.position.epoch, entry.position.number, ...paired(entry.pairs)];
    case 'answer':
      return [entry.number, entry.identity, ...replied(entry.reply)];
    case 'object':
      return changed(entry.change);
  }
}

// ── from fields ─────────────────────────────────────────────────────────────────────────────────────────────────────

const streamIn = (fields: Fields): StreamName => ({ owner: fields.text(), place: fields.text() });
const placeIn = (fields: Fields): Place => ({ stream: streamIn(fields), epoch: fields.number(), number: fields.number() });

function pairsIn(fields: Fields): Pairs {
  const pairs: Map<string, Uint8Array> = new Map();
  while (fields.left > 0) pairs.set(textOf(fields.bytes()), fields.bytes());
  return pairs;
}

function replyIn(fields: Fields): Reply | undefined {
  const [status, result, type, body] = [fields.number(), fields.text(), fields.text(), fields.bytes()];
  const known = { result: RESULTS.find(each => each === result), type: TYPES.find(each => each === type) };
  return isStatus(status) && known.result !== undefined && known.type !== undefined
    ? { status, result: known.result, type: known.type, body }
    : undefined;
}

const changeIn = (fields: Fields): Change => ({
  user: fields.text(),
  object: fields.text(),
  value: fields.left > 0 ? fields.bytes() : undefined,
});

function read(kind: Entry['kind'], fields: Fields): Entry | undefined {
  switch (kind) {
    case 'message':
      return { kind, pairs: pairsIn(fields) };
    case 'attempt':
      return { kind, place: placeIn(fields), count: fields.number() };
    case 'recovery': {
      const place = placeIn(fields);
      return { kind, place, declared: { module: fields.text(), code: fields.text(), object: fields.text(), data: fields.bytes() } };
    }
    case 'variable':
      return { kind, place: placeIn(fields), change: changeIn(fields) };
    case 'result': {
      const [place, reply] = [placeIn(fields), replyIn(fields)];
      return reply && { kind, place, reply };
    }
    case 'acked':
      return { kind, place: placeIn(fields) };
    case 'stream':
      return { kind, stream: streamIn(fields), epoch: fields.number(), next: fields.number() };
    case 'running':
    case 'held':
      return { kind, position: { epoch: fields.number(), number: fields.number() }, pairs: pairsIn(fields) };
    case 'answer': {
      const [number, identity, reply] = [fields.number(), fields.text(), replyIn(fields)];
      return reply && { kind, number, identity, reply };
    }
    case 'object':
      return { kind, change: changeIn(fields) };
  }
}
