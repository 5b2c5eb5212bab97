/**
 * The parent: starts a child with two pipes, reads what it says, and stops it by closing the control pipe; if that does
 * not help, with SIGTERM, then SIGKILL. Says what it saw as observations (observation.ts). Spec: README.md, C1 to C5.
 * Lacks: restarting. A parent that ends by itself closes the control pipe, and that stops the child.
 * May import: host, ../framing, ../supervision, its own folder.
 */
import { utf8 } from '../../host/bytes.ts';
import type { Daemon, Descriptor, Host, Reaped, Stream } from '../../host/host.ts';
import type { Result } from '../../host/result.ts';
import type { Duration } from '../../host/time.ts';
import { millis, seconds } from '../../host/time.ts';
import type { Violation } from '../framing/violation.ts';
import type { EscalationStep } from '../supervision/escalation.ts';
import { Escalation } from '../supervision/escalation.ts';
import type { EventTable } from './event-ids.ts';
import { identifyTable, subsystemOf } from './event-ids.ts';
import type { Observation } from './observation.ts';
import { observationOf } from './observation.ts';
import { Options, UsageError } from './options.ts';
import type { Quirks } from './quirks.ts';
import { QUIRK } from './quirks.ts';
import type { FrameReader } from './readers.ts';
import { frameReader, losesFrames } from './readers.ts';
import { LEGAL_2017, Sequence } from './sequence.ts';
import type { FrameEvent, Message } from './wire.ts';
import { KNOWN_TYPES, messageOf, P2P_ADDRESS, PAYLOAD_LIMIT, PAYLOAD_MAX, RPC_ADDRESS } from './wire.ts';

export const EXIT_CLEAN = 0;
export const EXIT_FAILURE = 1;
export const EXIT_USAGE = 2;

/** The child's numbers for its two ends, as the published clients choose them. */
export const CHILD_EVENTS = 3;
export const CHILD_CONTROL = 4;
/** DC-16: where the copy of the control pipe's write end goes. */
const CHILD_LEAK = 5;

/** How long the end of the event pipe may come after the end of the child: another process may hold a copy (DC-16). */
export const EOF_LIMIT: Duration = seconds(1);
/** Observations that wait to be read, in bytes. Past it the child is not read either. */
export const REPORT_PENDING_MAX = 65_536;
/** How long an exit waits for whoever reads the observations. */
export const REPORT_LIMIT: Duration = seconds(1);
/** The lifetime messages remembered to tell which table the child speaks. A child sends seven. */
const REMEMBERED_MAX = 64;

interface ParentOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly stopAfter: Duration | undefined;
  readonly grace: Duration;
  readonly killAfter: Duration;
  readonly payloadLimit: number;
  readonly quirks: Quirks;
}

export const lifetimeParent: Daemon = host => {
  const options = parentOptions(host.process.args);
  if (options instanceof UsageError) {
    host.log('error', 'usage', { text: options.text });
    return host.process.exit(EXIT_USAGE);
  }
  new Parent(host, options).start();
};

function parentOptions(args: readonly string[]): ParentOptions | UsageError {
  const end = args.indexOf('--');
  const options = new Options(end < 0 ? args : args.slice(0, end));
  const [program, ...rest] = end < 0 ? [] : args.slice(end + 1);
  const read = {
    stopAfter: options.millis('stop-after'),
    grace: options.millis('grace') ?? millis(5_000),
    killAfter: options.millis('kill-after') ?? millis(5_000),
    payloadLimit: options.number('payload-limit', PAYLOAD_MAX) ?? PAYLOAD_LIMIT,
    quirks: options.quirks(),
  };
  const problem = options.end();
  if (problem !== undefined) return problem;
  return program === undefined ? new UsageError('no program: write … -- PROGRAM ARGS…') : { ...read, program, args: rest };
}

class Parent {
  readonly #host: Host;
  readonly #options: ParentOptions;
  readonly #reader: FrameReader;
  readonly #sequence: Sequence;
  readonly #table: EventTable;
  readonly #report: Report;
  #events: Stream | undefined;
  #control: Descriptor | undefined;
  #child = 0;
  readonly #stopping: Escalation;
  #violated = false;
  #eof = false;
  #settled = false;
  /** DC-22. */
  #content = false;
  #reaped: Reaped | undefined;
  readonly #remembered: Message[] = [];
  readonly #addresses: Set<string> = new Set();

  constructor(host: Host, options: ParentOptions) {
    const { quirks } = options;
    this.#host = host;
    this.#options = options;
    // DC-19: as written no length is too long.
    const payloadLimit = quirks.has(QUIRK.NO_PAYLOAD_LIMIT) ? PAYLOAD_MAX : options.payloadLimit;
    const wanted = quirks.has(QUIRK.NO_PAYLOAD_LIMIT) ? {} : { wanted: KNOWN_TYPES };
    this.#reader = frameReader({ payloadLimit, ...wanted }, quirks);
    // DC-01: the comment of the source, believed.
    this.#table = quirks.has(QUIRK.COMMENT_IDS) ? 'comment' : 'constants';
    // A parent outlives versions of its child: ids it does not know change nothing, and both orders of 2,1 are taken.
    // The order is that of the constants also where the names are not: what the child does is not in question there.
    this.#sequence = new Sequence({ legal: LEGAL_2017, undefinedIds: 'tolerate' });
    this.#report = new Report(host, () => this.#readOn());
    this.#stopping = new Escalation(host.clock, this.#stops(), () => this.#reaped !== undefined);
  }

  start(): void {
    const { signals, clock, process } = this.#host;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) signals.handle(signal, () => this.#stop());
    signals.handle('SIGPIPE', 'ignore');
    if (!this.#spawn()) {
      this.#leave(EXIT_FAILURE);
      return;
    }
    process.wait(result => this.#childEnded(result));
    const { stopAfter } = this.#options;
    if (stopAfter !== undefined) clock.setTimer(stopAfter, () => this.#stop());
  }

  #spawn(): boolean {
    const { descriptors, process } = this.#host;
    const { program, args, quirks } = this.#options;
    const events = descriptors.pipe();
    const control = descriptors.pipe();
    if (!events.ok || !control.ok) return this.#spawnFailed(events.ok ? control : events);
    const inherited: Record<number, Descriptor> = { [CHILD_EVENTS]: events.value.write, [CHILD_CONTROL]: control.value.read };
    // DC-16: one descriptor too many, and the child keeps its own control pipe open.
    if (quirks.has(QUIRK.LEAK_CONTROL)) inherited[CHILD_LEAK] = control.value.write;
    const pipes = [`--pipetx=${CHILD_EVENTS}`, `--piperx=${CHILD_CONTROL}`, '--lifetimeevents', '--boundaddrevents'];
    const spawned = process.spawn(program, [...args, ...pipes], { descriptors: inherited });
    // Our copies of the child's ends: with one of them open there would be no end of file.
    descriptors.close(events.value.write);
    descriptors.close(control.value.read);
    if (!spawned.ok) return this.#spawnFailed(spawned);
    this.#child = spawned.value;
    this.#control = control.value.write;
    return this.#attachEvents(events.value.read);
  }

  #spawnFailed(result: Result<unknown>): false {
    if (!result.ok) this.#report.write({ event: 'spawn-failed', code: result.error.code });
    return false;
  }

  #attachEvents(descriptor: Descriptor): boolean {
    const stream = this.#host.descriptors.attach(descriptor, 'read', {
      data: bytes => this.#take(this.#reader.push(bytes)),
      end: () => this.#endOfEvents(),
      close: () => this.#endOfEvents(),
    });
    if (!stream.ok) return this.#spawnFailed(stream);
    this.#events = stream.value;
    return true;
  }

  // ── events ────────────────────────────────────────────────────────────────────────────────────────────────────────

  #take(events: readonly FrameEvent[]): void {
    for (const event of events) {
      if (this.#events === undefined) return;
      const message = event.kind === 'violation' ? event : messageOf(event);
      if (message.kind !== 'violation') this.#message(message, event.offset);
      else if (this.#options.quirks.has(QUIRK.FRAME_PER_CHUNK)) this.#host.log('error', 'chunk-lost', { detail: message.detail });
      else this.#violation(message);
    }
  }

  #message(message: Message, offset: number): void {
    const name = message.kind === 'lifetime' ? (subsystemOf(this.#table, message.id) ?? 'unknown') : '';
    this.#report.write(observationOf(message, name));
    if (this.#report.pending > REPORT_PENDING_MAX) this.#events?.pause();
    if (message.kind !== 'unknown' && this.#remembered.length < REMEMBERED_MAX) this.#remembered.push(message);
    if (!losesFrames(this.#options.quirks)) {
      const refused = this.#sequence.message(message, offset);
      if (refused !== undefined) {
        this.#violation(refused);
        return;
      }
    }
    if (message.kind !== 'address') return;
    this.#addresses.add(message.type);
    // DC-22: has what it came for.
    const both = this.#addresses.has(P2P_ADDRESS) && this.#addresses.has(RPC_ADDRESS);
    if (!both || !this.#options.quirks.has(QUIRK.STOP_READING)) return;
    this.#content = true;
    this.#events?.pause();
  }

  #readOn(): void {
    if (!this.#content) this.#events?.resume();
  }

  /** The child is not what it should be: nothing more is read, and it is stopped. */
  #violation({ clause, detail, offset }: Violation): void {
    this.#violated = true;
    this.#report.write({ event: 'violation', clause, detail: `${detail} (byte ${offset})` });
    this.#events?.close();
    this.#events = undefined;
    this.#stop();
    this.#settle();
  }

  #endOfEvents(): void {
    if (this.#eof || this.#events === undefined) return;
    this.#eof = true;
    const cut = this.#reader.finish();
    this.#report.write({ event: 'eof' });
    this.#host.log('info', 'event-table', { speaks: identifyTable(this.#remembered) });
    if (cut !== undefined) this.#violation(cut);
    this.#settle();
  }

  // ── the child ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #stop(): void {
    this.#stopping.begin();
  }

  /** C4: the control pipe is closed; what follows is for a child that does not obey. */
  #stops(): readonly EscalationStep[] {
    const { grace, killAfter } = this.#options;
    const kill = (by: 'SIGTERM' | 'SIGKILL') => (): void => {
      this.#report.write({ event: 'stop', by });
      this.#host.process.kill(this.#child, by);
    };
    const close = (): void => {
      this.#report.write({ event: 'stop', by: 'control' });
      if (this.#control !== undefined) this.#host.descriptors.close(this.#control);
    };
    return [{ take: close, wait: grace }, { take: kill('SIGTERM'), wait: killAfter }, { take: kill('SIGKILL') }];
  }

  #childEnded(result: Result<Reaped>): void {
    if (!result.ok) throw new Error(`wait for the only child: ${result.error.code}`);
    this.#reaped = result.value;
    // The end may be on its way; with DC-22 the pipe is not read, and it is never seen.
    if (!this.#eof && this.#events !== undefined) this.#host.clock.setTimer(EOF_LIMIT, () => this.#giveUpOnEvents());
    this.#settle();
  }

  #giveUpOnEvents(): void {
    if (this.#eof || this.#events === undefined) return;
    this.#host.log('warning', 'no-eof', { limit: EOF_LIMIT });
    this.#events.close();
    this.#events = undefined;
    this.#settle();
  }

  /** Ends this process when the child has ended and everything it said was read. */
  #settle(): void {
    if (this.#settled || this.#reaped === undefined || (!this.#eof && this.#events !== undefined)) return;
    this.#settled = true;
    const { status } = this.#reaped;
    this.#report.write({ event: 'ended', ...status });
    const clean = 'code' in status && status.code === 0 && this.#stopping.begun && !this.#violated;
    this.#leave(clean ? EXIT_CLEAN : EXIT_FAILURE);
  }

  #leave(status: number): void {
    this.#report.flush(() => this.#host.process.exit(status));
  }
}

/** Descriptor 1 of the parent; without one, the log. */
class Report {
  readonly #host: Host;
  readonly #drained: () => void;
  #stream: Stream | undefined;
  #flushed: (() => void) | undefined;

  constructor(host: Host, drained: () => void) {
    this.#host = host;
    this.#drained = drained;
    const stream = host.descriptors.attach(1, 'write', {
      data: () => {},
      drain: () => this.#empty(),
      close: () => {
        this.#stream = undefined;
        this.#empty();
      },
    });
    if (stream.ok) this.#stream = stream.value;
  }

  get pending(): number {
    return this.#stream?.pending ?? 0;
  }

  write(observation: Observation): void {
    const { event, ...fields } = observation;
    if (this.#stream === undefined) this.#host.log('info', event, fields);
    else this.#stream.write(utf8(`${JSON.stringify(observation)}\n`));
  }

  flush(flushed: () => void): void {
    if (this.#flushed !== undefined) return;
    this.#flushed = flushed;
    if (this.pending === 0) flushed();
    else this.#host.clock.setTimer(REPORT_LIMIT, flushed);
  }

  #empty(): void {
    this.#flushed?.();
    this.#drained();
  }
}
