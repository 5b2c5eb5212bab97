/**
 * What the wall clock of a machine shows, by what the machine answers to the question when it was started: a stamp can be judged
 * without a word of the daemon that made it.
 * Lacks: clocks that were set since they were asked for; a stamp that does not fit is judged at the next answer.
 */
const SECOND = 1_000_000;
/** Seconds by which a clock may be off that has run fast or slow. */
const DRIFTED = 2;

export class Wall {
  /** True time at which the machine got its power. */
  #on = 0;
  /** Wall clock less true time; absent until somebody has asked. */
  #ahead: number | undefined;
  /** A fault has set clocks since, perhaps this one. */
  #set = false;
  #drifts = false;
  #doubt: { readonly stamp: number; readonly time: number } | undefined;

  power(time: number): void {
    this.#on = time;
    this.#doubt = undefined;
  }

  fault(kind: unknown): void {
    if (kind === 'clock-step') this.#set = true;
    if (kind === 'clock-drift') this.#drifts = true;
  }

  /** Whether a clock says how long ago something was, to a second. */
  get exact(): boolean {
    return !this.#drifts;
  }

  /** Seconds of the clock; `undefined` where nobody knows. */
  now(time: number): number | undefined {
    return this.#ahead === undefined || this.#set ? undefined : Math.floor((this.#ahead + time) / SECOND);
  }

  /** Microseconds of the clock, where it was not set since the last answer. */
  at(time: number): number {
    return (this.#ahead ?? 0) + time;
  }

  /** Says when the machine was started, in microseconds. Gives what was stamped falsely before, if anything was. */
  answer(booted: number): string | undefined {
    this.#ahead = booted - this.#on;
    this.#set = false;
    const doubt = this.#doubt;
    this.#doubt = undefined;
    return doubt === undefined ? undefined : this.#unfit(doubt.stamp, doubt.time);
  }

  /** Why a stamp cannot have been made then. `asked`: the machine has answered at that very moment. */
  wrong(stamp: number, time: number, asked: boolean): string | undefined {
    if (this.#set || this.#ahead === undefined) return undefined;
    const unfit = this.#unfit(stamp, time);
    if (unfit === undefined || asked) return unfit;
    this.#doubt ??= { stamp, time };
    return undefined;
  }

  #unfit(stamp: number, time: number): string | undefined {
    const off = (stamp - Math.floor(((this.#ahead ?? 0) + time) / SECOND)) | 0;
    return Math.abs(off) <= (this.#drifts ? DRIFTED : 0) ? undefined : `a stamp is off by ${off} s`;
  }
}
