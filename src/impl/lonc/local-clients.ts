/**
 * The local side of a gateway child: the Unix-domain socket, who is connected, what each has asked, and what each is
 * answered. Requests are given out in the order in which they came; an answer goes to whoever asked, or nowhere if that
 * client is gone. Spec: README.md, L4.
 * Lacks: what is done with a request.
 */
import type { Host, Listener, Stream, StreamHandler } from '../../host/host.ts';
import type { Result } from '../../host/result.ts';
import { bytesOf } from './latin1.ts';
import { LineReader } from './lines.ts';
import { CON_LOST, REQUEST_MAX } from './wire.ts';

export const BACKLOG = 10;
/** Clients at a time; one more is closed at once. */
export const CLIENTS_MAX = 256;
/** Requests of one client that wait; past it the client is not read, and what was read of it stays unread lines. */
export const QUEUE_MAX = 64;
/** Bytes of answers that one client has not taken. Past it no request of that client is begun. */
export const UNTAKEN_MAX = 1_048_576;

export interface LocalClient {
  readonly stream: Stream;
  readonly lines: LineReader;
  /** How many of its requests are in the queue. */
  waiting: number;
  /** The client is not read. */
  paused: boolean;
  gone: boolean;
}

export interface LocalRequest {
  readonly client: LocalClient;
  readonly text: string;
}

/** What an answer is: the reply; a reply whose end did not come, as only the published gateway passes on; con_lost in place of one. */
export type AnswerKind = 'reply' | 'cut' | 'lost';

export interface LocalHooks {
  /** There is something to take. */
  arrived(): void;
  accepted(): void;
  /** A client was closed, and why. */
  refused(detail: string): void;
}

export class LocalClients {
  protected readonly host: Host;
  protected readonly hooks: LocalHooks;
  protected readonly clients: Set<LocalClient> = new Set();
  protected queue: LocalRequest[] = [];
  #listener: Listener | undefined;

  constructor(host: Host, hooks: LocalHooks) {
    this.host = host;
    this.hooks = hooks;
  }

  listen(path: string, opened: (result: Result<void>) => void): void {
    this.host.network.listen(
      { transport: 'unix', path },
      { backlog: BACKLOG },
      {
        opened: result => {
          if (result.ok) this.#listener = result.value;
          opened(result.ok ? { ok: true, value: undefined } : result);
        },
        accept: stream => this.accept(stream),
      },
    );
  }

  get listening(): boolean {
    return this.#listener !== undefined;
  }

  /** Answers every request that waits with con_lost, and lets everybody go. True if there was a socket; its file stays. */
  close(): boolean {
    const listened = this.listening;
    this.#listener?.close();
    this.#listener = undefined;
    this.refuseAll();
    // An orderly end, so that what was answered is read. What they still say is not heard.
    for (const client of this.clients) {
      client.gone = true;
      client.stream.end();
    }
    this.clients.clear();
    return listened;
  }

  /** The next request that may be begun. */
  take(): LocalRequest | undefined {
    const index = this.queue.findIndex(({ client }) => client.stream.pending <= UNTAKEN_MAX);
    const [request] = index < 0 ? [] : this.queue.splice(index, 1);
    return request === undefined ? undefined : this.begun(request);
  }

  answer(client: LocalClient, text: string, _kind: AnswerKind): void {
    if (!client.gone) client.stream.write(bytesOf(`${text}\n`));
  }

  protected refuseAll(): void {
    for (const { client } of this.queue) this.answer(client, CON_LOST, 'lost');
    this.queue = [];
  }

  protected accept(stream: Stream): StreamHandler {
    const client: LocalClient = { stream, lines: new LineReader(REQUEST_MAX), waiting: 0, paused: false, gone: false };
    if (this.clients.size >= CLIENTS_MAX) this.drop(client, `more than ${CLIENTS_MAX} clients`);
    else {
      this.clients.add(client);
      this.hooks.accepted();
    }
    return {
      data: bytes => this.read(client, bytes),
      drain: () => this.hooks.arrived(),
      end: () => this.forget(client),
      close: () => this.forget(client),
    };
  }

  protected read(client: LocalClient, bytes: Uint8Array): void {
    if (client.gone) return;
    client.lines.feed(bytes);
    this.#enqueue(client);
    if (!client.gone) this.hooks.arrived();
  }

  /** Takes lines of a client while there is room for them, and reads on when none is left. */
  #enqueue(client: LocalClient): void {
    while (client.waiting < QUEUE_MAX) {
      const event = client.lines.next();
      if (event?.kind === 'violation') {
        this.drop(client, event.detail);
        return;
      }
      if (event === undefined) {
        if (client.paused) client.stream.resume();
        client.paused = false;
        return;
      }
      this.queued({ client, text: event.text });
      client.waiting += 1;
    }
    this.pause(client);
  }

  protected queued(request: LocalRequest): void {
    this.queue.push(request);
  }

  protected pause(client: LocalClient): void {
    if (!client.paused) client.stream.pause();
    client.paused = true;
  }

  protected drop(client: LocalClient, detail: string): void {
    if (client.gone) return;
    client.stream.close();
    this.forget(client);
    this.hooks.refused(detail);
  }

  /** The client has left, or half of it: what it asked is not begun, and what is being asked for it goes nowhere. */
  protected forget(client: LocalClient): void {
    if (client.gone) return;
    client.gone = true;
    client.stream.close();
    this.clients.delete(client);
    this.queue = this.queue.filter(request => request.client !== client);
  }

  protected begun(request: LocalRequest): LocalRequest {
    const { client } = request;
    client.waiting -= 1;
    if (client.paused && !client.gone) this.#enqueue(client);
    return request;
  }
}
