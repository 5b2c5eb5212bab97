/**
 * The server: listens, and serves the session `demo`. Spec: README.md.
 * Lacks: processes that share the work (prefork.ts).
 */
import { formatEndpoint } from '../../host/address.ts';
import type { Host, Listener, Stream, StreamHandler } from '../../host/host.ts';
import { type Logs, logs } from '../../host/logs.ts';
import { EXIT_CLEAN, EXIT_FAILURE } from '../command-line/exit.ts';
import { holdLifeline } from '../supervision/lifeline.ts';
import { DEMO, demo } from './demo.ts';
import { Kernel } from './kernel.ts';
import { listenAt } from './listen.ts';
import type { ServerOptions } from './options.ts';

/** Connections that are accepted and wait for their turn (B14); one more is closed at once. */
export const HELD_MAX = 256;

const FORMS = { listening: { address: 'string', kernel: 'string' }, waits: { from: 'string' }, stopped: {} } as const;
export const serverLog: Logs<typeof FORMS> = logs(FORMS);
const WARNINGS = { 'too-many': { from: 'string' } } as const;
export const serverWarning: Logs<typeof WARNINGS> = logs(WARNINGS, 'warning');

export class Server {
  readonly #host: Host;
  readonly #options: ServerOptions;
  readonly #kernel: Kernel;
  readonly #held: Set<Held> = new Set();
  #listener: Listener | undefined;
  #accepted = 0;
  #stopping = false;

  constructor(host: Host, options: ServerOptions) {
    this.#host = host;
    this.#options = options;
    this.#kernel = new Kernel(host, options.kernel, { closed: () => this.#left() });
    this.#kernel.responder.sessions.define(DEMO, demo(host, this.#kernel.outgoing));
  }

  start(): void {
    const host = this.#host;
    const { lifeline, listen } = this.#options;
    host.signals.handle('SIGPIPE', 'ignore');
    for (const signal of ['SIGINT', 'SIGTERM'] as const) host.signals.handle(signal, () => this.#shutdown());
    if (lifeline !== undefined) holdLifeline(host, lifeline, () => this.#shutdown());
    listenAt(host, listen.endpoint, {
      opened: listener => {
        this.#listener = listener;
        // The signal has come while the socket was made.
        if (this.#stopping) {
          listener.close();
          this.#stop();
          return;
        }
        serverLog(host).listening({ address: formatEndpoint(listener.local), kernel: this.#kernel.responder.id });
      },
      accept: stream => this.#accept(stream),
    });
  }

  // ── connections ───────────────────────────────────────────────────────────────────────────────────────────────────

  #accept(stream: Stream): StreamHandler {
    const { concurrency, connections } = this.#options;
    this.#accepted += 1;
    if (this.#accepted === connections) this.#listener?.close();
    if (this.#kernel.links < concurrency && this.#held.size === 0) return this.#kernel.join(stream, 'server');
    const from = stream.remote === undefined ? '' : formatEndpoint(stream.remote);
    if (this.#held.size >= HELD_MAX || this.#stopping || this.#kernel.full) {
      serverWarning(this.#host)['too-many']({ from });
      stream.close();
      return IGNORED;
    }
    serverLog(this.#host).waits({ from });
    stream.pause();
    const held: Held = new Held(stream, () => this.#held.delete(held));
    this.#held.add(held);
    return held;
  }

  /** Whoever waits the longest is next. */
  #left(): void {
    const [next] = this.#held;
    if (next !== undefined && !this.#stopping && this.#kernel.links < this.#options.concurrency) {
      this.#held.delete(next);
      next.begin(stream => this.#kernel.join(stream, 'server'));
    }
    const { connections } = this.#options;
    const over = this.#stopping || (connections !== undefined && this.#accepted >= connections && this.#held.size === 0);
    if (over && this.#kernel.links === 0) this.#stop();
  }

  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** B12. Asked again, it does not wait. */
  #shutdown(): void {
    if (this.#stopping) this.#host.process.exit(EXIT_FAILURE);
    this.#stopping = true;
    this.#listener?.close();
    for (const held of this.#held) held.stream.close();
    this.#held.clear();
    this.#kernel.shutdown();
    if (this.#kernel.links === 0 && this.#listener !== undefined) this.#stop();
  }

  #stop(): void {
    const { endpoint } = this.#options.listen;
    if (endpoint.transport === 'unix') this.#host.storage.unlink(endpoint.path);
    serverLog(this.#host).stopped();
    this.#host.process.exit(EXIT_CLEAN);
  }
}

/** A connection that waits: it is not read. */
class Held implements StreamHandler {
  readonly stream: Stream;
  readonly #gone: () => void;
  #handler: StreamHandler | undefined;

  constructor(stream: Stream, gone: () => void) {
    this.stream = stream;
    this.#gone = gone;
  }

  begin(join: (stream: Stream) => StreamHandler): void {
    this.#handler = join(this.stream);
    this.stream.resume();
  }

  data(bytes: Uint8Array): void {
    this.#handler?.data(bytes);
  }

  end(): void {
    this.#handler?.end?.();
  }

  drain(): void {
    this.#handler?.drain?.();
  }

  close(error: Parameters<NonNullable<StreamHandler['close']>>[0]): void {
    if (this.#handler === undefined) this.#gone();
    else this.#handler.close?.(error);
  }
}

const IGNORED: StreamHandler = { data: () => {} };
