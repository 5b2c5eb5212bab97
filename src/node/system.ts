/**
 * What this computer knows of itself and of the people on it: gethostname, /proc/uptime, /proc/loadavg and utmp, as Linux has
 * them. Where the kernel is another, os.uptime and os.loadavg answer, and nobody is known to be logged in.
 * Lacks: systemd's own list of sessions, which new systems keep instead of utmp.
 * May import: host.
 */
import fs from 'node:fs';
import os from 'node:os';
import type { EventValue } from '../host/event.ts';
import type { Login, System } from '../host/host.ts';
import { fail, ok, type Result } from '../host/result.ts';
import type { Instant } from '../host/time.ts';
import { instantOf, micros } from '../host/time.ts';
import type { Crossings } from './crossings.ts';
import { hostError } from './errors.ts';
import type { Image } from './guard.ts';

/** utmp(5); /run is what /var/run has become. */
const UTMP_PATHS = ['/var/run/utmp', '/run/utmp'];
/** struct utmp of glibc on Linux, the same for 32 and 64 bits: utmp(5), bits/types/struct_utmp.h. */
const UTMP = { size: 384, type: 0, line: 8, user: 44, text: 32, seconds: 340, microseconds: 344 } as const;
const USER_PROCESS = 7;
/** A file beyond it is not read: 4096 people. */
const UTMP_LIMIT = UTMP.size * 4_096;

export class NodeSystem implements System {
  readonly #image: Image;
  readonly #crossings: Crossings;

  constructor(image: Image, crossings: Crossings) {
    this.#image = image;
    this.#crossings = crossings;
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
    const result = readUtmp();
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

function readUtmp(): Result<readonly Login[]> {
  const path = UTMP_PATHS.find(each => fs.existsSync(each));
  if (path === undefined) return fail('ENOENT', `read ${UTMP_PATHS[0]}`);
  try {
    return ok(parseUtmp(fs.readFileSync(path).subarray(0, UTMP_LIMIT)));
  } catch (thrown) {
    return { ok: false, error: hostError(thrown, `read ${path}`) };
  }
}

/** What is left over at the end of a file that is being written is no record. */
export function parseUtmp(bytes: Buffer): readonly Login[] {
  const logins: Login[] = [];
  for (let at = 0; at + UTMP.size <= bytes.length; at += UTMP.size) {
    const user = textAt(bytes, at + UTMP.user);
    if (bytes.readInt16LE(at + UTMP.type) !== USER_PROCESS || user === '') continue;
    const line = textAt(bytes, at + UTMP.line);
    const since = instantOf(bytes.readUInt32LE(at + UTMP.seconds) * 1_000_000 + bytes.readInt32LE(at + UTMP.microseconds));
    logins.push({ line, user, since, idle: idleOf(line) });
  }
  return logins;
}

function textAt(bytes: Buffer, at: number): string {
  const field = bytes.subarray(at, at + UTMP.text);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? UTMP.text : end).toString('latin1');
}

/** A line that is no name below /dev has no node: it comes from a file that others may write. */
function idleOf(line: string): Login['idle'] {
  if (line === '' || line.startsWith('/') || line.split('/').includes('..')) return undefined;
  try {
    return micros((Date.now() - fs.statSync(`/dev/${line}`).atimeMs) * 1_000);
  } catch {
    return undefined;
  }
}
