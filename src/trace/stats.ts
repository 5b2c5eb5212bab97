/**
 * A trace in numbers: how much of what, by whom, and how long what was sent was on its way.
 * Lacks: judgement. Times are those of the trace, in microseconds.
 */
import { readingsOfSends } from './causality.ts';
import { DecodedTrace } from './decoded.ts';
import type { TraceEvent } from './event.ts';
import type { Decoders } from './message.ts';

/** By name, the most first. */
export type Counts = Readonly<Record<string, number>>;

/** Of messages of one type: how many times each was sent and read, and the bytes of those that were sent. */
export interface TypeStats {
  readonly type: string;
  readonly sent: number;
  readonly received: number;
  readonly bytes: number;
}

export interface ProcessStats {
  /** '' for the world. */
  readonly process: string;
  readonly events: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly messagesSent: number;
  readonly messagesReceived: number;
}

/** From a send to the read of its last byte. */
export interface Latency {
  readonly count: number;
  readonly least: number;
  readonly median: number;
  /** So many or fewer in 99 of 100. */
  readonly p99: number;
  readonly most: number;
  /** Sends and datagrams of which nobody has read the end. */
  readonly unread: number;
}

export interface TraceStats {
  readonly events: number;
  /** From the first event to the last. */
  readonly duration: number;
  readonly channels: number;
  readonly kinds: Counts;
  readonly processes: readonly ProcessStats[];
  readonly messages: readonly TypeStats[];
  /** By the clause that is broken. */
  readonly violations: Counts;
  readonly latency: Latency;
  /** `pending`: set, and neither fired nor cancelled. */
  readonly timers: { readonly set: number; readonly fired: number; readonly cancelled: number; readonly pending: number };
}

export function statsOf(events: readonly TraceEvent[], decoders: Decoders): TraceStats {
  const tally = new Tally(decoders);
  for (const event of events) tally.see(event);
  const first = events[0]?.time ?? 0;
  const { kinds, violations, channels, set, fired, cancelled, pending } = tally;
  return {
    events: events.length,
    duration: (events.at(-1)?.time ?? first) - first,
    channels: channels.size,
    kinds: countsOf(kinds),
    processes: [...tally.processes.values()],
    messages: [...tally.types.values()].sort((one, other) => other.sent + other.received - one.sent - one.received),
    violations: countsOf(violations),
    latency: latencyOf(events),
    timers: { set, fired, cancelled, pending: pending.size },
  };
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

class Tally {
  readonly kinds = new Map<string, number>();
  readonly violations = new Map<string, number>();
  readonly processes = new Map<string, Mutable<ProcessStats>>();
  readonly types = new Map<string, Mutable<TypeStats>>();
  readonly channels = new Set<string>();
  readonly pending = new Set<string>();
  set = 0;
  fired = 0;
  cancelled = 0;
  readonly #decoded: DecodedTrace;

  constructor(decoders: Decoders) {
    this.#decoded = new DecodedTrace(decoders);
  }

  see(event: TraceEvent): void {
    const { kind, channel, bytes, process } = event;
    add(this.kinds, kind);
    if (channel !== '') this.channels.add(channel);
    const own = this.#process(process);
    own.events++;
    const sends = kind === 'send' || kind === 'datagram';
    const reads = kind === 'recv' || kind === 'receive';
    if (sends) own.bytesSent += bytes?.length ?? 0;
    if (reads) own.bytesReceived += bytes?.length ?? 0;
    for (const item of this.#decoded.see(event)) {
      if (item.kind === 'violation') {
        add(this.violations, item.clause);
        continue;
      }
      const type = this.#type(item.type);
      // A stream that ends may end a message as well.
      if (reads || kind === 'eof') {
        own.messagesReceived++;
        type.received++;
      } else {
        own.messagesSent++;
        type.sent++;
        type.bytes += item.bytes.length;
      }
    }
    this.#timer(event);
  }

  #timer({ kind, process, data }: TraceEvent): void {
    const key = `${process} ${data?.['id']}`;
    if (kind === 'timer') {
      this.set++;
      this.pending.add(key);
    } else if (kind === 'fire' || kind === 'cancel') {
      if (kind === 'fire') this.fired++;
      else this.cancelled++;
      this.pending.delete(key);
    }
  }

  #process(process: string): Mutable<ProcessStats> {
    const none = { process, events: 0, bytesSent: 0, bytesReceived: 0, messagesSent: 0, messagesReceived: 0 };
    return known(this.processes, process, none);
  }

  #type(type: string): Mutable<TypeStats> {
    return known(this.types, type, { type, sent: 0, received: 0, bytes: 0 });
  }
}

function known<Value>(map: Map<string, Value>, key: string, fresh: Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  map.set(key, fresh);
  return fresh;
}

const add = (map: Map<string, number>, key: string): unknown => map.set(key, (map.get(key) ?? 0) + 1);
const countsOf = (map: ReadonlyMap<string, number>): Counts => Object.fromEntries([...map].sort(([, one], [, other]) => other - one));

function latencyOf(events: readonly TraceEvent[]): Latency {
  const streams = readingsOfSends(events);
  const datagrams = new Map<number, TraceEvent>();
  for (const event of events) if (event.kind === 'receive' && !datagrams.has(event.message)) datagrams.set(event.message, event);
  const took: number[] = [];
  let unread = 0;
  for (const { kind, index, time, message, bytes } of events) {
    if (kind !== 'datagram' && (kind !== 'send' || (bytes?.length ?? 0) === 0)) continue;
    const read = kind === 'send' ? events[streams.get(index) ?? -1] : datagrams.get(message);
    if (read === undefined) unread++;
    else took.push(read.time - time);
  }
  took.sort((one, other) => one - other);
  const at = (share: number): number => took[Math.max(0, Math.ceil(took.length * share) - 1)] ?? 0;
  return { count: took.length, least: at(0), median: at(0.5), p99: at(0.99), most: at(1), unread };
}
