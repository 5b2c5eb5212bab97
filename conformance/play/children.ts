/**
 * The processes that the tester starts: each is waited for, and whoever started it is told how it ended.
 * Lacks: what they say and do.
 */
import type { Host, Pid, SpawnOptions } from '../../src/host/host.ts';
import type { Result } from '../../src/host/result.ts';
import type { ExitStatus } from '../../src/host/signal.ts';

export class Children {
  readonly #host: Host;
  readonly #ended: Map<Pid, (status: ExitStatus) => void> = new Map();
  #waiting = false;

  constructor(host: Host) {
    this.#host = host;
  }

  spawn(program: string, args: readonly string[], options: SpawnOptions, ended: (status: ExitStatus) => void): Result<Pid> {
    const spawned = this.#host.process.spawn(program, args, options);
    if (spawned.ok) {
      this.#ended.set(spawned.value, ended);
      this.#wait();
    }
    return spawned;
  }

  /** Whether it was started here and has not been waited for. */
  has(pid: Pid): boolean {
    return this.#ended.has(pid);
  }

  /** One call, one child: any of them. */
  #wait(): void {
    if (this.#waiting || this.#ended.size === 0) return;
    this.#waiting = true;
    this.#host.process.wait(result => {
      this.#waiting = false;
      if (!result.ok) return;
      const { pid, status } = result.value;
      const ended = this.#ended.get(pid);
      this.#ended.delete(pid);
      this.#wait();
      ended?.(status);
    });
  }
}
