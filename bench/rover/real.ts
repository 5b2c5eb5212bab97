/**
 * A Rover daemon as a process of this computer, on the loopback, and who asks it: each request on a connection of its own.
 * Lacks: its parent; whoever kills it here starts it again.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { utf8 } from '../../src/host/bytes.ts';
import { AnswerReader } from '../../src/impl/rover/answer-reader.ts';
import { encodePairs } from '../../src/impl/rover/pairs.ts';
import type { Answer } from '../../src/impl/rover/wire.ts';

export interface RealOptions {
  /** The folder of the package, with its end. */
  readonly root: string;
  readonly state: string;
  readonly args?: readonly string[];
  /** What runs it: `strace` and its options. */
  readonly under?: readonly string[];
}

export type Line = Readonly<Record<string, unknown>> & { readonly log: string };

export class RealRover {
  readonly lines: Line[] = [];
  /** Undefined until it listens. */
  port: number | undefined;
  /** Its status or signal; resolves when it has ended. */
  readonly ended: Promise<number | string>;
  readonly #child: ChildProcess;
  #gone = false;
  static readonly #running = new Set<RealRover>();
  #told: () => void = () => {};

  constructor({ root, state, args = [], under = [] }: RealOptions) {
    const [file = '', ...rest] = [
      ...under,
      process.execPath,
      `${root}dist/src/node/main.js`,
      `${root}dist/src/impl/rover/programs.js`,
      'rover-daemon',
      '--listen=127.0.0.1:0',
      `--state=${state}`,
      ...args,
    ];
    this.#child = spawn(file, rest, { stdio: ['ignore', 'ignore', 'pipe'] });
    const { stderr } = this.#child;
    if (stderr === null) throw new Error('no standard error');
    createInterface(stderr).on('line', text => this.#line(text));
    RealRover.#running.add(this);
    this.ended = once(this.#child, 'close').then(([status, signal]) => {
      this.#gone = true;
      RealRover.#running.delete(this);
      this.#told();
      return signal ?? status;
    });
  }

  /** Starts it; when it listens, or has ended. */
  static async start(options: RealOptions): Promise<RealRover> {
    const rover = new RealRover(options);
    await Promise.race([rover.#listening(), rover.ended]);
    return rover;
  }

  /** Of the daemon, not of what runs it. */
  get pid(): number {
    return Number(this.lines[0]?.['pid'] ?? this.#child.pid ?? 0);
  }

  /** At once, whatever it is doing; resolves when it is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | string> {
    try {
      if (!this.#gone) process.kill(this.pid, signal);
    } catch (thrown) {
      // It has died, and what runs it has not said so yet.
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH')) throw thrown;
    }
    return this.ended;
  }

  /** Every one that was started here and has not ended. */
  static async killAll(): Promise<void> {
    await Promise.all([...RealRover.#running].map(each => each.kill()));
  }

  /** Waits for that word in its log, and then so many milliseconds; or for its end. */
  async logs(word: string | undefined, then: number): Promise<void> {
    const said = async (): Promise<void> => {
      while (word !== undefined && this.logged(word).length === 0) await this.#next();
      await new Promise(resolve => setTimeout(resolve, then));
    };
    await Promise.race([said(), this.ended]);
  }

  logged(log: string): readonly Line[] {
    return this.lines.filter(line => line.log === log);
  }

  /** Undefined: the connection gave no whole answer. */
  ask(pairs: Readonly<Record<string, string | number>>): Promise<Answer | undefined> {
    return this.port === undefined ? Promise.resolve(undefined) : ask(this.port, pairs);
  }

  async #listening(): Promise<void> {
    while (this.port === undefined) await this.#next();
  }

  /** A line, or its end. */
  #next(): Promise<void> {
    return new Promise(resolve => {
      this.#told = resolve;
    });
  }

  #line(text: string): void {
    // Of Node itself, or of strace.
    if (!text.startsWith('{')) return;
    const line: Line = JSON.parse(text);
    this.lines.push(line);
    if (line.log === 'listening') this.port = Number(String(line['address']).split(':').at(-1));
    this.#told();
  }
}

export function requestOf(pairs: Readonly<Record<string, string | number>>): Uint8Array {
  const body = encodePairs(new Map(Object.entries(pairs).map(([token, value]) => [token, utf8(`${value}`)])));
  const head = utf8(`POST /rover HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n`);
  return Buffer.concat([head, body]);
}

function ask(port: number, pairs: Readonly<Record<string, string | number>>): Promise<Answer | undefined> {
  return new Promise(resolve => {
    const reader = new AnswerReader();
    let answer: Answer | undefined;
    const socket = net.connect({ port, host: '127.0.0.1' });
    socket.on('connect', () => socket.write(requestOf(pairs)));
    socket.on('data', bytes => {
      const item = reader.feed(new Uint8Array(bytes));
      if (item?.kind === 'answer') answer = item.answer;
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(answer));
  });
}
