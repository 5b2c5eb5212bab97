/**
 * The clocks of one machine: monotonic and wall, each true time plus an offset, both running at the machine's own rate.
 * Lacks: leap seconds and slewing.
 */
import type { Duration, Instant } from '../../host/time.ts';

/** 2026-01-01 00:00 UTC: the wall clock of every machine when the world begins. */
const EPOCH = 1_767_225_600_000_000;
const MILLION = 1_000_000;

export class MachineClock {
  /** True time and local monotonic time at the last change of rate. */
  #trueBase = 0;
  #localBase = 0;
  #partsPerMillion = 0;
  /** Of the wall clock less EPOCH over the monotonic one. */
  #wallOffset = 0;

  monotonic(now: Instant): Instant {
    const elapsed = now - this.#trueBase;
    if (this.#partsPerMillion === 0) return (this.#localBase + elapsed) as Instant;
    return (this.#localBase + elapsed + Math.floor((elapsed * this.#partsPerMillion) / MILLION)) as Instant;
  }

  wall(now: Instant): Instant {
    return (EPOCH + this.monotonic(now) + this.#wallOffset) as Instant;
  }

  /** True time from `now` until the monotonic clock shows `due`, at the present rate: a timer is never early. */
  until(now: Instant, due: Instant): Duration {
    const left = due - this.monotonic(now);
    if (left <= 0 || this.#partsPerMillion === 0) return Math.max(0, left) as Duration;
    let delay = Math.floor((left / (MILLION + this.#partsPerMillion)) * MILLION);
    while (this.monotonic((now + delay) as Instant) < due) delay++;
    return delay as Duration;
  }

  /** Throws for a clock that would stand still or go back. */
  drift(now: Instant, partsPerMillion: number): void {
    if (partsPerMillion <= -MILLION) throw new Error(`a clock cannot drift by ${partsPerMillion} parts per million`);
    this.#localBase = this.monotonic(now);
    this.#trueBase = now;
    this.#partsPerMillion = partsPerMillion;
  }

  step(by: Duration): void {
    this.#wallOffset += by;
  }

  /** Power came back: the monotonic clock starts again from zero, the wall clock goes on. */
  reboot(now: Instant): void {
    this.#wallOffset += this.monotonic(now);
    this.#localBase = 0;
    this.#trueBase = now;
  }
}
