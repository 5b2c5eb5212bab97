/**
 * Signals: the names a daemon may use and what each does when nothing handles it.
 * Lacks: real-time signals and siginfo; a second instance of a pending signal is merged into the first (POSIX 2.4.1).
 */

/** What a signal does under its default action (IEEE Std 1003.1, signal.h). */
export const DEFAULT_ACTION = {
  SIGHUP: 'terminate',
  SIGINT: 'terminate',
  SIGQUIT: 'terminate',
  SIGKILL: 'terminate',
  SIGUSR1: 'terminate',
  SIGUSR2: 'terminate',
  SIGPIPE: 'terminate',
  SIGALRM: 'terminate',
  SIGTERM: 'terminate',
  SIGCHLD: 'ignore',
  SIGCONT: 'continue',
  SIGSTOP: 'stop',
} as const;
Object.freeze(DEFAULT_ACTION);

export type Signal = keyof typeof DEFAULT_ACTION;
export const SIGNALS: readonly Signal[] = Object.freeze(Object.keys(DEFAULT_ACTION) as Signal[]);

/** SIGKILL and SIGSTOP cannot be caught, ignored or blocked; asking for it answers EINVAL, as sigaction does. */
export const UNCATCHABLE: readonly Signal[] = Object.freeze(['SIGKILL', 'SIGSTOP'] as const);

export type Disposition = 'default' | 'ignore' | (() => void);

/** Throws an Error for what is no signal: the compiler rejects it, and a program that was not compiled hears it here. */
export function requireSignals(signals: readonly Signal[]): void {
  for (const signal of signals) if (!Object.hasOwn(DEFAULT_ACTION, signal)) throw new Error(`no signal ${String(signal)}`);
}

/** The same of what is to be done about one. */
export function requireDisposition(disposition: Disposition): void {
  if (typeof disposition === 'function' || disposition === 'default' || disposition === 'ignore') return;
  throw new Error(`no disposition ${String(disposition)}: default, ignore or a function`);
}

/** How a process ended: by `exit`, or by a signal. */
export type ExitStatus = { readonly code: number } | { readonly signal: Signal };

export const formatExit = (status: ExitStatus): string => ('code' in status ? `exit ${status.code}` : `killed by ${status.signal}`);
