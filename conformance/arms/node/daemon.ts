/**
 * A process that outlives a case, and commands that are run between two of them. Each leads a process group of its own; its output
 * is read and its end is kept. One that forks is all that it has started, wherever that went: it lives as long as its main process,
 * or, where no pid file names that, as long as anything of it.
 * Lacks: the Host: none of this is seen by a case.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { printable } from '../../../src/host/bytes.ts';
import { Family } from '../../../src/node/family.ts';
import type { Command } from './command.ts';

/** Of its output, what an error shows. */
const TAIL_LIMIT = 2_048;
const LINE_LIMIT = 65_536;
const POLL_MILLIS = 50;

/** Of one that forks. */
export interface Forking {
  readonly pidFile?: string;
}

export class DaemonProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #tail = '';
  #line = '';
  #awaited: string | undefined;
  #how: string | undefined;
  readonly #forking: Forking | undefined;
  /** Of one that forks. */
  readonly #family: Family | undefined;
  #forked = false;
  #main: number | undefined;
  #killing = false;
  /** The awaited line has come. */
  said = false;

  /** `awaited` is the text of a line that says it is ready. */
  constructor({ words: [program = '', ...args], environment, directory }: Command, awaited?: string, forking?: Forking) {
    this.#awaited = awaited;
    this.#forking = forking;
    this.#family = forking === undefined ? undefined : new Family();
    this.#child = spawn(program, args, {
      ...(directory === undefined ? {} : { cwd: directory }),
      env: { ...process.env, ...environment, ...this.#family?.variables() },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    if (this.#child.pid !== undefined) this.#family?.add(this.#child.pid);
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => this.#heard(text));
    // Whatever ends this process, the group is not left behind.
    const leave = (): void => this.signal('SIGKILL');
    process.once('exit', leave);
    this.#ended = new Promise(resolve => {
      this.#child.on('error', error => {
        this.#how ??= `it cannot be started: ${error.message}`;
        resolve();
      });
      this.#child.on('exit', (code, signal) => {
        this.#forked = forking !== undefined && code === 0;
        if (!this.#forked) this.#how ??= signal === null ? `exited ${code}` : `killed by ${signal}`;
        process.off('exit', leave);
        resolve();
      });
    });
  }

  /** How it ended, if it has. */
  get how(): string | undefined {
    if (this.#how === undefined && this.#forked && !this.#livesOn()) this.#how = 'it has forked, and what went on has ended';
    return this.#how;
  }

  /** The last of its output, in one line. */
  get tail(): string {
    return printable(this.#tail.trim().split('\n').at(-1) ?? '', TAIL_LIMIT);
  }

  /** True when it has ended in time. */
  async ends(millis: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>(resolve => {
      timer = setTimeout(resolve, millis);
    });
    await Promise.race([this.#ended, late]);
    clearTimeout(timer);
    return this.#forking !== undefined ? this.#forkedEnds(millis) : this.#how !== undefined;
  }

  /** To it and to all that it started and that stayed in its group; also when it has ended itself. */
  signal(signal: NodeJS.Signals): void {
    if (this.#forking !== undefined) this.#signalForked(signal);
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, signal);
    } catch {
      // Nobody is left.
    }
  }

  // ── of one that forks ─────────────────────────────────────────────────────────────────────────────────────────────

  #livesOn(): boolean {
    const main = this.#mainProcess();
    return main === undefined ? this.#members().length > 0 : this.#family?.runs(main) === true;
  }

  /** Named by its pid file, and its own: anybody may have written anything there. */
  #mainProcess(): number | undefined {
    const path = this.#forking?.pidFile;
    if (this.#main !== undefined || path === undefined) return this.#main;
    let text = '';
    try {
      text = readFileSync(path, 'latin1');
    } catch {
      return undefined; // not yet
    }
    const pid = Number(/^\s*(\d{1,9})\s*$/.exec(text)?.[1] ?? 0);
    if (this.#members().includes(pid)) this.#main = pid;
    return this.#main;
  }

  #members(): readonly number[] {
    return this.#family?.members().map(each => each.pid) ?? [];
  }

  /** SIGKILL is for everything. */
  #signalForked(signal: NodeJS.Signals): void {
    if (signal === 'SIGKILL') {
      this.#killing = true;
      this.#family?.kill();
      return;
    }
    // Who is still about to fork may have done so already: then it is for all of them.
    const main = this.#mainProcess();
    const [first, ...others] = main === undefined ? this.#members() : [main];
    for (const pid of [first, ...(this.#forked ? [] : others)])
      try {
        if (pid !== undefined) process.kill(pid, signal);
      } catch {
        // It has ended.
      }
  }

  async #forkedEnds(millis: number): Promise<boolean> {
    const end = performance.now() + millis;
    for (;;) {
      const over = this.#killing ? this.#family?.kill().length === 0 : this.how !== undefined;
      if (over && this.#killing) this.#family?.release();
      if (over || performance.now() > end) return over;
      await new Promise(resolve => setTimeout(resolve, POLL_MILLIS));
    }
  }

  #heard(text: string): void {
    this.#tail = (this.#tail + text).slice(-TAIL_LIMIT);
    if (this.#awaited === undefined) return;
    const lines = (this.#line + text).split('\n');
    this.#line = (lines.at(-1) ?? '').slice(-LINE_LIMIT);
    const { length } = lines.slice(0, -1).filter(line => line.includes(this.#awaited ?? ''));
    if (length === 0) return;
    this.said = true;
    this.#awaited = undefined;
  }
}

/** Runs a command to its end; what is wrong with that, or undefined. */
export async function runCommand(command: Command, millis: number): Promise<string | undefined> {
  const ran = new DaemonProcess(command);
  const inTime = await ran.ends(millis);
  ran.signal('SIGKILL');
  if (inTime && ran.how === 'exited 0') return undefined;
  const how = inTime ? ran.how : `it did not end within ${millis / 1_000} s`;
  return `${command.words.join(' ')}: ${how}${ran.tail === '' ? '' : `: ${ran.tail}`}`;
}
