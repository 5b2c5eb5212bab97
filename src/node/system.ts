/**
 * What this computer knows of itself and of the people on it: gethostname, /proc/uptime, /proc/loadavg and utmp, as Linux has
 * them. Where the kernel is another, os.uptime and os.loadavg answer, and nobody is known to be logged in.
 */
import fs from 'node:fs';
import os from 'node:os';
import type { EventValue } from '../host/event.ts';
import type { Login, System } from '../host/host.ts';
import type { Result } from '../host/result.ts';
import type { Instant } from '../host/time.ts';
import { instantOf } from '../host/time.ts';
import type { Crossings } from './crossings.ts';
import type { Image } from './guard.ts';
import { readUtmp } from './utmp.ts';

export class NodeSystem implements System {
  readonly #image: Image;
  readonly #crossings: Crossings;
  readonly #accounts: string | undefined;

  /** `accounts` is read instead of the utmp of this machine. */
  constructor(image: Image, crossings: Crossings, accounts: string | undefined) {
    this.#image = image;
    this.#crossings = crossings;
    this.#accounts = accounts;
  }

  hostName(): string {
    return this.#answer('hostname', os.hostname());
  }

  bootTime(): Instant {
    // Both are read at once; the second is what they are exact to.
    const boot = Math.round((Date.now() - os.uptime() * 1_000) / 1_000);
    return instantOf(this.#answer('boot', boot * 1_000_000));
  }

  loadAverages(): readonly [number, number, number] {
    const [one, five, fifteen] = hundredths();
    this.#answer('load', `${one} ${five} ${fifteen}`);
    return [one, five, fifteen];
  }

  logins(): Result<readonly Login[]> {
    const call = 'logins';
    const result = readUtmp(this.#accounts);
    this.#answer(call, result.ok ? result.value.length : result.error.code);
    return result;
  }

  #answer<T extends EventValue>(of: string, answer: T): T {
    this.#image.check();
    this.#crossings.report('inquire', { of, answer });
    return answer;
  }
}

/** os.loadavg counts in powers of two; the text of the kernel is exact. */
function hundredths(): readonly [number, number, number] {
  const [one = 0, five = 0, fifteen = 0] = os.loadavg();
  try {
    const found = /^(\d+)\.(\d\d) (\d+)\.(\d\d) (\d+)\.(\d\d) /.exec(fs.readFileSync('/proc/loadavg', 'latin1'));
    if (found !== null) {
      const number = (at: number): number => Number(found[at]) * 100 + Number(found[at + 1]);
      return [number(1), number(3), number(5)];
    }
  } catch {
    // Another kernel: the numbers of libuv will do.
  }
  return [Math.trunc(one * 100), Math.trunc(five * 100), Math.trunc(fifteen * 100)];
}
