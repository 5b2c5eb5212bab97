/**
 * Starting children and waiting for them, and the end of this process.
 * Lacks: exec of an executable that is not in the programs table (ENOTSUP: Node has no execve).
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { isChildDescriptor, refuseArguments, refuseProgram, toldOf } from '../host/arguments.ts';
import type { Descriptor, Pid, ProcessControl, Programs, Reaped, SpawnOptions } from '../host/host.ts';
import { DONE, fail, ok, type Result } from '../host/result.ts';
import { type ExitStatus, requireSignals, type Signal } from '../host/signal.ts';
import type { Children } from './children.ts';
import { type Crossings, outcome } from './crossings.ts';
import type { NodeDescriptors } from './descriptors.ts';
import { refuse } from './errors.ts';
import type { Family } from './family.ts';
import type { Image } from './guard.ts';
import { findExecutable, withSignals } from './programs.ts';
import { formatInheritance, type NodeSignals } from './signals.ts';
import { become } from './users.ts';

export interface ProcessSetup {
  readonly crossings: Crossings;
  readonly descriptors: NodeDescriptors;
  readonly signals: NodeSignals;
  readonly programs: Programs;
  /** What runs a program of the table in a new OS process: `node main.js module`. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Of a guest: every child leads a process group of its own, and bears a mark. */
  readonly family: Family | undefined;
  /** Takes what children write to 1 and 2 when `spawn` does not name them; without it, it goes to descriptor 2 of this process. */
  readonly accounts: string | undefined;
  readonly output: ((pid: Pid, descriptor: 1 | 2, bytes: Uint8Array) => void) | undefined;
  readonly parent: Pid;
  readonly warn: (event: string, fields: Readonly<Record<string, string | number>>) => void;
  readonly end: (status: ExitStatus) => void;
  readonly replace: (program: string, args: readonly string[]) => void;
}

export class NodeProcess implements ProcessControl {
  readonly pid: Pid = process.pid;
  readonly args: readonly string[];
  readonly #image: Image;
  readonly #setup: ProcessSetup;
  readonly #children: Children;
  readonly #waits: ((result: Result<Reaped>) => void)[] = [];

  constructor(image: Image, setup: ProcessSetup, children: Children, args: readonly string[]) {
    this.#image = image;
    this.#setup = setup;
    this.#children = children;
    this.args = args;
    children.onEnd = () => image.later(() => this.#settle());
  }

  environment(name: string): string | undefined {
    this.#image.check();
    return this.#setup.environment[name];
  }

  become(user: string): Result<void> {
    this.#image.check();
    const result = become(user, this.#setup.family === undefined);
    this.#setup.crossings.report('become', outcome({ user }, result.ok ? undefined : result.error));
    return result;
  }

  parent(): Pid {
    this.#image.check();
    return process.ppid === this.#setup.parent ? this.#setup.parent : 1;
  }

  spawn(program: string, args: readonly string[], options: SpawnOptions = {}): Result<Pid> {
    this.#image.check();
    const { environment = {}, descriptors = {} } = options;
    const result = this.#spawn(program, args, descriptors, environment);
    const child = result.ok ? result.value : 0;
    this.#setup.crossings.report(
      'spawn',
      outcome({ child, program, args: args.join(' '), ...toldOf(environment) }, result.ok ? undefined : result.error),
    );
    return result;
  }

  wait(reaped: (result: Result<Reaped>) => void): void {
    this.#image.check();
    this.#waits.push(reaped);
    this.#image.later(() => this.#settle());
  }

  exec(program: string, args: readonly string[]): Result<never> {
    this.#image.check();
    const data = { program, args: args.join(' ') };
    const code = refuseProgram(program, args) ?? (Object.hasOwn(this.#setup.programs, program) ? refuseArguments(args) : undefined);
    if (code !== undefined) {
      this.#setup.crossings.report('exec', { ...data, error: code });
      return fail(code, `exec ${program}`);
    }
    if (!Object.hasOwn(this.#setup.programs, program)) {
      const found = findExecutable(program, this.#setup.environment['PATH'] ?? '');
      const refused = found.ok ? fail('ENOTSUP', `exec ${program}`) : found;
      this.#setup.crossings.report('exec', outcome(data, refused.ok ? undefined : refused.error));
      return refused;
    }
    this.#setup.crossings.report('exec', data);
    this.#setup.replace(program, args);
    throw new Error('exec returned'); // replace unwinds
  }

  exit(status: number): never {
    this.#image.check();
    if (!Number.isInteger(status) || status < 0 || status > 255) throw new RangeError(`exit status ${status} is not 0..255`);
    this.#setup.end({ code: status });
    throw new Error('exit returned'); // end unwinds
  }

  kill(pid: Pid, signal: Signal | 0): Result<void> {
    this.#image.check();
    if (signal !== 0) requireSignals([signal]);
    const result = this.#kill(pid, signal);
    this.#setup.crossings.report('kill', outcome({ target: pid, signal }, result.ok ? undefined : result.error));
    if (pid === process.pid && signal !== 0 && result.ok) this.#setup.signals.raise(signal);
    return result;
  }

  #kill(pid: Pid, signal: Signal | 0): Result<void> {
    const call = `kill ${pid} ${signal}`;
    // kill(2) takes 0 and below for groups and for everybody; the contract has only processes.
    if (!Number.isInteger(pid) || pid <= 0 || pid > PID_MAX) return fail('ESRCH', call);
    if (pid === process.pid || this.#children.isZombie(pid)) return DONE;
    // `parent` answers 1 for a parent that has ended: init must not suffer for it, whatever rights this process has.
    if (pid === INIT && signal !== 0 && this.#setup.parent !== INIT) return fail('EPERM', call);
    if (signal === 'SIGKILL') this.#setup.family?.remember();
    try {
      process.kill(pid, signal);
      return DONE;
    } catch (thrown) {
      return refuse(thrown, call);
    }
  }

  #spawn(
    program: string,
    args: readonly string[],
    descriptors: Readonly<Record<number, Descriptor>>,
    given: Readonly<Record<string, string>>,
  ): Result<Pid> {
    const call = `spawn ${program}`;
    const refused = refuseProgram(program, args, given);
    if (refused !== undefined) return fail(refused, call);
    const stdio = this.#stdio(descriptors);
    if (stdio === undefined) return fail('EBADF', call);
    const inTable = Object.hasOwn(this.#setup.programs, program);
    const words = inTable ? ok([...this.#setup.command, program]) : this.#foreign(program);
    if (!words.ok) return words;
    const tooBig = refuseArguments(args, given);
    if (tooBig !== undefined) return fail(tooBig, call);
    const [file = '', ...first] = words.value;
    const { environment, family } = this.#setup;
    const env = { ...environment, ...given, ...(inTable ? this.#handedDown(Object.keys(descriptors)) : {}), ...family?.variables() };
    try {
      const child = spawn(file, [...first, ...args], { stdio, env, detached: family !== undefined });
      child.on('error', () => {}); // its pid tells already
      if (child.pid === undefined) return fail('EAGAIN', call); // it can be run: so there is no room for a process, or no descriptor
      this.#children.add(child.pid, child);
      this.#capture(child.pid, child);
      return ok(child.pid);
    } catch (thrown) {
      return refuse(thrown, call);
    }
  }

  #foreign(program: string): Result<readonly string[]> {
    const found = findExecutable(program, this.#setup.environment['PATH'] ?? '');
    if (!found.ok) return found;
    const { ignored, masked } = this.#setup.signals.inheritance();
    const prefix = withSignals(ignored, masked, () => this.#setup.signals.expect('SIGCHLD'));
    if (prefix === undefined) this.#setup.warn('signals-not-inherited', { program });
    return ok([...(prefix ?? []), found.value]);
  }

  /** Node's list of what becomes of 0, 1, 2 …; `undefined` when a descriptor cannot be given away. */
  #stdio(descriptors: Readonly<Record<number, Descriptor>>): StdioOptions | undefined {
    const numbers = Object.keys(descriptors).map(Number);
    if (!numbers.every(isChildDescriptor)) return undefined;
    const list: ('ignore' | 'pipe' | number)[] = Array.from({ length: Math.max(3, ...numbers.map(number => number + 1)) }, () => 'ignore');
    list[1] = list[2] = this.#setup.output === undefined ? 2 : 'pipe';
    for (const number of numbers) {
      const own = descriptors[number];
      if (own === undefined || !this.#setup.descriptors.usable(own)) return undefined;
      list[number] = own;
    }
    return list;
  }

  #handedDown(numbers: readonly string[]): Readonly<Record<string, string>> {
    return {
      SLIPWAY_DESCRIPTORS: numbers.join(','),
      SLIPWAY_SIGNALS: formatInheritance(this.#setup.signals.inheritance()),
      SLIPWAY_PARENT: String(process.pid),
      ...(this.#setup.accounts === undefined ? {} : { SLIPWAY_UTMP: this.#setup.accounts }),
    };
  }

  #capture(pid: Pid, child: ChildProcess): void {
    // One that breaks has ended: nobody listening would end this program.
    child.stdout?.on('data', (bytes: Uint8Array) => this.#setup.output?.(pid, 1, bytes)).on('error', () => {});
    child.stderr?.on('data', (bytes: Uint8Array) => this.#setup.output?.(pid, 2, bytes)).on('error', () => {});
  }

  #settle(): void {
    const result = this.#waits.length === 0 ? undefined : this.#children.take();
    const reaped = result === undefined ? undefined : this.#waits.shift();
    if (result === undefined || reaped === undefined) return;
    if (result.ok) this.#setup.crossings.report('wait', { child: result.value.pid, ...result.value.status });
    else this.#setup.crossings.report('wait', { error: result.error.code });
    if (this.#waits.length > 0) this.#image.later(() => this.#settle());
    reaped(result);
  }
}

const INIT: Pid = 1;
/** Of a pid_t; Node refuses what is greater. */
const PID_MAX: Pid = 2 ** 31 - 1;
