/**
 * Ctrl-C: the first one asks the work to stop at its next pause, so that files are complete; the second ends at once. Neither waits
 * for a simulation, which is one long call: `compute` lets Ctrl-C cut it off. What was cut off is as if it had not been begun.
 * May import: exit.ts.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import vm from 'node:vm';
import { EXIT } from './exit.ts';

/** Work between two pauses, in milliseconds: short enough that a key press is answered, long enough to cost nothing. */
const SLICE_MS = 30;

/** Work that Ctrl-C cuts off can go on for longer; the fewer the beginnings, at which one may be lost, the better. */
const COMPUTE_MS = 250;

/** Their default would end this process without its children and its folders: an orderly exit takes them along. */
const ENDING = [
  { signal: 'SIGTERM', number: 15 },
  { signal: 'SIGHUP', number: 1 },
] as const;

/**
 * The one way in Node to be interrupted while JavaScript runs: a script is left when SIGINT comes. Listeners hear nothing of it
 * meanwhile. It calls what is held under this name.
 */
const NAME = 'slipwayComputation';
const SCRIPT = new vm.Script(`${NAME}()`);
const INTERRUPTED = 'ERR_SCRIPT_EXECUTION_INTERRUPTED';

export class Interrupt {
  #asked = false;
  #paused = performance.now();
  readonly #listener = (): void => {
    if (this.#asked) process.exit(EXIT.interrupted);
    this.#asked = true;
    process.stderr.write('\nstopping at the next pause; Ctrl-C again ends at once\n');
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
    return this.#asked;
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
    return this.#asked;
  }

  /**
   * Work that has no children and writes no file. Round after round of it, until one says that it was the last or a slice of time
   * is over; Ctrl-C cuts off the round that it meets. The turn before it hears what came until then, which would be lost.
   */
  async compute(round: () => boolean): Promise<void> {
    await nextTurn();
    if (this.#asked) return;
    const until = performance.now() + COMPUTE_MS;
    const scope = globalThis as unknown as Record<string, unknown>;
    scope[NAME] = () => {
      while (round() && performance.now() < until);
    };
    try {
      SCRIPT.runInThisContext({ breakOnSigint: true });
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === INTERRUPTED)) throw thrown;
      this.#asked = true;
    } finally {
      delete scope[NAME];
    }
  }

  release(): void {
    process.off('SIGINT', this.#listener);
    for (const { signal, listener } of this.#ends) process.off(signal, listener);
  }
}
