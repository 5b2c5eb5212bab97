/**
 * One direction of a stream or a pipe: what its kernel buffer holds, when it arrives, and how a reader gets it.
 * Bytes keep their order and are never lost; a read returns any part of what has arrived.
 * Lacks: TCP's windows, retransmission and congestion, which appear only as delay and, at last, as ETIMEDOUT.
 * May import: host.
 */
import type { Duration, Instant } from '../host/time.ts';
import { after } from '../host/time.ts';
import type { Core } from './core.ts';
import { RETRANSMIT_TIMEOUT } from './options.ts';
import type { Prng } from './prng.ts';
import type { Room } from './room.ts';

/** A time that never comes: the path is cut, and the kernel keeps retransmitting. */
const HELD = Number.MAX_SAFE_INTEGER as Instant;

interface Segment {
  readonly bytes: Uint8Array;
  /** Bytes before this one have been read. */
  start: number;
  readyAt: Instant;
  readonly cause: number;
  readonly message: number;
}

/** How a channel's bytes travel. */
export interface Transit {
  /** Delay of the next segment, or `undefined` while the path is cut. */
  delay(): Duration | undefined;
  /** What the reading side draws its reads from. */
  readonly prng: Prng;
  readonly readMax: number;
  /** The channel holds segments back until `channel.release()`. */
  held(channel: Channel): void;
}

/** The reading end, as the channel sees it. */
export interface Reader {
  /** False while paused, stopped, busy or not yet set up; it calls `channel.pump()` when that changes. */
  readonly reading: boolean;
  readonly owner: number;
  received(bytes: Uint8Array, cause: number, message: number): void;
  finished(how: Ending, cause: number): void;
}

/** A writing end that waits for room. */
export interface Writer {
  roomAvailable(): void;
  /** The reader is gone (broken), reset the stream, or does not answer (timed out). */
  refused(how: 'gone' | 'reset' | 'timeout'): void;
}

export type Ending = 'fin' | 'reset';

export class Channel {
  readonly name: string;
  /** Descriptors that refer to each end, attached or not. At zero the end is closed. */
  writerCopies = 1;
  readerCopies = 1;
  readonly writers: Set<Writer> = new Set();
  readonly #core: Core;
  readonly #room: Room;
  readonly #transit: Transit;
  /** TCP learns that the reader is gone only from the RST that answers a segment. */
  readonly #remote: boolean;
  #reader: Reader | undefined;
  #segments: Segment[] = [];
  #lastReady = 0 as Instant;
  #ending: { readonly how: Ending; readyAt: Instant; readonly cause: number } | undefined;
  #scheduled = false;
  #silent = false;
  #giveUp = false;

  constructor(core: Core, name: string, room: Room, transit: Transit, remote: boolean) {
    this.#core = core;
    this.name = name;
    this.#room = room;
    this.#transit = transit;
    this.#remote = remote;
  }

  /** Bytes sent that nobody has read, wherever they are. */
  get hasUnread(): boolean {
    return this.#segments.length > 0;
  }

  get readerGone(): boolean {
    return this.readerCopies === 0;
  }

  /** A write would fail at once with EPIPE. */
  get broken(): boolean {
    return this.readerGone && !this.#remote;
  }

  /** The peer's end of file or reset has arrived here, read or not. */
  get endingArrived(): boolean {
    return this.#ending !== undefined && this.#ending.readyAt <= this.#core.now;
  }

  set reader(reader: Reader | undefined) {
    this.#reader = reader;
    this.pump();
  }

  /** Takes what there is room for and returns how many bytes that was. The caller must not change `bytes` afterwards. */
  accept(bytes: Uint8Array, cause: number, message: number): number {
    const taken = this.#room.accept(bytes.length);
    if (taken === 0) return 0;
    const part = taken === bytes.length ? bytes : bytes.subarray(0, taken);
    this.#segments.push({ bytes: part, start: 0, readyAt: this.#arrival(), cause, message });
    this.pump();
    return taken;
  }

  /** No more will be written: end of file, or a reset, behind what is on its way. */
  terminate(how: Ending, cause: number): void {
    if (this.#ending?.how === 'reset' || (this.#ending !== undefined && how === 'fin')) return;
    this.#ending = { how, readyAt: this.#arrival(), cause };
    this.pump();
  }

  /** A descriptor of the write end was closed. */
  dropWriter(cause: number): void {
    this.writerCopies--;
    if (this.writerCopies === 0) this.terminate('fin', cause);
  }

  /** A descriptor of the read end was closed. With the last one the content is gone and writers are told. */
  dropReader(): void {
    this.readerCopies--;
    if (this.readerCopies > 0) return;
    this.#reader = undefined;
    if (this.#remote) {
      this.pump();
      return;
    }
    this.#discard();
    for (const writer of [...this.writers]) writer.refused('gone');
  }

  /** The path is open again after a cut: what was held is retransmitted. */
  release(): void {
    this.#giveUp = false;
    this.#lastReady = this.#core.now;
    for (const segment of this.#segments) if (segment.readyAt === HELD) segment.readyAt = this.#arrival();
    if (this.#ending?.readyAt === HELD) this.#ending.readyAt = this.#arrival();
    this.#scheduled = false;
    this.pump();
  }

  /** Nothing arrives any more and nobody is told. */
  silence(): void {
    this.#silent = true;
    this.#hold();
    if (this.#ending !== undefined) this.#ending.readyAt = HELD;
  }

  /** Schedules the next read, if there is something to read and somebody who reads. */
  pump(): void {
    if (this.#scheduled) return;
    const next = this.#segments[0] ?? this.#ending;
    if (next === undefined || next.readyAt === HELD) return;
    const reader = this.#reader;
    if (this.readerGone ? !this.#remote : reader === undefined || !reader.reading) return;
    this.#scheduled = true;
    this.#core.at(next.readyAt, () => this.#arrive(), reader?.owner ?? 0);
  }

  #arrive(): void {
    this.#scheduled = false;
    if (this.readerGone) this.#bounce();
    else if (this.#reader?.reading === true) this.#read(this.#reader);
  }

  #read(reader: Reader): void {
    const first = this.#segments[0];
    if (first !== undefined && first.readyAt <= this.#core.now) {
      const { bytes, cause, message } = this.#take(this.#readSize());
      reader.received(bytes, cause, message);
      for (const writer of this.writers) writer.roomAvailable();
    } else if (first === undefined && this.#ending !== undefined && this.#ending.readyAt <= this.#core.now) {
      const { how, cause } = this.#ending;
      this.#reader = undefined;
      reader.finished(how, cause);
      return;
    }
    this.#pumpLater();
  }

  /** What is left over after a read is read again after a moment, so that a reader may act in between. */
  #pumpLater(): void {
    const next = this.#segments[0];
    if (next !== undefined && next.readyAt <= this.#core.now)
      next.readyAt = after(this.#core.now, this.#core.localDelay(this.#transit.prng));
    this.pump();
  }

  /** How many bytes this read returns: half of the time all that has arrived, otherwise any number of them. */
  #readSize(): number {
    let available = 0;
    for (const segment of this.#segments) {
      if (segment.readyAt > this.#core.now) break;
      available += segment.bytes.length - segment.start;
      if (available >= this.#transit.readMax) break;
    }
    const prng = this.#transit.prng;
    let most = Math.min(available, this.#transit.readMax);
    const limit = this.#core.conditions.segmentation;
    if (limit !== undefined && limit.most < most) {
      most = limit.most;
      limit.fired();
    }
    return most === 1 || prng.below(2) === 0 ? most : prng.between(1, most);
  }

  /** Removes `size` bytes. The array may be the one that was written. */
  #take(size: number): { bytes: Uint8Array; cause: number; message: number } {
    const first = this.#segments[0];
    if (first === undefined) throw new Error('read past the end of a channel');
    this.#room.free(size);
    const left = first.bytes.length - first.start;
    if (size > left) return this.#takeSeveral(size);
    const { cause, message } = first;
    const bytes = first.start === 0 && size === left ? first.bytes : first.bytes.subarray(first.start, first.start + size);
    first.start += size;
    if (size === left) this.#segments.shift();
    return { bytes, cause, message };
  }

  #takeSeveral(size: number): { bytes: Uint8Array; cause: number; message: number } {
    const bytes = new Uint8Array(size);
    let filled = 0;
    let used = 0;
    let cause = -1;
    let message = 0;
    while (filled < size) {
      const segment = this.#segments[used];
      if (segment === undefined) throw new Error('read past the end of a channel');
      const part = segment.bytes.subarray(segment.start, segment.start + size - filled);
      bytes.set(part, filled);
      filled += part.length;
      segment.start += part.length;
      if (segment.start === segment.bytes.length) used++;
      cause = segment.cause;
      message = segment.message;
    }
    this.#segments.splice(0, used);
    return { bytes, cause, message };
  }

  /** RFC 9293 3.10.7: a segment for a connection that is gone is answered with RST. */
  #bounce(): void {
    if (!this.hasUnread) return;
    const delay = this.#transit.delay();
    if (delay === undefined) {
      this.#hold();
      return;
    }
    this.#discard();
    this.#core.in(delay, () => {
      for (const writer of [...this.writers]) writer.refused('reset');
    });
  }

  /** What has arrived where nobody can answer counts as not arrived. */
  #hold(): void {
    for (const segment of this.#segments) segment.readyAt = HELD;
    this.#lastReady = HELD;
    this.#startGivingUp();
  }

  #discard(): void {
    for (const segment of this.#segments) this.#room.free(segment.bytes.length - segment.start);
    this.#segments = [];
  }

  #arrival(): Instant {
    const delay = this.#silent ? undefined : this.#transit.delay();
    if (delay === undefined || this.#lastReady === HELD) {
      this.#startGivingUp();
      this.#lastReady = HELD;
      return HELD;
    }
    const arrival = after(this.#core.now, delay);
    if (arrival > this.#lastReady) this.#lastReady = arrival;
    return this.#lastReady;
  }

  #startGivingUp(): void {
    if (!this.#silent) this.#transit.held(this);
    if (this.#giveUp) return;
    this.#giveUp = true;
    this.#core.in(RETRANSMIT_TIMEOUT, () => {
      if (!this.#giveUp || !this.#segments.some(segment => segment.readyAt === HELD)) return;
      this.#discard();
      for (const writer of [...this.writers]) writer.refused('timeout');
    });
  }
}
