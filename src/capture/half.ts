/**
 * One direction of a TCP connection: segments into a stream of bytes (RFC 9293), whatever came twice, overlapping or out of order. The first
 * bytes that came for a place count. What never comes is a hole, which is told in its place.
 * Lacks: windows, urgent data.
 */
import { behind, type Cursors } from './cursors.ts';
import type { Connection, FlowSink } from './flow.ts';
import { LATE_PACKETS, WAITING_ALL_LIMIT, WAITING_BYTES_LIMIT, WAITING_LIMIT, WAITING_SEGMENT_BYTES } from './limits.ts';

/** What all directions together have waiting. */
export class Waiting {
  /** With WAITING_SEGMENT_BYTES for each segment. */
  bytes = 0;
  /** Directions that did not wait longer because it was too much. */
  passed = 0;
}

interface Segment {
  readonly seq: number;
  readonly bytes: Uint8Array;
}

export class Half {
  #first = 0;
  #begun = false;
  /** In the order of their numbers, each behind #next. */
  readonly #waiting: Segment[] = [];
  #waitingBytes = 0;
  /** Of the end of the stream. */
  #fin: number | undefined;
  #over = false;
  /** What the other end has acknowledged, and was not seen. */
  #acknowledged: number | undefined;
  /** Packets since the other end has acknowledged what was not seen. */
  #late = 0;
  readonly #sink: FlowSink;
  readonly #connection: Connection;
  readonly #fromClient: boolean;
  readonly #all: Waiting;
  readonly #cursors: Cursors;
  /** Of its own in `next`. */
  readonly #at: number;

  /** `isHigh`: it is what the greater end says (ends.ts). */
  constructor(sink: FlowSink, connection: Connection, fromClient: boolean, isHigh: boolean, cursors: Cursors, all: Waiting) {
    this.#cursors = cursors;
    this.#at = 2 * connection.place + (isHigh ? 1 : 0);
    this.#sink = sink;
    this.#connection = connection;
    this.#fromClient = fromClient;
    this.#all = all;
  }

  get begun(): boolean {
    return this.#begun;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Nothing is missing, and nothing is known of its end. */
  get plain(): boolean {
    return this.#begun && this.#fin === undefined && this.#acknowledged === undefined && this.#waiting.length === 0;
  }

  /** The sequence number of the next byte. */
  get #next(): number {
    return this.#cursors.next[this.#at] ?? 0;
  }

  set #next(seq: number) {
    this.#cursors.next[this.#at] = seq;
  }

  /** The first byte has this number. Of a connection whose beginning was not captured: the first that was seen. */
  begin(seq: number): void {
    this.#first = this.#next = seq | 0;
    this.#begun = true;
  }

  /** Whether a SYN with this number begins another connection: not if it is that of this one, once more. */
  isOther(seq: number): boolean {
    return this.#begun && ((seq + 1) | 0) !== this.#first;
  }

  /** `missing`: bytes behind `end` that were cut off in the capture. */
  segment(seq: number, bytes: Uint8Array, start: number, end: number, missing: number, time: number): void {
    if (!this.#begun) this.begin(seq);
    if (this.#over) return;
    const ahead = behind(seq, this.#next);
    const length = end - start;
    if (ahead > 0) {
      if (length > 0) this.#wait(seq, bytes.slice(start, end));
      if (this.#all.bytes > WAITING_ALL_LIMIT) {
        this.#all.passed++;
        while (this.#waiting.length > 0) this.#skip(time);
      } else if (this.#waitingBytes > WAITING_BYTES_LIMIT || this.#waiting.length > WAITING_LIMIT) this.#skip(time);
      else this.#lateOne(time);
      return;
    }
    // What came before is not told again.
    if (length + ahead > 0) {
      this.#sink.data(this.#connection.place, this.#fromClient, bytes, start - ahead, end, time);
      this.#next = (seq + length) | 0;
    }
    if (missing > 0 && behind((seq + length + missing) | 0, this.#next) > 0) {
      this.#hole(behind((seq + length + missing) | 0, this.#next), time);
      this.#next = (seq + length + missing) | 0;
    }
    if (!this.plain) this.#release(time);
    this.#finish(time);
  }

  fin(seq: number, time: number): void {
    if (!this.#begun) this.begin(seq);
    this.#fin = seq | 0;
    this.#finish(time);
  }

  /** The other end has everything before this number. */
  acknowledged(seq: number, time: number): void {
    if (!this.#begun || this.#over || behind(seq, this.#next) <= 0) return;
    const [first] = this.#waiting;
    if (first !== undefined ? behind(seq, first.seq) >= 0 : behind(seq, this.#next) > 1 || this.#fin === undefined) {
      this.#acknowledged = seq | 0;
      this.#lateOne(time);
    }
  }

  /** Nothing comes any more: what waits is told, with holes before it. */
  flush(time: number): void {
    while (this.#waiting.length > 0) this.#skip(time);
    this.#finish(time);
  }

  /** It was acknowledged and has not come. A capture may have packets in a wrong order, but not far from their place. */
  #lateOne(time: number): void {
    if (this.#acknowledged === undefined || ++this.#late < LATE_PACKETS) return;
    this.#skip(time);
  }

  #wait(seq: number, bytes: Uint8Array): void {
    const waiting = this.#waiting;
    let at = waiting.length;
    while (at > 0 && behind(waiting[at - 1]?.seq ?? 0, seq) > 0) at--;
    waiting.splice(at, 0, { seq: seq | 0, bytes });
    this.#waitingBytes += bytes.length;
    this.#all.bytes += bytes.length + WAITING_SEGMENT_BYTES;
  }

  /** Over what is missing to the first that waits, or to what was acknowledged. */
  #skip(time: number): void {
    const to = this.#waiting[0]?.seq ?? this.#acknowledged;
    this.#acknowledged = undefined;
    this.#late = 0;
    if (to === undefined) return;
    const length = behind(to, this.#next);
    // The end of the stream has a number of its own.
    const hole = this.#fin !== undefined && behind(to, this.#fin) > 0 ? length - 1 : length;
    if (hole > 0) this.#hole(hole, time);
    this.#next = (this.#next + Math.max(0, hole)) | 0;
    this.#release(time);
    this.#finish(time);
  }

  #release(time: number): void {
    for (;;) {
      const first = this.#waiting[0];
      if (first === undefined) break;
      const ahead = behind(first.seq, this.#next);
      if (ahead > 0) break;
      this.#waiting.shift();
      this.#waitingBytes -= first.bytes.length;
      this.#all.bytes -= first.bytes.length + WAITING_SEGMENT_BYTES;
      if (first.bytes.length + ahead <= 0) continue;
      this.#sink.data(this.#connection.place, this.#fromClient, first.bytes, -ahead, first.bytes.length, time);
      this.#next = (first.seq + first.bytes.length) | 0;
    }
    if (this.#acknowledged !== undefined && behind(this.#acknowledged, this.#next) <= 0) {
      this.#acknowledged = undefined;
      this.#late = 0;
    }
  }

  #finish(time: number): void {
    if (this.#over || this.#fin === undefined || behind(this.#fin, this.#next) > 0) return;
    this.#over = true;
    this.#sink.ended(this.#connection, this.#fromClient, time);
  }

  #hole(length: number, time: number): void {
    this.#sink.hole(this.#connection, this.#fromClient, length, time);
  }
}
