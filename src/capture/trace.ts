/**
 * What a capture has as the events of a trace: each end is a lane, `10.0.0.1/9090` who listens and `10.0.0.2/client` whoever calls from there, and what
 * went over the wire is sent by one and received by the other at the same time, since nobody saw more.
 * What is missing is a `log` event `hole` of its channel, with the bytes that are.
 * Lacks: processes, which no packet names; what the bytes mean (src/trace/decoded.ts).
 */
import type { EventData } from '../host/event.ts';
import type { Instant } from '../host/time.ts';
import { HOLE } from '../trace/decoded.ts';
import { type EventKind, NO_CAUSE, type TraceEvent } from '../trace/event.ts';
import { type Endpoint, endpointText } from './endpoint.ts';
import type { Connection, FlowSink } from './flow.ts';
import { LISTENER_LIMIT } from './limits.ts';

/** Ports from here on are the kernel's choice, of whoever calls (Linux: 32768). */
const EPHEMERAL = 32_768;

interface Occurrence {
  readonly channel?: string;
  readonly bytes?: Uint8Array;
  readonly data?: EventData;
  readonly cause?: number;
  readonly message?: number;
}

export class CaptureEvents implements FlowSink {
  readonly #take: (event: TraceEvent) => void;
  /** Of the first packet, in microseconds since 1970. */
  began: number | undefined;
  /** The latest time. */
  #now = 0;
  #index = 0;
  #messages = 0;
  readonly #listening = new Set<string>();
  /** The `connect` of a connection that is not open. */
  readonly #dialled = new Map<number, number>();
  /** By the place of a connection. */
  readonly #names: (Names | undefined)[] = [];
  /** Channels of datagrams, by the endpoint that has them. */
  readonly #sockets = new Map<Endpoint, string>();
  #socketCount = 0;

  constructor(take: (event: TraceEvent) => void) {
    this.#take = take;
  }

  get events(): number {
    return this.#index;
  }

  dialled(connection: Connection, time: number): void {
    const { id, client, server } = connection;
    this.#dialled.set(id, this.#event(time, callerOf(client), 'connect', { data: { to: endpointText(server) } }));
  }

  opened(connection: Connection, time: number): void {
    const { id, place, client, server, whole } = connection;
    if (!whole) this.dialled(connection, time);
    const cause = this.#dialled.get(id) ?? NO_CAUSE;
    this.#dialled.delete(id);
    // Made once: there may be millions of segments.
    this.#names[place] = {
      client: callerOf(client),
      server: listenerOf(server),
      out: channelOf(connection, true),
      into: channelOf(connection, false),
    };
    const at = endpointText(server);
    // One that is forgotten listens once more.
    if (this.#listening.size >= LISTENER_LIMIT) this.#listening.clear();
    if (!this.#listening.has(at)) this.#event(time, listenerOf(server), 'listen', { data: { at } });
    this.#listening.add(at);
    const peer = endpointText(client);
    this.#event(time, listenerOf(server), 'accept', { channel: `tcp${id}<`, data: { peer, ...(whole ? {} : MIDWAY) }, cause });
    this.#event(time, callerOf(client), 'open', { channel: `tcp${id}>`, data: { at: peer, ...(whole ? {} : MIDWAY) }, cause });
  }

  refused({ id, client, server }: Connection, time: number): void {
    const cause = this.#dialled.get(id) ?? this.#event(time, callerOf(client), 'connect', { data: { to: endpointText(server) } });
    this.#dialled.delete(id);
    this.#event(time, callerOf(client), 'open', { data: { error: 'ECONNREFUSED' }, cause });
  }

  data(place: number, fromClient: boolean, bytes: Uint8Array, start: number, end: number, time: number): void {
    this.#across(place, fromClient, time, 'send', 'recv', bytes.slice(start, end));
  }

  hole(connection: Connection, fromClient: boolean, length: number, time: number): void {
    const { client, server } = this.#namesAt(connection.place);
    const receiver = fromClient ? server : client;
    const data = { severity: 'warning', event: HOLE, bytes: length };
    this.#event(time, receiver, 'log', { channel: channelOf(connection, fromClient), data });
  }

  ended(connection: Connection, fromClient: boolean, time: number): void {
    this.#across(connection.place, fromClient, time, 'end', 'eof', undefined);
  }

  reset(connection: Connection, byClient: boolean, time: number): void {
    const { client, server } = this.#namesAt(connection.place);
    const [sender, receiver] = byClient ? [client, server] : [server, client];
    const cause = this.#event(time, sender, 'reset', { channel: channelOf(connection, byClient) });
    this.#event(time, receiver, 'close', { channel: channelOf(connection, !byClient), data: { error: 'ECONNRESET' }, cause });
  }

  forgotten({ id, place }: Connection): void {
    this.#dialled.delete(id);
    this.#names[place] = undefined;
  }

  datagram(from: Endpoint, to: Endpoint, bytes: Uint8Array, start: number, end: number, time: number): void {
    const payload = bytes.slice(start, end);
    const message = ++this.#messages;
    const sender = laneOf(from);
    const [out, into] = [this.#socket(from, time), this.#socket(to, time)];
    const cause = this.#event(time, sender, 'datagram', { channel: out, bytes: payload, data: { to: endpointText(to) }, message });
    this.#event(time, laneOf(to), 'receive', { channel: into, bytes: payload, data: { from: endpointText(from) }, cause, message });
  }

  endpointsForgotten(): void {
    this.#sockets.clear();
  }

  #across(place: number, fromClient: boolean, time: number, sent: EventKind, received: EventKind, bytes: Uint8Array | undefined): void {
    const { client, server, out, into } = this.#namesAt(place);
    const channel = fromClient ? out : into;
    const message = ++this.#messages;
    const cause = this.#put(time, fromClient ? client : server, sent, channel, bytes, undefined, NO_CAUSE, message);
    this.#put(time, fromClient ? server : client, received, channel, bytes, undefined, cause, message);
  }

  #namesAt(place: number): Names {
    const names = this.#names[place];
    if (names === undefined) throw new Error(`of the connection in place ${place} something is told before it is open`);
    return names;
  }

  #socket(endpoint: Endpoint, time: number): string {
    let channel = this.#sockets.get(endpoint);
    if (channel === undefined) {
      channel = `udp${++this.#socketCount}`;
      this.#sockets.set(endpoint, channel);
      this.#event(time, laneOf(endpoint), 'bind', { channel, data: { at: endpointText(endpoint) } });
    }
    return channel;
  }

  #event(time: number, process: string, kind: EventKind, { channel = '', bytes, data, cause = NO_CAUSE, message = 0 }: Occurrence): number {
    return this.#put(time, process, kind, channel, bytes, data, cause, message);
  }

  /** Files of several interfaces have packets out of order; a trace never goes back. */
  #put(
    time: number,
    process: string,
    kind: EventKind,
    channel: string,
    bytes: Uint8Array | undefined,
    data: EventData | undefined,
    cause: number,
    message: number,
  ): number {
    this.began ??= time;
    this.#now = Math.max(this.#now, time - this.began);
    const index = this.#index++;
    this.#take({ index, time: this.#now as Instant, process, kind, cause, message, channel, bytes, data });
    return index;
  }
}

/** Of a connection: its lanes, and the channels of both directions. */
interface Names {
  readonly client: string;
  readonly server: string;
  readonly out: string;
  readonly into: string;
}

/** The connection was there before the capture. */
const MIDWAY = { midway: true } as const;

const listenerOf = ({ address, port }: Endpoint): string => `${address}/${port}`;
const callerOf = ({ address }: Endpoint): string => `${address}/client`;
/** Of a datagram nobody says who listens. */
const laneOf = (endpoint: Endpoint): string => (endpoint.port < EPHEMERAL ? listenerOf(endpoint) : callerOf(endpoint));
const channelOf = ({ id }: Connection, fromClient: boolean): string => `tcp${id}${fromClient ? '>' : '<'}`;
