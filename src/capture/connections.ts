/**
 * TCP connections and datagrams out of packets: who connected to whom, what each said, holes, ends and resets, in the order of the file.
 * A connection whose beginning was not captured begins with its first packet; who listens there is guessed from the lower port.
 * Lacks: the same packet captured on two interfaces, where it is a datagram: it is two.
 */
import { addressText, type Endpoint } from './endpoint.ts';
import { Half, type HalfSink } from './half.ts';
import type { Transport, TransportSink } from './internet.ts';
import { CONNECTION_LIMIT } from './limits.ts';
import type { Problems } from './problem.ts';

export interface Connection {
  /** From 1. */
  readonly id: number;
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** Its first packet is in the capture. */
  readonly whole: boolean;
}

/** Times are microseconds since 1970. Bytes are good until the call returns. */
export interface FlowSink {
  dialled(connection: Connection, time: number): void;
  opened(connection: Connection, time: number): void;
  refused(connection: Connection, time: number): void;
  data(connection: Connection, fromClient: boolean, bytes: Uint8Array, start: number, end: number, time: number): void;
  hole(connection: Connection, fromClient: boolean, length: number, time: number): void;
  /** One direction. */
  ended(connection: Connection, fromClient: boolean, time: number): void;
  reset(connection: Connection, byClient: boolean, time: number): void;
  datagram(from: Endpoint, to: Endpoint, bytes: Uint8Array, start: number, end: number, time: number): void;
}

export class Connections implements TransportSink {
  readonly #sink: FlowSink;
  readonly #problems: Problems;
  /** By a number made of both ends, the same for both directions. */
  readonly #table = new Map<number, Followed[]>();
  readonly #endpoints = new Map<number | string, Endpoint>();
  #size = 0;
  #last: Followed | undefined;
  #ids = 0;
  #seen = 0;
  #time = 0;
  segments = 0;
  datagrams = 0;

  constructor(sink: FlowSink, problems: Problems) {
    this.#sink = sink;
    this.#problems = problems;
  }

  get connections(): number {
    return this.#ids;
  }

  tcp(packet: Transport): void {
    const { bytes, start, end, missing, time, offset } = packet;
    const header = ((bytes[start + 12] ?? 0) >> 4) * 4;
    if (end - start < TCP_HEADER || header < TCP_HEADER) {
      this.#problems.add(offset, `a TCP header of ${Math.min(header, end - start)} bytes`);
      return;
    }
    this.segments++;
    this.#seen++;
    this.#time = time;
    const flags = bytes[start + 13] ?? 0;
    const seq = long(bytes, start + 4);
    const payload = Math.min(end, start + header);
    let one = this.#find(packet);
    if ((flags & (SYN | ACK)) === SYN && one !== undefined && one.isOther(this.#fromClient(one, packet), seq)) {
      this.#close(one);
      one = undefined;
    }
    if (one === undefined) {
      // An end or an answer of one that is over tells nothing.
      if ((flags & RST) !== 0 || ((flags & SYN) === 0 && payload >= end && (flags & FIN) === 0)) return;
      one = this.#begin(packet, flags);
    }
    one.seen = this.#seen;
    one.segment(this.#fromClient(one, packet), { flags, seq, ack: long(bytes, start + 8), bytes, start: payload, end, missing, time });
    if (one.over) this.#remove(one);
  }

  udp({ bytes, start, end, missing, network, from, to, size, time, offset }: Transport): void {
    if (end - start < UDP_HEADER) {
      this.#problems.add(offset, `a UDP header of ${end - start} bytes`);
      return;
    }
    if (missing > 0) {
      this.#problems.add(offset, `a datagram of which ${missing} bytes were not captured`);
      return;
    }
    this.datagrams++;
    const told = short(bytes, start + 4);
    const stop = told >= UDP_HEADER ? Math.min(end, start + told) : end;
    const source = this.#endpoint(network, from, size, short(bytes, start));
    this.#sink.datagram(source, this.#endpoint(network, to, size, short(bytes, start + 2)), bytes, start + UDP_HEADER, stop, time);
  }

  /** The capture is over: what waits is told. Connections that have not ended stay open. */
  end(): void {
    for (const bucket of this.#table.values()) for (const one of bucket) one.flush(this.#time);
    this.#table.clear();
  }

  // ── which connection ──────────────────────────────────────────────────────────────────────────────────────────────

  #find(packet: Transport): Followed | undefined {
    if (this.#last?.has(packet) === true) return this.#last;
    const found = this.#table.get(keyOf(packet))?.find(each => each.has(packet));
    if (found !== undefined) this.#last = found;
    return found;
  }

  #fromClient(one: Followed, { bytes, start, network, from }: Transport): boolean {
    return one.isClient(short(bytes, start), network, from);
  }

  #begin(packet: Transport, flags: number): Followed {
    if (this.#size >= CONNECTION_LIMIT) this.#makeRoom(packet.offset);
    const { bytes, start, network, from, to, size, time } = packet;
    const sourcePort = short(bytes, start);
    const targetPort = short(bytes, start + 2);
    const whole = (flags & SYN) !== 0;
    const isFromClient = whole ? (flags & ACK) === 0 : targetPort <= sourcePort;
    const source = this.#endpoint(network, from, size, sourcePort);
    const target = this.#endpoint(network, to, size, targetPort);
    const [client, server] = isFromClient ? [source, target] : [target, source];
    const [clientAt, serverAt] = isFromClient ? [from, to] : [to, from];
    const ends = { client: network.slice(clientAt, clientAt + size), server: network.slice(serverAt, serverAt + size) };
    const one = new Followed({ id: ++this.#ids, client, server, whole }, ends, keyOf(packet), this.#sink, time);
    const bucket = this.#table.get(one.key);
    if (bucket === undefined) this.#table.set(one.key, [one]);
    else bucket.push(one);
    this.#size++;
    this.#last = one;
    return one;
  }

  #close(one: Followed): void {
    one.flush(this.#time);
    this.#remove(one);
  }

  #remove(one: Followed): void {
    const bucket = this.#table.get(one.key);
    const at = bucket?.indexOf(one) ?? -1;
    if (bucket === undefined || at < 0) return;
    if (bucket.length === 1) this.#table.delete(one.key);
    else bucket.splice(at, 1);
    this.#size--;
    if (this.#last === one) this.#last = undefined;
  }

  /** Sixteen parts of them at once, so that the search costs little. */
  #makeRoom(offset: number): void {
    const all = [...this.#table.values()].flat().sort((one, other) => one.seen - other.seen);
    const gone = all.slice(0, Math.ceil(all.length / 16));
    for (const one of gone) this.#close(one);
    this.#problems.add(
      offset,
      `more than ${CONNECTION_LIMIT} connections at the same time: ${gone.length} that were silent are not followed any more`,
    );
  }

  /** Equal ones are the same object. */
  #endpoint(network: Uint8Array, at: number, size: 4 | 16, port: number): Endpoint {
    const key =
      size === 4
        ? (long(network, at) >>> 0) * 65_536 + port
        : `${long(network, at)} ${long(network, at + 4)} ${long(network, at + 8)} ${long(network, at + 12)} ${port}`;
    let one = this.#endpoints.get(key);
    if (one === undefined) {
      if (this.#endpoints.size >= CONNECTION_LIMIT) this.#endpoints.clear();
      one = { address: addressText(network, at, size), port };
      this.#endpoints.set(key, one);
    }
    return one;
  }
}

interface Segment {
  readonly flags: number;
  readonly seq: number;
  readonly ack: number;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly missing: number;
  readonly time: number;
}

/** A connection and both of its directions. */
class Followed {
  readonly key: number;
  readonly #connection: Connection;
  readonly #sink: FlowSink;
  readonly #ends: { readonly client: Uint8Array; readonly server: Uint8Array };
  readonly #halves = { client: new Half(), server: new Half() };
  readonly #tells: { readonly client: HalfSink; readonly server: HalfSink };
  /** Its last packet, counted over all. */
  seen = 0;
  #opened = false;
  #reset = false;
  #time: number;

  constructor(
    connection: Connection,
    ends: { readonly client: Uint8Array; readonly server: Uint8Array },
    key: number,
    sink: FlowSink,
    time: number,
  ) {
    this.#connection = connection;
    this.#ends = ends;
    this.key = key;
    this.#sink = sink;
    this.#time = time;
    this.#tells = { client: this.#tell(true), server: this.#tell(false) };
    if (connection.whole) sink.dialled(connection, time);
  }

  get over(): boolean {
    return this.#reset || (this.#halves.client.over && this.#halves.server.over);
  }

  has({ bytes, start, network, from, to, size }: Transport): boolean {
    const { client, server } = this.#connection;
    const [source, target] = [short(bytes, start), short(bytes, start + 2)];
    const { client: ours, server: theirs } = this.#ends;
    if (ours.length !== size) return false;
    if (source === client.port && target === server.port && isAt(network, from, ours) && isAt(network, to, theirs)) return true;
    return source === server.port && target === client.port && isAt(network, from, theirs) && isAt(network, to, ours);
  }

  isClient(port: number, network: Uint8Array, from: number): boolean {
    return port === this.#connection.client.port && isAt(network, from, this.#ends.client);
  }

  /** Whether a SYN of this direction belongs to a later connection of the same ends. */
  isOther(fromClient: boolean, seq: number): boolean {
    return !fromClient || this.#halves.client.isOther(seq);
  }

  segment(fromClient: boolean, { flags, seq, ack, bytes, start, end, missing, time }: Segment): void {
    this.#time = time;
    const half = fromClient ? this.#halves.client : this.#halves.server;
    const other = fromClient ? this.#halves.server : this.#halves.client;
    const tells = fromClient ? this.#tells.client : this.#tells.server;
    if ((flags & RST) !== 0) {
      this.flush(time);
      if (this.#opened) this.#sink.reset(this.#connection, fromClient, time);
      else this.#sink.refused(this.#connection, time);
      this.#reset = true;
      return;
    }
    let first = seq;
    if ((flags & SYN) !== 0) {
      first = (seq + 1) | 0;
      if (!half.begun) half.begin(first);
      if ((flags & ACK) !== 0) this.#open();
      else if (start >= end) return;
    }
    if (!this.#connection.whole) this.#open();
    if ((flags & ACK) !== 0) other.acknowledged(ack, fromClient ? this.#tells.server : this.#tells.client);
    if (start < end || missing > 0) {
      this.#open();
      half.segment(first, bytes, start, end, missing, tells);
    }
    if ((flags & FIN) !== 0) {
      this.#open();
      half.fin((first + (end - start) + missing) | 0, tells);
    }
  }

  flush(time: number): void {
    this.#time = time;
    this.#halves.client.flush(this.#tells.client);
    this.#halves.server.flush(this.#tells.server);
  }

  #open(): void {
    if (this.#opened) return;
    this.#opened = true;
    this.#sink.opened(this.#connection, this.#time);
  }

  #tell(fromClient: boolean): HalfSink {
    const connection = this.#connection;
    return {
      data: (bytes, start, end) => this.#sink.data(connection, fromClient, bytes, start, end, this.#time),
      hole: length => this.#sink.hole(connection, fromClient, length, this.#time),
      ended: () => this.#sink.ended(connection, fromClient, this.#time),
    };
  }
}

function isAt(bytes: Uint8Array, at: number, address: Uint8Array): boolean {
  for (let index = 0; index < address.length; index++) if (bytes[at + index] !== address[index]) return false;
  return true;
}

/** Both directions give the same: sums and exclusive ors do not know which came first. */
function keyOf({ bytes, start, network, from, to, size }: Transport): number {
  let [sum, or] = [0, 0];
  for (let at = 0; at < size; at += 4) {
    const [one, other] = [long(network, from + at), long(network, to + at)];
    sum = (sum + one + other) | 0;
    or ^= Math.imul(one ^ other, 0x9e37_79b1);
  }
  const [source, target] = [short(bytes, start), short(bytes, start + 2)];
  return (Math.imul(sum ^ or, 0x85eb_ca6b) ^ Math.imul(source + target, 0xc2b2_ae35) ^ (source ^ target)) & 0x3fff_ffff;
}

const short = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const long = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);

const TCP_HEADER = 20;
const UDP_HEADER = 8;
const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;
