/**
 * Starts a program, and after a second again when it has failed: `[--ends=MS] PROGRAM ARG…`. With `--ends` that one is sent SIGTERM so
 * many milliseconds after it was first started, and not started again.
 */
import type { Daemon, Host, Pid } from '../../../src/host/host.ts';
import { millis, seconds } from '../../../src/host/time.ts';

const AGAIN = seconds(1);

export const init: Daemon = host => {
  const [first = '', ...rest] = host.process.args;
  const [, ends] = /^--ends=(\d+)$/.exec(first) ?? [];
  const [program = '', ...args] = ends === undefined ? host.process.args : rest;
  const keeper = new Init(host, program, args);
  keeper.start();
  if (ends !== undefined) host.clock.setTimer(millis(Number(ends)), () => keeper.end());
};

class Init {
  readonly #host: Host;
  readonly #program: string;
  readonly #args: readonly string[];
  #child: Pid | undefined;
  #ending = false;

  constructor(host: Host, program: string, args: readonly string[]) {
    this.#host = host;
    this.#program = program;
    this.#args = args;
  }

  start(): void {
    if (this.#ending) return;
    const { process } = this.#host;
    const started = process.spawn(this.#program, this.#args);
    if (!started.ok) {
      this.#later();
      return;
    }
    this.#child = started.value;
    process.wait(result => {
      this.#child = undefined;
      if (!result.ok || !('code' in result.value.status) || result.value.status.code !== 0) this.#later();
    });
  }

  #later(): void {
    this.#host.clock.setTimer(AGAIN, () => this.start());
  }

  end(): void {
    this.#ending = true;
    if (this.#child !== undefined) this.#host.process.kill(this.#child, 'SIGTERM');
  }
}
