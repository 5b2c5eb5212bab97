/**
 * rwhod: tells others of this machine, and keeps what others tell. Spec: README.md.
 * Lacks: changing the user, detaching from a terminal.
 * May import: host, its own folder.
 */
import { concat } from '../../host/bytes.ts';
import type { Daemon, DatagramAddress, DatagramHandler, DatagramSocket, Host, Pid, Timer } from '../../host/host.ts';
import type { Result } from '../../host/result.ts';
import type { Duration } from '../../host/time.ts';
import { micros, seconds, since } from '../../host/time.ts';
import { Complaints } from './complaints.ts';
import { nameFault } from './name.ts';
import { Neighbours, WHO_GROUP } from './neighbours.ts';
import type { RwhodOptions } from './options.ts';
import { parseOptions } from './options.ts';
import { QUIRK } from './quirks.ts';
import { Receiver } from './receiver.ts';
import { LENGTH_BYTES, REPORTS, sendOnly, unframed } from './sender.ts';
import { Spool } from './spool.ts';
import { ownReport } from './status.ts';
import { secondsOf } from './time.ts';
import { hostNameOf } from './wire.ts';

export const EXIT_USAGE = 2;
const EXIT_FAILED = 1;
/** The interval is shorter by up to this part of it (RW-51): ten seconds of three minutes. */
const JITTER_PART = 18;
/** Whoever hears a newcomer reports within this part of the interval (RW-52), but not in the second of another report. */
const GREETING_PART = 18;
const GREETING_LEAST: Duration = seconds(1);
/** A wall clock that differs by more from what the monotonic one says has been set. */
const STEP: Duration = seconds(2);

export const rwhod: Daemon = host => {
  const options = parseOptions(host.process.args);
  if ('problem' in options) {
    host.log('critical', 'usage', { problem: options.problem });
    return host.process.exit(EXIT_USAGE);
  }
  if (options.senderOnly) sendOnly(host, options);
  else new Rwhod(host, options).start();
};

class Rwhod implements DatagramHandler {
  readonly #host: Host;
  readonly #options: RwhodOptions;
  readonly #neighbours: Neighbours;
  readonly #spool: Spool;
  readonly #complaints: Complaints;
  readonly #receiver: Receiver;
  #socket: DatagramSocket | undefined;
  #bound: DatagramAddress;
  #interval: Timer | undefined;
  /** The second of the last own report: another one in the same second would be the same to everybody. */
  #told: number | undefined;
  #sender: Pid | undefined;
  /** Wall clock less monotonic clock. */
  #offset: Duration;
  #greeting = false;

  constructor(host: Host, options: RwhodOptions) {
    const { quirks } = options;
    this.#host = host;
    this.#options = options;
    this.#bound = options;
    this.#neighbours = new Neighbours(host, options);
    this.#spool = new Spool(host, options);
    this.#complaints = new Complaints(host, quirks.has(QUIRK.LOG_EVERYTHING));
    this.#receiver = new Receiver(host, options, this.#neighbours, this.#spool, this.#complaints);
    this.#offset = this.#clockOffset();
  }

  start(): void {
    const { spool } = this.#options;
    const loaded = this.#spool.load();
    if (!loaded.ok) this.#fail('spool-unreadable', { spool, error: loaded.error.code });
    this.#handleSignals();
    const { address, port } = this.#options;
    this.#bind({ address, port });
  }

  #handleSignals(): void {
    const { signals, process, log } = this.#host;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      signals.handle(signal, () => {
        log('info', 'stopped', { signal });
        if (this.#sender !== undefined) process.kill(this.#sender, 'SIGTERM');
        process.exit(0);
      });
    }
    signals.handle('SIGHUP', () => {
      this.#neighbours.refresh();
      if (!this.#options.quirks.has(QUIRK.HUP_SENDS) || this.#interval === undefined) return;
      this.#interval.cancel();
      this.#inIntervals();
    });
    signals.handle('SIGPIPE', 'ignore');
  }

  #bind(at: DatagramAddress): void {
    const { ways } = this.#options;
    const groups = ways.multicast ? [WHO_GROUP] : [];
    this.#bound = at;
    this.#host.network.bind(at, { broadcast: true, groups }, this);
  }

  opened(result: Result<DatagramSocket>): void {
    const { address, port } = this.#bound;
    if (!result.ok && this.#options.quirks.has(QUIRK.IGNORE_BIND) && port !== 0) {
      // An unbound socket gets a port of its own with the first datagram it sends.
      this.#bind({ address: '0.0.0.0', port: 0 });
      return;
    }
    if (!result.ok) this.#fail('not-bound', { address: `${address}:${port}`, error: result.error.code });
    this.#socket = result.value;
    this.#begin();
  }

  #fail(event: string, fields: Readonly<Record<string, string>>): never {
    this.#host.log('critical', event, fields);
    return this.#host.process.exit(EXIT_FAILED);
  }

  // ── hearing ───────────────────────────────────────────────────────────────────────────────────────────────────────

  message(bytes: Uint8Array, from: DatagramAddress): void {
    this.#watchClock();
    const taken = this.#receiver.take(bytes, from);
    if (taken === undefined) return;
    for (const to of taken.passOn) this.#socket?.send(bytes, to);
    if (taken.newcomer && !this.#options.quirks.has(QUIRK.BLIND_START)) this.#greet();
  }

  /** A newcomer knows nobody: one more report, soon, but not with everybody else, and once in an interval. */
  #greet(): void {
    if (this.#greeting) return;
    this.#greeting = true;
    this.#host.clock.setTimer(micros(GREETING_LEAST + this.#part(GREETING_PART)), () => this.#report());
  }

  /** Records are stamped by the wall clock, because readers have no other; when it is set, they are stamped anew. */
  #watchClock(): void {
    const offset = this.#clockOffset();
    const moved = micros(offset - this.#offset);
    if (Math.abs(moved) < STEP) return;
    this.#offset = offset;
    if (this.#options.quirks.has(QUIRK.TRUST_WALL_CLOCK)) return;
    const bySeconds = Math.round(moved / seconds(1));
    const failed = this.#spool.restamp(bySeconds);
    this.#host.log('info', 'clock-set', { seconds: bySeconds, records: this.#spool.size, failed });
  }

  #clockOffset(): Duration {
    return since(this.#host.clock.monotonic(), this.#host.clock.wall());
  }

  // ── telling ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #begin(): void {
    const { quirks } = this.#options;
    if (quirks.has(QUIRK.SPLIT_IN_TWO)) this.#hireSender();
    else if (quirks.has(QUIRK.ALARM_ONCE) || quirks.has(QUIRK.FORGET_ALARM)) this.#byAlarm();
    else this.#inIntervals();
  }

  /** At once, and then in every interval. */
  #inIntervals(): void {
    this.#interval = this.#host.clock.setTimer(this.#nextInterval(), () => this.#inIntervals());
    this.#renew();
    this.#report();
  }

  #renew(): void {
    this.#watchClock();
    this.#neighbours.refresh();
    this.#complaints.renew();
    this.#receiver.renew();
    this.#greeting = false;
  }

  #report(): void {
    // Before the own record is stamped by it: what is stamped later must not be moved with the rest.
    this.#watchClock();
    const second = secondsOf(this.#host.clock.wall());
    if (second === this.#told) return;
    this.#told = second;
    const report = ownReport(this.#host, this.#options.quirks);
    if (report !== undefined) this.#send(report);
  }

  #send(report: Uint8Array): void {
    const fault = nameFault(hostNameOf(report));
    if (fault !== undefined) {
      this.#complaints.say('own-name-unusable', { why: fault });
      return;
    }
    this.#receiver.keepOwn(report);
    const { ways } = this.#neighbours;
    if (ways.length === 0) this.#complaints.say('no-way-out', {});
    for (const to of ways) {
      this.#socket?.send(report, to, result => {
        if (!result.ok) this.#complaints.say('not-sent', { to: `${to.address}:${to.port}`, error: result.error.code });
      });
    }
  }

  #nextInterval(): Duration {
    const { interval, quirks } = this.#options;
    return quirks.has(QUIRK.NO_JITTER) ? interval : micros(interval - this.#part(JITTER_PART));
  }

  /** Some of that part of the interval. */
  #part(divisor: number): Duration {
    return micros(this.#host.random.below(Math.max(1, Math.floor(this.#options.interval / divisor))));
  }

  /** As the seed is driven: by SIGALRM (RW-20, RW-22). */
  #byAlarm(): void {
    const { signals, system } = this.#host;
    const { interval, quirks } = this.#options;
    const onAlarm = (): void => {
      if (quirks.has(QUIRK.FORGET_ALARM) && !system.logins().ok) return;
      if (quirks.has(QUIRK.ALARM_ONCE)) signals.handle('SIGALRM', 'default');
      this.#renew();
      this.#report();
      signals.alarm(interval);
    };
    signals.handle('SIGALRM', onAlarm);
    onAlarm();
    if (quirks.has(QUIRK.ALARM_ONCE)) signals.handle('SIGALRM', onAlarm);
  }

  /** Another process makes the reports, and nobody looks whether it lives (RW-23). */
  #hireSender(): void {
    const { descriptors, process } = this.#host;
    const pipe = descriptors.pipe();
    if (!pipe.ok) return;
    let held: Uint8Array = new Uint8Array(0);
    const data = (bytes: Uint8Array): void => {
      held = concat([held, bytes]);
      for (let report = unframed(held); report !== undefined; report = unframed(held)) {
        held = held.subarray(LENGTH_BYTES + report.length);
        this.#renew();
        this.#send(report);
      }
    };
    const spawned = process.spawn('rwhod', [...process.args, '--sender-only'], { descriptors: { [REPORTS]: pipe.value.write } });
    if (spawned.ok) this.#sender = spawned.value;
    descriptors.close(pipe.value.write);
    descriptors.attach(pipe.value.read, 'read', { data });
  }
}
