/**
 * What becomes of a case in a report: its verdict, and how bad it is that it failed, which the level of the requirement that was
 * broken says.
 */
import type { Level, Requirement, Verdict } from '../case.ts';

/**
 * pass: what is required was seen. nonstrict: a SHOULD was not met; the implementation conforms all the same. info: a MAY
 * was answered with no. fail: a MUST was broken. inconclusive: the implementation gave no occasion to judge. not-applicable:
 * not claimed, not asked for, or not reachable this way. error: our own failure, which says nothing about the implementation.
 */
export const VERDICTS = ['pass', 'nonstrict', 'info', 'fail', 'inconclusive', 'not-applicable', 'error'] as const;
export type VerdictName = (typeof VERDICTS)[number];

export type Graded = Verdict | { readonly verdict: 'error'; readonly why: string };

const BROKEN: Readonly<Record<Level, VerdictName>> = { MUST: 'fail', SHOULD: 'nonstrict', MAY: 'info' };

export const gradeOf = (verdict: Graded, level: Level): VerdictName => (verdict.verdict === 'fail' ? BROKEN[level] : verdict.verdict);

/** Of the requirement that was broken; where none was, the strongest of those of the case. */
export function levelOf(verdict: Graded, cited: readonly string[], requirements: ReadonlyMap<string, Requirement>): Level {
  const ids = verdict.verdict === 'fail' ? [verdict.requirement] : cited;
  const levels = ids.map(id => requirements.get(id)?.level);
  return levels.includes('MUST') ? 'MUST' : (levels.find(each => each !== undefined) ?? 'MAY');
}
