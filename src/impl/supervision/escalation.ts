/**
 * How a parent ends a child: one step after the other, from the gentlest to SIGKILL, each when the one before has not helped in
 * its time. A step that comes when the child has ended is not taken.
 * Lacks: waiting for the child; who reaps it knows when it has ended.
 */
import type { Clock, Timer } from '../../host/host.ts';
import type { Duration } from '../../host/time.ts';

export interface EscalationStep {
  /** Takes it. `next`, called now or later, says that there is nothing more to wait for. */
  take(next: () => void): void;
  /** How long it has to help. Absent: there is nothing after it. */
  readonly wait?: Duration;
}

export class Escalation {
  readonly #clock: Clock;
  readonly #steps: readonly EscalationStep[];
  readonly #ended: () => boolean;
  /** How many steps were taken. */
  #taken = 0;
  #timer: Timer | undefined;

  /** `ended`: whether the child has. */
  constructor(clock: Clock, steps: readonly EscalationStep[], ended: () => boolean) {
    this.#clock = clock;
    this.#steps = steps;
    this.#ended = ended;
  }

  get begun(): boolean {
    return this.#taken > 0;
  }

  /** Takes the first step; the others follow. No effect when it has begun. */
  begin(): void {
    if (!this.begun) this.#advance();
  }

  #advance(): void {
    const step = this.#steps[this.#taken];
    if (step === undefined || this.#ended()) return;
    this.#taken += 1;
    const here = this.#taken;
    step.take(() => {
      if (this.#taken !== here) return;
      this.#timer?.cancel();
      this.#advance();
    });
    if (this.#taken !== here || step.wait === undefined) return;
    this.#timer = this.#clock.setTimer(step.wait, () => {
      if (this.#taken === here) this.#advance();
    });
  }
}
