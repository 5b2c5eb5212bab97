/**
 * Threads that simulate, one task at a time each. A simulation is one long call, in which code of a user may never come back; the
 * thread of the signals and of the screen never makes it, and hears Ctrl-C at once. A thread that does not come back when it is asked
 * to stop is ended in the midst of its task, and what it told last is what counts.
 */
import { Worker } from 'node:worker_threads';

/** What a thread is given when it starts. */
export interface Start {
  /** Not zero: stop at the next pause. */
  readonly stop: SharedArrayBuffer;
  /** As Context has them. */
  readonly modules: readonly string[];
}

/** What every message of a thread says beside what it is about. */
export interface Message {
  /** The task has come to its end, or was stopped: this is the last message about it. */
  readonly over: boolean;
}

/** What takes longer than this after it was asked to stop is not waited for. */
const GRACE_MS = 1_000;

export class Threads<Task, Told extends Message> {
  readonly #start: Start;
  readonly #entry: URL;
  readonly #idle: Thread<Task, Told>[] = [];
  readonly #all: Thread<Task, Told>[] = [];
  #ending: NodeJS.Timeout | undefined;

  /** `entry`: the module that a thread runs. */
  constructor(modules: readonly string[], entry: URL) {
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

  #another(): Thread<Task, Told> {
    const thread = new Thread<Task, Told>(this.#entry, this.#start);
    this.#all.push(thread);
    return thread;
  }
}

class Thread<Task, Told extends Message> {
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

/** The module of a thread, which lies beside this one. */
export const threadModule = (name: string): URL => new URL(`./${name}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
