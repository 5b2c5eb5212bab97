/**
 * The parent: starts a child with two pipes, reads what it says, and stops it by closing the control pipe; if that does
 * not help, with SIGTERM, then SIGKILL. Says what it saw as observations (observation.ts). Spec: README.md, C1 to C5.
 * Lacks: restarting. A parent that ends by itself closes the control pipe, and that stops the child.
 */
import { utf8 } from '../../host/bytes.ts';
import type { Descriptor, Host, Reaped, Stream } from '../../host/host.ts';
import type { Result } from '../../host/result.ts';
import { type Duration, seconds } from '../../host/time.ts';
import { EXIT_CLEAN, EXIT_FAILURE } from '../command-line/exit.ts';
import type { FrameViolation } from '../framing/violation.ts';
import { Escalation, type EscalationStep } from '../supervision/escalation.ts';
import { type EventTable, identifyTable, subsystemOf } from './event-ids.ts';
import { type Observation, observationOf } from './observation.ts';
import type { ParentOptions } from './parent-options.ts';
import { LEGAL_2017, Sequence } from './sequence.ts';
import { FrameDecoder, type FrameDecoderOptions, type FrameEvent, type FrameReader, KNOWN_TYPES, type Message, messageOf } from './wire.ts';

/** The child's numbers for its two ends, as the published clients choose them. */
export const CHILD_EVENTS = 3;
export const CHILD_CONTROL = 4;

/** How long the end of the event pipe may come after the end of the child: another process may hold a copy (DC-16). */
export const EOF_LIMIT: Duration = seconds(1);
/** Observations that wait to be read, in bytes. Past it the child is not read either. */
export const REPORT_PENDING_MAX = 65_536;
/** How long an exit waits for whoever reads the observations. */
export const REPORT_LIMIT: Duration = seconds(1);
/** The lifetime messages remembered to tell which table the child speaks. A child sends seven. */
const REMEMBERED_MAX = 64;

export interface ParentRules {
  /** Which meaning the ids have. */
  readonly ids: EventTable;
  /** What the child inherits beside its two ends. */
  readonly inherited: (control: Descriptor) => Readonly<Record<number, Descriptor>>;
  /** What is decoded, where payloads of a limit were asked for. */
  readonly decodes: (payloadLimit: number) => FrameDecoderOptions;
  readonly decoder: (options: FrameDecoderOptions) => FrameReader;
  /** How decoders are used: one for the life of the pipe, or as many as are made. */
  readonly reader: (decoder: () => FrameReader) => FrameReader;
  /** Whether the child is held to the order of its messages. */
  readonly order: 'judged' | 'as it comes';
  /** Whether reading goes on behind what breaks the format. */
  readonly overlooks: (violation: FrameViolation, host: Host) => boolean;
  /** Makes what says, of each message, that no more are wanted. */
  readonly content: () => (message: Message) => boolean;
}

export const CORRECTED_PARENT: ParentRules = {
  ids: 'constants', // DC-01: not the comment of the source
  inherited: () => ({}), // DC-16: a child that holds the write end never sees the end of the pipe
  decodes: payloadLimit => ({ payloadLimit, wanted: KNOWN_TYPES }), // DC-19: what is buffered has a limit
  decoder: options => new FrameDecoder(options), // DC-20: the pipe is a stream
  reader: decoder => decoder(), // DC-21: nothing that was read ahead is lost
  order: 'judged', // DC-20 to DC-22: no frame is missing
  overlooks: () => false, // DC-20: a stream that is broken has no next frame
  content: () => () => false, // DC-22: it reads to the end
};

export class Parent {
  readonly #host: Host;
  readonly #options: ParentOptions<ParentRules>;
  readonly #reader: FrameReader;
  readonly #sequence: Sequence;
  readonly #report: Report;
  #events: Stream | undefined;
  #control: Descriptor | undefined;
  #child = 0;
  readonly #stopping: Escalation;
  #violated = false;
  #eof = false;
  #settled = false;
  readonly #isContent: (message: Message) => boolean;
  #content = false;
  #reaped: Reaped | undefined;
  readonly #remembered: Message[] = [];

  constructor(host: Host, options: ParentOptions<ParentRules>) {
    const { rules, payloadLimit } = options;
    this.#host = host;
    this.#options = options;
    this.#reader = rules.reader(() => rules.decoder(rules.decodes(payloadLimit)));
    this.#isContent = rules.content();
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
    const { program, args, rules } = this.#options;
    const events = descriptors.pipe();
    const control = descriptors.pipe();
    if (!events.ok || !control.ok) return this.#spawnFailed(events.ok ? control : events);
    const ends = { [CHILD_EVENTS]: events.value.write, [CHILD_CONTROL]: control.value.read };
    const pipes = [`--pipetx=${CHILD_EVENTS}`, `--piperx=${CHILD_CONTROL}`, '--lifetimeevents', '--boundaddrevents'];
    const spawned = process.spawn(program, [...args, ...pipes], { descriptors: { ...ends, ...rules.inherited(control.value.write) } });
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
      else if (!this.#options.rules.overlooks(message, this.#host)) this.#violation(message);
    }
  }

  #message(message: Message, offset: number): void {
    const { rules } = this.#options;
    const name = message.kind === 'lifetime' ? (subsystemOf(rules.ids, message.id) ?? 'unknown') : '';
    this.#report.write(observationOf(message, name));
    if (this.#report.pending > REPORT_PENDING_MAX) this.#events?.pause();
    if (message.kind !== 'unknown' && this.#remembered.length < REMEMBERED_MAX) this.#remembered.push(message);
    if (rules.order === 'judged') {
      const refused = this.#sequence.message(message, offset);
      if (refused !== undefined) {
        this.#violation(refused);
        return;
      }
    }
    if (!this.#isContent(message)) return;
    this.#content = true;
    this.#events?.pause();
  }

  #readOn(): void {
    if (!this.#content) this.#events?.resume();
  }

  /** The child is not what it should be: nothing more is read, and it is stopped. */
  #violation({ clause, detail, offset }: FrameViolation): void {
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
    // The end may be on its way; who reads no more (DC-22) never sees it.
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
