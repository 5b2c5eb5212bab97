/**
 * Starts a program, and after a second again when it has failed: `[--after=MS] [--once] [--ends=MS] [--kills=MS] PROGRAM ARG…`. With `--after` it waits
 * before; with `--once` it does not start it again; with `--ends` that one is sent SIGTERM so many milliseconds after the beginning, and
 * not started again; with `--kills` SIGKILL.
 */
import type { Daemon, Host, Pid } from '../../../src/host/host.ts';
import type { Signal } from '../../../src/host/signal.ts';
import { millis, seconds } from '../../../src/host/time.ts';

const AGAIN = seconds(1);

export const init: Daemon = host => {
  const all = host.process.args;
  const own = all.slice(
    0,
    all.findIndex(each => !each.startsWith('--')),
  );
  const [program = '', ...args] = all.slice(own.length);
  const of = (name: string): number | undefined => {
    const given = own.find(each => each.startsWith(`--${name}=`));
    return given === undefined ? undefined : Number(given.slice(name.length + 3));
  };
  const keeper = new Init(host, program, args, own.includes('--once'));
  const after = of('after');
  const [ends, kills] = [of('ends'), of('kills')];
  if (after === undefined) keeper.start();
  else host.clock.setTimer(millis(after), () => keeper.start());
  if (ends !== undefined) host.clock.setTimer(millis(ends), () => keeper.end('SIGTERM'));
  if (kills !== undefined) host.clock.setTimer(millis(kills), () => keeper.end('SIGKILL'));
};

class Init {
  readonly #host: Host;
  readonly #program: string;
  readonly #args: readonly string[];
  readonly #once: boolean;
  #child: Pid | undefined;
  #ending = false;

  constructor(host: Host, program: string, args: readonly string[], once: boolean) {
    this.#host = host;
    this.#program = program;
    this.#args = args;
    this.#once = once;
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
    if (this.#once) return;
    this.#host.clock.setTimer(AGAIN, () => this.start());
  }

  end(signal: Signal): void {
    this.#ending = true;
    if (this.#child !== undefined) this.#host.process.kill(this.#child, signal);
  }
}
