/**
 * A trace in numbers: how much of what, by whom, and how long what was sent was on its way.
 * Lacks: judgement. Times are those of the trace, in microseconds.
 */
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

export function statsOf(events: Iterable<TraceEvent>, decoders: Decoders): TraceStats {
  const tally = new StatsTally(decoders);
  for (const event of events) tally.see(event);
  return tally.stats();
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Of a trace that is not kept: it sees each event once, in order. What it keeps grows with names, and not with events. */
export class StatsTally {
  readonly #kinds = new Map<string, number>();
  readonly #violations = new Map<string, number>();
  readonly #processes = new Map<string, Mutable<ProcessStats>>();
  readonly #types = new Map<string, Mutable<TypeStats>>();
  readonly #channels = new Set<string>();
  readonly #pending = new Set<string>();
  #set = 0;
  #fired = 0;
  #cancelled = 0;
  readonly #decoded: DecodedTrace;
  readonly #latencies = new Latencies();
  #events = 0;
  #first: number | undefined;
  #last = 0;

  constructor(decoders: Decoders) {
    this.#decoded = new DecodedTrace(decoders);
  }

  see(event: TraceEvent): void {
    const { kind, channel, bytes, process, time } = event;
    this.#events++;
    this.#first ??= time;
    this.#last = time;
    this.#latencies.see(event);
    add(this.#kinds, kind);
    if (channel !== '') this.#channels.add(channel);
    const own = this.#process(process);
    own.events++;
    const sends = kind === 'send' || kind === 'datagram';
    const reads = kind === 'recv' || kind === 'receive';
    if (sends) own.bytesSent += bytes?.length ?? 0;
    if (reads) own.bytesReceived += bytes?.length ?? 0;
    for (const item of this.#decoded.see(event)) {
      if (item.kind === 'violation') {
        add(this.#violations, item.clause);
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

  /** By now. */
  stats(): TraceStats {
    return {
      events: this.#events,
      duration: this.#last - (this.#first ?? 0),
      channels: this.#channels.size,
      kinds: countsOf(this.#kinds),
      processes: [...this.#processes.values()],
      messages: [...this.#types.values()].sort((one, other) => other.sent + other.received - one.sent - one.received),
      violations: countsOf(this.#violations),
      latency: this.#latencies.latency(),
      timers: { set: this.#set, fired: this.#fired, cancelled: this.#cancelled, pending: this.#pending.size },
    };
  }

  #timer({ kind, process, data }: TraceEvent): void {
    const key = `${process} ${data?.['id']}`;
    if (kind === 'timer') {
      this.#set++;
      this.#pending.add(key);
    } else if (kind === 'fire' || kind === 'cancel') {
      if (kind === 'fire') this.#fired++;
      else this.#cancelled++;
      this.#pending.delete(key);
    }
  }

  #process(process: string): Mutable<ProcessStats> {
    const none = { process, events: 0, bytesSent: 0, bytesReceived: 0, messagesSent: 0, messagesReceived: 0 };
    return known(this.#processes, process, none);
  }

  #type(type: string): Mutable<TypeStats> {
    return known(this.#types, type, { type, sent: 0, received: 0, bytes: 0 });
  }
}

function known<Key, Value>(map: Map<Key, Value>, key: Key, fresh: Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  map.set(key, fresh);
  return fresh;
}

const add = (map: Map<string, number>, key: string): unknown => map.set(key, (map.get(key) ?? 0) + 1);
const countsOf = (map: ReadonlyMap<string, number>): Counts => Object.fromEntries([...map].sort(([, one], [, other]) => other - one));

/** Of a stream what was sent and read, and the sends that are not read to their end. */
interface Flow {
  sent: number;
  read: number;
  readonly waiting: { readonly time: number; readonly end: number }[];
}

/** By the places of the bytes in their channel, because what is read at once carries the number of one message only. */
class Latencies {
  readonly #flows = new Map<string, Flow>();
  /** Datagrams by their messages, until they are received first. */
  readonly #datagrams = new Map<number, number[]>();
  /** How many took so long. */
  readonly #took = new Map<number, number>();
  #count = 0;
  #unread = 0;

  see({ kind, channel, time, message, bytes }: TraceEvent): void {
    if (kind === 'datagram') {
      this.#unread++;
      known(this.#datagrams, message, []).push(time);
    } else if (kind === 'receive') {
      for (const sent of this.#datagrams.get(message) ?? []) this.#read(time - sent);
      this.#datagrams.delete(message);
    } else if (kind === 'send' || kind === 'recv') this.#stream(kind, channel, time, bytes?.length ?? 0);
    else if (kind === 'eof' && this.#flows.get(channel)?.waiting.length === 0) this.#flows.delete(channel);
  }

  #stream(kind: 'send' | 'recv', channel: string, time: number, length: number): void {
    if (length === 0) return;
    const flow = known(this.#flows, channel, { sent: 0, read: 0, waiting: [] });
    if (kind === 'send') {
      this.#unread++;
      flow.sent += length;
      flow.waiting.push({ time, end: flow.sent });
      return;
    }
    flow.read += length;
    let done = 0;
    for (let first = flow.waiting[0]; first !== undefined && first.end <= flow.read; first = flow.waiting[++done])
      this.#read(time - first.time);
    if (done > 0) flow.waiting.splice(0, done);
  }

  #read(micros: number): void {
    this.#unread--;
    this.#count++;
    this.#took.set(micros, (this.#took.get(micros) ?? 0) + 1);
  }

  latency(): Latency {
    const took = [...this.#took].sort(([one], [other]) => one - other);
    const at = (share: number): number => {
      let left = Math.max(1, Math.ceil(this.#count * share));
      for (const [micros, number] of took) {
        left -= number;
        if (left <= 0) return micros;
      }
      return 0;
    };
    return { count: this.#count, least: at(0), median: at(0.5), p99: at(0.99), most: at(1), unread: this.#unread };
  }
}
