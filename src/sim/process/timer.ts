/**
 * A timer of a process: due when the monotonic clock of its machine shows a time, however that clock runs meanwhile.
 * Lacks: what a daemon is told when it fires (host.ts) and alarms (signals.ts).
 */
import type { Timer } from '../../host/host.ts';
import type { Duration, Instant } from '../../host/time.ts';
import type { Entry } from '../core/agenda.ts';
import type { MachineClock } from '../core/clock.ts';
import type { Core } from '../core/core.ts';
import type { Held } from './held.ts';

/** Whose timer it is. */
export interface TimerOwner {
  readonly core: Core;
  readonly computer: { readonly clock: MachineClock };
  readonly serial: number;
  readonly timers: Set<SimTimer>;
}

export class SimTimer implements Timer, Held {
  readonly #owner: TimerOwner;
  readonly #due: Instant;
  readonly #fire: () => void;
  #entry: Entry;

  constructor(owner: TimerOwner, delay: Duration, fire: () => void) {
    this.#owner = owner;
    this.#due = (owner.computer.clock.monotonic(owner.core.now) + delay) as Instant;
    this.#fire = fire;
    this.#entry = this.#arm();
    owner.timers.add(this);
  }

  /** In true time, as long as the clock of the machine keeps its rate. */
  get due(): Instant {
    return this.#entry.time;
  }

  cancel(): void {
    this.#owner.core.agenda.cancel(this.#entry);
    this.#owner.timers.delete(this);
  }

  release(): void {
    this.cancel();
  }

  discard(): void {
    this.cancel();
  }

  /** The clock of the machine has changed its rate. */
  retime(): void {
    this.#owner.core.agenda.cancel(this.#entry);
    this.#entry = this.#arm();
  }

  #arm(): Entry {
    const { core, computer, serial } = this.#owner;
    return core.in(computer.clock.until(core.now, this.#due), this.#expire, serial, 'timer');
  }

  readonly #expire = (): void => {
    this.#owner.timers.delete(this);
    this.#fire();
  };
}
