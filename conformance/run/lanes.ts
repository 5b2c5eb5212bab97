/**
 * Work side by side: so many at once, each when what it waits for is done, and some of it alone.
 * Lacks: any idea of what the work is.
 */

export interface Work<T> {
  /** Whether it can begin; once nothing is under way, it must. */
  readonly ready: (task: T) => boolean;
  readonly play: (task: T) => Promise<void>;
  /** Asked before each: nothing more is begun. */
  readonly stop: () => Promise<boolean>;
}

export class Lanes {
  readonly #width: number;
  /** Under way, and not waiting to be alone. */
  #active = 0;
  /** Who is alone, or wants to be: nobody else begins before that. */
  #alone: Promise<void> = Promise.resolve();
  #wanting = 0;
  #quiet: (() => void) | undefined;

  constructor(width: number) {
    this.#width = width;
  }

  /** In this order, as far as that is possible. */
  async run<T>(tasks: readonly T[], { ready, play, stop }: Work<T>): Promise<void> {
    const waiting = [...tasks];
    const running = new Set<Promise<void>>();
    while (waiting.length > 0 || running.size > 0) {
      const at = running.size < this.#width && this.#wanting === 0 && !(await stop()) ? waiting.findIndex(ready) : -1;
      const task = waiting[at];
      if (task === undefined) {
        if (running.size === 0) return;
        await Promise.race(running);
        continue;
      }
      waiting.splice(at, 1);
      this.#active += 1;
      const run = play(task).finally(() => {
        running.delete(run);
        this.#left();
      });
      running.add(run);
    }
  }

  /** For work that is under way: without the others, one after the other. */
  async alone<T>(act: () => Promise<T>): Promise<T> {
    const before = this.#alone;
    let done = (): void => {};
    this.#alone = new Promise(resolve => {
      done = resolve;
    });
    this.#wanting += 1;
    this.#left();
    await before;
    while (this.#active > 0) await new Promise<void>(resolve => (this.#quiet = resolve));
    try {
      return await act();
    } finally {
      this.#active += 1;
      this.#wanting -= 1;
      done();
    }
  }

  #left(): void {
    this.#active -= 1;
    this.#quiet?.();
  }
}
