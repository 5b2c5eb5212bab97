/**
 * A trace in numbers: how much of what, by whom, and how long what was sent was on its way.
 * Lacks: judgement. Times are those of the trace, in microseconds.
 */
import { DECODED_LIMIT, DecodedTrace } from './decoded.ts';
import type { TraceEvent } from './event.ts';
import type { Decoders } from './message.ts';
import { Recent } from './recent.ts';

/** Processes that have a row of their own; the rest share one. */
export const PROCESS_LIMIT = 65_536;
export const OTHER_PROCESSES = '(others)';
/** Channels that are known by name. One that was silent longer and goes on is counted once more, and what waits in it is unread. */
export const CHANNEL_LIMIT = 131_072;
/**
 * Sends and datagrams that wait for whoever reads them. Of too many all so far wait no longer, and are unread: in a log of one end nobody ever reads
 * what it sends.
 */
export const WAITING_LIMIT = 262_144;
/** Different times on the way that are kept. Of more, the median and what 99 of 100 took are told in three digits. */
export const LATENCY_LIMIT = 65_536;

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
  /** Those of them that did not wait longer, because too many did. */
  readonly forgone: number;
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
  /** Channels that were decoded only in part, because too many were open. */
  readonly undecoded: number;
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

export interface StatsLimits {
  /** WAITING_LIMIT. */
  readonly waiting?: number;
  /** DECODED_LIMIT. */
  readonly decoded?: number;
}

/** Of a trace that is not kept: it sees each event once, in order. What it keeps grows with names, and not with events. */
export class StatsTally {
  readonly #kinds = new Map<string, number>();
  readonly #violations = new Map<string, number>();
  readonly #processes = new Map<string, Mutable<ProcessStats>>();
  readonly #types = new Map<string, Mutable<TypeStats>>();
  readonly #known = new Recent<true>(CHANNEL_LIMIT);
  #channels = 0;
  readonly #pending = new Set<string>();
  #set = 0;
  #fired = 0;
  #cancelled = 0;
  readonly #decoded: DecodedTrace;
  readonly #latencies: Latencies;
  #events = 0;
  #first: number | undefined;
  #last = 0;

  constructor(decoders: Decoders, { waiting = WAITING_LIMIT, decoded = DECODED_LIMIT }: StatsLimits = {}) {
    this.#decoded = new DecodedTrace(decoders, decoded);
    this.#latencies = new Latencies(waiting);
  }

  see(event: TraceEvent): void {
    const { kind, channel, bytes, process, time } = event;
    this.#events++;
    this.#first ??= time;
    this.#last = time;
    this.#latencies.see(event);
    add(this.#kinds, kind);
    if (channel !== '' && this.#known.get(channel) === undefined) {
      this.#known.set(channel, true);
      this.#channels++;
    }
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
      channels: this.#channels,
      kinds: countsOf(this.#kinds),
      processes: [...this.#processes.values()],
      messages: [...this.#types.values()].sort((one, other) => other.sent + other.received - one.sent - one.received),
      violations: countsOf(this.#violations),
      undecoded: this.#decoded.dropped,
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

  #process(name: string): Mutable<ProcessStats> {
    const process = this.#processes.size < PROCESS_LIMIT || this.#processes.has(name) ? name : OTHER_PROCESSES;
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
  /** The first of them that is not read. */
  next: number;
}

const waitingIn = ({ waiting, next }: Flow): number => waiting.length - next;

/** By the places of the bytes in their channel, because what is read at once carries the number of one message only. */
class Latencies {
  readonly #limit: number;
  readonly #flows = new Recent<Flow>(CHANNEL_LIMIT, (_channel, flow) => this.#leave(flow));
  /** In which something waits. */
  readonly #behind = new Set<Flow>();
  /** Datagrams by their messages, until they are received first. */
  readonly #datagrams = new Map<number, number[]>();
  #waiting = 0;
  /** How many took so long. */
  #took = new Map<number, number>();
  /** Those to which it is rounded. */
  #digits: number | undefined;
  #least = Number.POSITIVE_INFINITY;
  #most = 0;
  #count = 0;
  #unread = 0;
  #forgone = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  see({ kind, channel, time, message, bytes }: TraceEvent): void {
    if (kind === 'datagram') {
      // One without bytes says that the one before it was refused.
      if (bytes === undefined) return;
      this.#unread++;
      // Of one without a number nobody knows by whom it is received.
      if (message === 0) return;
      this.#makeRoom();
      known(this.#datagrams, message, []).push(time);
    } else if (kind === 'receive') {
      for (const sent of this.#datagrams.get(message) ?? []) this.#read(time - sent);
      this.#datagrams.delete(message);
    } else if (kind === 'send' || kind === 'recv') this.#stream(kind, channel, time, bytes?.length ?? 0);
    else if (kind === 'eof') {
      const flow = this.#flows.get(channel);
      if (flow !== undefined && waitingIn(flow) === 0) this.#flows.delete(channel);
    }
  }

  #stream(kind: 'send' | 'recv', channel: string, time: number, length: number): void {
    if (length === 0) return;
    let flow = this.#flows.get(channel);
    if (flow === undefined) {
      flow = { sent: 0, read: 0, waiting: [], next: 0 };
      this.#flows.set(channel, flow);
    }
    if (kind === 'send') {
      this.#unread++;
      this.#makeRoom();
      flow.sent += length;
      flow.waiting.push({ time, end: flow.sent });
      this.#behind.add(flow);
      return;
    }
    flow.read += length;
    for (let first = flow.waiting[flow.next]; first !== undefined && first.end <= flow.read; first = flow.waiting[++flow.next])
      this.#read(time - first.time);
    if (waitingIn(flow) === 0) this.#behind.delete(flow);
    // Once half of them are read, so that each is moved once.
    if (flow.next <= waitingIn(flow)) return;
    flow.waiting.splice(0, flow.next);
    flow.next = 0;
  }

  /** For one more. */
  #makeRoom(): void {
    if (this.#waiting === this.#limit) {
      for (const flow of this.#behind) this.#leave(flow);
      this.#forgone += this.#waiting;
      this.#datagrams.clear();
      this.#waiting = 0;
    }
    this.#waiting++;
  }

  /** What is sent in it from now on waits again. */
  #leave(flow: Flow): void {
    this.#forgone += waitingIn(flow);
    this.#waiting -= waitingIn(flow);
    flow.waiting.length = flow.next = 0;
    this.#behind.delete(flow);
  }

  #read(micros: number): void {
    this.#waiting--;
    this.#unread--;
    this.#count++;
    this.#least = Math.min(this.#least, micros);
    this.#most = Math.max(this.#most, micros);
    this.#take(micros, 1);
    if (this.#took.size <= LATENCY_LIMIT) return;
    // Of three digits there are never so many, whatever comes.
    const exact = this.#took;
    this.#took = new Map();
    this.#digits = 3;
    for (const [each, number] of exact) this.#take(each, number);
  }

  #take(micros: number, number: number): void {
    const took = this.#digits === undefined ? micros : Number(micros.toPrecision(this.#digits));
    this.#took.set(took, (this.#took.get(took) ?? 0) + number);
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
    const [least, most] = this.#count === 0 ? [0, 0] : [this.#least, this.#most];
    return { count: this.#count, least, median: at(0.5), p99: at(0.99), most, unread: this.#unread, forgone: this.#forgone };
  }
}
