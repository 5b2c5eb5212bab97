/**
 * Signals of one process: dispositions, mask, pending set, alarm (IEEE Std 1003.1, 2.4).
 * Lacks: real-time signals, siginfo, SA_NOCLDSTOP, and process groups. A callback in which a process stops itself runs to its end.
 */

import type { Timer } from '../../host/host.ts';
import { DONE, fail, ok, type Result } from '../../host/result.ts';
import type { Disposition, ExitStatus, Signal } from '../../host/signal.ts';
import { DEFAULT_ACTION, SIGNALS, UNCATCHABLE } from '../../host/signal.ts';
import type { Duration, Instant } from '../../host/time.ts';
import { NO_CAUSE } from '../../trace/event.ts';
import type { Occurrence } from '../core/core.ts';
import type { TimerOwner } from './timer.ts';

/** The process that they are for. */
export interface Signalled extends TimerOwner {
  readonly ended: boolean;
  readonly stopped: boolean;
  readonly runnable: boolean;
  readonly image: number;
  record(kind: 'signal', occurrence: Occurrence): number;
  soon(act: () => void): void;
  deliver(image: number, callback: () => void): void;
  stop(): void;
  resume(): void;
  end(status: ExitStatus, cause: number): void;
  raise(signal: Signal, cause: number): void;
  addTimer(delay: Duration, fire: () => void): Timer;
}

export class ProcessSignals {
  readonly #process: Signalled;
  readonly #dispositions = new Map<Signal, Disposition>();
  #blocked = new Set<Signal>();
  /** Signal -> the event that generated it. */
  readonly #pending = new Map<Signal, number>();
  #alarm: { readonly timer: Timer; readonly due: Instant } | undefined;

  constructor(process: Signalled) {
    this.#process = process;
  }

  handle(signal: Signal, disposition: Disposition): Result<Disposition> {
    if (UNCATCHABLE.includes(signal)) return fail('EINVAL', `handle ${signal}`);
    const before = this.#dispositions.get(signal) ?? 'default';
    this.#dispositions.set(signal, disposition);
    // IEEE Std 1003.1, 2.4.3: setting the action to ignore discards what is pending, blocked or not.
    if (this.#ignores(signal)) this.#pending.delete(signal);
    return ok(before);
  }

  mask(how: 'block' | 'unblock' | 'set', signals: readonly Signal[]): readonly Signal[] {
    const before = this.blocked();
    const maskable = signals.filter(signal => !UNCATCHABLE.includes(signal));
    if (how === 'set') this.#blocked = new Set(maskable);
    else for (const signal of maskable) how === 'block' ? this.#blocked.add(signal) : this.#blocked.delete(signal);
    this.endNow();
    if (this.#pending.size > 0) this.#process.core.in(0 as Duration, () => this.deliverNow(), this.#process.serial);
    return before;
  }

  blocked(): readonly Signal[] {
    return SIGNALS.filter(signal => this.#blocked.has(signal));
  }

  /** Pending because they are blocked; one that is merely on its way is not listed. */
  pending(): readonly Signal[] {
    return SIGNALS.filter(signal => this.#pending.has(signal) && this.#blocked.has(signal));
  }

  alarm(delay: Duration): Duration {
    const left = this.alarmLeft;
    this.#alarm?.timer.cancel();
    this.#alarm = undefined;
    if (delay > 0) this.#setAlarm(delay);
    return left;
  }

  get alarmLeft(): Duration {
    return (this.#alarm === undefined ? 0 : Math.max(0, this.#alarm.due - this.#monotonic())) as Duration;
  }

  /** What a child gets: the mask and the ignored signals. */
  inheritFrom(parent: ProcessSignals): void {
    this.#blocked = new Set(parent.#blocked);
    for (const [signal, disposition] of parent.#dispositions) if (disposition === 'ignore') this.#dispositions.set(signal, disposition);
  }

  /** exec: handlers are gone with the program they belonged to; alarm(2): the alarm is not. */
  replaced(alarmLeft: Duration): void {
    this.#alarm = undefined;
    if (alarmLeft > 0) this.#setAlarm(alarmLeft);
    for (const [signal, disposition] of [...this.#dispositions]) if (disposition !== 'ignore') this.#dispositions.delete(signal);
  }

  /** Generates a signal. Stopping, continuing and killing happen at once, everything else is pending until it is delivered. */
  post(signal: Signal, cause: number): Result<void> {
    const process = this.#process;
    if (process.ended) return DONE;
    if (signal === 'SIGKILL') process.end({ signal }, cause);
    else if (signal === 'SIGSTOP') {
      this.#pending.delete('SIGCONT');
      process.stop();
    } else {
      if (signal === 'SIGCONT') process.resume();
      // Linux sig_ignored(): what is ignored when it is generated is gone, unless it is blocked.
      if (this.#ignores(signal) && !this.#blocked.has(signal)) return DONE;
      if (!this.#pending.has(signal)) this.#pending.set(signal, cause);
      process.soon(this.#deliver);
    }
    return DONE;
  }

  /** Set to ignore, which for SIGCHLD is more than a default that does nothing. */
  areIgnored(signal: Signal): boolean {
    return this.#dispositions.get(signal) === 'ignore';
  }

  /**
   * kill(2), sigprocmask(2): what a process may get it gets before the call returns. Here that is what ends it; a handler has to
   * wait until the callback is over.
   */
  endNow(): void {
    if (this.#pending.size === 0 || this.#process.stopped) return;
    for (const signal of SIGNALS) {
      const cause = this.#pending.get(signal);
      if (cause === undefined || this.#blocked.has(signal) || !this.#isDeadly(signal)) continue;
      this.#pending.delete(signal);
      this.#act(signal, cause);
      return;
    }
  }

  /** Delivers what is pending and not blocked, in the order of the signal table: first what is deadly, because no handler gets to run before it. */
  deliverNow(): void {
    if (this.#pending.size === 0 || !this.#process.runnable) return;
    this.endNow();
    for (const signal of SIGNALS) {
      const cause = this.#pending.get(signal);
      if (cause === undefined || this.#blocked.has(signal)) continue;
      this.#pending.delete(signal);
      this.#act(signal, cause);
      if (!this.#process.runnable) return;
    }
  }

  readonly #deliver = (): void => this.deliverNow();

  #isDeadly(signal: Signal): boolean {
    return (this.#dispositions.get(signal) ?? 'default') === 'default' && DEFAULT_ACTION[signal] === 'terminate';
  }

  #ignores(signal: Signal): boolean {
    const disposition = this.#dispositions.get(signal) ?? 'default';
    const action = DEFAULT_ACTION[signal];
    return disposition === 'ignore' || (disposition === 'default' && (action === 'ignore' || action === 'continue'));
  }

  #setAlarm(delay: Duration): void {
    const timer = this.#process.addTimer(delay, () => {
      this.#alarm = undefined;
      this.#process.raise('SIGALRM', NO_CAUSE);
    });
    this.#alarm = { timer, due: (this.#monotonic() + delay) as Instant };
  }

  #monotonic(): Instant {
    return this.#process.computer.clock.monotonic(this.#process.core.now);
  }

  #act(signal: Signal, cause: number): void {
    const disposition = this.#dispositions.get(signal) ?? 'default';
    const process = this.#process;
    if (typeof disposition === 'function') {
      process.deliver(process.image, () => {
        process.record('signal', { data: { signal, action: 'handler' }, cause });
        disposition();
      });
    } else if (this.#isDeadly(signal)) {
      process.record('signal', { data: { signal, action: 'terminate' }, cause });
      process.end({ signal }, cause);
    }
  }
}
