/**
 * A listening socket, TCP or Unix-domain, and the connections that wait in its backlog.
 * Lacks: SYN cookies.
 */

import { formatEndpoint } from '../../host/address.ts';
import type { Endpoint, Listener, ListenHandler } from '../../host/host.ts';
import { NO_CAUSE } from '../../trace/event.ts';
import type { Channel } from '../channel/channel.ts';
import type { Held } from '../process/held.ts';
import type { SimProcess } from '../process/process.ts';
import type { HeldPort } from './ports.ts';
import { SimStream } from './stream.ts';

export interface Incoming {
  readonly fromClient: Channel;
  readonly toClient: Channel;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** What it has of the listener's port. */
  readonly port: HeldPort | undefined;
  readonly cause: number;
}

export class SimListener implements Listener, Held {
  readonly local: Endpoint;
  readonly process: SimProcess;
  readonly #image: number;
  readonly #handler: ListenHandler;
  readonly #backlog: number;
  readonly #unlist: () => void;
  #queue: Incoming[] = [];
  #opened = false;
  #closed = false;

  constructor(process: SimProcess, local: Endpoint, backlog: number, handler: ListenHandler, unlist: () => void) {
    this.process = process;
    this.#image = process.image;
    this.local = local;
    this.#backlog = backlog;
    this.#handler = handler;
    this.#unlist = unlist;
    process.held.add(this);
  }

  /** Linux compares with `>`: a backlog of n lets n + 1 connections wait. */
  get full(): boolean {
    return this.#queue.length > this.#backlog;
  }

  enqueue(incoming: Incoming): void {
    this.#queue.push(incoming);
    this.process.soon(this.#accept);
  }

  /** The daemon has been told that it listens; connections come after that. */
  opened(): void {
    this.#opened = true;
    if (this.#queue.length > 0) this.process.soon(this.#accept);
  }

  readonly #accept = (): void => {
    if (this.#closed || !this.#opened || this.#queue.length === 0 || !this.process.readyOr(this.#accept)) return;
    const incoming = this.#queue.shift();
    if (incoming === undefined) return;
    const { local, remote } = incoming;
    const kind = local.transport;
    const stream = new SimStream(this.process.core, this.process, {
      kind,
      local,
      remote,
      incoming: incoming.fromClient,
      outgoing: incoming.toClient,
      port: incoming.port,
    });
    this.process.record('accept', { channel: incoming.toClient.name, data: { peer: formatEndpoint(remote) }, cause: incoming.cause });
    this.process.run(this.#image, () => stream.begin(this.#handler.accept(stream)));
    this.#accept();
  };

  close(): void {
    this.process.call();
    if (this.#closed) return;
    this.process.record('close', { data: { at: formatEndpoint(this.local) } });
    this.release();
  }

  /** The kernel's part of closing: what waits in the backlog is reset. A machine without power gets no reset through. */
  release(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.process.held.delete(this);
    this.#unlist();
    for (const { fromClient, toClient, port } of this.#queue) {
      port?.release();
      toClient.terminate('reset', NO_CAUSE);
      fromClient.dropReader();
    }
    this.#queue = [];
  }

  discard(): void {
    this.release();
  }
}
