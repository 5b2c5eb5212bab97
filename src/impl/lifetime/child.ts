/**
 * The child: a daemon that opens a database, starts a server, tells its parent so, and stops when its parent does.
 * Its main is the routine below, in the order of README.md, C5:
 *
 *     pipes up -> 0,0 -> database -> 0,1 -> listeners, addresses -> 1,0 -> RUN -> 2,1 -> server stops -> 2,0 -> exit
 *
 * A shutdown request between two steps goes on with the stops registered so far.
 * Lacks: a block chain. Parsing is in child-options.ts, writing in writer.ts.
 */
import { formatEndpoint } from '../../host/address.ts';
import { utf8 } from '../../host/bytes.ts';
import type { Host, Listener, LogFields, Random, Severity } from '../../host/host.ts';
import type { Duration } from '../../host/time.ts';
import { EXIT_CLEAN, EXIT_FAILURE, EXIT_USAGE } from '../command-line/exit.ts';
import type { ChildOptions } from './child-options.ts';
import { type EventTable, idOf, type Subsystem, subsystemOf } from './event-ids.ts';
import { type Opened, openListeners } from './listeners.ts';
import { type Outgoing, outgoing, outgoingEvent } from './outgoing.ts';
import { type Routine, runRoutine, type Wait } from './routine.ts';
import { type AddressType, COMPLETE, P2P_ADDRESS, RPC_ADDRESS, STARTING, STOPPING } from './wire.ts';
import { CORRECTED_WRITER, DRAIN, type Notifier, PipeWriter, type WriterRules } from './writer.ts';

export interface ChildRules extends WriterRules {
  /** Which descriptor a number is that was given; undefined for none. */
  readonly descriptor: (number: number) => number | undefined;
  /** How long requests to stop are lost; undefined: not at all. */
  readonly deafFor: (random: Random) => Duration | undefined;
  /** Who takes events when main starts neither writer nor drain. */
  readonly withoutWriter: Notifier;
  /** Whether the log goes where that event pipe goes, and a reader that is gone means death. */
  readonly sharesLog: (pipetx: number | undefined) => boolean;
  readonly badDescriptor: (child: Child, option: PipeOption) => void;
  /** The order of 2,1 and what it announces. */
  readonly stopsServer: (announce: Wait, stop: Routine<void>) => Routine<void>;
  /** The exit status of a stop that was asked for while the server was created. */
  readonly interruptedStatus: number;
  /** Whether enough listeners are bound. */
  readonly listensEnough: (opened: Opened) => boolean;
  readonly sends: (event: number, id: number, ids: EventTable) => boolean;
}

export const CORRECTED_CHILD: ChildRules = {
  ...CORRECTED_WRITER,
  descriptor: number => number, // DC-13: 0 is a descriptor; the option left out means that the pipe is off
  deafFor: () => undefined, // DC-04: a request is remembered
  withoutWriter: DRAIN, // DC-05: events are optional
  sharesLog: () => false, // DC-12: standard descriptors are like others
  // DC-14: who names a descriptor wants it; without it this daemon would be unsupervised, or supervised blindly
  badDescriptor: child => child.host.process.exit(EXIT_USAGE),
  *stopsServer(announce, stop) {
    yield announce; // DC-03: the text says "about to stop"
    yield* stop;
  },
  interruptedStatus: EXIT_CLEAN, // DC-23: a stop that was asked for is no failure
  listensEnough: ({ failures }) => failures.length === 0, // DC-29: after 1,0 every listener asked for is bound
  sends: (event, id, ids) => event <= STOPPING && subsystemOf(ids, id) !== undefined, // DC-28: only ids that the table defines
};

type PipeOption = 'pipetx' | 'piperx';
type StopReason = 'SIGINT' | 'SIGTERM' | 'control-eof' | 'control-failed';

export class Child {
  readonly host: Host;
  readonly #options: ChildOptions<ChildRules>;
  readonly #sharesLog: boolean;
  #notifier: Notifier = DRAIN;
  #listening = true;
  #shutdownRequested = false;
  /** Set while main waits in RUN. */
  #wake: (() => void) | undefined;
  #listeners: Listener[] = [];

  constructor(host: Host, options: ChildOptions<ChildRules>) {
    this.host = host;
    this.#options = options;
    this.#sharesLog = options.rules.sharesLog(options.pipetx);
  }

  start(): void {
    const { rules, ipcOnly } = this.#options;
    this.#catchSignals();
    const deafFor = rules.deafFor(this.host.random);
    if (deafFor !== undefined) {
      this.#listening = false;
      this.host.clock.setTimer(deafFor, () => {
        this.#listening = true;
      });
    }
    if (ipcOnly) this.#notifier = rules.withoutWriter;
    else this.#openPipes();
    runRoutine(this.#main());
  }

  // ── the pipes ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #catchSignals(): void {
    const { signals } = this.host;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) signals.handle(signal, () => this.#shutDown(signal));
    // A parent of ours ignores SIGPIPE, and that is inherited.
    signals.handle('SIGPIPE', this.#sharesLog ? 'default' : 'ignore');
  }

  #openPipes(): void {
    const { pipetx, piperx, rules } = this.#options;
    if (pipetx !== undefined) {
      const writer = new PipeWriter(this.host, rules);
      const opened = writer.open(pipetx);
      if (!opened.ok) this.#badDescriptor('pipetx', pipetx, opened.error.code);
      this.#notifier = writer;
    }
    if (piperx !== undefined) this.#openControl(piperx);
  }

  /** C4: data is discarded; end of file, and any error, is a shutdown request. */
  #openControl(piperx: number): void {
    const control = this.host.descriptors.attach(piperx, 'read', {
      data: () => {},
      end: () => this.requestShutdown('control-eof'),
      close: error => {
        if (error === undefined) return;
        this.#log('error', 'control-failed', { error: error.code });
        this.requestShutdown('control-failed');
      },
    });
    if (!control.ok) this.#badDescriptor('piperx', piperx, control.error.code);
  }

  #badDescriptor(option: PipeOption, descriptor: number, error: string): void {
    this.#log('error', 'bad-descriptor', { option, descriptor, error });
    this.#options.rules.badDescriptor(this, option);
  }

  requestShutdown(reason: StopReason): void {
    if (this.#listening) this.#shutDown(reason);
    // The one attempt was made, and nobody was waiting (DC-04).
    else this.#log('debug', 'request-lost', { reason });
  }

  #shutDown(reason: StopReason): void {
    if (this.#shutdownRequested) return;
    this.#shutdownRequested = true;
    this.#log('info', 'shutdown-requested', { reason });
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #log(severity: Severity, event: string, fields: LogFields = {}): void {
    this.host.log(severity, event, fields);
    if (this.#sharesLog) this.#notifier.interleave(utf8(`[${severity}] LIFE: ${event}\n`));
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
    yield* this.#options.rules.stopsServer(this.#event(STOPPING, 'p2p-server'), this.#stopServer());
    return EXIT_CLEAN;
  }

  *#stopServer(): Routine<void> {
    this.#closeListeners();
    yield this.#step();
    this.#log('info', 'server-stopped');
  }

  /** Returns the exit status when start-up ends here. */
  *#createServer(): Routine<number | undefined> {
    const { p2pListeners, rpcListeners, rules } = this.#options;
    yield this.#step();
    const p2p = yield* openListeners(this.host.network, p2pListeners);
    if (!this.#accept(p2p)) return EXIT_FAILURE;
    yield* this.#announce(P2P_ADDRESS, p2p);
    yield this.#step();
    if (this.#shutdownRequested) return rules.interruptedStatus;
    const rpc = yield* openListeners(this.host.network, rpcListeners);
    if (!this.#accept(rpc)) return EXIT_FAILURE;
    yield* this.#announce(RPC_ADDRESS, rpc);
    yield this.#step();
    return this.#shutdownRequested ? rules.interruptedStatus : undefined;
  }

  #accept(opened: Opened): boolean {
    this.#listeners.push(...opened.listeners);
    for (const { at, error } of opened.failures) this.#log('warning', 'listen-failed', { at: formatEndpoint(at), error: error.code });
    return this.#options.rules.listensEnough(opened);
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
    const { lifetimeEvents, ids, rules } = this.#options;
    if (!lifetimeEvents) return AT_ONCE;
    if (rules.sends(event, id, ids)) return this.#notify(outgoingEvent(event, id));
    this.#log('error', 'message-refused', { kind: event, id, reason: `not defined in the ${ids}` });
    return AT_ONCE;
  }

  #notify(message: Outgoing): Wait {
    return resume => this.#notifier.notify(message, resume);
  }

  /** The time one step of a start or a stop takes. Requests that come meanwhile are seen after it. */
  #step(delay: Duration = this.#options.stepDelay): Wait {
    return resume => {
      this.host.clock.setTimer(delay, resume);
    };
  }

  #shutdown(): Wait {
    return resume => {
      this.#wake = resume;
    };
  }

  *#exit(status: number): Routine<void> {
    yield resume => this.#notifier.flush(resume);
    this.host.process.exit(status);
  }

  // ── what it does ──────────────────────────────────────────────────────────────────────────────────────────────────

  #openDatabase(): boolean {
    const { database } = this.#options;
    if (database === undefined) return true;
    const { storage } = this.host;
    const directory = storage.makeDirectory(database);
    const opened =
      directory.ok || directory.error.code === 'EEXIST' ? storage.append(`${database}/${DATABASE_FILE}`, utf8('open\n')) : directory;
    if (!opened.ok) this.#log('error', 'database-open-failed', { path: database, error: opened.error.code });
    return opened.ok;
  }

  #closeDatabase(): boolean {
    const { database } = this.#options;
    if (database === undefined) return true;
    const closed = this.host.storage.sync(`${database}/${DATABASE_FILE}`);
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
