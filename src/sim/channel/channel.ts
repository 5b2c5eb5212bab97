/**
 * One direction of a stream or a pipe: what its kernel buffer holds, when it arrives, and how a reader gets it.
 * Bytes keep their order and are never lost; a read returns any part of what has arrived.
 * Lacks: TCP's windows, retransmission and congestion, which appear only as delay and, at last, as ETIMEDOUT.
 */

import { Queue } from '../../host/queue.ts';
import type { Duration, Instant } from '../../host/time.ts';
import { after } from '../../host/time.ts';
import { NO_CAUSE } from '../../trace/event.ts';
import type { Entry } from '../core/agenda.ts';
import type { Core } from '../core/core.ts';
import { RETRANSMIT_TIMEOUT } from '../core/options.ts';
import type { Prng } from '../core/prng.ts';
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
  /** They stay inside one machine, where its kernel carries them itself. */
  readonly inside: boolean;
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
  finished(how: StreamEnd, cause: number): void;
}

/** A writing end that waits for room. */
export interface Writer {
  roomAvailable(): void;
  /** The reader is gone (broken), reset the stream, or does not answer (timed out). */
  refused(how: 'gone' | 'reset' | 'timeout'): void;
}

export type StreamEnd = 'fin' | 'reset';

const NOBODY: readonly Reader[] = [];

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
  /** Other processes that have the same end of a pipe: each byte goes to one of them, the end to all. */
  #others = NOBODY;
  readonly #segments = new Queue<Segment>();
  #lastReady = 0 as Instant;
  #ending: { readonly how: StreamEnd; readyAt: Instant; readonly cause: number } | undefined;
  #scheduled = false;
  /** No read before this, so that a reader may act between two reads. */
  #nextRead = 0 as Instant;
  /** Nothing arrives any more, and nobody is told. */
  #silent = false;
  /** The writer's kernel has given up, or is gone: it sends nothing more, not even an end. */
  #dead = false;
  #giveUp: Entry | undefined;
  readonly #onArrive = (): void => this.#arrive();

  constructor(core: Core, name: string, room: Room, transit: Transit, remote: boolean) {
    this.#core = core;
    this.name = name;
    this.#room = room;
    this.#transit = transit;
    this.#remote = remote;
  }

  /** The reader's kernel holds bytes that nobody has read. On one machine that is every byte sent. */
  get hasUnread(): boolean {
    const first = this.#segments.first;
    return first !== undefined && (!this.#remote || first.readyAt <= this.#core.now);
  }

  get readerGone(): boolean {
    return this.readerCopies === 0;
  }

  /** Whoever waits for room is to try again. */
  get writable(): boolean {
    return this.#room.writable;
  }

  /** A write would fail at once with EPIPE. */
  get broken(): boolean {
    return this.readerGone && !this.#remote;
  }

  /** The peer's end of file or reset has arrived here, read or not. */
  get endingArrived(): boolean {
    return this.#ending !== undefined && this.#ending.readyAt <= this.#core.now;
  }

  /** The writer has reset the stream, whether that has arrived or not. */
  get wasReset(): boolean {
    return this.#ending?.how === 'reset';
  }

  /** The reader's kernel knows that the stream was reset. */
  get resetArrived(): boolean {
    return this.#ending?.how === 'reset' && this.#ending.readyAt <= this.#core.now;
  }

  addReader(reader: Reader): void {
    if (this.#reader === undefined) this.#reader = reader;
    else this.#others = [...this.#others, reader];
    this.pump();
  }

  /** Takes what there is room for and returns how many bytes that was. The caller must not change `bytes` afterwards. */
  accept(bytes: Uint8Array, cause: number, message: number): number {
    if (this.#dead) return bytes.length;
    const taken = this.#room.accept(bytes.length);
    if (taken === 0) return 0;
    const part = taken === bytes.length ? bytes : bytes.subarray(0, taken);
    this.#segments.push({ bytes: part, start: 0, readyAt: this.#arrival(), cause, message });
    this.pump();
    return taken;
  }

  /**
   * No more will be written: end of file, or a reset, behind what is on its way. RFC 9293 3.10.5: a reset flushes what was
   * not acknowledged; it is sent once, so a cut path loses it, and the reader hears of it only when it sends.
   */
  terminate(how: StreamEnd, cause: number): void {
    if (this.#dead || this.#ending?.how === 'reset' || (this.#ending !== undefined && how === 'fin')) return;
    const readyAt = this.#arrival();
    if (how === 'reset' && readyAt === HELD) this.discard();
    else this.#ending = { how, readyAt, cause };
    this.pump();
  }

  /** The reader's kernel learns of a reset now: what has not arrived never will. */
  breakOff(cause: number): void {
    if (this.#ending?.how === 'reset' && this.endingArrived) return;
    this.#dropAfter(this.#core.now);
    this.#stopGivingUp();
    this.#dead = true;
    this.#ending = { how: 'reset', readyAt: this.#core.now, cause };
    this.pump();
  }

  /** The writer's kernel sends nothing more: what it held for another try is lost, and no end follows. */
  discard(): void {
    this.#dead = true;
    this.#stopGivingUp();
    this.#dropAfter((HELD - 1) as Instant);
    if (this.#ending?.readyAt === HELD) this.#ending = undefined;
  }

  /** A descriptor of the write end was closed. */
  dropWriter(cause: number): void {
    this.writerCopies--;
    if (this.writerCopies === 0) this.terminate('fin', cause);
  }

  /** A descriptor of the read end was closed. With the last one the content is gone and writers are told. */
  dropReader(reader?: Reader): void {
    this.readerCopies--;
    if (this.readerCopies > 0) {
      if (reader !== undefined) this.#forget(reader);
      this.pump();
      return;
    }
    this.#others = NOBODY;
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
    if (this.#dead || this.#silent) return;
    this.#lastReady = this.#core.now;
    for (const segment of this.#segments.all()) {
      if (segment.readyAt === HELD) segment.readyAt = this.#arrival();
      else if (segment.readyAt > this.#lastReady) this.#lastReady = segment.readyAt;
    }
    if (this.#ending?.readyAt === HELD) this.#ending.readyAt = this.#arrival();
    // Another cut may hold it still; then the time to give up runs on.
    if (this.#lastReady !== HELD) this.#stopGivingUp();
    this.pump();
  }

  /** Nothing arrives any more and nobody is told. False: that cannot happen, or was so before. */
  silence(): boolean {
    if (this.#transit.inside || this.#dead || this.#silent) return false;
    this.#silent = true;
    this.#hold();
    return true;
  }

  /** Schedules the next read, if there is something to read and somebody who reads. */
  pump(): void {
    if (this.#scheduled) return;
    const next = this.#segments.first ?? this.#ending;
    if (next === undefined || next.readyAt === HELD) return;
    const reader = this.readerGone ? undefined : this.#ready();
    if (reader === undefined && !(this.readerGone && this.#remote)) return;
    this.#scheduled = true;
    const time = Math.max(next.readyAt, this.#nextRead) as Instant;
    this.#core.at(time, this.#onArrive, reader?.owner ?? 0, 'arrival');
  }

  /** One that reads now: the same as before, if that does. */
  #ready(): Reader | undefined {
    if (this.#reader?.reading === true) return this.#reader;
    if (this.#others.length === 0) return undefined;
    return this.#others.find(({ reading }) => reading);
  }

  #forget(reader: Reader): void {
    if (this.#reader !== reader) {
      this.#others = this.#others.filter(each => each !== reader);
      return;
    }
    this.#reader = this.#others[0];
    this.#others = this.#others.length > 1 ? this.#others.slice(1) : NOBODY;
  }

  #arrive(): void {
    this.#scheduled = false;
    if (this.readerGone) {
      this.#bounce();
      return;
    }
    const reader = this.#ready();
    if (reader !== undefined) this.#read(reader);
  }

  #read(reader: Reader): void {
    const first = this.#segments.first;
    if (first !== undefined && first.readyAt <= this.#core.now) {
      const { bytes, cause, message } = this.#take(this.#readSize());
      reader.received(bytes, cause, message);
      if (this.#room.writable) for (const writer of this.writers) writer.roomAvailable();
      this.#rest();
    } else if (first === undefined && this.#ending !== undefined && this.#ending.readyAt <= this.#core.now) {
      const { how, cause } = this.#ending;
      this.#forget(reader);
      reader.finished(how, cause);
      if (this.#reader === undefined) return;
    }
    this.pump();
  }

  /** What is left over after a read is read after a moment. */
  #rest(): void {
    const next = this.#segments.first;
    if (next !== undefined && next.readyAt <= this.#core.now)
      this.#nextRead = after(this.#core.now, this.#core.wakeDelay(this.#transit.prng));
  }

  /** How many bytes this read returns: half of the time all that has arrived, otherwise any number of them. */
  #readSize(): number {
    const { prng, readMax } = this.#transit;
    const limit = this.#core.conditions.segmentation;
    // One byte more than may be read is enough to know that a read is cut short.
    const enough = limit === undefined || limit.most >= readMax ? readMax : limit.most + 1;
    let available = 0;
    for (let index = 0; index < this.#segments.length; index++) {
      const segment = this.#segments.at(index);
      if (segment === undefined || segment.readyAt > this.#core.now) break;
      available += segment.bytes.length - segment.start;
      if (available >= enough) break;
    }
    let most = Math.min(available, readMax);
    if (limit !== undefined && limit.most < most) {
      most = limit.most;
      limit.fired();
    }
    return most === 1 || prng.below(2) === 0 ? most : prng.between(1, most);
  }

  /** Removes `size` bytes. The array may be the one that was written. */
  #take(size: number): { bytes: Uint8Array; cause: number; message: number } {
    const first = this.#segments.first;
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
    const bytes = this.#core.slabs.room(size);
    let filled = 0;
    let cause = NO_CAUSE;
    let message = 0;
    while (filled < size) {
      const segment = this.#segments.first;
      if (segment === undefined) throw new Error('read past the end of a channel');
      const part = segment.bytes.subarray(segment.start, segment.start + size - filled);
      bytes.set(part, filled);
      filled += part.length;
      segment.start += part.length;
      if (segment.start === segment.bytes.length) this.#segments.shift();
      cause = segment.cause;
      message = segment.message;
    }
    return { bytes, cause, message };
  }

  /** RFC 9293 3.10.7: a segment for a connection that is gone is answered with RST. */
  #bounce(): void {
    if (this.#segments.length === 0) return;
    const delay = this.#transit.delay();
    if (delay === undefined) {
      this.#hold();
      return;
    }
    // Nobody acknowledges them: until the RST is there the writer has no more room than before.
    this.#segments.clear();
    this.#core.in(delay, () => {
      for (const writer of [...this.writers]) writer.refused('reset');
    });
  }

  /** What is on its way does not arrive; nor does what arrives where nobody can answer. */
  #hold(): void {
    const { now } = this.#core;
    const gone = this.readerGone;
    let held = false;
    for (const segment of this.#segments.all()) {
      if (!gone && segment.readyAt <= now) continue;
      segment.readyAt = HELD;
      held = true;
    }
    if (this.#ending !== undefined && this.#ending.readyAt > now) {
      this.#ending.readyAt = HELD;
      held = true;
    }
    if (held) this.#lastReady = HELD;
    if (held) this.#startGivingUp();
  }

  /** Drops the segments that would arrive after `time`. */
  #dropAfter(time: Instant): void {
    const index = this.#segments.all().findIndex(segment => segment.readyAt > time);
    if (index >= 0) for (const segment of this.#segments.cut(index)) this.#room.free(segment.bytes.length - segment.start);
  }

  #discard(): void {
    for (const segment of this.#segments.all()) this.#room.free(segment.bytes.length - segment.start);
    this.#segments.clear();
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

  /** RFC 9293 3.8.3: what is not acknowledged in time, data or end, breaks the connection for its writer. */
  #startGivingUp(): void {
    if (!this.#silent) this.#transit.held(this);
    this.#giveUp ??= this.#core.in(RETRANSMIT_TIMEOUT, () => {
      this.discard();
      for (const writer of [...this.writers]) writer.refused('timeout');
    });
  }

  #stopGivingUp(): void {
    if (this.#giveUp !== undefined) this.#core.agenda.cancel(this.#giveUp);
    this.#giveUp = undefined;
  }
}
