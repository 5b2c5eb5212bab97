/**
 * What leads from event to event: the order of each process, the causes that are written down, and bytes from where they are sent to where they
 * are read. All that an event may have followed from is its past cone, all that may have followed from it its future cone (happened-before).
 * Lacks: what really mattered. An event of a cone may have changed nothing; slice.ts guesses what did.
 */
import { NO_CAUSE, type TraceEvent } from './event.ts';

/** The event before each in its process; NO_CAUSE for the first, and for what the world does. */
export function previousOf(events: readonly TraceEvent[]): readonly number[] {
  const last = new Map<string, number>();
  return events.map(({ process, index }) => {
    const before = process === '' ? NO_CAUSE : (last.get(process) ?? NO_CAUSE);
    last.set(process, index);
    return before;
  });
}

/**
 * By the index of each `send`: the `recv` that has read the last of its bytes. By the places of the bytes in their channel, because what is
 * read at once carries the number of one message only.
 */
export function readingsOfSends(events: readonly TraceEvent[]): ReadonlyMap<number, number> {
  const readings = new Map<number, number>();
  const flows = new Map<string, Flow>();
  for (const { kind, channel, index, bytes } of events) {
    if (kind !== 'send' && kind !== 'recv') continue;
    let flow = flows.get(channel);
    if (flow === undefined) {
      flow = { sent: 0, read: 0, waiting: [], next: 0 };
      flows.set(channel, flow);
    }
    const length = bytes?.length ?? 0;
    if (kind === 'send') {
      flow.sent += length;
      flow.waiting.push({ index, end: flow.sent });
      continue;
    }
    flow.read += length;
    for (let first = flow.waiting[flow.next]; first !== undefined && first.end <= flow.read; first = flow.waiting[++flow.next])
      readings.set(first.index, index);
  }
  return readings;
}

interface Flow {
  sent: number;
  read: number;
  readonly waiting: { readonly index: number; readonly end: number }[];
  /** The first of them that is not read. */
  next: number;
}

/** The indices of all events of it, with the one whose cone it is. */
export function coneOf(events: readonly TraceEvent[], at: number, towards: 'past' | 'future'): ReadonlySet<number> {
  const before = previousOf(events);
  const sendsOf = new Map<number, number[]>();
  for (const [send, read] of readingsOfSends(events)) sendsOf.set(read, [...(sendsOf.get(read) ?? []), send]);
  const causes = ({ index, cause }: TraceEvent): readonly number[] => [before[index] ?? NO_CAUSE, cause, ...(sendsOf.get(index) ?? [])];
  const cone = new Set([at]);
  if (towards === 'past') {
    for (let index = at; index >= 0; index--) {
      const event = events[index];
      if (event === undefined || !cone.has(index)) continue;
      for (const each of causes(event)) if (each !== NO_CAUSE) cone.add(each);
    }
  } else for (const event of events.slice(at + 1)) if (causes(event).some(each => cone.has(each))) cone.add(event.index);
  return cone;
}
