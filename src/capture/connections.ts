/**
 * TCP connections and datagrams out of packets: who connected to whom, what each said, holes, ends and resets, in the order of the file.
 * A connection whose beginning was not captured begins with its first packet; who listens there is guessed from the lower port.
 * Lacks: the same packet captured on two interfaces, where it is a datagram: it is two.
 */
import { Cursors } from './cursors.ts';
import { addressText, type Endpoint } from './endpoint.ts';
import { Ends, EndsTable } from './ends.ts';
import type { FlowSink } from './flow.ts';
import { ACK, FIN, Followed, RST, SYN } from './followed.ts';
import { Waiting } from './half.ts';
import type { Transport, TransportSink } from './internet.ts';
import { CONNECTION_LIMIT, ENDPOINT_LIMIT, WAITING_ALL_LIMIT } from './limits.ts';
import type { Problems } from './problem.ts';
import { long, short } from './words.ts';

export class Connections implements TransportSink {
  readonly #sink: FlowSink;
  readonly #problems: Problems;
  readonly #table = new EndsTable<Followed>(CONNECTION_LIMIT);
  readonly #cursors = new Cursors();
  readonly #ends = new Ends();
  /** Of datagrams. */
  readonly #endpoints = new Map<number | string, Endpoint>();
  readonly #waiting = new Waiting();
  #passed = 0;
  #ids = 0;
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

  /** What is kept now: connections, endpoints of datagrams, and bytes that wait, with those for their keeping. */
  get kept(): { readonly connections: number; readonly endpoints: number; readonly waiting: number } {
    return { connections: this.#table.size, endpoints: this.#endpoints.size, waiting: this.#waiting.bytes };
  }

  tcp(packet: Transport): void {
    const { bytes, start, end, missing, time } = packet;
    const header = ((bytes[start + 12] ?? 0) >> 4) * 4;
    if (end - start < TCP_HEADER || header < TCP_HEADER) {
      this.#problems.add(packet.offset, `a TCP header of ${Math.min(header, end - start)} bytes`);
      return;
    }
    this.segments++;
    this.#time = time;
    const flags = bytes[start + 13] ?? 0;
    const seq = long(bytes, start + 4);
    const payload = Math.min(end, start + header);
    const ends = this.#ends;
    ends.of(packet);
    const place = this.#table.find(ends);
    const ack = long(bytes, start + 8);
    const isPlain = place >= 0 && (flags & (SYN | FIN | RST | ACK)) === ACK && missing === 0;
    if (isPlain && this.#cursors.advance(place, ends.fromHigh, seq, end - payload, ack)) {
      this.#cursors.seen[place] = this.segments;
      if (payload < end) this.#sink.data(place, ends.fromHigh === this.#cursors.clientIsHigh(place), bytes, payload, end, time);
      return;
    }
    let one = place < 0 ? undefined : this.#table.at(place);
    if ((flags & (SYN | ACK)) === SYN && one?.isOther(ends.fromHigh === one.clientIsHigh, seq) === true) {
      this.#close(one);
      one = undefined;
    }
    if (one === undefined) {
      // An end or an answer of one that is over tells nothing.
      if ((flags & RST) !== 0 || ((flags & SYN) === 0 && payload >= end && (flags & FIN) === 0)) return;
      one = this.#begin(packet, flags);
    }
    this.#cursors.seen[one.connection.place] = this.segments;
    one.segment(ends.fromHigh === one.clientIsHigh, flags, seq, ack, bytes, payload, end, missing, time);
    this.#cursors.settle(one.connection.place, one.plain, one.clientIsHigh);
    if (one.over) this.#remove(one);
    if (this.#waiting.passed > this.#passed) this.#tellOfWaiting(packet.offset);
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
    if (this.#endpoints.size > ENDPOINT_LIMIT - 2) this.#forgetEndpoints(offset);
    const source = this.#endpoint(network, from, size, short(bytes, start));
    const target = this.#endpoint(network, to, size, short(bytes, start + 2));
    this.#sink.datagram(source, target, bytes, start + UDP_HEADER, stop, time);
  }

  /** The capture is over: what waits is told. Connections that have not ended stay open. */
  end(): void {
    const all = [...this.#table.values()].sort((one, other) => one.connection.id - other.connection.id);
    for (const one of all) this.#close(one);
  }

  // ── which connection ──────────────────────────────────────────────────────────────────────────────────────────────

  #begin(packet: Transport, flags: number): Followed {
    if (this.#table.isFull) this.#makeRoom(packet.offset);
    const { bytes, start, network, from, to, size, time } = packet;
    const [sourcePort, targetPort] = [short(bytes, start), short(bytes, start + 2)];
    const whole = (flags & SYN) !== 0;
    const isFromClient = whole ? (flags & ACK) === 0 : targetPort <= sourcePort;
    const source = { address: addressText(network, from, size), port: sourcePort };
    const target = { address: addressText(network, to, size), port: targetPort };
    const [client, server] = isFromClient ? [source, target] : [target, source];
    const ends = this.#ends;
    const connection = { id: ++this.#ids, place: this.#table.nextPlace, client, server, whole };
    const known = { addresses: ends.addresses(), clientIsHigh: ends.fromHigh === isFromClient };
    const one = new Followed(connection, known, this.#sink, this.#cursors, this.#waiting, time);
    this.#table.add(ends, one);
    return one;
  }

  #close(one: Followed): void {
    one.flush(this.#time);
    this.#remove(one);
  }

  #remove({ connection }: Followed): void {
    this.#table.remove(connection.place);
    this.#sink.forgotten(connection);
  }

  /** Sixteen parts of them at once, so that the search costs little. */
  #makeRoom(offset: number): void {
    const { seen } = this.#cursors;
    const all = [...this.#table.values()].sort((one, other) => (seen[one.connection.place] ?? 0) - (seen[other.connection.place] ?? 0));
    const gone = all.slice(0, Math.ceil(all.length / 16));
    for (const one of gone) this.#close(one);
    this.#problems.add(
      offset,
      `more than ${CONNECTION_LIMIT} connections at the same time: ${gone.length} that were silent are not followed any more`,
    );
  }

  #tellOfWaiting(offset: number): void {
    this.#passed = this.#waiting.passed;
    this.#problems.add(
      offset,
      `more than ${WAITING_ALL_LIMIT} bytes wait for what is missing before them: in one direction it is taken for lost here`,
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
      one = { address: addressText(network, at, size), port };
      this.#endpoints.set(key, one);
    }
    return one;
  }

  #forgetEndpoints(offset: number): void {
    this.#endpoints.clear();
    this.#sink.endpointsForgotten();
    this.#problems.add(
      offset,
      `datagrams of more than ${ENDPOINT_LIMIT} endpoints: all so far are forgotten, and one that comes again is told as another`,
    );
  }
}

const TCP_HEADER = 20;
const UDP_HEADER = 8;
