/**
 * The writing end of the event pipe. Corrected: frames go out whole, one write call each, the next when the kernel has
 * the one before; a sender never waits; after a failure everything later is dropped and counted; `flush` waits for the
 * last frame. Spec: README.md, C3.
 * Lacks: a retry. What was lost leaves a hole in the sequence, and a prefix is legal (DC-17) where a hole is not.
 */
import { printable } from '../../host/bytes.ts';
import type { Host, Random, Stream, StreamHandler } from '../../host/host.ts';
import type { HostError, Result } from '../../host/result.ts';
import { type Duration, seconds, ZERO } from '../../host/time.ts';
import { CORRECTED_OUTGOING, type Outgoing, type OutgoingRules, type Writes, writesOf } from './outgoing.ts';

/** Where the daemon leaves its events. `taken` is called when it may go on. */
export interface Notifier {
  notify(message: Outgoing, taken: () => void): void;
  /** Calls `flushed` when nothing is left to write, or at the latest after FLUSH_LIMIT. */
  flush(flushed: () => void): void;
  /** Writes other output on the same descriptor. */
  interleave(bytes: Uint8Array): void;
}

/** Bytes of frames that wait in this process. Past it later events are dropped: what is queued remains a legal beginning. */
export const QUEUE_LIMIT = 2_097_152;
/** How long an exit waits for a parent that does not read. */
export const FLUSH_LIMIT: Duration = seconds(1);

export interface WriterRules extends OutgoingRules {
  /** Whether a sender waits until its message is taken. */
  readonly sender: 'goes on' | 'waits';
  /** Bytes of frames that wait; what comes then is dropped. */
  readonly queueLimit: number;
  /** The time between taking a message and writing it; undefined: no time. */
  readonly handover: (random: Random) => Duration | undefined;
  /** Whether an exit waits until all is written. */
  readonly exit: 'waits' | 'goes on';
  /** What the log is told of events that never arrived. */
  readonly losses: 'counted' | 'silent';
}

export const CORRECTED_WRITER: WriterRules = {
  ...CORRECTED_OUTGOING,
  sender: 'goes on', // DC-06: a parent that does not read stops nobody
  queueLimit: QUEUE_LIMIT, // DC-06: what is queued remains a legal beginning
  handover: () => undefined, // DC-18: what is taken is written
  exit: 'waits', // DC-18: the last frame is not lost
  losses: 'counted', // DC-07: a hole in the sequence is told
};

interface Waiting {
  readonly writes: Writes;
  readonly bytes: number;
  readonly taken: () => void;
}

export class PipeWriter implements Notifier {
  readonly #host: Host;
  readonly #rules: WriterRules;
  #stream: Stream | undefined;
  /** Messages not begun. */
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  /** Write calls left of the message being written. */
  #calls: Uint8Array[] = [];
  #taking = false;
  /** Nothing is written any more. */
  #failed = false;
  /** QUEUE_LIMIT was passed: what waits is still written, nothing is added. */
  #full = false;
  #dropped = 0;
  #flushed: (() => void) | undefined;

  constructor(host: Host, rules: WriterRules) {
    this.#host = host;
    this.#rules = rules;
  }

  /** Attaches the descriptor. An error leaves a writer that drops everything. */
  open(descriptor: number): Result<Stream> {
    const handler: StreamHandler = {
      data: () => {},
      drain: () => this.#advance(),
      close: error => this.#closed(error),
    };
    const stream = this.#host.descriptors.attach(descriptor, 'write', handler);
    if (stream.ok) this.#stream = stream.value;
    else this.#failed = true;
    return stream;
  }

  notify(message: Outgoing, taken: () => void): void {
    const writes = this.#prepare(message);
    if (writes === undefined) {
      taken();
      return;
    }
    let bytes = 0;
    for (const call of writes.calls) bytes += call.length;
    const { sender, queueLimit } = this.#rules;
    if (this.#waitingBytes + bytes <= queueLimit) {
      this.#waiting.push({ writes, bytes, taken: sender === 'goes on' ? NOTHING : () => void this.#host.clock.setTimer(ZERO, taken) });
      this.#waitingBytes += bytes;
      this.#advance();
    } else {
      this.#full = true;
      this.#dropped += 1;
      this.#host.log('error', 'pipe-failed', { reason: `more than ${queueLimit} bytes are waiting: the parent does not read` });
    }
    if (sender === 'goes on') taken();
  }

  flush(flushed: () => void): void {
    if (this.#rules.exit === 'goes on') {
      flushed();
      return;
    }
    if (this.#idle()) {
      this.#account();
      flushed();
      return;
    }
    const deadline = this.#host.clock.setTimer(FLUSH_LIMIT, () => this.#finish());
    this.#flushed = () => {
      deadline.cancel();
      this.#account();
      flushed();
    };
  }

  interleave(bytes: Uint8Array): void {
    this.#stream?.write(bytes);
  }

  #idle(): boolean {
    const pending = this.#stream?.pending ?? 0;
    return this.#failed || (pending === 0 && this.#waiting.length === 0 && this.#calls.length === 0 && !this.#taking);
  }

  /** Writes as much as the kernel takes, then waits for `drain`. */
  #advance(): void {
    while (this.#stream !== undefined && !this.#failed && !this.#taking && this.#stream.pending === 0) {
      const call = this.#calls.shift();
      if (call !== undefined) this.#stream.write(call);
      else if (!this.#take()) break;
    }
    if (this.#flushed !== undefined && this.#idle()) this.#finish();
  }

  /** What is to be written for a message; undefined when it goes nowhere. */
  #prepare(message: Outgoing): Writes | undefined {
    if (this.#failed || this.#full) {
      this.#dropped += 1;
      return undefined;
    }
    const writes = writesOf(message, this.#rules);
    if (writes.refused === undefined) return writes;
    this.#host.log('error', 'message-refused', { type: printable(message.type), reason: writes.refused });
    return undefined;
  }

  #take(): boolean {
    const next = this.#waiting.shift();
    if (next === undefined) return false;
    this.#waitingBytes -= next.bytes;
    next.taken();
    const delay = this.#rules.handover(this.#host.random);
    if (delay === undefined) {
      this.#begin(next.writes);
      return true;
    }
    this.#taking = true;
    this.#host.clock.setTimer(delay, () => {
      this.#taking = false;
      this.#begin(next.writes);
      this.#advance();
    });
    return true;
  }

  #begin({ calls, failure }: Writes): void {
    this.#calls.push(...calls);
    if (failure === undefined) return;
    // What the buffer let out is in the pipe, the rest is not, and the pipe stays open (DC-08).
    for (const call of this.#calls) this.#stream?.write(call);
    this.#calls = [];
    this.#fail(failure);
  }

  #closed(error: HostError | undefined): void {
    this.#stream = undefined;
    // A pipe breaks only under a write: the frame that met the error is lost, too.
    if (error !== undefined && this.#calls.length === 0 && !this.#failed) this.#dropped += 1;
    this.#fail(error === undefined ? 'closed' : `${error.code} ${error.call}`);
  }

  /** From here on everything is dropped, and whoever waits goes on. */
  #fail(reason: string): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#host.log('error', 'pipe-failed', { reason });
    const waiting = this.#waiting;
    this.#dropped += waiting.length + (this.#calls.length > 0 ? 1 : 0);
    this.#waiting = [];
    this.#calls = [];
    for (const { taken } of waiting) taken();
    if (this.#flushed !== undefined) this.#finish();
  }

  #finish(): void {
    const flushed = this.#flushed;
    this.#flushed = undefined;
    flushed?.();
  }

  /** Says once how much never arrived. */
  #account(): void {
    const unwritten = this.#waiting.length + (this.#calls.length > 0 || (this.#stream?.pending ?? 0) > 0 ? 1 : 0);
    const count = this.#dropped + unwritten;
    if (count > 0 && this.#rules.losses === 'counted') this.#host.log('warning', 'events-lost', { count });
  }
}

const NOTHING = (): void => {};

/** The drain: no pipe, so events go nowhere. */
export const DRAIN: Notifier = {
  notify: (_message, taken) => taken(),
  flush: flushed => flushed(),
  interleave: () => {},
};
