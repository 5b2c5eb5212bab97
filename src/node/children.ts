/**
 * The children of a process: which are alive, which ended and wait to be waited for, and how to be rid of all of them.
 * Node reaps every child at once, so those that ended and were not waited for are kept in a table here and still exist for `kill`;
 * in the kernel their pid is free, and other processes get ESRCH.
 * Lacks: death by a signal the contract does not know (SIGSEGV), which is told as exit status 128 + its number, as shells do.
 */
import type { ChildProcess } from 'node:child_process';
import os from 'node:os';
import type { Pid, Reaped } from '../host/host.ts';
import { fail, ok, type Result } from '../host/result.ts';
import { type ExitStatus, SIGNALS } from '../host/signal.ts';
import type { Family } from './family.ts';
import type { NodeSignals } from './signals.ts';

/** The children of this process. They outlive exec. */
export class Children {
  readonly #live = new Map<Pid, ChildProcess>();
  /** Not waited for yet: the oldest first, as Linux looks for one to reap. */
  readonly #ended: (Reaped & { readonly born: number })[] = [];
  #born = 0;
  readonly #signals: NodeSignals;
  readonly #family: Family | undefined;
  /** Told of each end, after it can be waited for. */
  onEnd: () => void = () => {};

  /** The family is that of a guest. */
  constructor(signals: NodeSignals, family: Family | undefined) {
    this.#signals = signals;
    this.#family = family;
  }

  add(pid: Pid, child: ChildProcess): void {
    const born = this.#born++;
    this.#live.set(pid, child);
    this.#family?.add(pid);
    child.once('exit', (code, signal) => {
      this.#live.delete(pid);
      this.#family?.ended(pid);
      this.#signals.expect('SIGCHLD');
      // sigaction(2): of a child that ends while SIGCHLD is ignored nothing is left, and nothing is told.
      if (!this.#signals.areIgnored('SIGCHLD')) {
        this.#ended.push({ pid, status: statusOf(code, signal), born });
        this.#ended.sort((one, other) => one.born - other.born);
        this.#signals.raise('SIGCHLD');
      }
      this.onEnd();
    });
  }

  /** The oldest that has ended and was not waited for; `undefined` when all are alive, ECHILD when there is none. */
  take(): Result<Reaped> | undefined {
    const first = this.#ended.shift();
    if (first !== undefined) return ok({ pid: first.pid, status: first.status });
    return this.#live.size === 0 ? fail('ECHILD', 'wait') : undefined;
  }

  /** Ended and not waited for: for POSIX it still exists. */
  isZombie(pid: Pid): boolean {
    return this.#ended.some(child => child.pid === pid);
  }

  /** SIGKILL to every child and everything they started. Resolves when that is gone, or with what cannot be killed. */
  async killAll(): Promise<readonly Pid[]> {
    // Some of it may be found only as long as the child that it descends from is there.
    this.#family?.remember();
    let left = this.#kill();
    const end = performance.now() + KILL_LIMIT_MS;
    for (let round = 0; left.length > 0 && (round < KILL_ROUNDS || performance.now() < end); round++) {
      await new Promise(resolve => setTimeout(resolve, KILL_PAUSE_MS));
      left = this.#kill();
    }
    if (left.length === 0) this.#family?.release();
    return left;
  }

  /** A child that was killed is there until Node has said so. */
  #kill(): readonly Pid[] {
    for (const child of this.#live.values()) child.kill('SIGKILL');
    return [...new Set([...this.#live.keys(), ...(this.#family?.kill() ?? [])])];
  }
}

function statusOf(code: number | null, signal: NodeJS.Signals | null): ExitStatus {
  if (signal === null) return { code: code ?? 0 };
  const known = SIGNALS.find(name => name === signal);
  return known === undefined ? { code: 128 + os.constants.signals[signal] } : { signal: known };
}

/**
 * SIGKILL takes effect at once, unless a process hangs in the kernel or starts others faster than they are found: for so long,
 * and where the machine is so busy that this is fewer rounds, for as many as that is otherwise.
 */
const KILL_LIMIT_MS = 2_000;
const KILL_ROUNDS = 100;
const KILL_PAUSE_MS = 10;
