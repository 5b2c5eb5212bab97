/**
 * The clocks of this machine, and timers on the monotonic one.
 * monotonic: CLOCK_MONOTONIC in microseconds, the same in every process. wall: Date.now(), so its resolution is one millisecond.
 * Lacks: timers finer than a millisecond: Node's fire up to one millisecond (and whatever the machine is busy with) late, never early.
 */
import type { Clock, Timer } from '../host/host.ts';
import type { Duration, Instant } from '../host/time.ts';
import { after, instantOf, micros, requireDelay, since } from '../host/time.ts';
import type { Crossings } from './crossings.ts';
import type { Image, Resource } from './guard.ts';

export const monotonic = (): Instant => instantOf(Number(process.hrtime.bigint() / 1_000n));

/** Calls `fire` once the monotonic clock has reached `due`. Node's own timers may fire early and end at 2^31 - 1 ms: this one rearms. */
export class Alarm {
  #timeout: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  set(due: Instant, fire: () => void): void {
    this.cancel();
    const wait = Math.ceil(since(monotonic(), due) / 1_000);
    const check = (): void => {
      if (monotonic() < due) this.set(due, fire);
      else {
        this.cancel();
        fire();
      }
    };
    if (wait <= 0) this.#immediate = setImmediate(check);
    else this.#timeout = setTimeout(check, Math.min(wait, TIMEOUT_MAX));
  }

  cancel(): void {
    clearTimeout(this.#timeout);
    clearImmediate(this.#immediate);
    this.#timeout = undefined;
    this.#immediate = undefined;
  }
}

interface Pending {
  readonly id: number;
  readonly due: Instant;
  readonly fire: () => void;
}

export class NodeClock implements Clock, Resource {
  readonly #image: Image;
  readonly #crossings: Crossings;
  readonly #alarm: Alarm = new Alarm();
  /** By `due`, then by age: timers of the same instant fire in the order they were set. */
  readonly #timers: Pending[] = [];
  #lastId = 0;

  constructor(image: Image, crossings: Crossings) {
    this.#image = image;
    this.#crossings = crossings;
    image.own(this);
  }

  monotonic(): Instant {
    this.#image.check();
    return monotonic();
  }

  wall(): Instant {
    this.#image.check();
    return wall();
  }

  setTimer(delay: Duration, fire: () => void): Timer {
    this.#image.check();
    requireDelay(delay);
    const id = ++this.#lastId;
    const timer: Pending = { id, due: after(monotonic(), micros(Math.max(0, delay))), fire };
    this.#crossings.report('timer', { id, delay });
    let at = this.#timers.length;
    for (let before = this.#timers[at - 1]; before !== undefined && before.due > timer.due; before = this.#timers[at - 1]) at--;
    this.#timers.splice(at, 0, timer);
    if (at === 0) this.#arm();
    return { cancel: () => this.#cancel(timer) };
  }

  release(): void {
    this.#alarm.cancel();
    this.#timers.length = 0;
  }

  #cancel(timer: Pending): void {
    this.#image.check();
    const at = this.#timers.indexOf(timer);
    if (at < 0) return;
    this.#timers.splice(at, 1);
    this.#crossings.report('cancel', { id: timer.id });
    if (at === 0) this.#arm();
  }

  #arm(): void {
    const first = this.#timers[0];
    if (first === undefined) this.#alarm.cancel();
    else this.#alarm.set(first.due, () => this.#fire());
  }

  /** Every timer that is due by now, but none set meanwhile: a timer that sets itself again must not starve the sockets. */
  #fire(): void {
    const now = monotonic();
    const newest = this.#lastId;
    for (let first = this.#timers[0]; first !== undefined && first.due <= now && first.id <= newest; first = this.#timers[0]) {
      const { id, fire } = first;
      this.#timers.shift();
      this.#image.run(() => {
        this.#crossings.report('fire', { id });
        fire();
      });
    }
    if (this.#image.alive) this.#arm();
  }
}

export const wall = (): Instant => instantOf(Date.now() * 1_000);

const TIMEOUT_MAX = 2 ** 31 - 1; // Node: a longer one fires at once
