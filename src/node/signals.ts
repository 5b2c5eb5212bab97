/**
 * Dispositions, mask and pending set of one process. Node can neither block nor ignore a signal, so all of it is kept here:
 * a signal that is handled, ignored or blocked has a listener; a default one has none, and the kernel acts by itself.
 * Lacks: signals that arrive before this module runs (about 0.1 s of a child's life): the kernel acts on them by default, even
 * when the parent had them ignored or blocked. SIGCHLD also comes when a child stops or continues, as POSIX has it without SA_NOCLDSTOP.
 */
import type { Signals } from '../host/host.ts';
import { fail, ok, type Result } from '../host/result.ts';
import type { ExitStatus, Signal } from '../host/signal.ts';
import { DEFAULT_ACTION, type Disposition, requireDisposition, requireSignals, SIGNALS, UNCATCHABLE } from '../host/signal.ts';
import { after, type Duration, type Instant, micros, requireDelay, since, ZERO } from '../host/time.ts';
import { Alarm, monotonic } from './clock.ts';
import type { Crossings } from './crossings.ts';
import type { Image } from './guard.ts';

export interface SignalsOptions {
  readonly crossings: Crossings;
  /** Ends the process by a signal. Does not return when the daemon is inside a call. */
  readonly end: (status: ExitStatus) => void;
  /** This OS process is the daemon's own: SIGPIPE and SIGUSR1, which Node takes for itself, get their POSIX meaning back. */
  readonly ownProcess: boolean;
  /** What the parent handed down: see `inheritance`. */
  readonly inherited: string | undefined;
}

export class NodeSignals implements Signals {
  readonly #options: SignalsOptions;
  readonly #dispositions = new Map<Signal, Disposition>();
  readonly #masked = new Set<Signal>();
  readonly #pending = new Set<Signal>();
  readonly #listeners = new Map<Signal, () => void>();
  readonly #alarm: Alarm = new Alarm();
  #alarmDue: Instant | undefined;
  #image: Image;
  /** Kernel signals that are about to arrive for something this Host has told the daemon itself. */
  readonly #expected = new Map<Signal, number>();

  constructor(image: Image, options: SignalsOptions) {
    this.#image = image;
    this.#options = options;
    this.#inherit(options.inherited ?? '');
    if (options.ownProcess) {
      restoreDefault('SIGUSR1'); // Node: starts the inspector
      this.#listen('SIGPIPE'); // Node: ignored
    }
  }

  handle(signal: Signal, disposition: Disposition): Result<Disposition> {
    this.#image.check();
    requireSignals([signal]);
    requireDisposition(disposition);
    if (UNCATCHABLE.includes(signal)) return fail('EINVAL', `sigaction ${signal}`);
    const before = this.#disposition(signal);
    this.#dispositions.set(signal, disposition);
    // POSIX 2.4.3: to ignore a signal discards the pending one, blocked or not; so does a default that does nothing.
    const harmless = DEFAULT_ACTION[signal] === 'ignore' || DEFAULT_ACTION[signal] === 'continue';
    if (disposition === 'ignore' || (disposition === 'default' && harmless)) this.#pending.delete(signal);
    this.#adjust(signal);
    return ok(before);
  }

  mask(how: 'block' | 'unblock' | 'set', signals: readonly Signal[]): readonly Signal[] {
    this.#image.check();
    requireSignals(signals);
    const before = SIGNALS.filter(signal => this.#masked.has(signal));
    this.#options.crossings.report('mask', { how, signals: signals.join(' ') });
    if (how === 'set') this.#masked.clear();
    for (const signal of signals) {
      if (UNCATCHABLE.includes(signal)) continue; // sigprocmask: silently not blocked
      if (how === 'unblock') this.#masked.delete(signal);
      else this.#masked.add(signal);
    }
    this.#deliverDefaults();
    for (const signal of SIGNALS) this.#adjust(signal);
    if (this.#pending.size > 0) this.#image.later(() => this.#deliver());
    return before;
  }

  pending(): readonly Signal[] {
    this.#image.check();
    return SIGNALS.filter(signal => this.#pending.has(signal) && this.#masked.has(signal));
  }

  alarm(delay: Duration): Duration {
    this.#image.check();
    requireDelay(delay);
    this.#options.crossings.report('alarm', { delay });
    const left = this.#alarmDue === undefined ? ZERO : micros(Math.max(1, since(monotonic(), this.#alarmDue)));
    this.#cancelAlarm();
    if (delay > 0) {
      this.#alarmDue = after(monotonic(), delay);
      this.#alarm.set(this.#alarmDue, () => {
        this.#alarmDue = undefined;
        this.raise('SIGALRM');
      });
    }
    return left;
  }

  /** A signal for this process, from itself or from the kernel. Ends the process when that is the default. */
  raise(signal: Signal): void {
    const masked = this.#masked.has(signal);
    const disposition = this.#disposition(signal);
    if (masked) this.#pending.add(signal);
    else if (typeof disposition === 'function') {
      this.#pending.add(signal);
      this.#image.later(() => this.#deliver());
    } else this.#act(signal, disposition);
  }

  /** Set to ignore, which for SIGCHLD is more than a default that does nothing. */
  areIgnored(signal: Signal): boolean {
    return this.#disposition(signal) === 'ignore';
  }

  /** The kernel will send `signal` as well, for what the daemon hears from this Host: a broken pipe, a child of our own. */
  expect(signal: Signal): void {
    if (this.#listeners.has(signal)) this.#expected.set(signal, (this.#expected.get(signal) ?? 0) + 1);
  }

  /** exec: handlers fall back to default; the ignored, the mask, the pending and the alarm stay (POSIX exec). */
  replace(image: Image): void {
    this.#image = image;
    for (const [signal, disposition] of [...this.#dispositions]) {
      if (typeof disposition === 'function') this.#dispositions.set(signal, 'default');
    }
    this.#deliverDefaults();
    for (const signal of SIGNALS) this.#adjust(signal);
  }

  /** What a child inherits, as `inherited` takes it: ignored, a semicolon, blocked. */
  inheritance(): { readonly ignored: readonly Signal[]; readonly masked: readonly Signal[] } {
    return {
      ignored: SIGNALS.filter(signal => this.#disposition(signal) === 'ignore'),
      masked: SIGNALS.filter(signal => this.#masked.has(signal)),
    };
  }

  /** Removes every listener from the OS process. */
  release(): void {
    this.#cancelAlarm();
    for (const [signal, listener] of this.#listeners) stopListening(signal, listener);
    this.#listeners.clear();
  }

  #inherit(text: string): void {
    const [ignored = '', masked = ''] = text.split(';');
    for (const signal of SIGNALS) {
      if (ignored.split(',').includes(signal)) this.#dispositions.set(signal, 'ignore');
      if (masked.split(',').includes(signal)) this.#masked.add(signal);
      this.#adjust(signal);
    }
  }

  #disposition(signal: Signal): Disposition {
    return this.#dispositions.get(signal) ?? 'default';
  }

  /** Has a listener exactly when the kernel must not act by itself. */
  #adjust(signal: Signal): void {
    const needed = this.#masked.has(signal) || this.#disposition(signal) !== 'default';
    const always = this.#options.ownProcess && signal === 'SIGPIPE';
    if (needed || always) this.#listen(signal);
    else this.#unlisten(signal);
  }

  #listen(signal: Signal): void {
    if (this.#listeners.has(signal)) return;
    const listener = (): void => this.#arrived(signal);
    this.#listeners.set(signal, listener);
    process.on(signal, listener);
  }

  #unlisten(signal: Signal): void {
    const listener = this.#listeners.get(signal);
    if (listener !== undefined) stopListening(signal, listener);
    this.#listeners.delete(signal);
  }

  /** From the kernel. Waits a turn, so that a child's end is known before its SIGCHLD is judged. */
  #arrived(signal: Signal): void {
    setImmediate(() => {
      if (!this.#image.alive) return;
      const expected = this.#expected.get(signal) ?? 0;
      if (expected === 0) return this.raise(signal);
      // A broken pipe sends one each. Children that end together may send one SIGCHLD or several, all of them by now.
      if (signal === 'SIGCHLD') setImmediate(() => this.#expected.delete(signal));
      else this.#expected.set(signal, expected - 1);
    });
  }

  #deliver(): void {
    const next = SIGNALS.find(signal => this.#pending.has(signal) && !this.#masked.has(signal));
    if (next === undefined) return;
    this.#pending.delete(next);
    if (this.#pending.size > 0) this.#image.later(() => this.#deliver());
    this.#act(next, this.#disposition(next));
  }

  /** What ends the process does so before `mask` returns; handlers have to wait for the daemon to return. */
  #deliverDefaults(): void {
    for (const signal of SIGNALS) {
      if (!this.#pending.has(signal) || this.#masked.has(signal) || typeof this.#disposition(signal) === 'function') continue;
      this.#pending.delete(signal);
      this.#act(signal, this.#disposition(signal));
    }
  }

  #act(signal: Signal, disposition: Disposition): void {
    if (typeof disposition === 'function') {
      this.#options.crossings.report('signal', { signal, action: 'handler' });
      disposition();
    } else if (disposition === 'default' && DEFAULT_ACTION[signal] === 'terminate') {
      this.#options.crossings.report('signal', { signal, action: 'terminate' });
      this.#options.end({ signal });
    } else if (disposition === 'default' && DEFAULT_ACTION[signal] === 'stop') process.kill(process.pid, signal);
  }

  #cancelAlarm(): void {
    this.#alarm.cancel();
    this.#alarmDue = undefined;
  }
}

export function formatInheritance(handed: { readonly ignored: readonly Signal[]; readonly masked: readonly Signal[] }): string {
  return `${handed.ignored.join(',')};${handed.masked.join(',')}`;
}

/** Ends this OS process by `signal`, as the kernel would: its parent sees how. */
export function dieBy(signal: Signal): void {
  process.removeAllListeners(signal);
  if (!UNCATCHABLE.includes(signal)) restoreDefault(signal);
  process.kill(process.pid, signal);
  // The kernel may have handed the signal to another thread of this process: nothing more of the daemon runs meanwhile.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
}

/** Node started with SIGPIPE ignored, and nothing but a listener brings that back: without one the next broken pipe would end the program. */
function stopListening(signal: Signal, listener: () => void): void {
  if (signal === 'SIGPIPE' && !process.listeners(signal).includes(nothing)) process.on(signal, nothing);
  process.removeListener(signal, listener);
}

function nothing(): void {}

/** libuv sets SIG_DFL when the last listener goes. */
function restoreDefault(signal: Signal): void {
  process.on(signal, nothing);
  process.removeListener(signal, nothing);
}
