/**
 * Where python3 is, a program that stands between a guest and an implementation that forks: reaper.py. It is a subreaper of Linux, so
 * the kernel makes it the parent of all that the implementation has started and left alone. Node cannot call prctl(2), and who is
 * no subreaper neither learns how such a process ended nor, by descent, that it is there.
 * Lacks: any hold on what it is given: family.ts kills, and finds that as descending from it.
 */
import { spawnSync } from 'node:child_process';
import { packaged } from './package.ts';

const PYTHON = 'python3';
/** Nothing of the user's Python: only its standard library. */
const WORDS = ['-I', '-S', packaged('src/node/reaper.py')];
const TRY_MILLIS = 10_000;

/** Its program and first arguments; undefined where it cannot be had. */
export function findReaper(): { readonly program: string; readonly args: readonly string[] } | undefined {
  works ||= spawnSync(PYTHON, [...WORDS, '--try'], { stdio: 'ignore', timeout: TRY_MILLIS }).status === 0;
  return works ? { program: PYTHON, args: WORDS } : undefined;
}

/** What does not work now may work the next time: a machine can be short of processes for a moment. */
let works = false;
