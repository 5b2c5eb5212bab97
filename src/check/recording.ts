/**
 * A run that is kept as a file, to be replayed byte for byte: which one it is.
 * Lacks: how it is found and written (test/scenarios/recordings.ts), and the file.
 */
import type { CommonPlan, Profile } from './scenario.ts';

export interface Recording {
  /** The file is `traces/<protocol>/<slug>@<seed>.jsonl`. */
  readonly slug: string;
  readonly scenario: string;
  /** `sometimes` properties a run that passes has to meet. */
  readonly meets?: readonly string[];
  readonly where?: (plan: CommonPlan) => boolean;
  /** Recorded as written: the property that fails. */
  readonly violates?: string;
  /** Of a run that passes; default corrected. */
  readonly profile?: Profile;
  /** What to look at, for people. */
  readonly look?: string;
}

/** With what to look at, by their slugs. */
export const looked = (looks: Readonly<Record<string, string>>, recordings: readonly Recording[]): readonly Recording[] =>
  recordings.map(each => ({ ...each, look: looks[each.slug] ?? '' }));
