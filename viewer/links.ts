/**
 * What leads from event to event: the causes that are written down, the order of each process, and for how long something was on its way or
 * waited for. All of it follows from the columns; a million events take a moment.
 * Lacks: what a process keeps in its memory.
 */
import { type Columns, dataOf, kindOf, NONE } from './columns.ts';
import { Spans } from './spans.ts';

export interface Links {
  /** The event before and after in the same process; NONE for what the world does. */
  readonly before: Int32Array;
  readonly after: Int32Array;
  /** What an event brought about: the last of it, and for each event the one of the same cause before it. */
  readonly lastEffect: Int32Array;
  readonly sibling: Int32Array;
  /** Sends that nobody is named as the reader of: where their last byte was read, or NONE. What is read together has the id of the first. */
  readonly readAt: Int32Array;
  /** From what is sent to where it is read, and from any other cause to its effect in another process. */
  readonly arrows: Spans;
  /** From where a timer is set to where it fires, is cancelled, or its process ends. */
  readonly timers: Spans;
  /** Sends and datagrams that nobody in the trace reads. */
  readonly unread: Uint8Array;
}

/** What an arrow is, in the column `kind` of its spans. */
export const ARROW = { message: 0, again: 1, other: 2 } as const;
/** What ended a timer. */
export const TIMER = { fired: 0, cancelled: 1, open: 2 } as const;

export function linksOf(columns: Columns): Links {
  const { count, cause } = columns;
  const { before, after } = orderOf(columns);
  const lastEffect = new Int32Array(count).fill(NONE);
  const sibling = new Int32Array(count).fill(NONE);
  for (let place = 0; place < count; place++) {
    const from = cause[place] ?? NONE;
    if (from < 0) continue;
    sibling[place] = lastEffect[from] ?? NONE;
    lastEffect[from] = place;
  }
  const readAt = readTogether(columns, lastEffect);
  const unread = new Uint8Array(count);
  for (let place = 0; place < count; place++)
    if (isSend(kindOf(columns, place)) && lastEffect[place] === NONE && readAt[place] === NONE) unread[place] = 1;
  return { before, after, lastEffect, sibling, readAt, unread, arrows: arrowsOf(columns, readAt), timers: timersOf(columns, after) };
}

export const isSend = (kind: string): boolean => kind === 'send' || kind === 'datagram';
export const isRead = (kind: string): boolean => kind === 'recv' || kind === 'receive';

/** Its effects, the earliest first. */
export function effectsOf({ lastEffect, sibling, readAt }: Links, place: number, limit: number): readonly number[] {
  const effects: number[] = [];
  for (let at = lastEffect[place] ?? NONE; at >= 0; at = sibling[at] ?? NONE) effects.push(at);
  if ((readAt[place] ?? NONE) >= 0) effects.push(readAt[place] ?? NONE);
  return effects.reverse().slice(0, limit);
}

function orderOf({ count, process, processes }: Columns): Pick<Links, 'before' | 'after'> {
  const before = new Int32Array(count).fill(NONE);
  const after = new Int32Array(count).fill(NONE);
  const last = new Int32Array(processes.length).fill(NONE);
  const world = processes.indexOf('');
  for (let place = 0; place < count; place++) {
    const own = process[place] ?? 0;
    if (own === world) continue;
    const previous = last[own] ?? NONE;
    before[place] = previous;
    if (previous >= 0) after[previous] = place;
    last[own] = place;
  }
  return { before, after };
}

/** By their place in the stream: the read at which as many bytes have been read as were sent with them. */
function readTogether(columns: Columns, lastEffect: Int32Array): Int32Array {
  const { count, channel, channels, payloads } = columns;
  const readAt = new Int32Array(count).fill(NONE);
  const sent = new Float64Array(channels.length);
  const read = new Float64Array(channels.length);
  /** Sends of a channel that wait for a reader, with the number of their last byte. */
  const waiting = new Map<number, { readonly place: number; readonly end: number }[]>();
  for (let place = 0; place < count; place++) {
    const kind = kindOf(columns, place);
    const own = channel[place] ?? 0;
    const length = Math.max(0, payloads.lengths[place] ?? 0);
    if (kind === 'send') {
      const end = (sent[own] ?? 0) + length;
      sent[own] = end;
      if (lastEffect[place] !== NONE || length === 0) continue;
      const queue = waiting.get(own);
      if (queue === undefined) waiting.set(own, [{ place, end }]);
      else queue.push({ place, end });
    } else if (kind === 'recv') {
      const end = (read[own] ?? 0) + length;
      read[own] = end;
      const queue = waiting.get(own);
      while (queue !== undefined && queue.length > 0 && (queue[0]?.end ?? 0) <= end) readAt[queue.shift()?.place ?? 0] = place;
    }
  }
  return readAt;
}

function arrowsOf(columns: Columns, readAt: Int32Array): Spans {
  const { count, cause, process, message } = columns;
  const arrows = new Spans();
  /** Who has read a datagram: who reads it again has got it twice. */
  const readers = new Set<string>();
  const isAgain = (reader: string): boolean => readers.has(reader) || !readers.add(reader);
  for (let place = 0; place < count; place++) {
    const from = cause[place] ?? NONE;
    if (from >= 0) {
      const kind = kindOf(columns, place);
      const isMessage = isRead(kind) && isSend(kindOf(columns, from));
      if (isMessage) {
        arrows.add(from, place, kind === 'receive' && isAgain(`${message[place]} ${process[place]}`) ? ARROW.again : ARROW.message);
      } else if (process[from] !== process[place]) arrows.add(from, place, ARROW.other);
    }
  }
  for (let place = 0; place < count; place++) if ((readAt[place] ?? NONE) >= 0) arrows.add(place, readAt[place] ?? 0, ARROW.message);
  return arrows.sorted();
}

function timersOf(columns: Columns, after: Int32Array): Spans {
  const { count, cause, process, data } = columns;
  const timers = new Spans();
  const ids = new Map<number, unknown>();
  const idOf = (place: number): unknown => {
    const number = data[place] ?? 0;
    if (!ids.has(number)) ids.set(number, dataOf(columns, place)?.['id']);
    return ids.get(number);
  };
  const open = new Map<string, number>();
  const last = new Int32Array(columns.processes.length).fill(NONE);
  for (let place = 0; place < count; place++) {
    if (after[place] === NONE) last[process[place] ?? 0] = place;
    const kind = kindOf(columns, place);
    if (kind === 'timer') open.set(`${process[place]} ${idOf(place)}`, place);
    else if (kind === 'fire' || kind === 'cancel') {
      const key = `${process[place]} ${idOf(place)}`;
      const set = kind === 'fire' && (cause[place] ?? NONE) >= 0 ? (cause[place] ?? NONE) : (open.get(key) ?? NONE);
      open.delete(key);
      if (set >= 0) timers.add(set, place, kind === 'fire' ? TIMER.fired : TIMER.cancelled);
    }
  }
  for (const set of open.values()) timers.add(set, last[process[set] ?? 0] ?? set, TIMER.open);
  return timers.sorted();
}
