/**
 * What makes a race come out in another way: a case about one is played under each of these.
 * Lacks: the cores of the machine, which arms/node/arm.ts keeps busy.
 */
import type { Signal } from '../../src/host/signal.ts';
import { millis } from '../../src/host/time.ts';
import type { TesterContext } from './context.ts';

/**
 * slow-writes: what the tester writes goes out in two pieces, with a pause before the second. stops: the implementation is stopped
 * and continued again and again. busy-cores: every core has something else to do.
 */
export const PRESSURES = ['none', 'slow-writes', 'stops', 'busy-cores'] as const;
export type Pressure = (typeof PRESSURES)[number];

/** In milliseconds, each drawn anew up to this: short beside any deadline, long beside what a process does between two calls. */
const STOPPED = 10;
const RUNNING = 100;
const WRITE_PAUSE = 15;

/** Stops the implementation and lets it go on, until `decided`. */
export function stopAndGo(context: TesterContext, signal: (signal: Signal) => void, decided: () => boolean): void {
  const next = (stopped: boolean): void => {
    const { clock, random } = context.host;
    clock.setTimer(millis(1 + random.below(stopped ? STOPPED : RUNNING)), () => {
      if (context.over() || decided()) {
        if (stopped) signal('SIGCONT');
        return;
      }
      signal(stopped ? 'SIGCONT' : 'SIGSTOP');
      next(!stopped);
    });
  };
  next(false);
}

/** Lets what is done to one channel happen in its order, some of it later. */
export class Pace {
  readonly #context: TesterContext;
  readonly #owed: (() => void)[] = [];
  #waiting = false;

  constructor(context: TesterContext) {
    this.#context = context;
  }

  /** Now, unless something is owed before it. */
  act(act: () => void): void {
    if (this.#waiting) this.#owed.push(act);
    else act();
  }

  /** Everything after this waits for a moment. */
  rest(): void {
    this.act(() => {
      this.#waiting = true;
      const { clock, random } = this.#context.host;
      clock.setTimer(millis(1 + random.below(WRITE_PAUSE)), () => {
        this.#waiting = false;
        while (!this.#waiting && this.#owed.length > 0) this.#owed.shift()?.();
      });
    });
  }
}
