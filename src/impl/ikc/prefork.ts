/**
 * Several processes that share the work (B14): this one accepts, each child serves so many connections and then makes room for a new
 * one. A child that ends, however it does, is started again; who is served by the others does not notice.
 * A Host cannot hand a connected socket to a child, so children listen at sockets of their own, and this process carries the bytes.
 * Lacks: children that use up the processor, since a Host has no account of that.
 */
import { formatEndpoint } from '../../host/address.ts';
import type { Host, Listener, Stream, StreamHandler } from '../../host/host.ts';
import { type Logs, logs } from '../../host/logs.ts';
import { formatExit } from '../../host/signal.ts';
import { type Duration, micros, millis, seconds } from '../../host/time.ts';
import { Connection } from '../proxy/connection.ts';
import type { Draw } from '../proxy/fault.ts';
import { LIFELINE } from '../supervision/lifeline.ts';
import { SUPERVISOR_DEFAULTS, Supervisor, type SupervisorEvent, type SupervisorPolicy } from '../supervision/supervisor.ts';
import { listenAt } from './listen.ts';
import { type ServerOptions, socketPath } from './options.ts';
import { HELD_MAX, serverLog, serverWarning } from './server.ts';

/** Until a child that is starting, or all of them are busy, is tried again. */
const RETRY: Duration = millis(50);

/**
 * A life is no failure: a child ends when it has served. One that cannot begin says so by its exit code, and is tried again after the
 * time that the published server waits after a fork that failed (B13). One that is told to end may take as long as its peers read.
 */
const POLICY: SupervisorPolicy = { ...SUPERVISOR_DEFAULTS, healthyLife: micros(0), shortagePause: seconds(1), stopGrace: seconds(60) };

const FORMS = {
  'child-starting': { child: 'string' },
  'child-ended': { child: 'string', pid: 'number', status: 'string' },
  served: { child: 'string' },
} as const;
export const preforkLog: Logs<typeof FORMS> = logs(FORMS);
/** A child, or this process itself, could not be started. */
const WARNINGS = { 'not-started': { child: 'string', why: 'string' } } as const;
export const preforkWarning: Logs<typeof WARNINGS> = logs(WARNINGS, 'warning');

/** Nothing is drawn where nothing is broken. */
const NO_DRAW: Draw = () => 0;

interface Child {
  readonly path: string;
  /** Connections that it will still take. */
  left: number;
}

export class Prefork {
  readonly #host: Host;
  readonly #options: ServerOptions;
  readonly #children: Map<string, Child> = new Map();
  /** Connections that no child has taken yet, in the order in which they came. */
  readonly #waiting: Set<Connection> = new Set();
  #listener: Listener | undefined;
  #retrying = false;

  constructor(host: Host, options: ServerOptions) {
    this.#host = host;
    this.#options = options;
  }

  start(): void {
    this.#host.signals.handle('SIGPIPE', 'ignore');
    listenAt(this.#host, this.#options.listen.endpoint, {
      opened: listener => {
        this.#listener = listener;
        const address = formatEndpoint(listener.local);
        serverLog(this.#host).listening({ address, kernel: '' });
        this.#supervise(address);
      },
      accept: stream => this.#accept(stream),
    });
  }

  // ── children ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #supervise(address: string): void {
    const { processes, connections = 1, run } = this.#options;
    for (let number = 1; number < processes; number++)
      this.#children.set(String(number), { path: socketPath(run, this.#host.process.pid, number), left: connections });
    new Supervisor(this.#host, {
      pidFile: `${run}/ikc.pid`,
      peers: [...this.#children.keys()],
      policy: POLICY,
      launch: child => ({ program: 'ikc-server', args: this.#childArgs(child, address) }),
      // Told by its signal, it delivers what it has accepted.
      farewell: (_, done) => done(),
      report: event => this.#report(event),
      successor: { program: 'ikc-server', args: this.#host.process.args },
    }).start();
  }

  /** Whoever calls a child by the address that it knows means this one. */
  #childArgs(child: string, address: string): readonly string[] {
    const { passed, connections = 1 } = this.#options;
    const own = [`--listen=unix:${this.#children.get(child)?.path}`, `--connections=${connections}`, `--lifeline=${LIFELINE}`];
    return [...passed, ...own, ...(address.startsWith('unix:') ? [] : [`--alias=${address}`])];
  }

  #report(event: SupervisorEvent): void {
    const log = preforkLog(this.#host);
    const failed = preforkWarning(this.#host)['not-started'];
    switch (event.event) {
      case 'starting-child':
        log['child-starting']({ child: event.peer });
        return;
      case 'child-ended':
        log['child-ended']({ child: event.peer, pid: event.pid, status: formatExit(event.status) });
        this.#renew(event.peer);
        return;
      case 'spawn-failed':
        failed({ child: event.peer, why: event.error.code });
        return;
      case 'already-running':
        failed({ child: '', why: `process ${event.by} has this folder` });
        return;
      case 'pid-file-failed':
        failed({ child: '', why: `the pid file cannot be written: ${event.error.code}` });
        return;
      case 'stopping':
        this.#listener?.close();
        return;
      case 'stopped':
        this.#stopped();
    }
  }

  /** The next life of a child takes as many connections as the last. */
  #renew(name: string): void {
    const child = this.#children.get(name);
    if (child !== undefined) child.left = this.#options.connections ?? 1;
    this.#later();
  }

  #stopped(): void {
    const { endpoint } = this.#options.listen;
    if (endpoint.transport === 'unix') this.#host.storage.unlink(endpoint.path);
    serverLog(this.#host).stopped();
  }

  // ── connections ───────────────────────────────────────────────────────────────────────────────────────────────────

  #accept(near: Stream): StreamHandler {
    if (this.#waiting.size >= HELD_MAX) {
      serverWarning(this.#host)['too-many']({ from: near.remote === undefined ? '' : formatEndpoint(near.remote) });
      near.close();
      return { data: () => {} };
    }
    const both = new Connection(
      this.#host,
      near,
      { up: [], down: [] },
      { up: NO_DRAW, down: NO_DRAW },
      {
        fault: () => {},
        ended: () => {},
        closed: () => void this.#waiting.delete(both),
      },
    );
    this.#waiting.add(both);
    this.#dispatch();
    return both.handler('near');
  }

  /** Gives the next one to the child that has the most room. */
  #dispatch(): void {
    const [next] = this.#waiting;
    const [name, child] = [...this.#children].reduce<[string, Child] | []>(roomier, []);
    if (next === undefined || name === undefined || child === undefined) return;
    this.#waiting.delete(next);
    child.left -= 1;
    this.#host.network.connect({ transport: 'unix', path: child.path }, {}, result => {
      if (result.ok) {
        preforkLog(this.#host).served({ child: name });
        this.#dispatch();
        return next.connected(result.value);
      }
      child.left += 1;
      // It was the first, and is again.
      const others = [...this.#waiting];
      this.#waiting.clear();
      for (const each of [next, ...others]) if (!each.over) this.#waiting.add(each);
      this.#later();
      return { data: () => {} };
    });
  }

  #later(): void {
    if (this.#retrying) return;
    this.#retrying = true;
    this.#host.clock.setTimer(RETRY, () => {
      this.#retrying = false;
      this.#dispatch();
    });
  }
}

const roomier = (best: [string, Child] | [], each: [string, Child]): [string, Child] | [] =>
  each[1].left > (best[1]?.left ?? 0) ? each : best;
