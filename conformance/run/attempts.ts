/**
 * Several plays of one case, and what they come to together. A refutation is believed at once where something came that must not
 * have come, and nothing strained the computer; what a deadline refutes, or a strained computer, is played again; and of a race
 * every play counts.
 * Lacks: playing (runner.ts).
 */

import type { Duration } from '../../src/host/time.ts';
import { isStarved, type Strain } from '../judge/strain.ts';
import type { Graded } from './grade.ts';

/** One play. */
export interface Attempt {
  readonly verdict: Graded;
  /** Until the verdict, and how long that took; none in virtual time. */
  readonly strain: Strain | undefined;
  readonly lasted: Duration;
}

export interface Count {
  readonly played: number;
  /** Refuted. */
  readonly refuted: number;
  /** Refuted by a deadline. */
  readonly late: number;
  /** Decided nothing, because the computer or the tester had no time. */
  readonly undecided: number;
}

export interface Plan {
  /** How often a case is played in any case. */
  readonly least: number;
  /** How often at most, where time or strain decided. */
  readonly most: number;
  /** Whether one refutation among passes is one of the implementation: of a race, and where repetition was asked for. */
  readonly races: boolean;
}

/** Of a case about a race, and of one that comes out in two ways although nothing strained the computer. */
export const RACE_PLAYS = 6;
/** Refutations among passes that nobody can explain: one may be ours, two are not. */
const UNEXPLAINED = 2;

export function countOf(attempts: readonly Attempt[]): Count {
  const count = (test: (attempt: Attempt) => boolean): number => attempts.filter(test).length;
  return { played: attempts.length, refuted: count(isRefuted), late: count(isLate), undecided: count(isUnfair) };
}

/** Whether another play could still change what the plays come to. */
export function wantsMore(attempts: readonly Attempt[], { least, most, races }: Plan): boolean {
  const last = attempts.at(-1);
  if (last === undefined) return true;
  if (last.verdict.verdict === 'error' || last.verdict.verdict === 'not-applicable') return false;
  if (attempts.length < least) return true;
  if (most === 1) return false;
  if (!attempts.some(attempt => isRefuted(attempt) || isUnfair(attempt))) return false;
  const refuted = attempts.filter(attempt => isRefuted(attempt) && !isShaken(attempt));
  const passed = attempts.some(({ verdict }) => verdict.verdict === 'pass');
  if (passed) return !races && refuted.length === 1 && attempts.length < RACE_PLAYS;
  if (last.verdict.verdict === 'fail' && last.verdict.by === 'order' && !isShaken(last)) return false;
  return (isRefuted(last) || isUnfair(last)) && attempts.length < most;
}

/** The play that speaks for all, and its verdict. */
export function settled<T extends Attempt>(attempts: readonly T[], { races }: Plan): { readonly attempt: T; readonly verdict: Graded } {
  const last = attempts.at(-1);
  if (last === undefined) throw new Error('a case that was not played has no verdict');
  const error = attempts.find(({ verdict }) => verdict.verdict === 'error');
  if (error !== undefined) return { attempt: error, verdict: error.verdict };
  const refuted = attempts.filter(isRefuted);
  const passed = attempts.filter(({ verdict }) => verdict.verdict === 'pass');
  // What came says more than what did not come.
  const first = refuted.find(attempt => !isLate(attempt)) ?? refuted[0];
  if (first === undefined) {
    const attempt = passed[0] ?? last;
    return { attempt, verdict: attempt.verdict };
  }
  const why = passed.length > 0 ? mixed(refuted, attempts.length, races) : shaken(refuted, attempts.length);
  return { attempt: first, verdict: why === undefined ? first.verdict : undecided(first, why) };
}

/** Why plays of which some pass do not refute; undefined when they do. */
function mixed(refuted: readonly Attempt[], of: number, races: boolean): string | undefined {
  const solid = refuted.filter(attempt => !isShaken(attempt));
  if (solid.length >= (races ? 1 : UNEXPLAINED)) return undefined;
  const times = `refuted in ${refuted.length} of ${of} attempts, and passed in others`;
  if (solid.length === 0) return `${times}; the computer was strained whenever it was refuted: a quiet machine or --patience decides it`;
  return `${times}, although nothing strained the computer: that is how a race looks; --repeat 20 shows how often`;
}

/** Why plays of which none passes do not refute. */
function shaken(refuted: readonly Attempt[], of: number): string | undefined {
  if (refuted.some(attempt => !isShaken(attempt))) return undefined;
  if (refuted.length === of && new Set(refuted.map(placeOf)).size === 1) return undefined;
  return `refuted in ${refuted.length} of ${of} attempts, at different steps or not at all, on a strained computer: a quiet machine or --patience decides it`;
}

const placeOf = ({ verdict }: Attempt): string => (verdict.verdict === 'fail' ? `${verdict.step} ${verdict.requirement}` : '');

function undecided({ verdict }: Attempt, why: string): Graded {
  if (verdict.verdict !== 'fail') return verdict;
  const { step, requirement, expected, received } = verdict;
  return { verdict: 'inconclusive', why, by: 'starved', unmet: { step, requirement, expected, received } };
}

const isRefuted = ({ verdict }: Attempt): boolean => verdict.verdict === 'fail';
const isLate = ({ verdict }: Attempt): boolean => verdict.verdict === 'fail' && verdict.by === 'time';
/** A deadline was over, and that was perhaps our own doing. */
const isUnfair = ({ verdict }: Attempt): boolean =>
  verdict.verdict === 'inconclusive' && (verdict.by === 'starved' || verdict.by === 'withheld' || verdict.by === 'setup');
/** Something came that must not have come, on a computer that had no time: the implementation may have been late for its own deadlines. */
const isShaken = ({ verdict, strain, lasted }: Attempt): boolean =>
  verdict.verdict === 'fail' && verdict.by === 'order' && verdict.certain !== true && strain !== undefined && isStarved(strain, lasted);
