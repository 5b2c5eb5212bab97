/**
 * A faster clock for an implementation that has no option for it: libfaketime, preloaded. It speeds what a program learns of the
 * time and how long it sleeps, in sleep, poll and select. It does not speed alarm(2) and timers like it, nor a program that is
 * linked statically or asks the kernel itself.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from './command.ts';

export const FAKETIME_PACKAGE = 'faketime';
export const FAKETIME_LIMIT =
  'its clock was libfaketime: alarm(2) and interval timers run at their real speed, and so does a program that is linked statically';

/** The one for programs with threads: it serves others as well. */
const LIBRARY = 'faketime/libfaketimeMT.so.1';

/** Where Debian puts it, and where a `make install` does. */
export function findFaketime(root = '/usr'): string | undefined {
  const folders = ['lib', 'lib64', 'local/lib'].map(each => join(root, each));
  const lib = join(root, 'lib');
  const triplets = existsSync(lib) ? readdirSync(lib).filter(each => each.includes('-linux-')) : [];
  return [...triplets.map(each => join(lib, each)), ...folders].map(each => join(each, LIBRARY)).find(each => existsSync(each));
}

export const faked = (command: Command, library: string, times: number): Command => ({
  ...command,
  environment: { ...command.environment, LD_PRELOAD: library, FAKETIME: `+0 x${times}` },
});
