/**
 * The real Host: the contract of src/host on this machine's kernel, over node:net, node:dgram, node:fs and node:child_process.
 * One NodeHost is one process of the contract: an OS process of its own (main.ts), or a guest inside another program, as the
 * conformance tester is inside the command line.
 *
 * What Node does not give | what is done here | what a daemon sees:
 *   pipe(2)               | a FIFO without a name, by mkfifo(1): pipes.ts        | the same; every fourth takes 5 ms longer
 *   execve                | the image is swapped in the same OS process         | exec of what is not in the table: ENOTSUP
 *   mask, SIG_IGN         | kept here, over listeners: signals.ts               | in the first 0.1 s of a process the default acts
 *   both, for children    | the environment; for executables env(1) of GNU      | without that env, executables start with defaults
 *   SA_NOCLDSTOP          | nothing                                             | SIGCHLD also when a child stops or continues
 *   zombies               | a table: children.ts                                | others than the parent get ESRCH for an ended child
 *   kill(1)               | EPERM, unless init is the parent                    | the same without rights, and init survives a root daemon
 *   a socket file stays   | moved aside while libuv closes: listeners.ts        | for microseconds the path is gone
 *   data, then reset      | the first end of file is not believed: streams.ts   | the same
 *   reset after the end   | nothing: libuv stops polling at end of file         | it is seen at the next write
 *   reader of a pipe gone | nothing: libuv does not poll write ends             | it is seen at the next write
 *   accept, when asked    | nothing: libuv accepts at once                      | a backlog fills only while the process is stopped
 *   sendto's answer       | nothing: it comes a turn later                      | `sent` as the contract has it; two events when it fails
 *   timers below 1 ms     | rounded up                                          | late, never early
 *   wall clock            | Date.now()                                          | steps of a millisecond
 *   adoption              | ppid differs from the parent's                      | parent() answers 1, whoever adopted it
 *   PR_SET_CHILD_SUBREAPER| a python3 in between, for the tester: reaper.ts     | nothing
 *   FD_CLOEXEC            | Node sets it on what it inherited: 0 to 15, and     | a number above 16 after a gap leaks into executables
 *                         | on from there to the first gap                      | this process starts
 * A guest leaves nothing behind, also when its program is killed by SIGKILL: family.ts finds what its children started, as far as
 * that can be found, and a watchdog outlives the program by a moment.
 *
 */
import type { Observer } from '../host/event.ts';
import type { Daemon, Descriptor, Host, Log, Pid, Programs } from '../host/host.ts';
import { requireSeverity } from '../host/logs.ts';
import type { ExitStatus } from '../host/signal.ts';
import { Children } from './children.ts';
import { NodeClock } from './clock.ts';
import { Crossings } from './crossings.ts';
import { NodeDescriptors } from './descriptors.ts';
import { Family } from './family.ts';
import { Guard, Image } from './guard.ts';
import { errorLog } from './log.ts';
import { NodeNetwork } from './network.ts';
import { bundled } from './package.ts';
import { NodeProcess } from './processes.ts';
import { NodeRandom } from './random.ts';
import { dieBy, NodeSignals } from './signals.ts';
import { NodeStorage } from './storage.ts';
import { NodeSystem } from './system.ts';

export interface NodeHostOptions {
  /** What `spawn` and `exec` find first. */
  readonly programs: Programs;
  /** Path or file URL of the module that exports `programs`: children load the table from there. It must be JavaScript unless `nodeOptions` say otherwise. */
  readonly programsModule: string;
  /** Name of this process's program, for the log and the trace. */
  readonly program: string;
  readonly args?: readonly string[];
  readonly observer?: Observer;
  /** Without it: one JSON object a line on descriptor 2. */
  readonly log?: Log;
  /**
   * Makes the daemon a guest of this OS process: its end comes here instead of ending the OS process, its children lead process
   * groups of their own, and only the signals it asks for are listened to. `close` has to follow.
   */
  readonly onExit?: (status: ExitStatus) => void;
  /** What children write to 1 and 2 where `spawn` does not name them; without it, it goes to descriptor 2 of this process. */
  readonly output?: (pid: Pid, descriptor: 1 | 2, bytes: Uint8Array) => void;
  /** Descriptors the daemon has from its parent beside 1 and 2. */
  readonly inherited?: readonly Descriptor[];
  /** What a parent Host handed down of its signals (SLIPWAY_SIGNALS). */
  readonly inheritedSignals?: string;
  /** A file in the form of utmp(5), read instead of that of this machine, by children that are Hosts as well. */
  readonly accounts?: string;
  /** Pid of the parent, where it is known better than by asking now. */
  readonly parent?: Pid;
  /** For `node` in children, before the module: `--import`, `tsx`. */
  readonly nodeOptions?: readonly string[];
  /** Environment of children; without it, that of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface NodeHost {
  /** The Host of the present image. */
  readonly host: Host;
  /** Calls the daemon; once. */
  run(daemon: Daemon): void;
  /**
   * Ends a guest, if it has not ended itself: no callback comes after the call, and `onExit` is not called any more. Resolves when
   * nothing is left: sockets, timers, listeners for signals, and every child with all it started, by SIGKILL. The processes it
   * resolves with cannot be killed.
   */
  close(): Promise<readonly Pid[]>;
  /** Of a guest: what its children have started, and theirs, wherever that went. */
  readonly kin: Pick<Family, 'members' | 'runs'>;
}

export function createNodeHost(options: NodeHostOptions): NodeHost {
  return new NodeProcessHost(options);
}

class NodeProcessHost implements NodeHost {
  readonly #options: NodeHostOptions;
  readonly #ownProcess: boolean;
  readonly #guard: Guard;
  readonly #crossings: Crossings;
  readonly #signals: NodeSignals;
  readonly #descriptors: NodeDescriptors;
  readonly #family: Family | undefined;
  readonly #children: Children;
  readonly #parent: Pid;
  readonly #log: Log;
  /** A process lives until it exits, also when it waits for nothing. */
  readonly #life: NodeJS.Timeout;
  #program: string;
  #image: Image;
  #host: Host;
  #status: ExitStatus | undefined;
  #closed = false;

  constructor(options: NodeHostOptions) {
    this.#options = options;
    this.#ownProcess = options.onExit === undefined;
    this.#program = options.program;
    this.#parent = options.parent ?? process.ppid;
    this.#crossings = new Crossings(options.observer);
    this.#guard = new Guard(thrown => this.#bug(thrown));
    this.#image = new Image(this.#guard);
    this.#family = this.#ownProcess ? undefined : new Family();
    const end = (status: ExitStatus): void => this.#end(status);
    this.#signals = new NodeSignals(this.#image, {
      crossings: this.#crossings,
      end,
      ownProcess: this.#ownProcess,
      inherited: options.inheritedSignals,
    });
    this.#log =
      options.log ??
      errorLog(
        () => this.#program,
        () => this.#signals.expect('SIGPIPE'),
      );
    this.#descriptors = new NodeDescriptors(this.#image, {
      crossings: this.#crossings,
      brokenPipe: () => this.#brokenPipe(),
      spawning: () => this.#signals.expect('SIGCHLD'),
      inherited: options.inherited ?? [],
      mark: this.#family?.mark ?? '',
      ownProcess: this.#ownProcess,
    });
    this.#children = new Children(this.#signals, this.#family);
    this.#life = setInterval(() => {}, 2 ** 30);
    this.#host = this.#build(options.args ?? []);
  }

  get host(): Host {
    return this.#host;
  }

  get kin(): NodeHost['kin'] {
    if (this.#family === undefined) throw new Error('only a guest keeps account of its family');
    return this.#family;
  }

  run(daemon: Daemon): void {
    const args = (this.#options.args ?? []).join(' ');
    this.#image.run(() => {
      this.#crossings.report('start', { program: this.#program, args, parent: this.#parent });
      daemon(this.#host);
    });
  }

  close(): Promise<readonly Pid[]> {
    this.#closed = true;
    this.#release();
    return this.#children.killAll();
  }

  #build(args: readonly string[]): Host {
    const image = this.#image;
    const crossings = this.#crossings;
    const setup = {
      crossings,
      descriptors: this.#descriptors,
      signals: this.#signals,
      programs: this.#options.programs,
      command: [process.execPath, ...(this.#options.nodeOptions ?? []), ENTRY, this.#options.programsModule],
      environment: this.#options.environment ?? process.env,
      family: this.#family,
      output: this.#options.output,
      accounts: this.#options.accounts,
      parent: this.#parent,
      warn: (event: string, fields: Readonly<Record<string, string | number>>) => this.#log('warning', event, fields),
      end: (status: ExitStatus) => this.#end(status),
      replace: (program: string, words: readonly string[]) => this.#replace(program, words),
    };
    return {
      clock: new NodeClock(image, crossings),
      network: new NodeNetwork(image, crossings, () => this.#brokenPipe()),
      descriptors: this.#descriptors,
      process: new NodeProcess(image, setup, this.#children, args),
      signals: this.#signals,
      storage: new NodeStorage(image, crossings),
      system: new NodeSystem(image, crossings, this.#options.accounts),
      random: new NodeRandom(image, crossings),
      log: (severity, event, fields) => {
        image.check();
        requireSeverity(severity);
        crossings.report('log', { ...fields, severity, event });
        this.#log(severity, event, fields);
      },
    };
  }

  /** exec, without execve: everything of the old image ends, what POSIX keeps is kept, and the new one starts when the stack is gone. */
  #replace(program: string, args: readonly string[]): void {
    const daemon = this.#options.programs[program];
    if (daemon === undefined) throw new Error(`exec of ${program}, which is not in the table`);
    const old = this.#image;
    old.end();
    const image = new Image(this.#guard);
    this.#image = image;
    this.#program = program;
    this.#descriptors.replace(image);
    this.#host = this.#build(args);
    const host = this.#host;
    image.later(() => daemon(host));
    this.#signals.replace(image);
    old.unwind();
  }

  #end(status: ExitStatus): void {
    if (this.#status !== undefined || this.#closed) {
      this.#image.unwind();
      return;
    }
    this.#status = status;
    this.#crossings.report('exit', { ...status });
    if (this.#ownProcess) {
      if ('signal' in status) dieBy(status.signal);
      else process.exit(status.code);
    }
    this.#release();
    setImmediate(() => {
      if (!this.#closed) this.#options.onExit?.(status);
    });
    this.#image.unwind();
  }

  #release(): void {
    if (!this.#image.alive) return;
    this.#image.end();
    this.#descriptors.release();
    this.#signals.release();
    clearInterval(this.#life);
  }

  #brokenPipe(): void {
    this.#signals.expect('SIGPIPE');
    this.#signals.raise('SIGPIPE');
  }

  #bug(thrown: unknown): void {
    const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    this.#log('critical', 'bug', { stack });
    this.#end({ code: EX_SOFTWARE });
  }
}

const EX_SOFTWARE = 70; // sysexits.h: an internal software error

/** Children run compiled code, also when this file itself is run from its source. */
const ENTRY = bundled('src/node/main.ts');
