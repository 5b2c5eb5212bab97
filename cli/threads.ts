/**
 * Threads that simulate, one task at a time each. A simulation is one long call, in which code of a user may never come back; the
 * thread of the signals and of the screen never makes it, and hears Ctrl-C at once. A thread that does not come back when it is asked
 * to stop is ended in the midst of its task, and what it told last is what counts; so is one that shows no sign of life.
 */
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { Beat } from './beat.ts';

/** What a thread is given when it starts. */
export interface Start {
  /** Not zero: stop at the next pause. */
  readonly stop: SharedArrayBuffer;
  /** Where its signs of life are looked for. */
  readonly beat: SharedArrayBuffer;
  /** As Context has them. */
  readonly modules: readonly string[];
}

/** What every message of a thread says beside what it is about. */
export interface Message {
  /** The task has come to its end, or was stopped: this is the last message about it. */
  readonly over: boolean;
}

/** Of a task that was ended because nothing happened in it any more. */
export interface Hung {
  /** What the thread was at, as it said. */
  readonly at: number;
}

export interface ThreadOptions {
  /** Seconds without a sign of life after which a thread is ended; it has to give some. Default: it need not. */
  readonly patience?: number | undefined;
}

/** What takes longer than this after it was asked to stop is not waited for. */
const GRACE_MS = 1_000;
/** Looks are counted, and no time: a computer that slept, or had no time for us, has not looked either. */
const LOOK_MS = 1_000;
/** Nearly all that a run makes is garbage when it ends, so that little is gained by keeping much of it: V8's own default is 48. */
const YOUNG_MEGABYTES = 24;
/** Garbage is collected when there is so much of it, in percent of what was alive the last time; V8 waits for up to four times as much. */
const GARBAGE_PERCENT = 100;

export class Threads<Task, Update extends Message> {
  readonly #stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  readonly #modules: readonly string[];
  readonly #entry: URL;
  readonly #idle: Thread<Task, Update>[] = [];
  readonly #all = new Set<Thread<Task, Update>>();
  readonly #watch: NodeJS.Timeout | undefined;
  #ending: NodeJS.Timeout | undefined;

  /** `entry`: the module that a thread runs. */
  constructor(modules: readonly string[], entry: URL, { patience }: ThreadOptions = {}) {
    this.#modules = modules;
    this.#entry = entry;
    setFlagsFromString(`--heap-growing-percent=${GARBAGE_PERCENT}`);
    if (patience !== undefined) this.#watch = setInterval(() => this.#look(patience), LOOK_MS).unref();
  }

  /** Hands the task to a thread that has nothing to do, or to a new one. Throws what the thread throws; returns when it was ended. */
  async run(task: Task, tell: (update: Update) => void): Promise<Hung | undefined> {
    const thread = this.#idle.pop() ?? this.#another();
    const hung = await thread.run(task, tell);
    if (hung === undefined) this.#idle.push(thread);
    else this.#all.delete(thread);
    return hung;
  }

  /** Every thread stops before its next run. */
  stop(): void {
    Atomics.store(new Int32Array(this.#stop), 0, 1);
    this.#ending ??= setTimeout(() => void this.close(), GRACE_MS);
  }

  async close(): Promise<void> {
    clearTimeout(this.#ending);
    clearInterval(this.#watch);
    await Promise.all([...this.#all].map(thread => thread.end()));
  }

  #another(): Thread<Task, Update> {
    const thread = new Thread<Task, Update>(this.#entry, { stop: this.#stop, modules: this.#modules });
    this.#all.add(thread);
    return thread;
  }

  #look(patience: number): void {
    for (const thread of this.#all) thread.look(patience);
  }
}

class Thread<Task, Update extends Message> {
  readonly #worker: Worker;
  readonly #beat = new Beat();
  #tell: (update: Update) => void = () => {};
  #over: (hung?: Hung) => void = () => {};
  #failed: (error: unknown) => void = () => {};
  #ending = false;
  #hung: Hung | undefined;
  /** Its count of signs when it was looked at last, and how often that has not changed. */
  #count = 0;
  #silent = 0;

  constructor(entry: URL, start: Omit<Start, 'beat'>) {
    this.#worker = new Worker(entry, {
      workerData: { ...start, beat: this.#beat.memory },
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
    });
    this.#worker.on('error', error => this.#failed(error));
    // Whoever waits for a thread that is gone would wait for ever.
    this.#worker.on('exit', code =>
      this.#ending ? this.#over(this.#hung) : this.#failed(new Error(`a thread ended by itself, with ${code}`)),
    );
    this.#worker.on('message', (update: Update) => {
      this.#tell(update);
      if (update.over) this.#over();
    });
  }

  run(task: Task, tell: (update: Update) => void): Promise<Hung | undefined> {
    return new Promise((resolve, reject) => {
      this.#tell = tell;
      this.#over = resolve;
      this.#failed = reject;
      this.#worker.postMessage(task);
    });
  }

  look(patience: number): void {
    const { count, at } = this.#beat;
    this.#silent = count === 0 || count !== this.#count ? 0 : this.#silent + 1;
    this.#count = count;
    if (this.#silent < patience || this.#hung !== undefined) return;
    this.#hung = { at };
    void this.end();
  }

  async end(): Promise<void> {
    this.#ending = true;
    await this.#worker.terminate();
  }
}

/** The module of a thread, by its name in this folder. */
export const threadModule = (name: string): URL => new URL(`./${name}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
