/**
 * The end of a wait. When it comes, what has come by then is read first, for the timers of a tester that had no time run before
 * it reads; and it is told what kept the wait from being a fair one.
 * Lacks: what the end of a wait means: machine.ts.
 */
import type { Timer } from '../../src/host/host.ts';
import type { Duration } from '../../src/host/time.ts';
import { ZERO } from '../../src/host/time.ts';
import type { ChannelName } from '../case.ts';
import { NOTE } from '../judge/notes.ts';
import { isStarved, type Strain, type Yardstick } from '../judge/strain.ts';
import type { TesterContext } from './context.ts';

export interface Fairness {
  /** None in virtual time. */
  readonly yardstick: Yardstick | undefined;
  /** Tells, when asked, of a channel that has not been read all the time from now on. */
  readonly withholding: () => () => ChannelName | undefined;
}

export interface Wait {
  readonly length: Duration;
  /** Whether its end may refute anything; the end of a silence does not. */
  readonly refutes: boolean;
  /** Just before the crossing that the judge takes for the end. */
  readonly note: () => void;
  readonly over: () => void;
}

export class Deadline {
  readonly #context: TesterContext;
  readonly #fairness: Fairness;
  #timer: Timer | undefined;

  constructor(context: TesterContext, fairness: Fairness) {
    this.#context = context;
    this.#fairness = fairness;
  }

  arm({ length, refutes, note, over }: Wait): void {
    this.cancel();
    const { clock } = this.#context.host;
    const strain = this.#fairness.yardstick?.begin();
    const withheld = this.#fairness.withholding();
    this.#timer = clock.setTimer(length, () => {
      if (refutes) this.#tell(length, strain?.(), withheld());
      note();
      this.#timer = clock.setTimer(ZERO, over);
    });
  }

  cancel(): void {
    this.#timer?.cancel();
  }

  #tell(length: Duration, strain: Strain | undefined, withheld: ChannelName | undefined): void {
    if (withheld !== undefined) {
      this.#context.note(NOTE.withheld, { channel: withheld });
      this.#context.observe({ kind: 'withheld', channel: withheld });
    }
    if (strain === undefined || !isStarved(strain, length)) return;
    this.#context.note(NOTE.starved, { ...strain });
    this.#context.observe({ kind: 'starved', strain });
  }
}
