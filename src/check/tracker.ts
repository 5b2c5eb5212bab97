/**
 * One property of one run: its monitor, and the bookkeeping of bounds that no monitor should have to repeat.
 * A tracker that has decided (violated or met) is `done` and is not asked again.
 * Lacks: the choice of which events reach it (src/check/judge.ts).
 */
import { formatTime, type Instant } from '../host/time.ts';
import type { TraceEvent } from '../trace/event.ts';
import type {
  AlwaysMonitor,
  AlwaysProperty,
  EventuallyMonitor,
  EventuallyProperty,
  Property,
  ResponseMonitor,
  ResponseProperty,
  RunEnding,
  SometimesMonitor,
  SometimesProperty,
} from './property.ts';

export interface Tracker {
  readonly property: Property;
  done: boolean;
  /** Time after which `expire` has to be asked; Infinity for none. */
  deadline(): number;
  /** Why the property is broken now that its deadline has passed. */
  expire(): string | undefined;
  see(event: TraceEvent): string | undefined;
  /** The heal phase begins with this event, which `see` has had already. */
  heal(time: Instant): void;
  end(ending: RunEnding): string | undefined;
  undecided?(): string | undefined;
  drawing?(): readonly string[];
}

export function trackerOf(property: Property): Tracker {
  switch (property.expectation) {
    case 'always':
      return new AlwaysTracker(property);
    case 'sometimes':
      return new SometimesTracker(property);
    case 'eventually':
      return property.goal === 'responds' ? new ResponseTracker(property) : new EventuallyTracker(property);
  }
}

const NEVER = Number.POSITIVE_INFINITY;

class AlwaysTracker implements Tracker {
  readonly property: AlwaysProperty;
  readonly #monitor: AlwaysMonitor;
  done = false;

  constructor(property: AlwaysProperty) {
    this.property = property;
    this.#monitor = property.monitor();
  }
  deadline(): number {
    return NEVER;
  }
  expire(): string | undefined {
    return undefined;
  }
  see(event: TraceEvent): string | undefined {
    return this.#monitor.see(event);
  }
  heal(): void {}
  end(ending: RunEnding): string | undefined {
    return this.#monitor.end?.(ending);
  }
  undecided(): string | undefined {
    return this.#monitor.undecided?.();
  }
  drawing(): readonly string[] {
    return this.#monitor.drawing?.() ?? [];
  }
}

class SometimesTracker implements Tracker {
  readonly property: SometimesProperty;
  readonly #monitor: SometimesMonitor;
  done = false;

  constructor(property: SometimesProperty) {
    this.property = property;
    this.#monitor = property.monitor();
  }
  deadline(): number {
    return NEVER;
  }
  expire(): string | undefined {
    return undefined;
  }
  see(event: TraceEvent): string | undefined {
    if (this.#monitor.see(event)) this.done = true;
    return undefined;
  }
  heal(): void {}
  end(): string | undefined {
    return undefined;
  }
}

class EventuallyTracker implements Tracker {
  readonly property: EventuallyProperty;
  readonly #monitor: EventuallyMonitor;
  done = false;
  #holds = false;
  #healed = false;
  #deadline = NEVER;
  /** goal = stays: the bound has passed with the goal holding, so that it must go on holding. */
  #settled = false;

  constructor(property: EventuallyProperty) {
    this.property = property;
    this.#monitor = property.monitor();
  }
  deadline(): number {
    return this.#deadline;
  }
  expire(): string | undefined {
    this.#deadline = NEVER;
    if (!this.#holds) return this.#late();
    this.#settled = true;
    return undefined;
  }
  see(event: TraceEvent): string | undefined {
    this.#holds = this.#monitor.see(event);
    if (this.#settled) return this.#holds ? undefined : this.#why(`no longer, at ${formatTime(event.time)}`);
    this.#reach();
    return undefined;
  }
  heal(time: Instant): void {
    if (this.#healed) return;
    this.#healed = true;
    this.#deadline = time + this.property.within;
    this.#reach();
  }
  end(ending: RunEnding): string | undefined {
    if (!this.#healed) return undefined;
    // Nothing will happen any more, or the bound lies behind: what does not hold now is decided.
    const decided = ending.ended === 'quiet' || ending.time >= this.#deadline;
    return decided && !this.#settled && !this.#holds ? this.#late() : undefined;
  }
  #reach(): void {
    if (this.#healed && this.#holds && this.property.goal === 'reached') {
      this.done = true;
      this.#deadline = NEVER;
    }
  }
  #late(): string {
    return this.#why(`not within ${formatTime(this.property.within)} of healing`);
  }
  #why(how: string): string {
    const missing = this.#monitor.missing?.();
    return missing === undefined ? how : `${how}: ${missing}`;
  }
}

/** Obligations one run may have outstanding at once; a monitor that opens more has the wrong keys. */
export const OBLIGATION_LIMIT = 100_000;

class ResponseTracker implements Tracker {
  readonly property: ResponseProperty;
  readonly #monitor: ResponseMonitor;
  done = false;
  #healed: Instant | undefined;
  /** Key -> time of its trigger; in order of time, so the first is the oldest. */
  readonly #open = new Map<string, Instant>();

  constructor(property: ResponseProperty) {
    this.property = property;
    this.#monitor = property.monitor();
  }
  deadline(): number {
    if (this.#healed === undefined) return NEVER;
    for (const time of this.#open.values()) return this.#due(time, this.#healed);
    return NEVER;
  }
  expire(): string | undefined {
    for (const [key, time] of this.#open) return this.#late(key, time);
    return undefined;
  }
  see(event: TraceEvent): string | undefined {
    const answered = this.#monitor.response(event);
    if (answered !== undefined) this.#open.delete(answered);
    if (this.#monitor.excuses !== undefined) {
      for (const key of this.#open.keys()) if (this.#monitor.excuses(event, key)) this.#open.delete(key);
    }
    const asked = this.#monitor.trigger(event);
    if (asked !== undefined && !this.#open.has(asked)) this.#open.set(asked, event.time);
    if (this.#open.size > OBLIGATION_LIMIT)
      throw new Error(`property ${this.property.name}: more than ${OBLIGATION_LIMIT} open obligations`);
    return undefined;
  }
  heal(time: Instant): void {
    this.#healed ??= time;
  }
  end(ending: RunEnding): string | undefined {
    if (this.#healed === undefined) return undefined;
    for (const [key, time] of this.#open) {
      // The oldest is due first; when it is still in time, so are the others.
      return ending.ended === 'quiet' || ending.time >= this.#due(time, this.#healed) ? this.#late(key, time) : undefined;
    }
    return undefined;
  }
  #due(time: Instant, healed: Instant): number {
    return Math.max(time, healed) + this.property.within;
  }
  #late(key: string, time: Instant): string {
    return `no response to ${key}, triggered at ${formatTime(time)}, within ${formatTime(this.property.within)}`;
  }
}
