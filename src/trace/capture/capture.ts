/**
 * What one process sent and received, or all of a trace, as a pcapng file that Wireshark opens. A stream of which both ends are in the trace is that of
 * the end that comes first. A trace knows streams and not segments: the
 * segments are made up, one for each crossing, with an acknowledgement behind it; order, bytes, ends and resets are as seen. A
 * datagram is one packet.
 *
 * TCP and UDP keep their addresses and ports. Unix-domain sockets and pipes have none: the process is 192.0.2.1 (RFC 5737) and whoever
 * is on the other end 192.0.2.2; the port there is 20000 and the number of the pipe, or 30000 and that of the socket, and
 * 20000 more on this end. Time is that of the trace, from when it began; of a simulated one, from 1970-01-01.
 * Lacks: segments as they were on the wire, window sizes, zones of IPv6 addresses.
 */
import { EMPTY } from '../../host/bytes.ts';
import { HOLE } from '../decoded.ts';
import type { TraceEvent } from '../event.ts';
import { socketOf } from './address.ts';
import { packetBlock, sectionStart } from './pcapng.ts';
import { ACK, datagramFrameOf, FIN, frameOf, PSH, RST, type Socket, SYN } from './segment.ts';

/** Packets of one capture. */
export const PACKET_LIMIT = 100_000;
/** What fits into an Ethernet frame beside the two headers. */
const SEGMENT_LIMIT = 1_460;

export interface CaptureOptions {
  /** The process whose events are shown; absent: all of them. */
  readonly process?: string;
  /** Of the whole file. */
  readonly comment: string;
  /** What the bytes of an event mean, by its index. */
  readonly notes: ReadonlyMap<number, string>;
  /** What time it was when the trace began, in microseconds of Unix. */
  readonly started?: number;
}

export interface Capture {
  readonly parts: readonly Uint8Array[];
  readonly packets: number;
  /** Beyond the limit. */
  readonly omitted: number;
}

export function captureOf(events: readonly TraceEvent[], { process, comment, notes, started = 0 }: CaptureOptions): Capture {
  const writer = new CaptureWriter(comment, process ?? 'trace', started);
  for (const event of events) if (process === undefined || event.process === process) writer.take(event, notes.get(event.index) ?? '');
  return writer.finish();
}

type End = 'local' | 'remote';
const other = (end: End): End => (end === 'local' ? 'remote' : 'local');

interface Connection {
  /** Whose end is told. */
  readonly process: string;
  readonly local: Socket;
  readonly remote: Socket;
  /** The direction that this end writes. */
  readonly out: string;
  /** The next sequence number of each end. */
  readonly next: Record<End, number>;
  readonly ended: Set<End>;
}

class CaptureWriter {
  readonly #parts: Uint8Array[];
  readonly #started: number;
  readonly #connections: Map<string, Connection> = new Map();
  /** Where connects that are under way go to, by the index of the event. */
  readonly #connecting: Map<number, string> = new Map();
  /** Addresses of UDP sockets, by channel. */
  readonly #bound: Map<string, Socket | undefined> = new Map();
  /** Where each process listens. */
  readonly #listening: Map<string, Socket | undefined> = new Map();
  /** Datagrams that were told where they were sent. */
  readonly #sent: Set<number> = new Set();
  #refused = 0;
  #packets = 0;
  #omitted = 0;

  constructor(comment: string, process: string, started: number) {
    this.#started = started;
    this.#parts = [...sectionStart(comment, process)];
  }

  take(event: TraceEvent, note: string): void {
    const { kind, channel, process, data = {} } = event;
    // The other end of what is told already.
    if ((this.#connections.get(streamOf(channel))?.process ?? process) !== process) return;
    switch (kind) {
      case 'listen':
        this.#listening.set(process, socketOf(String(data['at'] ?? '')) ?? this.#listening.get(process));
        return;
      case 'connect':
        this.#connecting.set(event.index, String(data['to'] ?? ''));
        return;
      case 'open':
        this.#opened(event, note);
        return;
      case 'accept':
        this.#open(
          event,
          { ...made(channel), ...pair(this.#listening.get(process), socketOf(String(data['peer'] ?? ''))) },
          'remote',
          note,
        );
        return;
      case 'bind':
        this.#bound.set(channel, socketOf(String(data['at'] ?? '')));
        return;
      case 'datagram':
      case 'receive':
        this.#datagram(event, note);
        return;
      case 'attach':
        if (channel !== '' && data['error'] === undefined) this.#open(event, made(channel), 'local', note);
        return;
      default:
        this.#flow(event, note);
    }
  }

  finish(): Capture {
    return { parts: this.#parts, packets: this.#packets, omitted: this.#omitted };
  }

  // ── opening ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #opened(event: TraceEvent, note: string): void {
    const { channel, data = {} } = event;
    // The real kernel's answers come in no order that the trace knows: the oldest is answered first.
    const asked = this.#connecting.has(event.cause) ? event.cause : ([...this.#connecting.keys()][0] ?? -1);
    const remote = socketOf(this.#connecting.get(asked) ?? '');
    this.#connecting.delete(asked);
    if (data['error'] === undefined)
      this.#open(event, { ...made(channel), ...pair(socketOf(String(data['at'] ?? '')), remote) }, 'local', note);
    else if (data['error'] === 'ECONNREFUSED' && remote !== undefined) this.#refuse(event, remote, note);
  }

  #open(event: TraceEvent, ends: Pick<Connection, 'local' | 'remote'>, first: End, note: string): void {
    const connection: Connection = {
      process: event.process,
      out: event.channel,
      ...ends,
      next: { local: 1_000, remote: 2_000 },
      ended: new Set(),
    };
    this.#connections.set(streamOf(event.channel), connection);
    this.#send(event, connection, first, SYN, EMPTY, note);
    this.#send(event, connection, other(first), SYN | ACK, EMPTY, '');
    this.#send(event, connection, first, ACK, EMPTY, '');
  }

  /** Which port it was tried from nobody says. */
  #refuse(event: TraceEvent, remote: Socket, note: string): void {
    const local = { address: remote.address, port: 60_000 + (this.#refused++ % 5_000) };
    const connection: Connection = { process: event.process, out: '', local, remote, next: { local: 1_000, remote: 0 }, ended: new Set() };
    this.#send(event, connection, 'local', SYN, EMPTY, note);
    this.#send(event, connection, 'remote', RST | ACK, EMPTY, '');
  }

  // ── bytes and ends ────────────────────────────────────────────────────────────────────────────────────────────────

  #flow(event: TraceEvent, note: string): void {
    const connection = this.#connections.get(streamOf(event.channel));
    if (connection === undefined) return;
    switch (event.kind) {
      case 'send':
        this.#bytes(event, connection, 'local', note);
        return;
      case 'recv':
        this.#bytes(event, connection, 'remote', note);
        return;
      case 'end':
        this.#end(event, connection, 'local', note);
        return;
      case 'eof':
        this.#end(event, connection, 'remote', note);
        return;
      case 'reset':
        this.#reset(event, connection, 'local', note);
        return;
      case 'log':
        // Numbers go on behind what an imported capture has not.
        if (event.data?.['event'] === HOLE) connection.next[this.#writer(event, connection)] += Number(event.data['bytes']);
        return;
      case 'close':
        if (event.data?.['error'] === undefined) this.#end(event, connection, 'local', note);
        else this.#reset(event, connection, 'remote', note);
        return;
      default:
    }
  }

  /** Who writes into the direction of this event. */
  #writer({ channel }: TraceEvent, connection: Connection): End {
    return channel === connection.out ? 'local' : 'remote';
  }

  #bytes(event: TraceEvent, connection: Connection, from: End, note: string): void {
    const { bytes = EMPTY } = event;
    for (let at = 0; at < bytes.length; at += SEGMENT_LIMIT) {
      this.#send(event, connection, from, PSH | ACK, bytes.subarray(at, at + SEGMENT_LIMIT), at === 0 ? note : '');
      this.#send(event, connection, other(from), ACK, EMPTY, '');
    }
  }

  #end(event: TraceEvent, connection: Connection, from: End, note: string): void {
    if (connection.ended.has(from)) return;
    connection.ended.add(from);
    this.#send(event, connection, from, FIN | ACK, EMPTY, note);
    this.#send(event, connection, other(from), ACK, EMPTY, '');
  }

  /** Nothing follows. */
  #reset(event: TraceEvent, connection: Connection, from: End, note: string): void {
    this.#connections.delete(streamOf(event.channel));
    if (connection.ended.size < 2) this.#send(event, connection, from, RST | ACK, EMPTY, note);
  }

  /** Bound to all addresses, it is shown with the address that is left out of everything. */
  #datagram({ kind, channel, data = {}, bytes, time, message }: TraceEvent, note: string): void {
    const [own, theirs] = [this.#bound.get(channel), socketOf(String(data[kind === 'datagram' ? 'to' : 'from'] ?? ''))];
    // An event without bytes says that the one before it was refused.
    if (own === undefined || theirs === undefined || bytes === undefined || (kind === 'receive' && this.#sent.has(message))) return;
    if (kind === 'datagram' && message > 0) this.#sent.add(message);
    if (own.address.length !== theirs.address.length || !this.#hasRoom()) return;
    const [from, to] = kind === 'datagram' ? [own, theirs] : [theirs, own];
    this.#packet(time, datagramFrameOf({ from, to, payload: bytes, id: this.#packets++ & 0xffff }), note);
  }

  #hasRoom(): boolean {
    if (this.#packets < PACKET_LIMIT) return true;
    this.#omitted++;
    return false;
  }

  #send(event: TraceEvent, connection: Connection, from: End, flags: number, payload: Uint8Array, note: string): void {
    const to = other(from);
    const seq = connection.next[from] >>> 0;
    const ack = (flags & ACK) === 0 ? 0 : connection.next[to] >>> 0;
    connection.next[from] += payload.length + ((flags & (SYN | FIN)) === 0 ? 0 : 1);
    if (!this.#hasRoom()) return;
    const id = this.#packets++ & 0xffff;
    this.#packet(event.time, frameOf({ from: connection[from], to: connection[to], seq, ack, flags, payload, id }), note);
  }

  #packet(time: number, frame: Uint8Array, note: string): void {
    this.#parts.push(packetBlock(this.#started + time, frame, note));
  }
}

/** Both directions of a stream are one connection: `tcp4>` and `tcp4<`. */
const streamOf = (channel: string): string => channel.replace(/[<>]$/, '');

/** Of a stream that has no addresses. */
function made(channel: string): Pick<Connection, 'local' | 'remote'> {
  const [, kind = '', number = '0'] = /^([a-z]+)(\d+)/.exec(channel) ?? [];
  const port = (kind === 'pipe' ? 20_000 : 30_000) + (Number(number) % 10_000);
  return { local: { address: [192, 0, 2, 1], port: port + 20_000 }, remote: { address: [192, 0, 2, 2], port } };
}

/** Nothing, unless both are known and of one family. */
const pair = (local: Socket | undefined, remote: Socket | undefined): Partial<Connection> =>
  local === undefined || remote === undefined || local.address.length !== remote.address.length ? {} : { local, remote };
