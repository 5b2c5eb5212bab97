/**
 * One end of a stream as a daemon holds it: what it has written and the kernel has not taken, and its way to be finished.
 * Lacks: the bytes on their way (channel.ts) and how a connection comes about (connect.ts).
 */

import type { Endpoint, Stream, StreamHandler } from '../../host/host.ts';
import { Queue } from '../../host/queue.ts';
import type { HostErrorCode } from '../../host/result.ts';
import { NO_CAUSE } from '../../trace/event.ts';
import type { Channel, Reader, StreamEnd, Writer } from '../channel/channel.ts';
import type { Core } from '../core/core.ts';
import type { HeldStream } from '../process/held.ts';
import type { SimProcess } from '../process/process.ts';
import type { HeldPort } from './ports.ts';

interface Unsent {
  bytes: Uint8Array;
  readonly cause: number;
  readonly message: number;
}

export interface StreamParts {
  readonly kind: Stream['kind'];
  readonly local?: Endpoint | undefined;
  readonly remote?: Endpoint | undefined;
  readonly incoming?: Channel | undefined;
  readonly outgoing?: Channel | undefined;
  /** Of a TCP connection: what it has of its port. */
  readonly port?: HeldPort | undefined;
}

export class SimStream implements Stream, HeldStream, Reader, Writer {
  readonly kind: Stream['kind'];
  readonly local: Endpoint | undefined;
  readonly remote: Endpoint | undefined;
  pending = 0;
  readonly #core: Core;
  readonly #process: SimProcess;
  readonly #image: number;
  readonly #incoming: Channel | undefined;
  readonly #outgoing: Channel | undefined;
  readonly #port: HeldPort | undefined;
  #handler: StreamHandler | undefined;
  readonly #unsent = new Queue<Unsent>();
  #paused = false;
  /** `end` was called. */
  #ended = false;
  /** The daemon is done with it, or was told that it is over. */
  #closed = false;
  #sawEnd: boolean;
  /** The kernel has our end of file. */
  #sentEnd = false;
  /** The kernel sent our end of file before it had the peer's. */
  #closedFirst = false;
  readonly #wake = (): void => this.#incoming?.pump();
  readonly #wakeWriter = (): void => this.roomAvailable();
  /** What the next write finds out. */
  #broken: HostErrorCode | undefined;

  constructor(core: Core, process: SimProcess, parts: StreamParts) {
    this.#core = core;
    this.#process = process;
    this.#image = process.image;
    this.kind = parts.kind;
    this.local = parts.local;
    this.remote = parts.remote;
    this.#incoming = parts.incoming;
    this.#outgoing = parts.outgoing;
    this.#port = parts.port;
    this.#sawEnd = parts.incoming === undefined;
    process.streams.add(this);
    this.#outgoing?.writers.add(this);
  }

  /** The daemon has given its handler. Reading begins after the callback that gave it. */
  begin(handler: StreamHandler): void {
    this.#handler = handler;
    this.#process.soon(() => {
      if (this.#incoming !== undefined && !this.#closed) this.#incoming.addReader(this);
    });
  }

  // ── what the daemon calls ──

  write(bytes: Uint8Array): number {
    this.#process.call();
    if (this.#outgoing === undefined) throw new Error('write to the read end of a pipe');
    if (this.#ended) throw new Error('write after end');
    if (this.#closed) throw new Error('write after close');
    if (bytes.length === 0) return this.pending;
    const copy = this.#core.slabs.copy(bytes);
    const message = this.#core.nextMessage();
    const cause = this.#process.record('send', { channel: this.#outgoing.name, bytes: copy, message });
    const broken = this.#brokenAs(this.#outgoing);
    if (broken !== undefined) this.#break(broken, cause);
    else if (this.pending > 0) this.#keep({ bytes: copy, cause, message });
    else {
      const taken = this.#outgoing.accept(copy, cause, message);
      if (taken < copy.length) this.#keep({ bytes: copy.subarray(taken), cause, message });
    }
    return this.pending;
  }

  end(): void {
    this.#process.call();
    if (this.#ended || this.#closed || this.#outgoing === undefined) return;
    this.#ended = true;
    const cause = this.#process.record('end', { channel: this.#outgoing.name });
    if (this.pending === 0) this.#sendEnd(cause);
  }

  close(): void {
    this.#process.call();
    if (this.#closed) return;
    this.#process.record('close', { channel: this.#name() });
    this.release();
  }

  reset(): void {
    this.#process.call();
    if (this.#closed) return;
    this.#process.record('reset', { channel: this.#name() });
    this.#release(this.kind === 'tcp' ? 'reset' : 'fin');
  }

  pause(): void {
    this.#process.call();
    if (this.#closed || this.#paused) return;
    this.#paused = true;
    this.#process.record('pause', { channel: this.#name() });
  }

  resume(): void {
    this.#process.call();
    if (this.#closed || !this.#paused) return;
    this.#paused = false;
    this.#process.record('resume', { channel: this.#name() });
    this.#incoming?.pump();
  }

  // ── what the kernel does ──

  get reading(): boolean {
    if (this.#paused || this.#closed || this.#handler === undefined) return false;
    return this.#process.readyOr(this.#wake);
  }

  get owner(): number {
    return this.#process.serial;
  }

  received(bytes: Uint8Array, cause: number, message: number): void {
    this.#process.record('recv', { channel: this.#incoming?.name ?? '', bytes, cause, message });
    const handler = this.#handler;
    // One copy for the daemon to keep and another for whoever keeps the event; without a sink nobody does.
    const own = this.#core.retains ? this.#core.slabs.copy(bytes) : bytes;
    this.#process.run(this.#image, () => handler?.data(own));
  }

  finished(how: StreamEnd, cause: number): void {
    this.#sawEnd = true;
    if (how === 'reset') {
      this.#break('ECONNRESET', cause);
      return;
    }
    this.#process.record('eof', { channel: this.#incoming?.name ?? '', cause });
    const handler = this.#handler;
    this.#process.run(this.#image, () => handler?.end?.());
    this.#finishIfDone(cause);
  }

  roomAvailable(): void {
    if (this.pending === 0 || this.#outgoing?.writable !== true || this.#closed) return;
    // What is pending is still in the process: a stopped one does not write it.
    if (!this.#process.readyOr(this.#wakeWriter)) return;
    for (let first = this.#unsent.first; first !== undefined; first = this.#unsent.first) {
      const taken = this.#outgoing.accept(first.bytes, first.cause, first.message);
      this.pending -= taken;
      if (taken < first.bytes.length) {
        first.bytes = first.bytes.subarray(taken);
        return;
      }
      this.#unsent.shift();
    }
    this.#drained();
  }

  refused(how: 'gone' | 'reset' | 'timeout'): void {
    if (this.#closed) return;
    if (how === 'timeout') this.#break('ETIMEDOUT', NO_CAUSE);
    else if (how === 'gone') {
      // Nobody polls an idle pipe for errors: only the next write finds out. A reset within one machine is an error of the socket at once.
      if (this.pending > 0) this.#break(this.#incoming?.wasReset === true ? 'ECONNRESET' : 'EPIPE', NO_CAUSE);
    } else if (this.#sawEnd || this.#incoming?.endingArrived === true) {
      // Linux tcp_reset(): in CLOSE_WAIT the error is EPIPE, and only the next write meets it.
      this.#broken = 'EPIPE';
      if (this.pending > 0) this.#break('EPIPE', NO_CAUSE);
    } else {
      this.#broken = 'ECONNRESET';
      this.#incoming?.breakOff(NO_CAUSE);
    }
  }

  /** Closes without a word to the daemon: its own wish, or its death. */
  release(): void {
    this.#release('fin');
  }

  /** The machine lost power: nobody is told, and what still comes is answered by a machine that knows nothing of it. */
  discard(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#unsent.clear();
    this.pending = 0;
    this.#port?.release();
    this.#outgoing?.writers.delete(this);
    this.#incoming?.dropReader(this);
  }

  /** A reset from the middle of the path: both ends learn of it. */
  breakDown(): void {
    this.#incoming?.breakOff(NO_CAUSE);
    this.#outgoing?.breakOff(NO_CAUSE);
  }

  /** The connection falls silent: nothing more comes or goes. False: it cannot, or has before. */
  silence(): boolean {
    const changed = [this.#incoming, this.#outgoing].map(channel => channel?.silence() === true);
    return changed.includes(true);
  }

  /** What a write now finds out at once: the stream broke before, or a reset or a close has arrived unread. */
  #brokenAs(outgoing: Channel): HostErrorCode | undefined {
    if (this.#broken !== undefined) return this.#broken;
    // unix_stream_sendmsg() looks at its own shutdown first, which the peer's close has set.
    if (outgoing.broken) return 'EPIPE';
    return this.#incoming?.resetArrived !== true ? undefined : this.#sawEnd ? 'EPIPE' : 'ECONNRESET';
  }

  #release(how: StreamEnd): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#process.streams.delete(this);
    // unread bytes: RFC 2525 2.17
    this.#finish(this.kind !== 'pipe' && this.#incoming?.hasUnread === true ? 'reset' : how);
  }

  #finish(how: StreamEnd): void {
    this.#unsent.clear();
    this.pending = 0;
    if (this.#port !== undefined) this.#giveBack(this.#port, how);
    const outgoing = this.#outgoing;
    if (outgoing !== undefined) {
      outgoing.writers.delete(this);
      if (this.kind !== 'pipe' && how === 'reset') outgoing.terminate('reset', NO_CAUSE);
      if (this.kind !== 'pipe' || !this.#sentEnd) outgoing.dropWriter(NO_CAUSE);
    }
    this.#incoming?.dropReader(this);
  }

  /** RFC 9293 3.6: who closes first has the port a while longer. Not the side that listened: nobody could tell there (ports.ts). */
  #giveBack(port: HeldPort, how: StreamEnd): void {
    const closedFirst = this.#sentEnd ? this.#closedFirst : this.#incoming?.endingArrived !== true;
    if (port.peer !== undefined && how === 'fin' && this.#broken === undefined && closedFirst) port.linger();
    else port.release();
  }

  #sendEnd(cause: number): void {
    const outgoing = this.#outgoing;
    if (outgoing === undefined) return;
    this.#sentEnd = true;
    this.#closedFirst = this.#incoming?.endingArrived !== true;
    if (this.kind === 'pipe') outgoing.dropWriter(cause);
    else outgoing.terminate('fin', cause);
    this.#finishIfDone(cause);
  }

  #keep(unsent: Unsent): void {
    this.#unsent.push(unsent);
    this.pending += unsent.bytes.length;
  }

  #drained(): void {
    this.#process.soon(() => {
      if (this.#closed || this.pending > 0) return;
      this.#process.deliver(this.#image, () => {
        if (this.#closed || this.pending > 0) return;
        this.#process.record('drain', { channel: this.#outgoing?.name ?? '' });
        this.#handler?.drain?.();
        // An end that was asked for before follows now: it is the process that has to ask the kernel for it.
        if (this.#ended && !this.#sentEnd && !this.#closed) this.#sendEnd(NO_CAUSE);
      });
    });
  }

  /** Both directions have come to their end. */
  #finishIfDone(cause: number): void {
    if (this.#closed || !this.#sawEnd || (this.#outgoing !== undefined && !this.#sentEnd)) return;
    this.#process.soon(() => this.#process.deliver(this.#image, () => this.#tellClosed(undefined, cause)));
  }

  #break(code: HostErrorCode, cause: number): void {
    this.#broken = code;
    this.#process.soon(() => {
      if (this.#closed) return;
      if (code === 'EPIPE') this.#process.raise('SIGPIPE', cause);
      this.#process.deliver(this.#image, () => this.#tellClosed(code, cause));
    });
  }

  #tellClosed(code: HostErrorCode | undefined, cause: number): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#process.streams.delete(this);
    this.#finish('fin');
    const name = this.#name();
    this.#process.record('close', code === undefined ? { channel: name, cause } : { channel: name, data: { error: code }, cause });
    this.#handler?.close?.(code === undefined ? undefined : { code, call: `stream ${name}` });
  }

  #name(): string {
    return this.#outgoing?.name ?? this.#incoming?.name ?? '';
  }
}
