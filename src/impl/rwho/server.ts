/**
 * The daemon: tells others of this machine, and keeps what others tell. Spec: README.md.
 * Lacks: changing the user, detaching from a terminal.
 */
import type { DatagramAddress, DatagramHandler, DatagramSocket, Host, Random, Timer } from '../../host/host.ts';
import type { Result } from '../../host/result.ts';
import type { Duration } from '../../host/time.ts';
import { micros, seconds, since } from '../../host/time.ts';
import { EXIT_FAILURE } from '../command-line/exit.ts';
import { CORRECTED_COMPLAINTS, type ComplaintRules, Complaints } from './complaints.ts';
import { nameFault } from './name.ts';
import { CORRECTED_NEIGHBOURS, type NeighbourRules, Neighbours, WHO_GROUP } from './neighbours.ts';
import type { RwhodOptions } from './options.ts';
import { CORRECTED_RECEIVER, Receiver, type ReceiverRules } from './receiver.ts';
import { CORRECTED_SPOOL, Spool, type SpoolRules } from './spool.ts';
import { CORRECTED_REPORT, ownReport, type ReportRules } from './status.ts';
import { secondsOf } from './time.ts';
import { hostNameOf } from './wire.ts';

/** The interval is shorter by up to this part of it (RW-51): ten seconds of three minutes. */
const JITTER_PART = 18;
/** Whoever hears a newcomer reports within this part of the interval (RW-52), but not in the second of another report. */
const GREETING_PART = 18;
const GREETING_LEAST: Duration = seconds(1);
/** A wall clock that differs by more from what the monotonic one says has been set. */
const STEP: Duration = seconds(2);

/** All that rwhod decides where the published sources decide otherwise (as-written.ts). */
export interface Rules extends ReceiverRules, SpoolRules, NeighbourRules, ReportRules, ComplaintRules {
  /** Where the daemon is bound instead, when it could not be bound there. */
  readonly otherwise: (at: DatagramAddress) => DatagramAddress | undefined;
  /** Begins to report. */
  readonly begins: (server: Server) => void;
  /** The time from one report to the next. */
  readonly nextInterval: (interval: Duration, random: Random) => Duration;
  /** What SIGHUP does. */
  readonly hungUp: (server: Server) => void;
  /** Whether a newcomer is told of this machine soon, or in the next interval. */
  readonly newcomer: 'greeted' | 'left to wait';
}

export const CORRECTED: Rules = {
  ...CORRECTED_RECEIVER,
  ...CORRECTED_SPOOL,
  ...CORRECTED_NEIGHBOURS,
  ...CORRECTED_REPORT,
  ...CORRECTED_COMPLAINTS,
  otherwise: () => undefined, // RW-13: a daemon that is not bound says so and ends
  begins: server => server.inIntervals(), // RW-20, RW-22, RW-23: by a timer of this process, set before anything is read
  // RW-51: machines that are started together do not report together for ever
  nextInterval: (interval, random) => micros(interval - partOf(interval, JITTER_PART, random)),
  hungUp: server => server.neighbours.refresh(), // RW-50: SIGHUP looks at the interfaces again
  newcomer: 'greeted', // RW-52: a newcomer knows nobody
};

/** Some of that part of the interval. */
const partOf = (interval: Duration, divisor: number, random: Random): Duration =>
  micros(random.below(Math.max(1, Math.floor(interval / divisor))));

export class Server implements DatagramHandler {
  readonly host: Host;
  readonly options: RwhodOptions<Rules>;
  readonly neighbours: Neighbours;
  /** Runs while reports are made by it. */
  interval: Timer | undefined;
  /** Stops the processes that are to end with this one. */
  stopOthers: () => void = () => {};
  readonly #spool: Spool;
  readonly #complaints: Complaints;
  readonly #receiver: Receiver;
  #socket: DatagramSocket | undefined;
  #bound: DatagramAddress;
  /** The second of the last own report: another one in the same second would be the same to everybody. */
  #reported: number | undefined;
  /** Wall clock less monotonic clock. */
  #offset: Duration;
  #greeting = false;

  constructor(host: Host, options: RwhodOptions<Rules>) {
    this.host = host;
    this.options = options;
    this.#bound = options;
    this.neighbours = new Neighbours(host, options);
    this.#spool = new Spool(host, options);
    this.#complaints = new Complaints(host, options.rules);
    const send = (report: Uint8Array, to: DatagramAddress): void => this.#socket?.send(report, to);
    this.#receiver = new Receiver(host, options, this.neighbours, this.#spool, this.#complaints, send);
    this.#offset = this.#clockOffset();
  }

  start(): void {
    const { spool } = this.options;
    const loaded = this.#spool.load();
    if (!loaded.ok) this.#fail('spool-unreadable', { spool, error: loaded.error.code });
    this.#handleSignals();
    const { address, port } = this.options;
    this.#bind({ address, port });
  }

  #handleSignals(): void {
    const { signals, process, log } = this.host;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      signals.handle(signal, () => {
        log('info', 'stopped', { signal });
        this.stopOthers();
        process.exit(0);
      });
    }
    signals.handle('SIGHUP', () => this.options.rules.hungUp(this));
    signals.handle('SIGPIPE', 'ignore');
  }

  #bind(at: DatagramAddress): void {
    const { ways } = this.options;
    const groups = ways.multicast ? [WHO_GROUP] : [];
    this.#bound = at;
    this.host.network.bind(at, { broadcast: true, groups }, this);
  }

  opened(result: Result<DatagramSocket>): void {
    const { address, port } = this.#bound;
    const otherwise = result.ok ? undefined : this.options.rules.otherwise(this.#bound);
    if (otherwise !== undefined) {
      this.#bind(otherwise);
      return;
    }
    if (!result.ok) this.#fail('not-bound', { address: `${address}:${port}`, error: result.error.code });
    this.#socket = result.value;
    this.options.rules.begins(this);
  }

  #fail(event: string, fields: Readonly<Record<string, string>>): never {
    this.host.log('critical', event, fields);
    return this.host.process.exit(EXIT_FAILURE);
  }

  // ── hearing ───────────────────────────────────────────────────────────────────────────────────────────────────────

  message(bytes: Uint8Array, from: DatagramAddress): void {
    this.#watchClock();
    const taken = this.#receiver.take(bytes, from);
    if (taken === 'newcomer' && this.options.rules.newcomer === 'greeted') this.#greet();
  }

  /** A newcomer knows nobody: one more report, soon, but not with everybody else, and once in an interval. */
  #greet(): void {
    if (this.#greeting) return;
    this.#greeting = true;
    const part = partOf(this.options.interval, GREETING_PART, this.host.random);
    this.host.clock.setTimer(micros(GREETING_LEAST + part), () => this.report());
  }

  /** Records are stamped by the wall clock, because readers have no other; when it is set, they are stamped anew. */
  #watchClock(): void {
    const offset = this.#clockOffset();
    const moved = micros(offset - this.#offset);
    if (Math.abs(moved) < STEP) return;
    this.#offset = offset;
    if (!this.options.rules.restamps) return;
    const bySeconds = Math.round(moved / seconds(1));
    const failed = this.#spool.restamp(bySeconds);
    this.host.log('info', 'clock-set', { seconds: bySeconds, records: this.#spool.size, failed });
  }

  #clockOffset(): Duration {
    return since(this.host.clock.monotonic(), this.host.clock.wall());
  }

  // ── telling ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Reports at once, and then in every interval. */
  inIntervals(): void {
    const { interval, rules } = this.options;
    this.interval = this.host.clock.setTimer(rules.nextInterval(interval, this.host.random), () => this.inIntervals());
    this.renew();
    this.report();
  }

  /** An interval is over. */
  renew(): void {
    this.#watchClock();
    this.neighbours.refresh();
    this.#complaints.renew();
    this.#receiver.renew();
    this.#greeting = false;
  }

  report(): void {
    // Before the own record is stamped by it: what is stamped later must not be moved with the rest.
    this.#watchClock();
    const second = secondsOf(this.host.clock.wall());
    if (second === this.#reported) return;
    this.#reported = second;
    const report = ownReport(this.host, this.options.rules);
    if (report !== undefined) this.send(report);
  }

  /** Sends the own report. */
  send(report: Uint8Array): void {
    const fault = nameFault(hostNameOf(report));
    if (fault !== undefined) {
      this.#complaints.say('own-name-unusable', { why: fault });
      return;
    }
    this.#receiver.keepOwn(report);
    const { ways } = this.neighbours;
    if (ways.length === 0) this.#complaints.say('no-way-out', {});
    for (const to of ways) {
      this.#socket?.send(report, to, result => {
        if (!result.ok) this.#complaints.say('not-sent', { to: `${to.address}:${to.port}`, error: result.error.code });
      });
    }
  }
}
