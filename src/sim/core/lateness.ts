/**
 * Which pending event happens next, by putting events off: a network may carry any message later, a kernel may wake any process later,
 * and neither does anything early. What is late lets others pass, so that events change their order which no tie would.
 * Whatever is decided is drawn from one generator, once for each entry of the agenda.
 * Lacks: ties (schedule.ts). Timers of one process keep their order, bytes of a stream theirs (the channel reads them in turn).
 */
import type { Duration, Instant } from '../../host/time.ts';
import type { Agenda, Entry } from './agenda.ts';
import type { LateSchedule } from './options.ts';
import type { Prng } from './prng.ts';

/** How long an entry is put off; 0: it happens now. */
export type Lateness = (entry: Entry) => number;

/** What a race needs to know of the world. */
export interface RaceView {
  /** When the timers of a process are due; of all, if it is the world's (0), which does not know for whom a datagram is. */
  timersOf(owner: number): readonly Instant[];
  /** How late an arrival may be at most: as late as what may go wrong in this world could make it. */
  latest(): Duration;
  /** An entry that was singled out is put off by so much. */
  chosen(entry: Entry, by: number): void;
}

/** A machine is busy now and then: an owner is late for this long, and for one part in LATE_SHARE of the time, all its events together. */
const LATE_AT_ONCE = 100_000;
const LATE_SHARE = 10;

/** Microseconds before a timer. */
const JUST_BEFORE = 1;

export class LateScheduler {
  readonly #lateness: Lateness;
  readonly #bounded: boolean;
  /** Until when the timers of an owner wait for one of them that was put off. */
  readonly #timers = new Map<number, Instant>();
  /** How late an owner has been, of what is drawn for every event. */
  readonly #late = new Map<number, number>();

  constructor(schedule: LateSchedule, prng: Prng, view: RaceView) {
    this.#lateness = latenessOf(schedule, prng, view);
    this.#bounded = isAlways(schedule);
  }

  /** The next entry that is not put off, and not after `until`. */
  take(agenda: Agenda, until: number): Entry | undefined {
    for (;;) {
      const entry = agenda.take(until);
      if (entry === undefined || entry.settled || entry.binding === 'fixed') return entry;
      entry.settled = true;
      const time = this.#due(entry);
      if (time === undefined) return entry;
      agenda.postpone(entry, time);
    }
  }

  /** `undefined`: now. */
  #due(entry: Entry): Instant | undefined {
    const due = (entry.time + this.#granted(entry, this.#lateness(entry))) as Instant;
    if (entry.binding !== 'timer') return due > entry.time ? due : undefined;
    const waits = this.#timers.get(entry.owner) ?? 0;
    const time = Math.max(due, waits) as Instant;
    // Also one that is due when the other now is: it comes behind it.
    if (time === entry.time && waits < time) return undefined;
    this.#timers.set(entry.owner, time);
    return time;
  }

  /** Reads byte by byte, each of them late, would make a slow machine and not a busy one. */
  #granted({ owner, time }: Entry, by: number): number {
    if (!this.#bounded || by === 0) return by;
    const before = this.#late.get(owner) ?? 0;
    if (before + by > LATE_AT_ONCE + time / LATE_SHARE) return 0;
    this.#late.set(owner, before + by);
    return by;
  }
}

/** Whether every event is late, or some that are singled out. */
const isAlways = ({ strategy }: LateSchedule): boolean => strategy === 'walk' || strategy === 'priorities';

function latenessOf(schedule: LateSchedule, prng: Prng, view: RaceView): Lateness {
  switch (schedule.strategy) {
    case 'walk':
      return () => (prng.below(2) === 0 ? 0 : prng.between(0, schedule.window));
    case 'priorities':
      return priorities(schedule.depth, schedule.window, schedule.steps, prng);
    case 'delays':
      return delays(schedule.most, schedule.window, schedule.steps, prng, view);
    case 'races':
      return races(schedule.most, schedule.oneIn, prng, view);
    default:
      return schedule satisfies never;
  }
}

/**
 * Burckhardt et al., A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010, section 3, over the sources of
 * events: the lower the priority of a process, the later whatever happens to it. Priorities change `depth` - 1 times, at steps drawn in advance.
 */
function priorities(depth: number, window: number, steps: number, prng: Prng): Lateness {
  const late = new Map<number, number>();
  const changes = several(depth - 1, steps, prng);
  let step = 0;
  return ({ owner }) => {
    let own = late.get(owner);
    if (own === undefined || changes.has(step)) {
      // A change makes its process the last of all.
      own = own === undefined ? prng.between(0, window) : window;
      late.set(owner, own);
    }
    step++;
    return own;
  };
}

/** Emmi, Qadeer and Rakamarić, Delay-Bounded Scheduling, POPL 2011: in order, but for a few events that are late. */
function delays(most: number, window: number, steps: number, prng: Prng, { chosen, latest }: RaceView): Lateness {
  const at = several(most, steps, prng);
  let step = 0;
  return entry => {
    if (!at.has(step++)) return 0;
    const by = prng.between(0, entry.binding === 'arrival' ? Math.max(window, latest()) : window);
    chosen(entry, by);
    return by;
  };
}

/** On a tape all draws may be alike: after so many for nothing the next number is taken. */
const DRAWS_FOR_NOTHING = 1_000;

/** `count` different numbers below `bound`, or all there are. */
function several(count: number, bound: number, prng: Prng): ReadonlySet<number> {
  const numbers = new Set<number>();
  for (let vain = 0; numbers.size < Math.min(count, bound); ) {
    let number = prng.below(bound);
    if (numbers.has(number) && ++vain < DRAWS_FOR_NOTHING) continue;
    while (numbers.has(number)) number = (number + 1) % bound;
    numbers.add(number);
    vain = 0;
  }
  return numbers;
}

/** On purpose: what arrives is put off until a timer of its process is due, and comes just before that or just after. */
function races(most: number, oneIn: number, prng: Prng, { timersOf, latest, chosen }: RaceView): Lateness {
  let left = most;
  return entry => {
    if (left === 0 || entry.binding !== 'arrival' || prng.below(oneIn) > 0) return 0;
    const last = entry.time + latest();
    const within = timersOf(entry.owner).filter(due => due > entry.time && due <= last);
    const due = within[within.length < 2 ? 0 : prng.below(within.length)];
    if (due === undefined) return 0;
    left--;
    // At one instant with the timer it comes behind it.
    const by = due - entry.time - (prng.below(2) === 0 ? JUST_BEFORE : 0);
    chosen(entry, by);
    return by;
  };
}
