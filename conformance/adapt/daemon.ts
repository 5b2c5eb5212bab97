/**
 * A process that outlives a case, and commands that are run between two of them. Each leads a process group of its own; its output
 * is read and its end is kept.
 * Lacks: the Host: none of this is seen by a case.
 * May import: node, command.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { printable } from '../../src/host/bytes.ts';
import type { Command } from './command.ts';

/** Of its output, what an error shows. */
const TAIL_LIMIT = 2_048;
const LINE_LIMIT = 65_536;

export class DaemonProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #tail = '';
  #line = '';
  #awaited: string | undefined;
  #how: string | undefined;
  /** The awaited line has come. */
  said = false;

  /** `awaited` is the text of a line that says it is ready. */
  constructor({ words: [program = '', ...args], environment, directory }: Command, awaited?: string) {
    this.#awaited = awaited;
    this.#child = spawn(program, args, {
      ...(directory === undefined ? {} : { cwd: directory }),
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
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
        this.#how ??= signal === null ? `exited ${code}` : `killed by ${signal}`;
        process.off('exit', leave);
        resolve();
      });
    });
  }

  /** How it ended, if it has. */
  get how(): string | undefined {
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
    return this.#how !== undefined;
  }

  /** To it and to all that it started and that stayed in its group; also when it has ended itself. */
  signal(signal: NodeJS.Signals): void {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, signal);
    } catch {
      // Nobody is left.
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
