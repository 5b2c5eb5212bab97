/**
 * One TCP connection and both of its directions: what its packets mean for it, one after the other.
 * Lacks: which packets are its own (connections.ts).
 */
import type { Cursors } from './cursors.ts';
import type { Connection, FlowSink } from './flow.ts';
import { Half, type Waiting } from './half.ts';

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const ACK = 0x10;

export class Followed {
  readonly connection: Connection;
  readonly addresses: Uint8Array | undefined;
  /** The client is the end that is greater (ends.ts). */
  readonly clientIsHigh: boolean;
  readonly #sink: FlowSink;
  readonly #client: Half;
  readonly #server: Half;
  #opened = false;
  #reset = false;

  constructor(
    connection: Connection,
    { addresses, clientIsHigh }: Pick<Followed, 'addresses' | 'clientIsHigh'>,
    sink: FlowSink,
    cursors: Cursors,
    waiting: Waiting,
    time: number,
  ) {
    this.connection = connection;
    this.addresses = addresses;
    this.clientIsHigh = clientIsHigh;
    this.#sink = sink;
    cursors.begin(connection.place);
    this.#client = new Half(sink, connection, true, clientIsHigh, cursors, waiting);
    this.#server = new Half(sink, connection, false, !clientIsHigh, cursors, waiting);
    if (connection.whole) sink.dialled(connection, time);
  }

  get over(): boolean {
    return this.#reset || (this.#client.over && this.#server.over);
  }

  /** Nothing is missing in either direction, and nothing is known of its end. */
  get plain(): boolean {
    return this.#client.plain && this.#server.plain;
  }

  /** Whether a SYN of this direction belongs to a later connection of the same ends. */
  isOther(fromClient: boolean, seq: number): boolean {
    return !fromClient || this.#client.isOther(seq);
  }

  /** `missing`: bytes of the payload behind `end` that the capture has not. */
  segment(
    fromClient: boolean,
    flags: number,
    seq: number,
    ack: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    missing: number,
    time: number,
  ): void {
    const half = fromClient ? this.#client : this.#server;
    if ((flags & RST) !== 0) {
      this.#cut(fromClient, time);
      return;
    }
    let first = seq;
    if ((flags & SYN) !== 0) {
      first = (seq + 1) | 0;
      if (!half.begun) half.begin(first);
      if ((flags & ACK) !== 0) this.#open(time);
      else if (start >= end) return;
    }
    if (!this.#opened && (!this.connection.whole || start < end || missing > 0 || (flags & FIN) !== 0)) this.#open(time);
    if ((flags & ACK) !== 0) (fromClient ? this.#server : this.#client).acknowledged(ack, time);
    if (start < end || missing > 0) half.segment(first, bytes, start, end, missing, time);
    if ((flags & FIN) !== 0) half.fin((first + (end - start) + missing) | 0, time);
  }

  /** What waits is told, with holes before it. */
  flush(time: number): void {
    this.#client.flush(time);
    this.#server.flush(time);
  }

  #cut(byClient: boolean, time: number): void {
    this.flush(time);
    if (this.#opened) this.#sink.reset(this.connection, byClient, time);
    else this.#sink.refused(this.connection, time);
    this.#reset = true;
  }

  #open(time: number): void {
    if (this.#opened) return;
    this.#opened = true;
    this.#sink.opened(this.connection, time);
  }
}
