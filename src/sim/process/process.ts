/**
 * One process: its life, what it holds, and the rule that nothing of it runs while it is stopped, busy or dead.
 * Lacks: what a daemon may call (host.ts), signals (signals.ts), and what it holds: each comes from its own folder as a Held.
 */
import type { EventData } from '../../host/event.ts';
import type { Pid, Reaped, Timer } from '../../host/host.ts';
import type { Result } from '../../host/result.ts';
import { fail, ok } from '../../host/result.ts';
import type { ExitStatus, Signal } from '../../host/signal.ts';
import type { Duration, Instant } from '../../host/time.ts';
import { type EventKind, NO_CAUSE } from '../../trace/event.ts';
import { type Label, labelOf, NO_LABEL } from '../../trace/fingerprint.ts';
import type { PipeEnd } from '../channel/pipe-end.ts';
import type { MachineClock } from '../core/clock.ts';
import type { Core, Occurrence } from '../core/core.ts';
import type { Prng } from '../core/prng.ts';
import { mayRefuse, type RefusableCall, type RefusalCode } from '../core/refusals.ts';
import type { Held, HeldStream } from './held.ts';
import { ProcessSignals } from './signals.ts';
import { SimTimer } from './timer.ts';

/** Thrown to unwind a daemon whose process has ended or was replaced. A daemon that catches it meets it again at its next call. */
export const UNWIND: unique symbol = Symbol('process ended');

/** sysexits.h EX_SOFTWARE: what a daemon that threw exits with. */
export const EXIT_SOFTWARE = 70;
export const INIT: Pid = 1;
/** Who a process is that init has started. */
export const ROOT = 'root';
/** More Host calls than this in one callback are a loop without end: time stands still in a callback, so nothing else would ever happen. */
export const CALLBACK_CALL_LIMIT = 1_000_000;

const NO_VARIABLES: ReadonlyMap<string, string> = new Map();

/** What a process runs on. */
export interface Computer {
  readonly name: string;
  readonly core: Core;
  readonly prng: Prng;
  readonly clock: MachineClock;
  process(pid: Pid): SimProcess | undefined;
  /** A process has ended: its children go to init, its parent hears of it. */
  ended(process: SimProcess): void;
  /** It was reaped, or nobody will. */
  remove(process: SimProcess): void;
}

export class SimProcess {
  // What every Host call and every callback looks at comes first, so that it lies together: there may be thousands of processes.
  readonly core: Core;
  readonly computer: Computer;
  status: ExitStatus | undefined;
  /** Raised by exec: callbacks of an older image are dead. */
  image = 0;
  #calls = 0;
  /** `#calls` when the present callback began. */
  #callsBefore = 0;
  #killAt: { readonly call: number; readonly fired: () => void } | undefined;
  /** What the present call is refused for, if it can be. */
  #refusal: { readonly code: RefusalCode; readonly fired: () => void } | undefined;
  /** An old image is still on the stack: until it has returned, every call of it is refused. */
  #unwinding = false;
  #stopped = false;
  #busyUntil = 0 as Instant;
  #label: Label;
  readonly pid: Pid;
  /** Unlike the pid, never used twice in a world. */
  readonly serial: number;
  program: string;
  args: readonly string[];
  parentPid: Pid;
  /** A name that the machine knows; nothing here depends on it but who may become another. */
  user: string = ROOT;
  environment: ReadonlyMap<string, string> = NO_VARIABLES;
  readonly streams: Set<HeldStream> = new Set();
  /** Listeners, datagram sockets, connections to be. */
  readonly held: Set<Held> = new Set();
  readonly timers: Set<SimTimer> = new Set();
  readonly descriptors: Map<number, PipeEnd> = new Map();
  readonly children: Map<Pid, SimProcess> = new Map();
  readonly signals: ProcessSignals;
  #deferred: (() => void)[] = [];
  readonly #wakers = new Set<() => void>();
  #zombies: SimProcess[] = [];
  readonly #waiters: ((result: Result<Reaped>) => void)[] = [];

  constructor(computer: Computer, pid: Pid, serial: number, parentPid: Pid, program: string, args: readonly string[]) {
    this.core = computer.core;
    this.computer = computer;
    this.pid = pid;
    this.serial = serial;
    this.parentPid = parentPid;
    this.program = program;
    this.args = args;
    this.#label = labelOf(`${computer.name}/${program}.${pid}`);
    this.signals = new ProcessSignals(this);
  }

  get label(): string {
    return this.#label.text;
  }

  get ended(): boolean {
    return this.status !== undefined;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  get runnable(): boolean {
    return !this.ended && !this.#stopped && this.core.now >= this.#busyUntil;
  }

  record(kind: EventKind, occurrence: Occurrence): number {
    const { channel = '', bytes, data, cause = NO_CAUSE, message = 0 } = occurrence;
    return this.core.note(this.#label, kind, channel === '' ? NO_LABEL : labelOf(channel), bytes, data, cause, message);
  }

  /** The same in parts. */
  note(
    kind: EventKind,
    channel: Label,
    bytes: Uint8Array | undefined,
    data: EventData | undefined,
    cause: number = NO_CAUSE,
    message = 0,
  ): number {
    return this.core.note(this.#label, kind, channel, bytes, data, cause, message);
  }

  /** Lets something happen to this process after the time the kernel needs to wake it. */
  soon(act: () => void): void {
    this.core.in(this.core.wakeDelay(this.computer.prng), act, this.serial);
  }

  /** Every Host call begins here: a dead process does not get past it, and a fault may kill it at just this call. */
  call(): void {
    if (this.ended || this.#unwinding) throw UNWIND;
    this.#calls++;
    const { core } = this;
    core.calls++;
    if (this.#refusal !== undefined) this.#refusal = undefined;
    if (core.observer !== undefined) core.observer.called(core.calls, this.serial);
    if (core.calls === core.struckCall) core.strike(this.serial);
    // Struck, it may be dead.
    if (this.ended) throw UNWIND;
    if (this.#calls - this.#callsBefore > CALLBACK_CALL_LIMIT) {
      this.#crash(new Error(`more than ${CALLBACK_CALL_LIMIT} Host calls in one callback`));
      throw UNWIND;
    }
    if (this.#killAt === undefined || this.#killAt.call !== this.#calls) return;
    this.#killAt.fired();
    this.end({ signal: 'SIGKILL' }, NO_CAUSE);
    throw UNWIND;
  }

  /** The present call is refused for this, if it is one that may be. */
  refuse(code: RefusalCode, fired: () => void): void {
    this.#refusal = { code, fired };
  }

  /** What the present call is refused for by a fault. */
  refused(call: RefusableCall): RefusalCode | undefined {
    const { core } = this;
    core.observer?.refusable(core.calls, call);
    const refusal = this.#refusal;
    if (refusal !== undefined && mayRefuse(call, refusal.code)) {
      refusal.fired();
      return refusal.code;
    }
    if (core.conditions.shortages.length === 0) return undefined;
    const shortage = core.conditions.shortages.find(({ program, code }) => program === this.program && mayRefuse(call, code));
    shortage?.fired();
    return shortage?.code;
  }

  /** SIGKILL at the `call`-th Host call from now, unless an earlier one is set. Returns how to take it back. */
  killAtCall(call: number, fired: () => void): () => void {
    const mine = { call: this.#calls + Math.max(1, call), fired };
    if (this.#killAt === undefined || mine.call < this.#killAt.call) this.#killAt = mine;
    return () => {
      if (this.#killAt === mine) this.#killAt = undefined;
    };
  }

  /** True when the process can run now; otherwise `wake` is called once it can. */
  readyOr(wake: () => void): boolean {
    if (this.runnable) return true;
    if (!this.ended) this.#wakers.add(wake);
    return false;
  }

  /** What fork(2) and execve(2) hand down, and the variables that are given beside. */
  inheritFrom(parent: SimProcess, given: Readonly<Record<string, string>>): void {
    this.signals.inheritFrom(parent.signals);
    this.user = parent.user;
    const more = Object.entries(given);
    this.environment = more.length === 0 ? parent.environment : new Map([...parent.environment, ...more]);
  }

  /** Runs a callback of the daemon now, or as soon as the process can run. */
  deliver(image: number, callback: () => void): void {
    if (this.ended || image !== this.image) return;
    if (this.runnable && this.#deferred.length === 0) this.run(image, callback);
    else this.#deferred.push(() => this.run(image, callback));
  }

  /** Runs a callback of the daemon to completion. */
  run(image: number, callback: () => void): void {
    if (this.ended || image !== this.image) return;
    this.#callsBefore = this.#calls;
    try {
      callback();
    } catch (error) {
      // What a daemon throws while it is being unwound is nobody's bug any more.
      if (error !== UNWIND && !this.ended && !this.#unwinding) this.#crash(error);
    }
    this.#unwinding = false;
  }

  /** Lets the program of this process begin, after the time that it takes to be loaded. Until then signals find no handlers. */
  start(begin: () => void, cause: number): void {
    const { core, image } = this;
    const loaded = (): void =>
      this.deliver(image, () => {
        this.record('start', { data: { program: this.program, args: this.args.join(' '), parent: this.parentPid }, cause });
        begin();
      });
    core.in(core.startDelay(`${this.label}/${image}`), loaded, this.serial);
  }

  /** exec: a new program in this process. */
  replace(program: string, args: readonly string[]): void {
    this.image++;
    this.program = program;
    this.args = args;
    this.#label = labelOf(`${this.computer.name}/${program}.${this.pid}`);
    this.#unwinding = true;
    const left = this.signals.alarmLeft;
    this.#release();
    this.#deferred = [];
    this.#waiters.length = 0;
    this.signals.replaced(left);
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#tellParent();
  }

  /** From now on a stop counts again; what waited goes on when the kernel wakes the process. */
  resume(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#tellParent();
    this.soon(() => this.#wake());
  }

  /** The process waits in the kernel: nothing of it runs before `delay` is over. */
  busy(delay: Duration): void {
    this.#busyUntil = (Math.max(this.core.now, this.#busyUntil) + delay) as Instant;
    this.core.at(this.#busyUntil, () => this.#wake(), this.serial);
  }

  end(status: ExitStatus, cause: number): void {
    if (this.ended) return;
    this.record('exit', { data: { ...status }, cause });
    this.status = status;
    this.#release();
    for (const end of this.descriptors.values()) end.drop();
    this.descriptors.clear();
    this.#forget();
    this.computer.ended(this);
  }

  /** The machine lost power: nothing is closed, nobody is told. */
  discard(): void {
    if (this.ended) return;
    this.status = { signal: 'SIGKILL' };
    for (const held of this.#all()) held.discard();
    this.#forget();
  }

  /** A child of this process has ended. sigaction(2): while SIGCHLD is ignored nothing is left of it, and nothing is told. */
  childEnded(child: SimProcess): void {
    if (this.signals.areIgnored('SIGCHLD')) {
      this.children.delete(child.pid);
      this.computer.remove(child);
    } else {
      // Linux looks for one to reap among all children, oldest first.
      const younger = this.#zombies.findIndex(({ serial }) => serial > child.serial);
      this.#zombies.splice(younger < 0 ? this.#zombies.length : younger, 0, child);
      this.signals.post('SIGCHLD', NO_CAUSE);
    }
    this.reap();
  }

  wait(reaped: (result: Result<Reaped>) => void): void {
    const image = this.image;
    this.#waiters.push(result => this.deliver(image, () => reaped(result)));
    this.reap();
  }

  reap(): void {
    this.soon(this.#reapNow);
  }

  readonly #reapNow = (): void => {
    if (!this.readyOr(this.#reapNow)) return;
    const waiter = this.#waiters[0];
    const zombie = this.#zombies[0];
    if (waiter === undefined || (zombie === undefined && this.children.size > 0)) return;
    this.#waiters.shift();
    if (this.#waiters.length > 0) this.reap();
    if (zombie?.status === undefined) {
      this.record('wait', { data: { error: 'ECHILD' } });
      waiter(fail('ECHILD', 'wait'));
      return;
    }
    this.#zombies.shift();
    this.children.delete(zombie.pid);
    this.computer.remove(zombie);
    this.record('wait', { data: { child: zombie.pid, ...zombie.status } });
    waiter(ok({ pid: zombie.pid, status: zombie.status }));
  };

  /** Generates a signal from inside the kernel, where it may take effect at once. */
  raise(signal: Signal, cause: number): void {
    this.signals.post(signal, cause);
    this.signals.deliverNow();
  }

  /** Fires once the monotonic clock of the machine has advanced by `delay`. */
  addTimer(delay: Duration, fire: () => void): Timer {
    return new SimTimer(this, delay, fire);
  }

  /** The clock of the machine has changed its rate. */
  retime(): void {
    for (const timer of this.timers) timer.retime();
  }

  #all(): readonly Held[] {
    return [...this.timers, ...this.streams, ...this.held];
  }

  #release(): void {
    for (const held of this.#all()) held.release();
  }

  #forget(): void {
    this.#deferred = [];
    this.#wakers.clear();
    this.#zombies = [];
    this.#waiters.length = 0;
  }

  /** SIGCHLD is also for children that stop and go on (no SA_NOCLDSTOP). */
  #tellParent(): void {
    const parent = this.computer.process(this.parentPid);
    if (parent !== undefined && !parent.signals.areIgnored('SIGCHLD')) parent.signals.post('SIGCHLD', NO_CAUSE);
  }

  #wake(): void {
    if (!this.runnable) return;
    const deferred = this.#deferred;
    this.#deferred = [];
    while (deferred.length > 0 && this.runnable) deferred.shift()?.();
    this.#deferred = [...deferred, ...this.#deferred];
    if (!this.runnable) return;
    this.signals.deliverNow();
    const wakers = [...this.#wakers];
    this.#wakers.clear();
    for (const wake of wakers) wake();
  }

  #crash(error: unknown): void {
    this.core.bugs.push(error);
    this.record('bug', { data: { message: repeatable(error) } });
    this.end({ code: EXIT_SOFTWARE }, NO_CAUSE);
  }
}

/** What an engine says of its own errors differs from version to version, and a trace must not. Ours are plain `Error`. */
function repeatable(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Error' ? `${error.name}: ${error.message}` : error.name;
}
