/**
 * One direction of a connection: bytes go in, and come out as its faults want it.
 * Lacks: the streams on both sides (connection.ts has them), and what a broken connection means for the other direction.
 */
import type { Clock, Timer } from '../../host/host.ts';
import { Queue } from '../../host/queue.ts';
import { after, type Duration, type Instant, micros, millis, since, ZERO } from '../../host/time.ts';
import type { Draw, Fault } from './fault.ts';

/** Bytes on their way in one direction before its source has to wait; what one read brings may come on top. */
export const HELD_LIMIT = 262_144;
/** A throttled direction writes what passes in this time at once. */
const THROTTLE_STEP: Duration = millis(20);
const SECOND = 1_000_000;

export type Breaking = 'truncate' | 'cut' | 'reset' | 'half-open';

export interface FlowEnds {
  readonly clock: Clock;
  /** Of jitter. */
  readonly draw: Draw;
  /** What the receiving kernel has not taken: nothing more is written before that is zero. */
  pending(): number;
  write(bytes: Uint8Array): void;
  /** The source has ended, and everything before that is written. */
  end(): void;
  /** Whether the source has to wait. */
  pressure(wait: boolean): void;
  /** A fault begins. One that breaks comes last: nothing is written after it. */
  began(fault: Fault): void;
  /** Nothing is on its way any more, or it never will be. */
  idle?(): void;
}

interface Item {
  /** None: the end. */
  bytes: Uint8Array | undefined;
  readonly due: Instant;
}

export class Flow {
  readonly #ends: FlowEnds;
  readonly #waiting: Set<Fault>;
  readonly #active: Set<Fault> = new Set();
  readonly #timers: Set<Timer> = new Set();
  readonly #queue: Queue<Item> = new Queue();
  #held = 0;
  #passed = 0;
  /** Nothing is written before this. */
  #free: Instant;
  /** The last byte that came is not due before this. */
  #due: Instant;
  #wake: Timer | undefined;
  #over = false;
  #pressing = false;

  /** Faults that wait for nothing begin with the first call of `begin`. */
  constructor(ends: FlowEnds, faults: readonly Fault[]) {
    this.#ends = ends;
    this.#waiting = new Set(faults);
    this.#free = ends.clock.monotonic();
    this.#due = this.#free;
  }

  /** Bytes that have come out. */
  get passed(): number {
    return this.#passed;
  }

  /** Whether something is on its way that will still come out, unless it has to wait for a fault that holds it for good. */
  get busy(): boolean {
    return !this.#over && this.#queue.length > 0 && !this.#heldForGood;
  }

  /** The connection is made: times count from now. */
  begin(): void {
    for (const fault of [...this.#waiting]) this.#arm(fault);
    this.#look();
  }

  /** One more, from now on; its bytes and times count from now. */
  add(fault: Fault): void {
    const later =
      fault.after !== undefined && 'bytes' in fault.after ? { ...fault, after: { bytes: this.#passed + fault.after.bytes } } : fault;
    this.#waiting.add(later);
    this.#arm(later);
    this.#look();
  }

  take(bytes: Uint8Array): void {
    if (this.#over) return;
    this.#push(bytes);
    this.#held += bytes.length;
    this.#pump();
  }

  /** The source has ended. */
  finish(): void {
    if (this.#over) return;
    this.#push(undefined);
    this.#pump();
  }

  /** `pending` is zero again. */
  drained(): void {
    this.#pump();
  }

  /** What is on its way is lost, and so is what still comes. */
  stop(): void {
    if (this.#over) return;
    this.#drop();
    this.#ends.idle?.();
  }

  #drop(): void {
    this.#over = true;
    this.#queue.clear();
    this.#held = 0;
    for (const timer of [...this.#timers, this.#wake]) timer?.cancel();
    this.#press();
  }

  // ── faults ────────────────────────────────────────────────────────────────────────────────────────────────────────

  #arm(fault: Fault): void {
    if (fault.after === undefined) this.#start(fault);
    else if ('time' in fault.after) this.#timer(fault.after.time, () => this.#start(fault));
  }

  #start(fault: Fault): void {
    if (this.#over || !this.#waiting.delete(fault)) return;
    this.#active.add(fault);
    if (fault.lasting !== undefined)
      this.#timer(fault.lasting, () => {
        this.#active.delete(fault);
        this.#look();
      });
    const breaks = isBreaking(fault.kind);
    if (breaks) this.#drop();
    this.#ends.began(fault);
    if (breaks) this.#ends.idle?.();
    else this.#look();
  }

  #look(): void {
    this.#press();
    this.#pump();
  }

  #timer(delay: Duration, act: () => void): void {
    const timer = this.#ends.clock.setTimer(delay, () => {
      this.#timers.delete(timer);
      act();
    });
    this.#timers.add(timer);
  }

  #find<K extends Fault['kind']>(kind: K): Extract<Fault, { kind: K }> | undefined {
    for (const fault of this.#active) if (isOf(fault, kind)) return fault;
    return undefined;
  }

  get #heldForGood(): boolean {
    return this.#find('hold') !== undefined && this.#find('hold')?.lasting === undefined;
  }

  /** How many bytes there are before the next fault that waits for bytes; those that wait for none any more begin. */
  #room(): number {
    let room = Number.POSITIVE_INFINITY;
    for (const fault of [...this.#waiting]) {
      if (fault.after === undefined || !('bytes' in fault.after)) continue;
      const left = fault.after.bytes - this.#passed;
      if (left > 0) room = Math.min(room, left);
      else if (this.#ends.pending() === 0) this.#start(fault);
      else room = 0;
      if (this.#over) return 0;
    }
    return room;
  }

  // ── bytes ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  #push(bytes: Uint8Array | undefined): void {
    const now = this.#ends.clock.monotonic();
    const delay = this.#find('delay');
    const later = delay === undefined ? ZERO : micros(delay.by + this.#ends.draw((delay.jitter ?? 0) + 1));
    const due = after(now, later);
    this.#due = due > this.#due ? due : this.#due;
    this.#queue.push({ bytes, due: this.#due });
  }

  #pump(): void {
    this.#wake?.cancel();
    this.#wake = undefined;
    while (!this.#over) {
      const room = this.#room();
      const { first } = this.#queue;
      if (this.#over || first === undefined) break;
      if (this.#find('hold') !== undefined || this.#ends.pending() > 0) break;
      const now = this.#ends.clock.monotonic();
      const next = first.due > this.#free ? first.due : this.#free;
      if (next > now) {
        this.#wake = this.#ends.clock.setTimer(since(now, next), () => this.#pump());
        break;
      }
      if (first.bytes === undefined) {
        this.stop();
        this.#ends.end();
        return;
      }
      if (room > 0) this.#pass(first, first.bytes, room, now);
    }
    this.#press();
    if (!this.#over && (this.#queue.length === 0 || this.#heldForGood)) this.#ends.idle?.();
  }

  #pass(item: Item, bytes: Uint8Array, room: number, now: Instant): void {
    const split = this.#find('split');
    const throttle = this.#find('throttle');
    const step = throttle === undefined ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor((throttle.rate * THROTTLE_STEP) / SECOND));
    const size = Math.min(bytes.length, room, step, split?.bytes ?? Number.POSITIVE_INFINITY);
    if (size === bytes.length) this.#queue.shift();
    else item.bytes = bytes.subarray(size);
    this.#held -= size;
    this.#passed += size;
    const pause = Math.max(split?.gap ?? 0, throttle === undefined ? 0 : Math.ceil((size * SECOND) / throttle.rate));
    this.#free = after(now, micros(pause));
    this.#ends.write(bytes.subarray(0, size));
  }

  #press(): void {
    const wait = !this.#over && (this.#find('hold') !== undefined || this.#held >= (this.#pressing ? HELD_LIMIT / 2 : HELD_LIMIT));
    if (wait === this.#pressing) return;
    this.#pressing = wait;
    this.#ends.pressure(wait);
  }
}

const isOf = <K extends Fault['kind']>(fault: Fault, kind: K): fault is Extract<Fault, { kind: K }> => fault.kind === kind;

export const isBreaking = (kind: Fault['kind']): kind is Breaking =>
  kind === 'truncate' || kind === 'cut' || kind === 'reset' || kind === 'half-open';
