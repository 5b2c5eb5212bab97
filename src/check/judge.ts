/**
 * Judges one run as it happens: hands every event to the properties that want it and collects violations.
 * Keeps no event, so that a sweep runs in the memory of one run.
 * Lacks: the run (src/check/run.ts); a recorded trace is judged by `judgeTrace` in the same way.
 */
import { type Instant, ORIGIN } from '../host/time.ts';
import { type EventKind, NO_EVENT, type TraceEvent } from '../trace/event.ts';
import type { Property, RunEnding, Undecided, Violation } from './property.ts';
import { type Tracker, trackerOf } from './tracker.ts';

export interface Judgement {
  /** At most one of each property, the earliest, in the order they were decided. */
  readonly violations: readonly Violation[];
  /** Names of the `sometimes` properties that were met, and of those that were not. */
  readonly met: readonly string[];
  readonly unmet: readonly string[];
  readonly undecided: readonly Undecided[];
}

export class Judge {
  readonly #trackers: readonly Tracker[];
  /** Those that want events of a kind; a run has a few of all kinds there are. */
  readonly #wanted = new Map<EventKind, readonly Tracker[]>();
  readonly #violations: Violation[] = [];
  #deadline: number = Number.POSITIVE_INFINITY;
  #last: number = NO_EVENT;
  #time: Instant = ORIGIN;

  constructor(properties: readonly Property[]) {
    this.#trackers = properties.map(trackerOf);
  }

  get violations(): readonly Violation[] {
    return this.#violations;
  }

  see(event: TraceEvent): void {
    this.#last = event.index;
    this.#time = event.time;
    if (event.time > this.#deadline) this.#expire();
    for (const tracker of this.#wanted.get(event.kind) ?? this.#find(event.kind)) {
      if (tracker.done) continue;
      const why = tracker.see(event);
      if (why !== undefined) this.#violate(tracker, why);
      else if (tracker.property.expectation === 'eventually') this.#deadline = Math.min(this.#deadline, tracker.deadline());
    }
    if (event.kind === 'phase' && event.data?.['name'] === 'heal') this.#heal(event.time);
  }

  /** To be called once. An event limit leaves liveness undecided: the run was cut short and fails for that alone. */
  end(ending: RunEnding): Judgement {
    this.#time = ending.time;
    if (ending.ended !== 'event-limit') {
      for (const tracker of this.#trackers) {
        if (tracker.done) continue;
        const why = tracker.end(ending);
        if (why !== undefined) this.#violate(tracker, why);
      }
    }
    const names = (done: boolean) =>
      this.#trackers.filter(each => each.property.expectation === 'sometimes' && each.done === done).map(each => each.property.name);
    return { violations: this.#violations, met: names(true), unmet: names(false), undecided: this.#undecided() };
  }

  #find(kind: EventKind): readonly Tracker[] {
    const found = this.#trackers.filter(each => wants(each.property, kind));
    this.#wanted.set(kind, found);
    return found;
  }

  /** Judged before the event that moved time past the deadline reaches anybody: it came too late. */
  #expire(): void {
    this.#deadline = Number.POSITIVE_INFINITY;
    for (const tracker of this.#trackers) {
      if (tracker.done) continue;
      if (this.#time > tracker.deadline()) {
        const why = tracker.expire();
        if (why !== undefined) this.#violate(tracker, why);
      }
      if (!tracker.done) this.#deadline = Math.min(this.#deadline, tracker.deadline());
    }
  }

  #heal(time: Instant): void {
    for (const tracker of this.#trackers) {
      if (tracker.done) continue;
      tracker.heal(time);
      if (!tracker.done) this.#deadline = Math.min(this.#deadline, tracker.deadline());
    }
  }

  #undecided(): readonly Undecided[] {
    return this.#trackers.flatMap(tracker => {
      const why = tracker.done ? undefined : tracker.undecided?.();
      return why === undefined ? [] : [{ property: tracker.property.name, why }];
    });
  }

  #violate(tracker: Tracker, why: string): void {
    tracker.done = true;
    const drawing = tracker.drawing?.() ?? [];
    const violation: Violation = { property: tracker.property.name, at: this.#last, time: this.#time, why };
    this.#violations.push(drawing.length === 0 ? violation : { ...violation, drawing });
  }
}

function wants(property: Property, kind: EventKind): boolean {
  if (property.kinds === undefined || property.kinds.includes(kind)) return true;
  // A goal is asked about at every phase, so that one that holds without an event of its own kinds is known to hold.
  return kind === 'phase' && property.expectation === 'eventually' && property.goal !== 'responds';
}

/** Judges events that are already there. */
export function judgeTrace(properties: readonly Property[], events: Iterable<TraceEvent>, ending: RunEnding): Judgement {
  const judge = new Judge(properties);
  for (const event of events) judge.see(event);
  return judge.end(ending);
}
