/**
 * WHAT MUST HOLD: a property is a name, a sentence, and a monitor that reads a trace event by event.
 *  - always: safety; broken by the first event its monitor objects to.
 *  - eventually: liveness; a bound counted from the heal phase, or from a trigger if that comes later.
 *  - sometimes: reach; must be met by at least one run of a sweep, so that a green sweep is not empty.
 * Lacks: any way to look into a daemon. A property sees what crossed the Host boundary and nothing else.
 */
import { type Duration, durationOf, type Instant, type Span } from '../host/time.ts';
import type { EventKind, TraceEvent } from '../trace/event.ts';

export type Expectation = 'always' | 'eventually' | 'sometimes';

interface Described {
  /** A slug that never changes: replays and reports are keyed by it. */
  readonly name: string;
  /** One sentence a report can print. */
  readonly text: string;
  /** The kinds of event its monitor wants to see; all when absent. Fewer is faster. */
  readonly kinds: readonly EventKind[] | undefined;
}

/** How a run came to its end: nothing left to happen, or the limit of time or of events. */
export interface RunEnding {
  readonly time: Instant;
  readonly ended: 'quiet' | 'time-limit' | 'event-limit';
}

export interface AlwaysMonitor {
  /** Why the property is broken by this event, or `undefined`. */
  see(event: TraceEvent): string | undefined;
  /** Asked once, when a run has come to its end within its limits. */
  end?(ending: RunEnding): string | undefined;
  /** Asked after that: why nobody can say whether the property holds, or `undefined`. Told, and neither a violation nor a proof. */
  undecided?(): string | undefined;
  /** Asked when the property was broken: lines that show how, for people. */
  drawing?(): readonly string[];
}
export interface AlwaysProperty extends Described {
  readonly expectation: 'always';
  monitor(): AlwaysMonitor;
}

export interface EventuallyMonitor {
  /** Whether the goal holds once this event has happened. Sees the chaos phase as well, and every `phase` event, to know the state at healing. */
  see(event: TraceEvent): boolean;
  /** What is still missing: ends the sentence of a violation. */
  missing?(): string;
}
export interface EventuallyProperty extends Described {
  readonly expectation: 'eventually';
  readonly within: Duration;
  /** reached: the goal holds at some moment within the bound. stays: it holds at the bound and from there on. */
  readonly goal: 'reached' | 'stays';
  monitor(): EventuallyMonitor;
}

/** Every trigger is followed by its response. Keys pair them up: a request id, a pid, a path. */
export interface ResponseMonitor {
  trigger(event: TraceEvent): string | undefined;
  response(event: TraceEvent): string | undefined;
  /** Whether this event takes the obligation away: the process that asked has died, say. */
  excuses?(event: TraceEvent, key: string): boolean;
}
export interface ResponseProperty extends Described {
  readonly expectation: 'eventually';
  readonly within: Duration;
  readonly goal: 'responds';
  monitor(): ResponseMonitor;
}

export interface SometimesMonitor {
  /** Whether this event is the moment that had to be reached. Not asked again after `true`. */
  see(event: TraceEvent): boolean;
}
export interface SometimesProperty extends Described {
  readonly expectation: 'sometimes';
  monitor(): SometimesMonitor;
}

export type Property = AlwaysProperty | EventuallyProperty | ResponseProperty | SometimesProperty;

/** A property that did not hold: decided at the event with this index. */
export interface Violation {
  readonly property: string;
  /** NO_EVENT when the trace has none. */
  readonly at: number;
  readonly time: Instant;
  readonly why: string;
  /** Lines that show it; a trace does not keep them. */
  readonly drawing?: readonly string[];
}

/** A property of which a run cannot tell whether it holds. */
export interface Undecided {
  readonly property: string;
  readonly why: string;
}

export function always(name: string, text: string, monitor: () => AlwaysMonitor, kinds?: readonly EventKind[]): AlwaysProperty {
  return { name, text, kinds, expectation: 'always', monitor };
}

export function sometimes(name: string, text: string, monitor: () => SometimesMonitor, kinds?: readonly EventKind[]): SometimesProperty {
  return { name, text, kinds, expectation: 'sometimes', monitor };
}

export interface Bound {
  readonly within: Span;
  readonly goal?: 'reached' | 'stays';
}

export function eventually(
  name: string,
  text: string,
  bound: Bound,
  monitor: () => EventuallyMonitor,
  kinds?: readonly EventKind[],
): EventuallyProperty {
  return { name, text, kinds, expectation: 'eventually', within: durationOf(bound.within), goal: bound.goal ?? 'reached', monitor };
}

export function responds(
  name: string,
  text: string,
  within: Span,
  monitor: () => ResponseMonitor,
  kinds?: readonly EventKind[],
): ResponseProperty {
  return { name, text, kinds, expectation: 'eventually', within: durationOf(within), goal: 'responds', monitor };
}
