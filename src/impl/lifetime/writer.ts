/**
 * The writing end of the event pipe. Corrected: frames go out whole, one write call each, the next when the kernel has
 * the one before; a sender never waits; after a failure everything later is dropped and counted; `flush` waits for the
 * last frame. Spec: README.md, C3.
 * Lacks: a retry. What was lost leaves a hole in the sequence, and a prefix is legal (DC-17) where a hole is not.
 * May import: host, outgoing, quirks.
 */
import { printable } from '../../host/bytes.ts';
import type { Host, Stream, StreamHandler } from '../../host/host.ts';
import type { HostError, Result } from '../../host/result.ts';
import type { Duration } from '../../host/time.ts';
import { micros, seconds, ZERO } from '../../host/time.ts';
import type { Outgoing, Writes } from './outgoing.ts';
import { writesOf } from './outgoing.ts';
import type { Quirks } from './quirks.ts';
import { QUIRK } from './quirks.ts';

/** Where the daemon leaves its events. `taken` is called when it may go on. */
export interface Notifier {
  notify(message: Outgoing, taken: () => void): void;
  /** Calls `flushed` when nothing is left to write, or at the latest after FLUSH_LIMIT. */
  flush(flushed: () => void): void;
  /** DC-12: other output on the same descriptor. */
  interleave(bytes: Uint8Array): void;
}

/** Bytes of frames that wait in this process. Past it later events are dropped: what is queued remains a legal beginning. */
export const QUEUE_LIMIT = 2_097_152;
/** How long an exit waits for a parent that does not read. */
export const FLUSH_LIMIT: Duration = seconds(1);

/** DC-18: the time between taking a message and writing it. Mostly short; one time in HANDOVER_RARE the writer is not scheduled for long. */
const HANDOVER_SHORT = 50;
const HANDOVER_LONG = 8_000;
const HANDOVER_RARE = 16;

interface Waiting {
  readonly writes: Writes;
  readonly bytes: number;
  readonly taken: () => void;
}

export class PipeWriter implements Notifier {
  readonly #host: Host;
  readonly #quirks: Quirks;
  #stream: Stream | undefined;
  /** Messages not begun. With DC-06 at most one: its sender waits. */
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

  constructor(host: Host, quirks: Quirks) {
    this.#host = host;
    this.#quirks = quirks;
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
    // DC-06: the sender goes on when its message is taken, not before.
    const blocks = this.#quirks.has(QUIRK.BLOCKING_NOTIFY);
    if (blocks || this.#waitingBytes + bytes <= QUEUE_LIMIT) {
      this.#waiting.push({ writes, bytes, taken });
      this.#waitingBytes += bytes;
      this.#advance();
    } else {
      this.#full = true;
      this.#dropped += 1;
      this.#host.log('error', 'pipe-failed', { reason: `more than ${QUEUE_LIMIT} bytes are waiting: the parent does not read` });
    }
    if (!blocks) taken();
  }

  flush(flushed: () => void): void {
    // DC-18: the writer is another thread, and nobody asks it.
    if (this.#quirks.has(QUIRK.EXIT_UNFLUSHED)) {
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
    const writes = writesOf(message, this.#quirks);
    if (writes.refused === undefined) return writes;
    this.#host.log('error', 'message-refused', { type: printable(message.type), reason: writes.refused });
    return undefined;
  }

  #take(): boolean {
    const next = this.#waiting.shift();
    if (next === undefined) return false;
    this.#waitingBytes -= next.bytes;
    if (this.#quirks.has(QUIRK.BLOCKING_NOTIFY)) this.#host.clock.setTimer(ZERO, next.taken);
    if (!this.#quirks.has(QUIRK.EXIT_UNFLUSHED)) {
      this.#begin(next.writes);
      return true;
    }
    this.#taking = true;
    this.#host.clock.setTimer(this.#handover(), () => {
      this.#taking = false;
      this.#begin(next.writes);
      this.#advance();
    });
    return true;
  }

  #handover(): Duration {
    const rare = this.#host.random.below(HANDOVER_RARE) === 0;
    return micros(this.#host.random.below(rare ? HANDOVER_LONG : HANDOVER_SHORT));
  }

  #begin({ calls, failure }: Writes): void {
    this.#calls.push(...calls);
    if (failure === undefined) return;
    // DC-08: what the buffer let out is in the pipe, the rest is not, and the pipe stays open.
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
    if (this.#quirks.has(QUIRK.BLOCKING_NOTIFY)) for (const { taken } of waiting) this.#host.clock.setTimer(ZERO, taken);
    if (this.#flushed !== undefined) this.#finish();
  }

  #finish(): void {
    const flushed = this.#flushed;
    this.#flushed = undefined;
    flushed?.();
  }

  /** Says once how much never arrived, unless nobody is to know (DC-07). */
  #account(): void {
    const unwritten = this.#waiting.length + (this.#calls.length > 0 || (this.#stream?.pending ?? 0) > 0 ? 1 : 0);
    const count = this.#dropped + unwritten;
    if (count > 0 && !this.#quirks.has(QUIRK.SILENT_LOSS)) this.#host.log('warning', 'events-lost', { count });
  }
}

/** The drain: no pipe, so events go nowhere. */
export const DRAIN: Notifier = {
  notify: (_message, taken) => taken(),
  flush: flushed => flushed(),
  interleave: () => {},
};

/** DC-05: neither writer nor drain: a sender waits for ever. */
export const NOBODY: Notifier = { ...DRAIN, notify: () => {} };
