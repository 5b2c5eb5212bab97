/**
 * What is told of connections and datagrams, in the order of the file.
 * Lacks: who tells it (connections.ts), and who listens (accounts.ts, trace.ts).
 */
import type { Endpoint } from './endpoint.ts';

export interface Connection {
  /** From 1. */
  readonly id: number;
  /** Below CONNECTION_LIMIT; no other connection has it until this one is forgotten. What is known of a connection is found by it. */
  readonly place: number;
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
  /** `place`: of a connection that is open. */
  data(place: number, fromClient: boolean, bytes: Uint8Array, start: number, end: number, time: number): void;
  hole(connection: Connection, fromClient: boolean, length: number, time: number): void;
  /** One direction. */
  ended(connection: Connection, fromClient: boolean, time: number): void;
  reset(connection: Connection, byClient: boolean, time: number): void;
  /** Nothing more is told of it: it is over, or followed no longer. */
  forgotten(connection: Connection): void;
  /** Equal endpoints are the same object, until they are forgotten. */
  datagram(from: Endpoint, to: Endpoint, bytes: Uint8Array, start: number, end: number, time: number): void;
  /** Of datagrams, all so far. */
  endpointsForgotten(): void;
}
