/**
 * The child: a daemon that opens a database, starts a server, tells its parent so, and stops when its parent does.
 * Its main is the routine below, in the order of README.md, C5:
 *
 *     pipes up -> 0,0 -> database -> 0,1 -> listeners, addresses -> 1,0 -> RUN -> 2,1 -> server stops -> 2,0 -> exit
 *
 * A shutdown request between two steps goes on with the stops registered so far.
 * Lacks: a block chain. Parsing is in child-options.ts, writing in writer.ts.
 * May import: host, ../framing, its own folder.
 */
import { formatEndpoint } from '../../host/address.ts';
import { utf8 } from '../../host/bytes.ts';
import type { Daemon, Host, Listener, LogFields, Severity } from '../../host/host.ts';
import type { Duration } from '../../host/time.ts';
import { micros } from '../../host/time.ts';
import type { ChildOptions } from './child-options.ts';
import { childOptions } from './child-options.ts';
import type { Subsystem } from './event-ids.ts';
import { idOf, subsystemOf } from './event-ids.ts';
import type { Opened } from './listeners.ts';
import { openListeners } from './listeners.ts';
import { UsageError } from './options.ts';
import type { Outgoing } from './outgoing.ts';
import { outgoing, outgoingEvent } from './outgoing.ts';
import { QUIRK } from './quirks.ts';
import type { Routine, Wait } from './routine.ts';
import { runRoutine } from './routine.ts';
import type { AddressType } from './wire.ts';
import { COMPLETE, P2P_ADDRESS, RPC_ADDRESS, STARTING, STOPPING } from './wire.ts';
import type { Notifier } from './writer.ts';
import { DRAIN, NOBODY, PipeWriter } from './writer.ts';

export const EXIT_CLEAN = 0;
export const EXIT_FAILURE = 1;
export const EXIT_USAGE = 2;

/** DC-04: how long it takes until the listener of shutdown requests waits for one. */
const LISTENER_DELAY_MAX = 200;
/** DC-14: how long it takes until reading a bad descriptor has failed. Both in microseconds. */
const READ_FAILURE_DELAY_MAX = 500;

export const lifetimeChild: Daemon = host => {
  const options = childOptions(host.process.args, host.storage);
  if (options instanceof UsageError) {
    host.log('error', 'usage', { text: options.text });
    return host.process.exit(EXIT_USAGE);
  }
  new Child(host, options).start();
};

class Child {
  readonly #host: Host;
  readonly #options: ChildOptions;
  #notifier: Notifier = DRAIN;
  #listening: boolean;
  #shutdownRequested = false;
  /** Set while main waits in RUN. */
  #wake: (() => void) | undefined;
  #listeners: Listener[] = [];

  constructor(host: Host, options: ChildOptions) {
    this.#host = host;
    this.#options = options;
    this.#listening = !options.quirks.has(QUIRK.LOSE_REQUEST);
  }

  start(): void {
    this.#catchSignals();
    if (!this.#listening) {
      const delay = micros(this.#host.random.below(LISTENER_DELAY_MAX));
      this.#host.clock.setTimer(delay, () => {
        this.#listening = true;
      });
    }
    if (this.#options.ipcOnly) this.#notifier = this.#options.quirks.has(QUIRK.NOTIFY_WITHOUT_WRITER) ? NOBODY : DRAIN;
    else this.#openPipes();
    runRoutine(this.#main());
  }

  // ── the pipes ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #catchSignals(): void {
    const { signals } = this.#host;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) signals.handle(signal, () => this.#shutDown(signal));
    // A parent of ours ignores SIGPIPE, and that is inherited. DC-12: as written, EPIPE on a standard descriptor kills.
    signals.handle('SIGPIPE', this.#mixesLog() ? 'default' : 'ignore');
  }

  #mixesLog(): boolean {
    const { pipetx, quirks } = this.#options;
    return quirks.has(QUIRK.STANDARD_DESCRIPTORS) && (pipetx === 1 || pipetx === 2);
  }

  #openPipes(): void {
    const { pipetx, piperx, quirks } = this.#options;
    if (pipetx !== undefined) {
      const writer = new PipeWriter(this.#host, quirks);
      const opened = writer.open(pipetx);
      if (!opened.ok) this.#badDescriptor('pipetx', pipetx, opened.error.code);
      this.#notifier = writer;
    }
    if (piperx !== undefined) this.#openControl(piperx);
  }

  /** C4: data is discarded; end of file, and any error, is a shutdown request. */
  #openControl(piperx: number): void {
    const control = this.#host.descriptors.attach(piperx, 'read', {
      data: () => {},
      end: () => this.#requestShutdown('control-eof'),
      close: error => {
        if (error === undefined) return;
        this.#log('error', 'control-failed', { error: error.code });
        this.#requestShutdown('control-failed');
      },
    });
    if (control.ok) return;
    this.#badDescriptor('piperx', piperx, control.error.code);
    // DC-14 goes on here: reading fails in another thread, somewhat later.
    const delay = micros(this.#host.random.below(READ_FAILURE_DELAY_MAX));
    this.#host.clock.setTimer(delay, () => this.#requestShutdown('control-failed'));
  }

  /** DC-14. Somebody who names a descriptor wants it: without it this daemon would be unsupervised, or supervised blindly. */
  #badDescriptor(option: string, descriptor: number, error: string): void {
    this.#log('error', 'bad-descriptor', { option, descriptor, error });
    if (!this.#options.quirks.has(QUIRK.BAD_DESCRIPTORS)) this.#host.process.exit(EXIT_USAGE);
  }

  #requestShutdown(reason: string): void {
    if (this.#listening) this.#shutDown(reason);
    // DC-04: the one attempt was made, and nobody was waiting.
    else this.#log('debug', 'request-lost', { reason });
  }

  #shutDown(reason: string): void {
    if (this.#shutdownRequested) return;
    this.#shutdownRequested = true;
    this.#log('info', 'shutdown-requested', { reason });
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #log(severity: Severity, event: string, fields: LogFields = {}): void {
    this.#host.log(severity, event, fields);
    // DC-12: standard output is where the log goes.
    if (this.#mixesLog()) this.#notifier.interleave(utf8(`[${severity}] LIFE: ${event}\n`));
  }

  // ── main ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  *#main(): Routine<void> {
    yield this.#event(STARTING, 'database');
    yield this.#step();
    if (!this.#openDatabase()) return yield* this.#exit(EXIT_FAILURE);
    let status = yield* this.#serve();
    yield this.#event(STOPPING, 'database');
    yield this.#step();
    if (!this.#closeDatabase()) status = EXIT_FAILURE;
    yield* this.#exit(status);
  }

  /** What happens while the database is open. Returns the exit status. */
  *#serve(): Routine<number> {
    if (this.#shutdownRequested) return EXIT_CLEAN;
    const ticketDatabase = idOf(this.#options.ids, 'ticket-database') !== undefined;
    if (ticketDatabase) {
      yield this.#event(STARTING, 'ticket-database');
      yield this.#step();
    }
    const status = this.#shutdownRequested ? EXIT_CLEAN : yield* this.#runServer();
    if (ticketDatabase) {
      yield this.#event(STOPPING, 'ticket-database');
      yield this.#step();
    }
    return status;
  }

  *#runServer(): Routine<number> {
    yield this.#event(STARTING, 'p2p-server');
    const failed = yield* this.#createServer();
    if (failed !== undefined) {
      this.#closeListeners();
      return failed;
    }
    yield this.#event(COMPLETE, 'database');
    this.#log('info', 'running');
    yield* this.#sendExtras();
    if (!this.#shutdownRequested) yield this.#shutdown();
    // DC-03: the text says "about to stop"; as written it has stopped.
    const late = this.#options.quirks.has(QUIRK.STOP_SERVER_LATE);
    if (!late) yield this.#event(STOPPING, 'p2p-server');
    this.#closeListeners();
    yield this.#step();
    this.#log('info', 'server-stopped');
    if (late) yield this.#event(STOPPING, 'p2p-server');
    return EXIT_CLEAN;
  }

  /** Returns the exit status when start-up ends here. */
  *#createServer(): Routine<number | undefined> {
    const { p2pListeners, rpcListeners, quirks } = this.#options;
    const interrupted = quirks.has(QUIRK.START_UP_STATUS) ? EXIT_FAILURE : EXIT_CLEAN;
    yield this.#step();
    const p2p = yield* openListeners(this.#host.network, p2pListeners);
    if (!this.#accept(p2p)) return EXIT_FAILURE;
    yield* this.#announce(P2P_ADDRESS, p2p);
    yield this.#step();
    if (this.#shutdownRequested) return interrupted;
    const rpc = yield* openListeners(this.#host.network, rpcListeners);
    if (!this.#accept(rpc)) return EXIT_FAILURE;
    yield* this.#announce(RPC_ADDRESS, rpc);
    yield this.#step();
    return this.#shutdownRequested ? interrupted : undefined;
  }

  /** DC-29: as written it is enough that one of several listeners is bound. */
  #accept({ listeners, failures }: Opened): boolean {
    this.#listeners.push(...listeners);
    for (const { at, error } of failures) this.#log('warning', 'listen-failed', { at: formatEndpoint(at), error: error.code });
    return failures.length === 0 || (listeners.length > 0 && this.#options.quirks.has(QUIRK.LISTENER_MAY_FAIL));
  }

  *#announce(type: AddressType, { listeners }: Opened): Routine<void> {
    if (!this.#options.addressEvents) return;
    for (const { local } of listeners) if (local.transport === 'tcp') yield this.#notify(outgoing(type, utf8(formatEndpoint(local))));
  }

  *#sendExtras(): Routine<void> {
    const { extraEvents, extraMessages, repeat, lifetimeEvents } = this.#options;
    for (let round = 0; round < repeat && !this.#shutdownRequested; round++) {
      if (lifetimeEvents) for (const [event, id] of extraEvents) yield this.#rawEvent(event, id);
      for (const message of extraMessages) yield this.#notify(message);
    }
  }

  // ── what main waits for ───────────────────────────────────────────────────────────────────────────────────────────

  #event(event: number, subsystem: Subsystem): Wait {
    return this.#rawEvent(event, idOf(this.#options.ids, subsystem) ?? 0);
  }

  #rawEvent(event: number, id: number): Wait {
    if (!this.#options.lifetimeEvents) return AT_ONCE;
    // DC-28: as written nobody looks at the ids.
    const defined = event <= STOPPING && subsystemOf(this.#options.ids, id) !== undefined;
    if (defined || this.#options.quirks.has(QUIRK.UNDEFINED_IDS)) return this.#notify(outgoingEvent(event, id));
    this.#log('error', 'message-refused', { event, id, reason: `not defined in the ${this.#options.ids}` });
    return AT_ONCE;
  }

  #notify(message: Outgoing): Wait {
    return resume => this.#notifier.notify(message, resume);
  }

  /** The time one step of a start or a stop takes. Requests that come meanwhile are seen after it. */
  #step(delay: Duration = this.#options.stepDelay): Wait {
    return resume => {
      this.#host.clock.setTimer(delay, resume);
    };
  }

  #shutdown(): Wait {
    return resume => {
      this.#wake = resume;
    };
  }

  *#exit(status: number): Routine<void> {
    yield resume => this.#notifier.flush(resume);
    this.#host.process.exit(status);
  }

  // ── what it does ──────────────────────────────────────────────────────────────────────────────────────────────────

  #openDatabase(): boolean {
    const { database } = this.#options;
    if (database === undefined) return true;
    const { storage } = this.#host;
    const directory = storage.makeDirectory(database);
    const opened =
      directory.ok || directory.error.code === 'EEXIST' ? storage.append(`${database}/${DATABASE_FILE}`, utf8('open\n')) : directory;
    if (!opened.ok) this.#log('error', 'database-open-failed', { path: database, error: opened.error.code });
    return opened.ok;
  }

  #closeDatabase(): boolean {
    const { database } = this.#options;
    if (database === undefined) return true;
    const closed = this.#host.storage.sync(`${database}/${DATABASE_FILE}`);
    if (!closed.ok) this.#log('error', 'database-close-failed', { path: database, error: closed.error.code });
    return closed.ok;
  }

  #closeListeners(): void {
    for (const listener of this.#listeners) listener.close();
    this.#listeners = [];
  }
}

const AT_ONCE: Wait = resume => resume();
const DATABASE_FILE = 'blocks';
