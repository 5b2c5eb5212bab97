/**
 * What the probe does when a parent runs it: a script, as data. It travels as one JSON argument.
 */

export type ProbeStep =
  /** Writes these bytes, `repeat` times over, whole or in pieces of `cut` bytes, and goes on when the kernel has them all. */
  | { readonly do: 'send'; readonly hex: string; readonly repeat?: number; readonly cut?: number }
  /** Goes on when the control pipe ends, or at SIGTERM or SIGINT; the report says which. */
  | { readonly do: 'await-stop' }
  /** Lets time pass. */
  | { readonly do: 'wait'; readonly millis: number }
  | { readonly do: 'close-events' }
  | { readonly do: 'exit'; readonly code: number }
  /** SIGKILL to itself. */
  | { readonly do: 'die' }
  /** Runs on, whatever its parent asks, until somebody kills it. */
  | { readonly do: 'linger' };

/** A type and not an interface: it has to be a JSON value. */
export type ProbeScript = readonly ProbeStep[];

/** The one argument: where to report, and what to do. */
export interface ProbeArgument {
  readonly report: string;
  readonly script: ProbeScript;
}

/** Events of the report, in the order they are written: one JSON line each. `exit` is the last. */
export const PROBE_EVENTS = ['started', 'sent', 'control-data', 'control-eof', 'signal', 'events-broken', 'exit'] as const;
export type ProbeEvent = (typeof PROBE_EVENTS)[number];
