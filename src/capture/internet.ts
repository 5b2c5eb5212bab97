/**
 * IP packets, their fragments and extension headers: what TCP and UDP are told.
 * Lacks: checksums, which the machine that captures often has not made yet; tunnels; other protocols over IP.
 */
import { Fragments } from './fragments.ts';
import type { Problems } from './problem.ts';
import { short } from './words.ts';

/** A packet of TCP or UDP. The same object for each. */
export interface Transport {
  bytes: Uint8Array;
  /** Of the header of TCP or UDP. */
  start: number;
  end: number;
  /** Bytes behind `end` that the capture has not. */
  missing: number;
  /** Where the two addresses are, in `network`: from, then to. */
  network: Uint8Array;
  from: number;
  to: number;
  /** Of an address: 4 or 16. */
  size: 4 | 16;
  time: number;
  offset: number;
}

export interface TransportSink {
  tcp(packet: Transport): void;
  udp(packet: Transport): void;
}

export class Internet {
  readonly #sink: TransportSink;
  readonly #problems: Problems;
  readonly #fragments = new Fragments();
  readonly #packet: Transport = {
    ...{ bytes: new Uint8Array(0), start: 0, end: 0, missing: 0 },
    ...{ network: new Uint8Array(0), from: 0, to: 0, size: 4, time: 0, offset: 0 },
  };
  /** IP packets of other protocols. */
  others = 0;

  constructor(sink: TransportSink, problems: Problems) {
    this.#sink = sink;
    this.#problems = problems;
  }

  /** `start`: of the header of IP. `cut`: bytes of the packet that the capture has not. */
  packet(bytes: Uint8Array, start: number, end: number, cut: number, time: number, offset: number): void {
    const version = (bytes[start] ?? 0) >> 4;
    const packet = this.#packet;
    packet.time = time;
    packet.offset = offset;
    packet.network = bytes;
    if (version === 4 && end - start >= V4_HEADER) this.#v4(bytes, start, end, cut);
    else if (version === 6 && end - start >= V6_HEADER) this.#v6(bytes, start, end, cut);
    else
      this.#problems.add(offset, end - start < V4_HEADER ? `an IP packet of ${end - start} bytes` : `an IP packet of version ${version}`);
  }

  /** Bytes of fragments that wait, with those for their keeping. */
  get fragments(): number {
    return this.#fragments.bytes;
  }

  /** The capture is over. */
  end(offset: number): void {
    const lost = this.#fragments.dropped + this.#fragments.waiting;
    if (lost > 0) this.#problems.add(offset, `${lost} datagrams of which a fragment is missing`);
  }

  #v4(bytes: Uint8Array, start: number, end: number, cut: number): void {
    const header = ((bytes[start] ?? 0) & 0x0f) * 4;
    const told = short(bytes, start + 2);
    // A length of 0: the network card cuts it into packets, after the capture.
    const length = told === 0 ? end - start + cut : told;
    if (header < V4_HEADER || header > end - start || length < header) {
      this.#problems.add(this.#packet.offset, `an IP header of ${header} bytes in a packet of ${length}`);
      return;
    }
    this.#addresses(start + 12, start + 16, 4);
    const fragment = short(bytes, start + 6);
    const [payload, stop] = [start + header, Math.min(end, start + length)];
    const protocol = bytes[start + 9] ?? 0;
    if ((fragment & 0x3fff) === 0) this.#carry(protocol, bytes, payload, stop, start + length - stop);
    else this.#fragment(protocol, short(bytes, start + 4), fragment, bytes, payload, stop, start + length - stop);
  }

  #v6(bytes: Uint8Array, start: number, end: number, cut: number): void {
    const told = short(bytes, start + 4);
    const whole = told === 0 ? end + cut : start + V6_HEADER + told;
    const stop = Math.min(end, whole);
    this.#addresses(start + 8, start + 24, 16);
    let next = bytes[start + 6] ?? 0;
    let at = start + V6_HEADER;
    while (isExtension(next) && at + 8 <= stop) {
      const kind = next;
      next = bytes[at] ?? 0;
      if (kind === FRAGMENT) {
        const field = short(bytes, at + 2);
        // More fragments is the lowest bit here; in IPv4 it is above the offset, which counts the same eights.
        const fragment = (field >> 3) | ((field & 1) << 13);
        const id = short(bytes, at + 4) * 65_536 + short(bytes, at + 6);
        if ((fragment & 0x3fff) !== 0) {
          this.#fragment(next, id, fragment, bytes, at + 8, stop, whole - stop);
          return;
        }
        at += 8;
      } else at += kind === AUTHENTICATION ? ((bytes[at + 1] ?? 0) + 2) * 4 : ((bytes[at + 1] ?? 0) + 1) * 8;
    }
    this.#carry(next, bytes, at, stop, whole - stop);
  }

  #fragment(protocol: number, id: number, field: number, bytes: Uint8Array, start: number, end: number, missing: number): void {
    const { network, from, to, size, offset } = this.#packet;
    if (missing > 0 || start > end) {
      this.#problems.add(offset, 'a fragment that was not captured whole');
      return;
    }
    const key = `${protocol} ${id} ${network.subarray(from, from + size).join('.')} ${network.subarray(to, to + size).join('.')}`;
    const { dropped } = this.#fragments;
    const whole = this.#fragments.take(key, (field & 0x1fff) * 8, bytes.subarray(start, end), (field & 0x2000) === 0);
    const gone = this.#fragments.dropped - dropped;
    if (gone > 0) this.#problems.add(offset, `too many fragments wait: ${gone} datagrams that waited longest are not put together`);
    if (whole !== undefined) this.#carry(protocol, whole, 0, whole.length, 0);
  }

  #carry(protocol: number, bytes: Uint8Array, start: number, end: number, missing: number): void {
    const packet = this.#packet;
    packet.bytes = bytes;
    packet.start = start;
    packet.end = end;
    packet.missing = missing;
    if (protocol === TCP) this.#sink.tcp(packet);
    else if (protocol === UDP) this.#sink.udp(packet);
    else this.others++;
  }

  #addresses(from: number, to: number, size: 4 | 16): void {
    this.#packet.from = from;
    this.#packet.to = to;
    this.#packet.size = size;
  }
}

const V4_HEADER = 20;
const V6_HEADER = 40;
const TCP = 6;
const UDP = 17;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
/** Hop-by-hop options, routing, fragment, authentication, destination options. */
const isExtension = (next: number): boolean => next === 0 || next === 43 || next === FRAGMENT || next === AUTHENTICATION || next === 60;
