/**
 * The children of a process: which are alive, which ended and wait to be waited for, and how to be rid of all of them.
 * Node reaps every child at once, so those that ended and were not waited for are kept in a table here and still exist for `kill`;
 * in the kernel their pid is free, and other processes get ESRCH.
 * Lacks: death by a signal the contract does not know (SIGSEGV), which is told as exit status 128 + its number, as shells do;
 * SA_NOCLDWAIT. What leaves its process group (setsid) cannot be followed.
 * May import: host.
 */
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import type { Pid, Reaped } from '../host/host.ts';
import { fail, ok, type Result } from '../host/result.ts';
import { type ExitStatus, SIGNALS } from '../host/signal.ts';
import type { NodeSignals } from './signals.ts';

/** The children of this process. They outlive exec. */
export class Children {
  readonly #live = new Map<Pid, ChildProcess>();
  readonly #ended: Reaped[] = [];
  readonly #groups = new Set<Pid>();
  readonly #signals: NodeSignals;
  readonly #ownGroups: boolean;
  /** Groups of their own are not reached by a Ctrl-C at this program's terminal: should it exit without `killAll`, they end with it. */
  readonly #lastResort = (): void => {
    for (const group of this.#groups) signalGroup(group);
  };
  /** Told of each end, after it can be waited for. */
  onEnd: () => void = () => {};

  constructor(signals: NodeSignals, ownGroups: boolean) {
    this.#signals = signals;
    this.#ownGroups = ownGroups;
  }

  add(pid: Pid, child: ChildProcess): void {
    this.#live.set(pid, child);
    if (this.#ownGroups) {
      if (this.#groups.size === 0) process.on('exit', this.#lastResort);
      this.#groups.add(pid);
    }
    child.once('exit', (code, signal) => {
      this.#live.delete(pid);
      this.#ended.push({ pid, status: statusOf(code, signal) });
      if (!groupExists(pid)) this.#groups.delete(pid);
      this.#signals.expect('SIGCHLD');
      this.#signals.raise('SIGCHLD');
      this.onEnd();
    });
  }

  /** The child that ended first of those not waited for; `undefined` when all are alive, ECHILD when there is none. */
  take(): Result<Reaped> | undefined {
    const first = this.#ended.shift();
    if (first !== undefined) return ok(first);
    return this.#live.size === 0 ? fail('ECHILD', 'wait') : undefined;
  }

  /** Ended and not waited for: for POSIX it still exists. */
  isZombie(pid: Pid): boolean {
    return this.#ended.some(child => child.pid === pid);
  }

  /** SIGKILL to every child and everything it started, unless that left its process group; resolves when they are gone. */
  async killAll(): Promise<void> {
    const alive = [...this.#live.values()];
    const gone = alive.map(child => new Promise<void>(resolve => child.once('exit', () => resolve())));
    for (const child of alive) child.kill('SIGKILL');
    await Promise.all(gone);
    // What the children had started is reaped by whoever adopts it.
    for (let round = 0; round < KILL_ROUNDS && [...this.#groups].some(groupLives); round++) {
      for (const group of this.#groups) signalGroup(group);
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    this.#groups.clear();
    process.off('exit', this.#lastResort);
  }
}

function statusOf(code: number | null, signal: NodeJS.Signals | null): ExitStatus {
  if (signal === null) return { code: code ?? 0 };
  const known = SIGNALS.find(name => name === signal);
  return known === undefined ? { code: 128 + os.constants.signals[signal] } : { signal: known };
}

function signalGroup(group: Pid): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // ESRCH: nobody is left in it.
  }
}

function groupExists(group: Pid): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whether anybody in the group still runs: in a container nobody may reap what is dead. */
function groupLives(group: Pid): boolean {
  if (!groupExists(group)) return false;
  try {
    return fs.readdirSync('/proc').some(name => /^\d+$/.test(name) && livesIn(group, name));
  } catch {
    return true;
  }
}

function livesIn(group: Pid, pid: string): boolean {
  try {
    // proc(5), stat: pid (command) state ppid pgrp; the command may contain anything.
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, , pgrp] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return Number(pgrp) === group && state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}

const KILL_ROUNDS = 50; // of 10 ms: SIGKILL takes effect within one, unless a process hangs in the kernel
