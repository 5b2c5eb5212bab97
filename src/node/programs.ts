/**
 * What `spawn` and `exec` start: a name of the programs table, else an executable, looked up as execvp does.
 * Lacks: a shell. An executable without `#!` that is not a binary is for the kernel to refuse.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { delimiter, join } from 'node:path';
import { fail, type HostErrorCode, ok, type Result } from '../host/result.ts';
import type { Signal } from '../host/signal.ts';
import { codeOf } from './errors.ts';

/** The path of an executable; ENOENT or EACCES before a process is made, as execvp answers. */
export function findExecutable(program: string, path: string): Result<string> {
  const candidates = program.includes('/') ? [program] : path.split(delimiter).map(directory => join(directory || '.', program));
  let code: HostErrorCode = 'ENOENT';
  for (const candidate of program === '' ? [] : candidates) {
    const found = executable(candidate);
    if (found === 'yes') return ok(candidate);
    if (found === 'denied') code = 'EACCES';
  }
  return fail(code, `exec ${program}`);
}

function executable(path: string): 'yes' | 'no' | 'denied' {
  try {
    if (!fs.statSync(path).isFile()) return 'denied';
    fs.accessSync(path, fs.constants.X_OK);
    return 'yes';
  } catch (thrown) {
    return codeOf(thrown) === 'EACCES' ? 'denied' : 'no';
  }
}

/**
 * Node starts every child with all signals at their default. Where the daemon has some ignored or blocked, env(1) of GNU coreutils 8.31
 * sets them between fork and exec; the pid stays the same. Undefined where that env is not to be had: the child starts with defaults.
 */
export function withSignals(ignored: readonly Signal[], masked: readonly Signal[], spawning: () => void): readonly string[] | undefined {
  if (ignored.length + masked.length === 0) return [];
  if (envKnowsSignals === undefined) spawning();
  envKnowsSignals ??= spawnSync('env', ['--ignore-signal=USR1', '--block-signal=USR2', 'true'], { stdio: 'ignore' }).status === 0;
  if (!envKnowsSignals) return undefined;
  const names = (signals: readonly Signal[]): string => signals.map(signal => signal.slice(3)).join(',');
  return [
    'env',
    ...(ignored.length > 0 ? [`--ignore-signal=${names(ignored)}`] : []),
    ...(masked.length > 0 ? [`--block-signal=${names(masked)}`] : []),
  ];
}

let envKnowsSignals: boolean | undefined;
