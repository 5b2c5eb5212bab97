/**
 * The objects that most services are: a register, a map, a queue, a lock.
 * Lacks: answers of a service's own, as for "no such key"; a model of one's own has them (object.ts).
 */
import { canonicalJson } from '../../trace/canonical.ts';
import type { JsonValue } from '../../trace/event.ts';
import type { Model } from './object.ts';
export type RegisterCall<Value extends JsonValue> =
  | { readonly op: 'read' }
  | { readonly op: 'write'; readonly value: Value }
  | { readonly op: 'swap'; readonly from: Value; readonly to: Value };

/** One value. `read` answers it, `write` null, `swap` (compare and set) whether it was `from`. */
export const register = <Value extends JsonValue>(init: Value): Model<Value, RegisterCall<Value>, JsonValue> => ({
  init,
  step: (state, call) => {
    if (call.op === 'read') return { state, answer: state };
    if (call.op === 'write') return { state: call.value, answer: null };
    const swapped = canonicalJson(state) === canonicalJson(call.from);
    return { state: swapped ? call.to : state, answer: swapped };
  },
  reads: call => call.op === 'read',
  show: call =>
    call.op === 'read'
      ? 'read'
      : call.op === 'write'
        ? `write ${canonicalJson(call.value)}`
        : `swap ${canonicalJson(call.from)} ${canonicalJson(call.to)}`,
});

export type MapCall<Value extends JsonValue> =
  | { readonly op: 'get' | 'delete'; readonly key: string }
  | { readonly op: 'put'; readonly key: string; readonly value: Value };

/** Values by key, each key for itself. `get` answers the value, or null where there is none; `put` and `delete` answer null. */
export const map = <Value extends JsonValue>(): Model<Value | null, MapCall<Value>, Value | null> => ({
  init: null,
  step: (state, call) => (call.op === 'get' ? { state, answer: state } : { state: call.op === 'put' ? call.value : null, answer: null }),
  part: call => call.key,
  reads: call => call.op === 'get',
  show: call => (call.op === 'put' ? `put ${call.key} ${canonicalJson(call.value)}` : `${call.op} ${call.key}`),
});

export type QueueCall<Value extends JsonValue> = { readonly op: 'enqueue'; readonly value: Value } | { readonly op: 'dequeue' };

/** First in, first out. `enqueue` answers null, `dequeue` the first value, or null where there is none. */
export const queue = <Value extends JsonValue>(): Model<readonly Value[], QueueCall<Value>, Value | null> => ({
  init: [],
  step: (state, call) => {
    if (call.op === 'enqueue') return { state: [...state, call.value], answer: null };
    const [first = null, ...rest] = state;
    return { state: rest, answer: first };
  },
  show: call => (call.op === 'enqueue' ? `enqueue ${canonicalJson(call.value)}` : 'dequeue'),
});

export interface LockCall {
  readonly op: 'lock' | 'try-lock' | 'unlock';
  readonly owner: string;
}

/** Held by one owner at most. `lock` waits and answers true, `try-lock` whether it has it, `unlock` whether it was the owner's. */
export const lock = (): Model<string | null, LockCall, boolean> => ({
  init: null,
  step: (state, { op, owner }) => {
    if (op === 'unlock') return { state: state === owner ? null : state, answer: state === owner };
    if (state === null) return { state: owner, answer: true };
    return op === 'lock' ? [] : { state, answer: false };
  },
  show: ({ op, owner }) => `${op} by ${owner}`,
});
