/**
 * What a judge is asked, and what it tells.
 */
import type { Found } from '../../protocols/search.ts';
import type { Overlay } from './overlay.ts';

export interface Task {
  /** Whose scenarios and suites judge. */
  readonly protocols: readonly string[];
  /** Absent: nothing is changed, and nothing must be found. */
  readonly overlay?: Overlay;
  /** Seconds of CPU. */
  readonly budget: number;
}

/**
 * How it was found out: as a search finds it, or before and beside that. load: a module cannot be loaded. hangs: something never ended.
 * crash: the process ended, as without memory.
 */
export interface Killer extends Omit<Found, 'by'> {
  readonly by: Found['by'] | 'load' | 'hangs' | 'crash';
}

/** Whether a place was come to: in the corrected profile or the suites, only in another profile, or never. */
export type Reach = 'corrected' | 'as-written' | 'never';

export interface Ending {
  readonly verdict: 'killed' | 'survived';
  readonly killer?: Killer;
  /** Of one that survived: whether its place was come to, and whether what is there was ever another than before. */
  readonly reached?: Reach;
  readonly differed?: boolean;
  readonly runs: number;
  /** Seconds. */
  readonly cpu: number;
}

/** One line of its output. */
export type Line = { readonly begins: string } | Ending;
