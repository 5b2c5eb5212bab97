/**
 * The proxy: a daemon that stands before another one and breaks the connections to it as it is told. What it does is in its log,
 * one event each: listening, accepted, connected, unreachable, fault, ended, closed, refused.
 * Lacks: datagrams; a target that is looked up by name.
 */
import { formatEndpoint } from '../../host/address.ts';
import type { Daemon, Endpoint, Host, LogFields, Severity, Stream, StreamHandler } from '../../host/host.ts';
import { Connection } from './connection.ts';
import { drawFrom, faultsOf, faultText, type Rule } from './fault.ts';

/** Connections at a time: one more is reset. */
export const CONNECTIONS_LIMIT = 1_000;
const BACKLOG = 128;
export const CANNOT_LISTEN = 1;

export interface ProxyOptions {
  readonly listen: Endpoint;
  readonly to: Endpoint;
  readonly rules: readonly Rule[];
  /** Of everything that is drawn; absent, it is drawn itself, and told. */
  readonly seed?: number;
  /** Ends after the first connection. */
  readonly once?: boolean;
}

/** Of a seed that is drawn. */
export const SEEDS = 1_000_000;

export const proxyDaemon =
  (options: ProxyOptions): Daemon =>
  host => {
    new FaultProxy(host, options).begin();
  };

class FaultProxy {
  readonly #host: Host;
  readonly #options: ProxyOptions;
  readonly #seed: number;
  #accepted = 0;
  #listening = false;
  #open = 0;

  constructor(host: Host, options: ProxyOptions) {
    this.#host = host;
    this.#options = options;
    this.#seed = options.seed ?? host.random.below(SEEDS);
  }

  begin(): void {
    const { listen, to } = this.#options;
    // Who writes to a connection that is gone is told by the stream.
    this.#host.signals.handle('SIGPIPE', 'ignore');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) this.#host.signals.handle(signal, () => this.#end(signal));
    this.#host.network.listen(
      listen,
      { backlog: BACKLOG },
      {
        opened: result => {
          if (!result.ok) {
            this.#log('cannot-listen', { at: formatEndpoint(listen), code: result.error.code }, 'error');
            this.#host.process.exit(CANNOT_LISTEN);
          }
          this.#listening = true;
          this.#log('listening', { at: formatEndpoint(result.value.local), to: formatEndpoint(to), seed: this.#seed });
        },
        accept: near => this.#accept(near),
      },
    );
  }

  #accept(near: Stream): StreamHandler {
    const connection = ++this.#accepted;
    const from = near.remote === undefined ? '' : formatEndpoint(near.remote);
    if (this.#open >= CONNECTIONS_LIMIT) {
      this.#log('refused', { connection, from, why: `${CONNECTIONS_LIMIT} connections are open` }, 'warning');
      near.reset();
      return { data: () => {} };
    }
    this.#open += 1;
    this.#log('accepted', { connection, from });
    const draws = { up: drawFrom(this.#seed, connection, -1), down: drawFrom(this.#seed, connection, -2) };
    const faults = faultsOf(this.#options.rules, connection, this.#seed);
    const both = new Connection(this.#host, near, faults, draws, {
      fault: (direction, fault, bytes) => this.#log('fault', { connection, direction, fault: faultText(fault), bytes }),
      ended: (direction, bytes) => this.#log('ended', { connection, direction, bytes }),
      closed: (how, { up, down }) => {
        this.#log('closed', { connection, how, up, down });
        this.#open -= 1;
        if (this.#options.once === true) this.#end('once');
      },
    });
    this.#host.network.connect(this.#options.to, {}, result => {
      if (result.ok) {
        if (!both.over) this.#log('connected', { connection });
        return both.connected(result.value);
      }
      if (!both.over) this.#log('unreachable', { connection, code: result.error.code }, 'warning');
      both.unreachable();
      return { data: () => {} };
    });
    return both.handler('near');
  }

  #end(why: string): void {
    const { listen } = this.#options;
    if (listen.transport === 'unix' && this.#listening) this.#host.storage.unlink(listen.path);
    this.#log('over', { why, connections: this.#accepted, open: this.#open });
    this.#host.process.exit(0);
  }

  #log(event: string, fields: LogFields, severity: Severity = 'info'): void {
    this.#host.log(severity, event, fields);
  }
}
