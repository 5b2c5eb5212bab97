/**
 * Signals of one process: dispositions, mask, pending set, alarm (IEEE Std 1003.1, 2.4).
 * Lacks: real-time signals, siginfo, and process groups.
 * May import: host.
 */
import { DONE, fail, ok, type Result } from '../host/result.ts';
import type { Disposition, Signal } from '../host/signal.ts';
import { DEFAULT_ACTION, SIGNALS, UNCATCHABLE } from '../host/signal.ts';
import type { Timer } from '../host/host.ts';
import type { Duration, Instant } from '../host/time.ts';
import type { SimProcess } from './process.ts';

export class ProcessSignals {
  readonly #process: SimProcess;
  readonly #dispositions = new Map<Signal, Disposition>();
  #blocked = new Set<Signal>();
  /** Signal -> the event that generated it. */
  readonly #pending = new Map<Signal, number>();
  #alarm: { readonly timer: Timer; readonly due: Instant } | undefined;

  constructor(process: SimProcess) {
    this.#process = process;
  }

  handle(signal: Signal, disposition: Disposition): Result<Disposition> {
    if (UNCATCHABLE.includes(signal)) return fail('EINVAL', `handle ${signal}`);
    const before = this.#dispositions.get(signal) ?? 'default';
    this.#dispositions.set(signal, disposition);
    return ok(before);
  }

  mask(how: 'block' | 'unblock' | 'set', signals: readonly Signal[]): readonly Signal[] {
    const before = this.blocked();
    const maskable = signals.filter(signal => !UNCATCHABLE.includes(signal));
    if (how === 'set') this.#blocked = new Set(maskable);
    else for (const signal of maskable) how === 'block' ? this.#blocked.add(signal) : this.#blocked.delete(signal);
    if (this.#pending.size > 0) this.#process.core.in(0 as Duration, () => this.deliverNow());
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
    const left = this.#alarm === undefined ? 0 : Math.max(0, this.#alarm.due - this.#process.core.now);
    this.#alarm?.timer.cancel();
    this.#alarm = undefined;
    if (delay > 0) {
      const length = this.#process.machine.clock.trueDelay(delay);
      const timer = this.#process.addTimer(length, () => {
        this.#alarm = undefined;
        this.#process.raise('SIGALRM', -1);
      });
      this.#alarm = { timer, due: (this.#process.core.now + length) as Instant };
    }
    return left as Duration;
  }

  /** What a child gets: the mask and the ignored signals. */
  inheritFrom(parent: ProcessSignals): void {
    this.#blocked = new Set(parent.#blocked);
    for (const [signal, disposition] of parent.#dispositions) if (disposition === 'ignore') this.#dispositions.set(signal, disposition);
  }

  /** exec: handlers are gone with the program they belonged to. */
  resetHandlers(): void {
    this.#alarm = undefined;
    for (const [signal, disposition] of [...this.#dispositions]) if (disposition !== 'ignore') this.#dispositions.delete(signal);
  }

  /** Generates a signal. Stopping, continuing and killing happen at once, everything else is pending until it is delivered. */
  post(signal: Signal, cause: number): Result<void> {
    const process = this.#process;
    if (process.ended) return DONE;
    if (signal === 'SIGKILL') process.end({ signal }, cause);
    else if (signal === 'SIGSTOP') process.stop();
    else {
      if (!this.#pending.has(signal)) this.#pending.set(signal, cause);
      process.core.in(process.wakeDelay(), () => this.deliverNow());
      if (signal === 'SIGCONT') process.core.in(process.wakeDelay(), () => process.resume());
    }
    return DONE;
  }

  /** Delivers what is pending and not blocked, in the order of the signal table. */
  deliverNow(): void {
    if (this.#pending.size === 0 || !this.#process.runnable) return;
    for (const signal of SIGNALS) {
      const cause = this.#pending.get(signal);
      if (cause === undefined || this.#blocked.has(signal)) continue;
      this.#pending.delete(signal);
      this.#act(signal, cause);
      if (!this.#process.runnable) return;
    }
  }

  #act(signal: Signal, cause: number): void {
    const disposition = this.#dispositions.get(signal) ?? 'default';
    const process = this.#process;
    if (typeof disposition === 'function') {
      process.deliver(process.image, () => {
        process.record('signal', { data: { signal, action: 'handler' }, cause });
        disposition();
      });
    } else if (disposition === 'default' && DEFAULT_ACTION[signal] === 'terminate') {
      process.record('signal', { data: { signal, action: 'terminate' }, cause });
      process.end({ signal }, cause);
    }
  }
}
