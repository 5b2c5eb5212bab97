/**
 * Workers: processes that simulate, one task at a time each. A simulation is one long call, in which code of a user may never come back; the
 * process of the signals and of the screen never makes it, and hears Ctrl-C at once. A worker that does not come back when it is asked
 * to stop is ended in the midst of its task, and what it told last is what counts; so is one that shows no sign of life. None outlives
 * this process, however that ends (watch.ts).
 * Processes, because threads of one process wait for each other: for its memory, and while garbage is collected.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { FROM_SOURCE, type FromWorker, LINE, type Start, workerModule } from './start.ts';

/** What every message of a worker says beside what it is about. */
export interface Message {
  /** The task has come to its end, or was stopped: this is the last message about it. */
  readonly over: boolean;
}

/** Of a task that was ended because nothing happened in it any more. */
export interface Hung {
  /** What the worker was at, as it said. */
  readonly at: number;
}

export type WorkerOptions = Partial<Pick<Start, 'patience'>>;

/** What takes longer than this after it was asked to stop is not waited for. */
const GRACE_MS = 1_000;
/**
 * Of a worker, which shares the processors with others: it collects its garbage itself, and when there is as much of it as was alive the
 * last time; V8 waits for up to four times as much. Nearly all that a run makes is garbage when it ends, so that little is gained by
 * keeping much of it.
 */
const FLAGS: readonly string[] = ['--single-threaded-gc', '--heap-growing-percent=100', '--max-semi-space-size=8'];

const PROCESS = fileURLToPath(workerModule('workers/process'));

export class Workers<Task, Update extends Message> {
  readonly #start: Start;
  #idle: Worker<Task, Update>[] = [];
  readonly #all = new Set<Worker<Task, Update>>();
  #stopped = false;
  #ending: NodeJS.Timeout | undefined;

  /** `entry`: the module that a worker runs. */
  constructor(modules: readonly string[], entry: URL, { patience }: WorkerOptions = {}) {
    this.#start = { entry: entry.href, modules, patience };
  }

  /** Hands the task to a worker that has nothing to do, or to a new one. Throws what the worker throws; returns when it was ended. */
  async run(task: Task, tell: (update: Update) => void): Promise<Hung | undefined> {
    const worker = this.#idle.pop() ?? this.#another();
    const hung = await worker.run(task, tell);
    if (this.#all.has(worker)) this.#idle.push(worker);
    return hung;
  }

  /** Every worker stops before its next run. */
  stop(): void {
    this.#stopped = true;
    for (const worker of this.#all) worker.stop();
    this.#ending ??= setTimeout(() => void this.close(), GRACE_MS);
  }

  async close(): Promise<void> {
    clearTimeout(this.#ending);
    await Promise.all([...this.#all].map(worker => worker.end()));
  }

  #another(): Worker<Task, Update> {
    const worker = new Worker<Task, Update>(this.#start, () => {
      this.#all.delete(worker);
      this.#idle = this.#idle.filter(each => each !== worker);
    });
    this.#all.add(worker);
    if (this.#stopped) worker.stop();
    return worker;
  }
}

class Worker<Task, Update extends Message> {
  readonly #process: ChildProcess;
  readonly #line: Duplex;
  readonly #gone: Promise<void>;
  #tell: (update: Update) => void = () => {};
  #over: (hung?: Hung) => void = () => {};
  #failed: (error: unknown) => void = () => {};
  #ending = false;
  #hung: Hung | undefined;

  constructor(start: Start, gone: () => void) {
    this.#process = fork(PROCESS, [JSON.stringify(start)], {
      // What makes Node read TypeScript; and nothing else of ours, as the text of --eval.
      execArgv: [...(FROM_SOURCE ? process.execArgv : []), ...FLAGS],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'],
    });
    // It is a pipe, above.
    this.#line = this.#process.stdio[LINE] as Duplex;
    this.#line.on('data', at => {
      this.#hung ??= { at: Number(at) };
      void this.end();
    });
    // Of a worker that has just ended.
    this.#line.on('error', () => {});
    this.#process.on('error', error => this.#failed(error));
    this.#process.on('message', message => this.#take(message as FromWorker<Update>));
    this.#gone = new Promise(resolve =>
      this.#process.on('close', (code, signal) => {
        gone();
        resolve();
        // A Ctrl-C that came before it could be heeded has ended it. Whoever waits for a worker that is gone would wait for ever.
        if (this.#ending || signal === 'SIGINT') this.#over(this.#hung);
        else this.#failed(new Error(`a worker ended by itself, with ${signal ?? code}`));
      }),
    );
  }

  run(task: Task, tell: (update: Update) => void): Promise<Hung | undefined> {
    return new Promise((resolve, reject) => {
      this.#tell = tell;
      this.#over = resolve;
      this.#failed = reject;
      // Tasks are values. Of a worker that is gone 'close' tells.
      this.#process.send(task as object, () => {});
    });
  }

  stop(): void {
    this.#line.write('.');
  }

  async end(): Promise<void> {
    this.#ending = true;
    this.#process.kill('SIGKILL');
    await this.#gone;
  }

  #take(message: FromWorker<Update>): void {
    if ('thrown' in message) this.#failed(Object.assign(new Error(message.thrown.message), message.thrown));
    else {
      this.#tell(message.update);
      if (message.update.over) this.#over();
    }
  }
}
