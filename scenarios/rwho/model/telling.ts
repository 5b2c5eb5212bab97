/**
 * When a server may report, and when it has to (R5): at once, in each interval, and once more for a newcomer. Nothing on the wire says
 * why a report is made, so every way to explain those so far is followed; when there is none, a report was wrong.
 */
import { micros, seconds } from '../../../src/host/time.ts';

/** Two reports of one second would be one, so that a report may stand for another that was due in its second. */
const SAME = seconds(1);
const PART = 18;

/** One explanation: when the present interval began, and whether a newcomer was answered in it. */
interface Interval {
  readonly began: number;
  readonly answered: boolean;
}
interface Newcomer {
  readonly heard: number;
  /** It must be answered, unless a report is made meanwhile. */
  due: boolean;
}

export class Telling {
  readonly #interval: number;
  readonly #part: number;
  #intervals: readonly Interval[] = [];
  #newcomers: Newcomer[] = [];
  #last: number;
  /** When the process may have stood still. */
  #stood = -1;
  /** When the clock was set. */
  #set = -1;

  constructor(interval: number, started: number) {
    this.#interval = interval;
    this.#part = micros(Math.floor(interval / PART));
    this.#last = started;
  }

  excuse(time: number): void {
    this.#stood = time;
  }

  /** The second of the last report may come again, and then there is no other one in it. */
  clockSet(time: number): void {
    this.#set = time;
    for (const each of this.#newcomers) each.due = false;
  }

  /** Since the last report. */
  get #late(): boolean {
    return this.#stood > this.#last;
  }

  /** `sure`: it was not known before for certain. */
  newcomer(time: number, sure: boolean): void {
    const began = Math.max(...this.#intervals.map(each => each.began));
    const first = this.#newcomers.every(each => each.heard < began - SAME);
    // One report for newcomers was made in this interval, if late: there is no other.
    const unanswered = this.#intervals.length === 1 && this.#intervals.every(({ answered }) => !answered);
    this.#newcomers.push({ heard: time, due: sure && first && unanswered && this.#set <= this.#last });
  }

  report(time: number): string | undefined {
    const first = this.#intervals.length === 0;
    const next = first ? [{ began: time, answered: false }] : [...this.#explained(time)];
    if (next.length === 0) return `a report is made ${(time - this.#last) / 1e6} s after the last one, and no newcomer was heard`;
    this.#intervals = next;
    this.#last = time;
    for (const each of this.#newcomers) each.due = false;
    this.#newcomers = this.#newcomers.filter(each => each.heard + SAME + this.#part + SAME > time);
    return undefined;
  }

  *#explained(time: number): Generator<Interval, void> {
    const soon = time - SAME - this.#part;
    for (const { began, answered } of this.#intervals) {
      const length = time - began;
      const most = this.#late ? Number.POSITIVE_INFINITY : this.#interval + SAME;
      if (length >= this.#interval - this.#part - SAME && length <= most) yield { began: time, answered: false };
      const asked = this.#newcomers.filter(({ heard }) => heard <= time - SAME && (heard >= soon - SAME || this.#late));
      if (asked.some(({ heard }) => heard < began)) yield { began, answered };
      else if (asked.length > 0 && !answered) yield { began, answered: true };
    }
  }

  /** Why a report should have been made by now. */
  overdue(time: number): string | undefined {
    if (this.#late) return undefined;
    if (this.#intervals.length === 0) return time - this.#last > SAME ? 'nothing is told at the start' : undefined;
    if (time - this.#last > this.#interval + SAME) return `nothing is told for ${(time - this.#last) / 1e6} s`;
    const waiting = this.#newcomers.find(({ heard, due }) => due && time - heard > SAME + this.#part + SAME);
    return waiting === undefined ? undefined : `a newcomer that was heard ${(time - waiting.heard) / 1e6} s ago is told nothing`;
  }
}
