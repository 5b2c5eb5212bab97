/**
 * What a log tells of what was refused (R7): the first of each kind in an interval is a line, of the rest the count is told when the
 * interval ends.
 */
import { seconds } from '../../../src/host/time.ts';

interface Kind {
  /** When it was a line for the last time. */
  line: number;
  untold: number;
  /** An interval may have ended since. */
  mayAgain: boolean;
}

export class Refusals {
  readonly #interval: number;
  readonly #kinds: Map<string, Kind> = new Map();
  /** When the process may have stood still. */
  #stood = -1;

  constructor(interval: number) {
    this.#interval = interval + seconds(1);
  }

  excuse(time: number): void {
    this.#stood = time;
  }

  /** A timer fired: an interval may be over. */
  fired(): void {
    for (const kind of this.#kinds.values()) kind.mayAgain = true;
  }

  /** Something is refused, with a line or without one. */
  refused(slug: string, told: boolean, time: number): string | undefined {
    const kind = this.#kinds.get(slug);
    if (told) {
      const untold = kind?.untold ?? 0;
      this.#kinds.set(slug, { line: time, untold: 0, mayAgain: false });
      if (kind !== undefined && !kind.mayAgain) return `${slug} is a line twice in an interval`;
      return untold > 0 ? `${untold} of ${slug} were never told` : undefined;
    }
    if (kind === undefined || (time - kind.line > this.#interval && this.#stood < kind.line))
      return `${slug} is no line, and the last one was long ago`;
    kind.untold += 1;
    return undefined;
  }

  /** `sure`: all refusals of this kind are known here. */
  counted(slug: string, more: number, sure: boolean): string | undefined {
    const kind = this.#kinds.get(slug);
    const untold = kind?.untold ?? 0;
    if (kind !== undefined) kind.untold = 0;
    return untold === more || !sure ? undefined : `${more} more of ${slug} are told, and there were ${untold}`;
  }
}
