/**
 * The log of a client as records, and the queue that they make (R11). Numbers are not written with requests: a request has the next one when
 * it is durable, so that none is missing whatever became of those before it.
 * Lacks: the files (../stable-log).
 */
import { concat, EMPTY, fromUtf8, utf8 } from '../../host/bytes.ts';
import type { LogRecord } from '../stable-log/segment.ts';
import { type ClientAnswer, type ClientQueue, type ClientRequest, type Entry, entryOf } from './client-queue.ts';
import { isStatus } from './wire.ts';

/** Whose queue it is. */
export interface Identity {
  readonly user: string;
  readonly host: string;
  /** The wall clock's second at which the log was begun. */
  readonly epoch: number;
}

const KIND = { begun: 1, request: 2, answer: 3, passed: 4, told: 5, kept: 6 } as const;

/** A head of JSON, LF, and bytes that are not looked at. */
const record = (kind: number, head: object, bytes: Uint8Array = EMPTY): LogRecord => ({
  kind,
  payload: concat([utf8(`${JSON.stringify(head)}\n`), bytes]),
});

export const requestRecord = ({ command, object, data }: ClientRequest): LogRecord => record(KIND.request, { command, object }, data);
/** `over`: the number is consumed; otherwise it goes on as a substitute. */
export const answerRecord = (number: number, { status, result, body }: ClientAnswer, over: boolean): LogRecord =>
  record(KIND.answer, { number, status, result, over }, body);
export const passedRecord = (number: number): LogRecord => record(KIND.passed, { number });
/** All up to this number have been told. */
export const toldRecord = (number: number): LogRecord => record(KIND.told, { number });

/** All that matters of a queue. */
export function* checkpoint({ user, host, epoch }: Identity, queue: ClientQueue): Generator<LogRecord, void, void> {
  yield record(KIND.begun, { user, host, epoch, next: queue.next });
  for (const { number, request, answer, stage, told } of queue.entries) {
    const { command, object, data } = request;
    yield record(KIND.kept, { number, told, command, object }, data);
    if (answer !== undefined) yield answerRecord(number, answer, stage === 'over');
  }
}

// ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Puts what an earlier life has written into an empty queue. Undefined: there was none; a text: it is no log of a client. */
export function recover(records: readonly LogRecord[], queue: ClientQueue): Identity | string | undefined {
  let identity: Identity | undefined;
  for (const { kind, payload } of records) {
    const read = headOf(payload);
    if (read === undefined) return 'a record without a head';
    if (kind === KIND.begun) identity = beginningOf(read.head, queue);
    else if (identity !== undefined && apply(kind, read, queue)) continue;
    if (kind !== KIND.begun || identity === undefined) return `a record of kind ${kind} that means nothing here`;
  }
  return identity;
}

type Head = Readonly<Record<string, unknown>>;
interface Read {
  readonly head: Head;
  readonly bytes: Uint8Array;
}

function headOf(payload: Uint8Array): Read | undefined {
  const end = payload.indexOf(0x0a);
  const text = end < 0 ? undefined : fromUtf8(payload.subarray(0, end));
  if (text === undefined) return undefined;
  try {
    return { head: Object(JSON.parse(text)), bytes: payload.slice(end + 1) };
  } catch {
    return undefined;
  }
}

function beginningOf({ user, host, epoch, next }: Head, queue: ClientQueue): Identity | undefined {
  if (typeof user !== 'string' || typeof host !== 'string' || typeof epoch !== 'number' || typeof next !== 'number') return undefined;
  queue.resume(next);
  return { user, host, epoch };
}

function apply(kind: number, { head, bytes }: Read, queue: ClientQueue): boolean {
  const { number } = head;
  if (kind === KIND.request) {
    const request = requestOf(head, bytes);
    if (request !== undefined) queue.add(request);
    return request !== undefined;
  }
  if (typeof number !== 'number') return false;
  if (kind === KIND.kept) {
    const request = requestOf(head, bytes);
    if (request !== undefined) queue.restore({ ...entryOf(number, request), told: head['told'] === true });
    return request !== undefined;
  }
  if (kind === KIND.told) {
    for (const entry of queue.entries.filter(each => each.number <= number)) queue.tell(entry);
    return true;
  }
  const entry = queue.entry(number);
  return entry !== undefined && settle(kind, head, bytes, entry, queue);
}

function settle(kind: number, head: Head, bytes: Uint8Array, entry: Entry, queue: ClientQueue): boolean {
  if (kind === KIND.passed) {
    queue.settle(entry, 'passed');
    return true;
  }
  const { status, result, over } = head;
  if (kind !== KIND.answer || typeof status !== 'number' || !isStatus(status)) return false;
  if (result !== 'done' && result !== 'failed' && result !== 'refused') return false;
  queue.settle(entry, over === true ? 'answered' : 'replaced', { status, result, body: bytes });
  return true;
}

function requestOf({ command, object }: Head, data: Uint8Array): ClientRequest | undefined {
  return typeof command === 'string' && typeof object === 'string' ? { command, object, data } : undefined;
}
