/**
 * The Host of one simulated process: the contract of src/host over the parts of this world. Every call is checked in
 * (`process.call()`), recorded where it crosses, and answered by the part it belongs to.
 * Lacks: any behaviour of its own.
 */

import { backlogOf, isChildDescriptor, refuseArguments, refuseProgram, toldOf } from '../host/arguments.ts';
import type { EventData } from '../host/event.ts';
import type * as contract from '../host/host.ts';
import { requireSeverity } from '../host/logs.ts';
import { fail, type HostErrorCode, ok, type Result } from '../host/result.ts';
import type { Disposition, Signal } from '../host/signal.ts';
import { requireDisposition, requireSignals } from '../host/signal.ts';
import { type Duration, type Instant, micros, requireDelay } from '../host/time.ts';
import { type EventKind, NO_CAUSE } from '../trace/event.ts';
import { NO_LABEL } from '../trace/fingerprint.ts';
import type { Prng } from './core/prng.ts';
import type { RefusableCall } from './core/refusals.ts';
import { type Disk, normalize } from './disk/disk.ts';
import type { Machine } from './machine.ts';
import { connect } from './network/connect.ts';
import { SimSocket } from './network/datagram.ts';
import { listen } from './network/listen.ts';
import { SimDescriptors, STANDARD_OUTPUTS } from './network/pipes.ts';
import type { NetworkStack } from './network/stack.ts';
import { INIT, ROOT, type SimProcess, UNWIND } from './process/process.ts';
import { SimSystem } from './system.ts';

export class SimHost implements contract.Host {
  readonly clock: contract.Clock;
  readonly network: contract.Network;
  readonly descriptors: contract.Descriptors;
  readonly process: contract.ProcessControl;
  readonly signals: contract.Signals;
  readonly storage: contract.Storage;
  readonly system: contract.System;
  readonly random: contract.Random;
  readonly log: contract.Log;

  constructor(machine: Machine, process: SimProcess) {
    this.clock = new SimClock(process);
    this.network = new SimNetwork(machine.stack, process);
    this.descriptors = new SimDescriptors(process);
    this.process = new SimProcessControl(machine, process);
    this.signals = new SimSignals(process);
    this.storage = new SimStorage(machine, process);
    this.system = new SimSystem(process, machine.status);
    this.random = new SimRandom(process);
    this.log = (severity, event, fields) => {
      process.call();
      requireSeverity(severity);
      process.record('log', { data: { ...fields, severity, event } });
    };
  }
}

class SimClock implements contract.Clock {
  readonly #process: SimProcess;
  #timers = 0;

  constructor(process: SimProcess) {
    this.#process = process;
  }

  monotonic(): Instant {
    this.#process.call();
    return this.#process.computer.clock.monotonic(this.#process.core.now);
  }

  wall(): Instant {
    this.#process.call();
    return this.#process.computer.clock.wall(this.#process.core.now);
  }

  setTimer(delay: Duration, fire: () => void): contract.Timer {
    const process = this.#process;
    process.call();
    requireDelay(delay);
    const id = ++this.#timers;
    const image = process.image;
    const length = micros(Math.max(0, delay));
    const cause = process.record('timer', { data: { id, delay: length } });
    let pending = true;
    const timer = process.addTimer(length, () => {
      process.deliver(image, () => {
        if (!pending) return;
        pending = false;
        process.record('fire', { data: { id }, cause });
        fire();
      });
    });
    return {
      cancel: () => {
        process.call();
        if (!pending) return;
        pending = false;
        timer.cancel();
        process.record('cancel', { data: { id } });
      },
    };
  }
}

class SimNetwork implements contract.Network {
  readonly #stack: NetworkStack;
  readonly #process: SimProcess;

  constructor(stack: NetworkStack, process: SimProcess) {
    this.#stack = stack;
    this.#process = process;
  }

  listen(at: contract.Endpoint, options: { readonly backlog: number }, handler: contract.ListenHandler): void {
    this.#process.call();
    listen(this.#stack, this.#process, at, backlogOf(options.backlog), handler);
  }

  connect(
    to: contract.Endpoint,
    options: { readonly from?: string },
    opened: (result: Result<contract.Stream>) => contract.StreamHandler,
  ): void {
    this.#process.call();
    connect(this.#stack, this.#process, to, options.from, opened);
  }

  bind(at: contract.DatagramAddress, options: contract.DatagramOptions, handler: contract.DatagramHandler): void {
    this.#process.call();
    SimSocket.bind(this.#stack, this.#process, at, options, handler);
  }

  interfaces(): readonly contract.NetworkInterface[] {
    this.#process.call();
    return this.#stack.interfaces;
  }
}

class SimProcessControl implements contract.ProcessControl {
  readonly #machine: Machine;
  readonly #process: SimProcess;

  constructor(machine: Machine, process: SimProcess) {
    this.#machine = machine;
    this.#process = process;
  }

  get pid(): contract.Pid {
    return this.#process.pid;
  }

  get args(): readonly string[] {
    return this.#process.args;
  }

  environment(name: string): string | undefined {
    this.#process.call();
    return this.#process.environment.get(name);
  }

  become(user: string): Result<void> {
    this.#process.call();
    const code = this.#machine.users.includes(user) ? (this.#process.user === ROOT ? undefined : 'EPERM') : 'ENOENT';
    this.#process.record('become', { data: { user, ...(code === undefined ? {} : { error: code }) } });
    if (code !== undefined) return fail(code, `become ${user}`);
    this.#process.user = user;
    return ok(undefined);
  }

  parent(): contract.Pid {
    this.#process.call();
    return this.#process.parentPid;
  }

  spawn(program: string, args: readonly string[], options: contract.SpawnOptions = {}): Result<contract.Pid> {
    const parent = this.#process;
    parent.call();
    const { environment = {}, descriptors = {} } = options;
    const told = { program, args: args.join(' '), ...toldOf(environment) };
    const refused = (code: HostErrorCode): Result<never> => {
      parent.record('spawn', { data: { ...told, error: code } });
      return fail(code, `spawn ${program}`);
    };
    const wrong = refuseProgram(program, args, environment);
    if (wrong !== undefined) return refused(wrong);
    const named = Object.entries(descriptors).map(([number, own]) => ({
      number: Number(number),
      own,
      end: parent.descriptors.get(own),
    }));
    // Standard output and error are open in every process, wherever they lead.
    const isOpen = ({ number, own, end }: (typeof named)[number]): boolean =>
      end !== undefined || (STANDARD_OUTPUTS.includes(own) && STANDARD_OUTPUTS.includes(number));
    if (!named.every(each => isOpen(each) && isChildDescriptor(each.number))) return refused('EBADF');
    const code = Object.hasOwn(this.#machine.programs, program)
      ? (refuseArguments(args, environment) ?? parent.refused('spawn'))
      : 'ENOENT';
    const child = code === undefined ? this.#machine.create(program, args, parent) : undefined;
    if (child === undefined) return refused(code ?? 'ENOENT');
    for (const { number, end } of named) if (end !== undefined) child.descriptors.set(number, end.copy());
    child.inheritFrom(parent, environment);
    const cause = parent.record('spawn', { data: { child: child.pid, ...told } });
    this.#machine.begin(child, cause);
    return ok(child.pid);
  }

  wait(reaped: (result: Result<contract.Reaped>) => void): void {
    this.#process.call();
    this.#process.wait(reaped);
  }

  exec(program: string, args: readonly string[]): Result<never> {
    const process = this.#process;
    process.call();
    const code = refuseProgram(program, args) ?? (Object.hasOwn(this.#machine.programs, program) ? refuseArguments(args) : 'ENOENT');
    if (code !== undefined) {
      process.record('exec', { data: { program, args: args.join(' '), error: code } });
      return fail(code, `exec ${program}`);
    }
    const cause = process.record('exec', { data: { program, args: args.join(' ') } });
    process.replace(program, args);
    this.#machine.begin(process, cause);
    throw UNWIND;
  }

  exit(status: number): never {
    this.#process.call();
    if (!Number.isInteger(status) || status < 0 || status > 255) throw new Error(`exit status must be 0 to 255, not ${status}`);
    this.#process.end({ code: status }, NO_CAUSE);
    throw UNWIND;
  }

  kill(pid: contract.Pid, signal: Signal | 0): Result<void> {
    const process = this.#process;
    process.call();
    if (signal !== 0) requireSignals([signal]);
    const target = this.#machine.process(pid);
    const error = pid === INIT && signal !== 0 ? 'EPERM' : target === undefined && pid !== INIT ? 'ESRCH' : undefined;
    const data: EventData = { target: pid, signal, ...(error === undefined ? {} : { error }) };
    const cause = process.record('kill', { data });
    if (error !== undefined) return fail(error, `kill ${pid}`);
    if (target !== undefined && signal !== 0) target.signals.post(signal, cause);
    if (target === process && signal !== 0) process.signals.endNow();
    if (process.ended) throw UNWIND;
    return ok(undefined);
  }
}

class SimSignals implements contract.Signals {
  readonly #process: SimProcess;

  constructor(process: SimProcess) {
    this.#process = process;
  }

  handle(signal: Signal, disposition: Disposition): Result<Disposition> {
    this.#process.call();
    requireSignals([signal]);
    requireDisposition(disposition);
    return this.#process.signals.handle(signal, disposition);
  }

  mask(how: 'block' | 'unblock' | 'set', signals: readonly Signal[]): readonly Signal[] {
    this.#process.call();
    requireSignals(signals);
    this.#process.record('mask', { data: { how, signals: signals.join(' ') } });
    const before = this.#process.signals.mask(how, signals);
    if (this.#process.ended) throw UNWIND;
    return before;
  }

  pending(): readonly Signal[] {
    this.#process.call();
    return this.#process.signals.pending();
  }

  alarm(delay: Duration): Duration {
    this.#process.call();
    requireDelay(delay);
    this.#process.record('alarm', { data: { delay } });
    return this.#process.signals.alarm(delay);
  }
}

class SimStorage implements contract.Storage {
  readonly #machine: Machine;
  readonly #process: SimProcess;

  constructor(machine: Machine, process: SimProcess) {
    this.#machine = machine;
    this.#process = process;
  }

  read(path: string): Result<Uint8Array> {
    return this.#try('read', path, disk => disk.read(path));
  }

  write(path: string, bytes: Uint8Array): Result<void> {
    return this.#store('write', path, bytes);
  }

  append(path: string, bytes: Uint8Array): Result<void> {
    return this.#store('append', path, bytes);
  }

  rename(from: string, to: string): Result<void> {
    this.#process.call();
    const refused = this.#process.refused('rename');
    const result = refused === undefined ? this.#disk.rename(from, to, this.#wall()) : fail(refused, `rename ${from}`);
    const data: EventData = result.ok ? { path: from, to } : { path: from, to, error: result.error.code };
    this.#process.note('rename', NO_LABEL, undefined, data);
    return result;
  }

  unlink(path: string): Result<void> {
    return this.#try('unlink', path, disk => disk.unlink(path, this.#wall()));
  }

  makeDirectory(path: string): Result<void> {
    return this.#try('mkdir', path, disk => disk.makeDirectory(path, this.#wall()));
  }

  /** The order is drawn anew for each call, because nobody may rely on one. */
  list(path: string): Result<readonly string[]> {
    const result = this.#try('list', path, disk => disk.list(path));
    if (!result.ok) return result;
    return ok(this.#machine.listing(normalize(path)).shuffle([...result.value]));
  }

  stat(path: string): Result<contract.FileStatus> {
    return this.#try('stat', path, disk => disk.stat(path));
  }

  sync(path: string): Result<void> {
    const slow = this.#machine.syncDelay;
    const result = this.#try('sync', path, disk => disk.sync(path));
    if (slow !== undefined) {
      slow.fired();
      this.#process.busy(slow.extra as Duration);
    }
    return result;
  }

  get #disk(): Disk {
    return this.#machine.disk;
  }

  #wall(): Instant {
    return this.#process.computer.clock.wall(this.#process.core.now);
  }

  #store(kind: 'write' | 'append', path: string, bytes: Uint8Array): Result<void> {
    const copy = this.#process.core.copies.of(bytes);
    return this.#try(kind, path, disk => disk[kind](path, copy, this.#wall()), copy);
  }

  #try<T>(kind: RefusableCall & EventKind, path: string, act: (disk: Disk) => Result<T>, bytes?: Uint8Array): Result<T> {
    this.#process.call();
    const refused = this.#process.refused(kind);
    const result = refused === undefined ? act(this.#disk) : fail(refused, `${kind} ${path}`);
    const data: EventData = result.ok ? { path } : { path, error: result.error.code };
    this.#process.note(kind, NO_LABEL, bytes, data);
    return result;
  }
}

class SimRandom implements contract.Random {
  readonly #process: SimProcess;
  readonly #label: string;
  #drawn: Prng | undefined;

  constructor(process: SimProcess) {
    this.#process = process;
    this.#label = `random/${process.label}/${process.image}`;
  }

  get #prng(): Prng {
    this.#drawn ??= this.#process.core.chance.separate(this.#label);
    return this.#drawn;
  }

  below(bound: number): number {
    this.#process.call();
    const value = this.#prng.below(bound);
    this.#process.record('random', { data: { of: bound, value } });
    return value;
  }

  fill(target: Uint8Array): void {
    this.#process.call();
    this.#prng.fill(target);
    this.#process.record('random', { bytes: target.slice() });
  }
}
