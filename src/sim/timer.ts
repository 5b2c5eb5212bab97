/**
 * A timer of a process: due when the monotonic clock of its machine shows a time, however that clock runs meanwhile.
 * Lacks: what a daemon is told when it fires (host.ts) and alarms (signals.ts).
 * May import: host.
 */
import type { Timer } from '../host/host.ts';
import type { Duration, Instant } from '../host/time.ts';
import type { Entry } from './agenda.ts';
import type { SimProcess } from './process.ts';

export class SimTimer implements Timer {
  readonly #process: SimProcess;
  readonly #due: Instant;
  readonly #fire: () => void;
  #entry: Entry;

  constructor(process: SimProcess, delay: Duration, fire: () => void) {
    this.#process = process;
    this.#due = (process.machine.clock.monotonic(process.core.now) + delay) as Instant;
    this.#fire = fire;
    this.#entry = this.#arm();
    process.timers.add(this);
  }

  cancel(): void {
    this.#process.core.agenda.cancel(this.#entry);
    this.#process.timers.delete(this);
  }

  /** The clock of the machine has changed its rate. */
  retime(): void {
    this.#process.core.agenda.cancel(this.#entry);
    this.#entry = this.#arm();
  }

  #arm(): Entry {
    const { core, machine, serial } = this.#process;
    return core.in(machine.clock.until(core.now, this.#due), this.#expire, serial, true);
  }

  readonly #expire = (): void => {
    this.#process.timers.delete(this);
    this.#fire();
  };
}
