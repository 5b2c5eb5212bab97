/**
 * Ctrl-C: the first one asks the work to stop at its next pause, so that files are complete; the second ends at once. What may never
 * pause, because it runs code of a user, runs elsewhere (cli/workers, and in processes), so that both are heard. A command that makes
 * no Interrupt is ended by the signals as any program is.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { EXIT } from './exit.ts';

/** Work between two pauses, in milliseconds: short enough that a key press is answered, long enough to cost nothing. */
const SLICE_MS = 30;

/** Their default would end this process without its children and its folders: an orderly exit takes them along. */
const ENDING = [
  { signal: 'SIGTERM', number: 15 },
  { signal: 'SIGHUP', number: 1 },
] as const;

export class Interrupt {
  readonly #asking = new AbortController();
  #paused = performance.now();
  readonly #listener = (): void => {
    if (this.asked) process.exit(EXIT.interrupted);
    process.stderr.write('\nstopping at the next pause; Ctrl-C again ends at once\n');
    this.#asking.abort();
  };

  readonly #ends = ENDING.map(({ signal, number }) => ({ signal, listener: () => process.exit(128 + number) }));

  constructor() {
    process.on('SIGINT', this.#listener);
  }

  /** From now on there are children. Before that nobody heeds the other signals, so that they end this process whatever it does. */
  takeAlong(): void {
    for (const { signal, listener } of this.#ends) process.off(signal, listener).on(signal, listener);
  }

  get asked(): boolean {
    return this.#asking.signal.aborted;
  }

  /** Aborted by the first Ctrl-C. */
  get signal(): AbortSignal {
    return this.#asking.signal;
  }

  /** Lets signals and output through now and then; cheap enough to be called in every round of a loop. */
  async pause(): Promise<void> {
    if (performance.now() - this.#paused < SLICE_MS) return;
    await nextTurn();
    this.#paused = performance.now();
  }

  /** Whether to stop, after a pause. */
  async stops(): Promise<boolean> {
    await this.pause();
    return this.asked;
  }

  release(): void {
    process.off('SIGINT', this.#listener);
    for (const { signal, listener } of this.#ends) process.off(signal, listener);
  }
}
