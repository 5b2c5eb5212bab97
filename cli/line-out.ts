/**
 * Whole lines on standard output, one at a time: a reader that stands still stops nothing, and no line is cut when the process ends.
 * Lacks: lines longer than PIPE_BUF, which a pipe takes in parts.
 */

/** Lines that wait for the reader; what comes beyond is counted and told once there is room. */
const WAITING_LIMIT = 10_000;

export class LineOut {
  readonly #waiting: string[] = [];
  #missed = 0;
  #writing = false;
  #flushed: (() => void) | undefined;

  constructor() {
    // Node lets a process wait in the kernel for whoever reads its pipe, and hear no signal meanwhile.
    const handle = '_handle' in process.stdout ? process.stdout._handle : undefined;
    if (hasBlocking(handle)) handle.setBlocking(false);
  }

  write(line: string): void {
    if (this.#waiting.length < WAITING_LIMIT) this.#waiting.push(line);
    else this.#missed += 1;
    this.#next();
  }

  /** Lines that were left out since this was last asked. */
  missed(): number {
    const { length } = this.#waiting;
    if (length > 0) return 0;
    const missed = this.#missed;
    this.#missed = 0;
    return missed;
  }

  /** Everything is written, or the time is over. */
  flush(milliseconds: number): Promise<void> {
    if (!this.#writing) return Promise.resolve();
    return new Promise(resolve => {
      this.#flushed = resolve;
      setTimeout(resolve, milliseconds);
    });
  }

  #next(): void {
    if (this.#writing) return;
    const line = this.#waiting.shift();
    if (line === undefined) {
      this.#flushed?.();
      return;
    }
    this.#writing = true;
    process.stdout.write(`${line}\n`, () => {
      this.#writing = false;
      this.#next();
    });
  }
}

const hasBlocking = (handle: unknown): handle is { setBlocking(on: boolean): void } =>
  typeof handle === 'object' && handle !== null && 'setBlocking' in handle && typeof handle.setBlocking === 'function';
