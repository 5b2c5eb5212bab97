/**
 * What the steps of a case come to, with what was awaited, what came, and where on the wire.
 * Lacks: how bad it is: that follows from the level of the requirement (run/grade.ts).
 */
import type { ChannelName } from './verbs.ts';

/** What the steps of a case come to. How bad a failure is depends on the level of its requirement (run/grade.ts). */
export type Verdict = { readonly verdict: 'pass' } | Refutation | Undecided | { readonly verdict: 'not-applicable'; readonly why: string };

/** What a step awaited and what came; `requirement` is the one it cites. */
export interface Unmet {
  readonly step: number;
  readonly requirement: string;
  readonly expected: string;
  readonly received: string;
  /** Absent where it is not the wire that shows it. */
  readonly at?: Divergence;
}

export interface Undecided {
  readonly verdict: 'inconclusive';
  readonly why: string;
  /**
   * setup: a step failed that the case is not about. withheld: a deadline was over, and the tester had not read all the time.
   * starved: a deadline was over, and the computer had no time for one of the two (strain.ts).
   */
  readonly by?: 'setup' | 'withheld' | 'starved';
  /** The step that was not met. */
  readonly unmet?: Unmet;
}

export interface Refutation extends Unmet {
  readonly verdict: 'fail';
  /** order: something else came. time: nothing came before a deadline, which a busy machine can bring about as well. */
  readonly by: 'order' | 'time';
  /** No computer that has no time brings this about: bytes that break the format, and a flood. */
  readonly certain?: true;
}

/** Where on the wire the implementation went another way than was expected. */
export interface Divergence {
  readonly channel: ChannelName;
  /** Messages of the channel that came before. */
  readonly after: number;
  /** What there is: bytes that break the format, a message, the end of the channel, or nothing in time. */
  readonly is: 'violation' | 'message' | 'end' | 'nothing';
  /** How many kinds of message would have done: the fewer, the nearer the case is to what is wrong. */
  readonly wanted: number;
}
