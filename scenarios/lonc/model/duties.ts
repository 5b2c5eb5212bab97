/**
 * What is owed, by whom, and when: the clock of a model. What is due at once is due before time goes on.
 * While a process may be stopped nobody can say what is late: what was due then is due when all go on.
 * Lacks: who owes what.
 */
import { after, type Duration, type Instant, millis, ORIGIN, ZERO } from '../../../src/host/time.ts';

interface Duty {
  readonly at: Instant;
  readonly what: string;
}

/** What a wake-up of the simulated kernel may take. */
const TOLERANCE: Duration = millis(50);
const NEVER = Number.POSITIVE_INFINITY;

export class Duties {
  readonly #owed = new Map<string, Map<string, Duty>>();
  #earliest: number = NEVER;
  #stopped = 0;
  /** Since when nobody is stopped. */
  #calm: Instant = ORIGIN;

  /** One duty of a key; a later one replaces it. */
  owe(who: string, key: string, at: Instant, what: string): void {
    const own = this.#owed.get(who) ?? new Map<string, Duty>();
    this.#owed.set(who, own);
    own.set(key, { at, what });
    this.#earliest = Math.min(this.#earliest, at);
  }

  /** True if it was owed. */
  done(who: string, key: string): boolean {
    return this.#owed.get(who)?.delete(key) === true;
  }

  /** When it is due; undefined: it is not owed. */
  due(who: string, key: string): Instant | undefined {
    return this.#owed.get(who)?.get(key)?.at;
  }

  /** What somebody owes and has not done who does nothing any more, of his own will. */
  left(who: string, now: Instant): string | undefined {
    for (const { at, what } of this.#owed.get(who)?.values() ?? []) if (at <= now) return what;
    return undefined;
  }

  forget(who: string): void {
    this.#owed.delete(who);
  }

  /** All of a machine. */
  forgetMachine(machine: string): void {
    for (const who of [...this.#owed.keys()]) if (who.startsWith(`${machine}/`)) this.#owed.delete(who);
  }

  /** A process is stopped, or stalls in a call. */
  stop(): void {
    this.#stopped += 1;
  }

  /** `more`: how long one of them may still stall. */
  goOn(now: Instant, more: Duration = ZERO): void {
    this.#stopped -= 1;
    this.#calm = after(now, more);
  }

  /** The first thing that should have happened before `now`. */
  overdue(now: Instant): string | undefined {
    if (now <= this.#earliest + TOLERANCE || this.#stopped > 0 || now <= this.#calm) return undefined;
    this.#earliest = NEVER;
    for (const [who, duties] of this.#owed) {
      for (const { at, what } of duties.values()) {
        if (now > Math.max(at, this.#calm) + TOLERANCE) return `${who} ${what}`;
        this.#earliest = Math.min(this.#earliest, at);
      }
    }
    return undefined;
  }
}
