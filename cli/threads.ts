/**
 * Threads that sweep, one task at a time each. A simulation is one long call; the thread of the signals and of the screen never
 * makes it, and hears Ctrl-C at once. A thread that does not come back when it is asked to stop is ended in the middle of its run,
 * and what it told last is what counts.
 * May import: check.
 */
import { Worker } from 'node:worker_threads';
import type { Profile } from '../src/check/scenario.ts';
import type { SweepCounts } from '../src/check/sweep.ts';

/** What a thread is given when it starts. */
export interface Start {
  /** Not zero: stop before the next run. */
  readonly stop: SharedArrayBuffer;
  /** As Context has them. */
  readonly modules: readonly string[];
}

/** Seeds of one scenario, both ends included. */
export interface Task {
  readonly protocol: string;
  readonly scenario: string;
  readonly profile: Profile;
  readonly from: number;
  readonly to: number;
}

/** How far a task is. */
export interface Told {
  readonly counts: SweepCounts;
  /** Every seed was run. */
  readonly done: boolean;
  /** This is the last message. */
  readonly over: boolean;
  readonly milliseconds: number;
}

/** A run that takes longer than this after it was asked to stop is not waited for. */
const GRACE_MS = 1_000;

const ENTRY = new URL(import.meta.url.endsWith('.ts') ? './sweep-thread.ts' : './sweep-thread.js', import.meta.url);

export class Threads {
  readonly #start: Start;
  readonly #entry: URL;
  readonly #idle: Thread[] = [];
  readonly #all: Thread[] = [];
  #ending: NodeJS.Timeout | undefined;

  /** `entry`: the module that a thread runs. */
  constructor(modules: readonly string[], entry: URL = ENTRY) {
    this.#start = { stop: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT), modules };
    this.#entry = entry;
  }

  /** Hands the task to a thread that has nothing to do, or to a new one. Throws what the thread throws; returns when it was ended. */
  async run(task: Task, tell: (told: Told) => void): Promise<void> {
    const thread = this.#idle.pop() ?? this.#another();
    await thread.run(task, tell);
    this.#idle.push(thread);
  }

  /** Every thread stops before its next run. */
  stop(): void {
    Atomics.store(new Int32Array(this.#start.stop), 0, 1);
    this.#ending ??= setTimeout(() => void this.close(), GRACE_MS);
  }

  async close(): Promise<void> {
    clearTimeout(this.#ending);
    await Promise.all(this.#all.map(thread => thread.end()));
  }

  #another(): Thread {
    const thread = new Thread(this.#entry, this.#start);
    this.#all.push(thread);
    return thread;
  }
}

class Thread {
  readonly #worker: Worker;
  #tell: (told: Told) => void = () => {};
  #over: () => void = () => {};
  #failed: (error: unknown) => void = () => {};
  #ending = false;

  constructor(entry: URL, start: Start) {
    this.#worker = new Worker(entry, { workerData: start });
    this.#worker.on('error', error => this.#failed(error));
    // Whoever waits for a thread that is gone would wait for ever.
    this.#worker.on('exit', code => (this.#ending ? this.#over() : this.#failed(new Error(`a thread ended by itself, with ${code}`))));
    this.#worker.on('message', (told: Told) => {
      this.#tell(told);
      if (told.over) this.#over();
    });
  }

  run(task: Task, tell: (told: Told) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#tell = tell;
      this.#over = resolve;
      this.#failed = reject;
      this.#worker.postMessage(task);
    });
  }

  async end(): Promise<void> {
    this.#ending = true;
    await this.#worker.terminate();
  }
}
