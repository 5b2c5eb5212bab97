/**
 * The local side of a gateway child: the Unix-domain socket, who is connected, what each has asked, and what each is
 * answered. Requests are given out in the order in which they came; an answer goes to whoever asked, or nowhere if that
 * client is gone. Spec: README.md, L4.
 * Lacks: what is done with a request. A-B05, A-B12, A-B32 and half of A-B15 are played here because they are about who is read and written when.
 * May import: host, its own folder.
 */
import type { Host, Listener, Stream, StreamHandler } from '../../host/host.ts';
import type { Result } from '../../host/result.ts';
import { bytesOf } from './latin1.ts';
import { LineReader } from './lines.ts';
import type { Quirks } from './quirks.ts';
import { QUIRK } from './quirks.ts';
import { CON_LOST, REQUEST_MAX } from './wire.ts';

export const BACKLOG = 10;
/** One more is closed at once. */
export const CLIENTS_MAX = 256;
/** Requests of one client that wait; past it the client is not read, and what was read of it stays unread lines. */
export const QUEUE_MAX = 64;
/** Bytes of answers that one client has not taken. Past it no request of that client is begun. */
export const UNTAKEN_MAX = 1_048_576;

export interface LocalClient {
  readonly stream: Stream;
  readonly lines: LineReader;
  /** Requests of it in the queue. */
  waiting: number;
  /** It is not read. */
  paused: boolean;
  /** A-B05, A-B32: answers that wait for the write phase, and whether one of them tells of a failure. */
  output: string;
  failed: boolean;
  /** A-B12: what came while nobody was served. */
  unread: Uint8Array[];
  gone: boolean;
  /** A request of it was begun, and its answer is not written yet. */
  asking: boolean;
  /** A-B15: it has left, and nobody will notice before it is written to. */
  doomed: boolean;
}

export interface LocalRequest {
  readonly client: LocalClient;
  readonly text: string;
  /** It was read while one of its client was asking. */
  readonly late: boolean;
}

/** A-B05: whose output said so. */
export interface Lost {
  readonly lost: LocalClient;
}

export interface LocalHooks {
  /** There is something to take. */
  arrived(): void;
  accepted(): void;
  /** A client was closed, and why. */
  refused(detail: string): void;
}

export class LocalClients {
  readonly #host: Host;
  readonly #quirks: Quirks;
  readonly #hooks: LocalHooks;
  readonly #clients: Set<LocalClient> = new Set();
  #listener: Listener | undefined;
  #queue: LocalRequest[] = [];
  /** A-B05: requests of the present turn of the loop, and who had output when it began. */
  #batch: LocalRequest[] = [];
  #writable: readonly LocalClient[] = [];
  /** A-B12. */
  #hung = false;

  constructor(host: Host, quirks: Quirks, hooks: LocalHooks) {
    this.#host = host;
    this.#quirks = quirks;
    this.#hooks = hooks;
  }

  listen(path: string, opened: (result: Result<void>) => void): void {
    this.#host.network.listen(
      { transport: 'unix', path },
      { backlog: BACKLOG },
      {
        opened: result => {
          if (result.ok) this.#listener = result.value;
          opened(result.ok ? { ok: true, value: undefined } : result);
        },
        accept: stream => this.#accept(stream),
      },
    );
  }

  /** Answers every request that waits with con_lost, and lets everybody go. True if there was a socket; its file stays. */
  close(): boolean {
    const listened = this.#listener !== undefined;
    this.#listener?.close();
    this.#listener = undefined;
    for (const { client } of [...this.#batch, ...this.#queue]) this.answer(client, CON_LOST, { ended: true, failed: true });
    this.#queue = [];
    this.#batch = [];
    this.release();
    // An orderly end, so that what was answered is read. What they still say is not heard.
    for (const client of this.#clients) {
      client.gone = true;
      client.stream.end();
    }
    this.#clients.clear();
    return listened;
  }

  /** What is held back is given: nobody will be asked for a while. A-B05: as written it waits for that as well. */
  release(): void {
    if (!this.#quirks.has(QUIRK.DEFER_RECONNECT)) for (const client of this.#clients) this.#write(client);
  }

  /** The next request that may be begun; or (A-B05) the write phase found that the connection counts as lost. */
  take(): LocalRequest | Lost | undefined {
    if (this.#hung) return undefined;
    if (this.#byTurns) return this.#takeByTurns();
    const index = this.#queue.findIndex(({ client }) => client.stream.pending <= UNTAKEN_MAX);
    const [request] = index < 0 ? [] : this.#queue.splice(index, 1);
    return request === undefined ? undefined : this.#begun(request);
  }

  /** `failed`: this is con_lost because there was no reply. */
  answer(client: LocalClient, text: string, how: { readonly ended: boolean; readonly failed: boolean }): void {
    if (client.doomed && client.waiting === 0) this.#host.process.kill(this.#host.process.pid, 'SIGPIPE');
    if (client.gone) return;
    const line = how.ended ? `${text}\n` : text;
    client.failed = how.failed;
    if (this.#byTurns) {
      client.output += line;
      return;
    }
    client.asking = false;
    client.stream.write(bytesOf(line));
  }

  /** A-B12: as if select had said that a connection is there to be accepted. */
  hang(): void {
    this.#hung = this.#listener !== undefined;
  }

  // ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #accept(stream: Stream): StreamHandler {
    const client: LocalClient = {
      stream,
      lines: new LineReader(REQUEST_MAX),
      waiting: 0,
      paused: false,
      output: '',
      failed: false,
      unread: [],
      gone: false,
      asking: false,
      doomed: false,
    };
    if (this.#hung) this.#wake();
    if (this.#clients.size >= CLIENTS_MAX) this.#drop(client, `more than ${CLIENTS_MAX} clients`);
    else {
      this.#clients.add(client);
      this.#hooks.accepted();
    }
    return {
      data: bytes => this.#read(client, bytes),
      drain: () => this.#hooks.arrived(),
      end: () => this.#forget(client),
      close: () => this.#forget(client),
    };
  }

  #read(client: LocalClient, bytes: Uint8Array): void {
    if (client.gone) return;
    if (this.#hung) {
      client.unread.push(bytes);
      this.#pause(client);
      return;
    }
    client.lines.feed(bytes);
    this.#enqueue(client);
    if (!client.gone) this.#hooks.arrived();
  }

  /** Takes lines of a client while there is room for them, and reads on when none is left. */
  #enqueue(client: LocalClient): void {
    const late = client.asking || this.#batch.some(request => request.client === client);
    while (client.waiting < QUEUE_MAX) {
      const event = client.lines.next();
      if (event?.kind === 'violation') {
        this.#drop(client, event.detail);
        return;
      }
      if (event === undefined) {
        if (client.paused) client.stream.resume();
        client.paused = false;
        return;
      }
      this.#queue.push({ client, text: event.text, late });
      client.waiting += 1;
    }
    this.#pause(client);
  }

  #pause(client: LocalClient): void {
    if (!client.paused) client.stream.pause();
    client.paused = true;
  }

  /** A-B12: who has said nothing meanwhile is taken for one who has left. */
  #wake(): void {
    this.#hung = false;
    for (const client of [...this.#clients]) {
      const unread = client.unread;
      client.unread = [];
      if (unread.length === 0) this.#drop(client, 'nothing to read');
      for (const bytes of unread) this.#read(client, bytes);
    }
  }

  #drop(client: LocalClient, detail: string): void {
    if (client.gone) return;
    client.stream.close();
    this.#forget(client);
    this.#hooks.refused(detail);
  }

  /** The client has left, or half of it: what it asked is not begun, and what is being asked for it goes nowhere. */
  #forget(client: LocalClient): void {
    if (client.gone) return;
    client.gone = true;
    client.stream.close();
    this.#clients.delete(client);
    // A-B15: what is read next is a request and not the end; with its answer the one before is written.
    client.doomed =
      this.#quirks.has(QUIRK.DIE_OF_SIGPIPE) && [...this.#batch, ...this.#queue].some(each => each.client === client && each.late);
    // By turns it is read, and begun, before the end is met.
    if (client.doomed || this.#byTurns) return;
    this.#queue = this.#queue.filter(request => request.client !== client);
    this.#batch = this.#batch.filter(request => request.client !== client);
  }

  #begun(request: LocalRequest): LocalRequest {
    const { client } = request;
    client.waiting -= 1;
    client.asking = true;
    if (client.paused && !client.gone) this.#enqueue(client);
    return request;
  }

  // ── A-B05, A-B32: the select loop ────────────────────────────────────────────────────────────────────────────────────────

  get #byTurns(): boolean {
    return this.#quirks.has(QUIRK.DEFER_RECONNECT) || this.#quirks.has(QUIRK.HOLD_ANSWERS);
  }

  /** Everything asked is processed, then what had output when the turn began is written: reads come before writes. */
  #takeByTurns(): LocalRequest | Lost | undefined {
    for (;;) {
      const request = this.#batch.shift();
      if (request !== undefined) return this.#begun(request);
      for (const client of this.#writable) {
        if (this.#write(client)) return { lost: client };
      }
      this.#writable = [...this.#clients].filter(client => client.output !== '');
      this.#batch = this.#queue;
      this.#queue = [];
      if (this.#batch.length === 0 && this.#writable.length === 0) return undefined;
    }
  }

  /** True if what was written is the marker of a lost connection, and nothing else. */
  #write(client: LocalClient): boolean {
    const { output } = client;
    client.output = '';
    client.asking = false;
    if (client.gone || output === '') return false;
    client.stream.write(bytesOf(output));
    if (!this.#quirks.has(QUIRK.DEFER_RECONNECT)) return false;
    // A-B04: whoever said it.
    return output === `${CON_LOST}\n` && (client.failed || this.#quirks.has(QUIRK.IN_BAND_MARKER));
  }
}
