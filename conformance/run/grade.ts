/**
 * How bad it is that a case failed: the level of the requirement that was broken says it.
 * May import: case.ts, suite.ts, report.ts (the names of verdicts).
 */
import type { Level, Requirement, Verdict } from '../case.ts';
import type { VerdictName } from '../report/report.ts';

export type Graded = Verdict | { readonly verdict: 'error'; readonly why: string };

const BROKEN: Readonly<Record<Level, VerdictName>> = { MUST: 'fail', SHOULD: 'nonstrict', MAY: 'info' };

export const gradeOf = (verdict: Graded, level: Level): VerdictName => (verdict.verdict === 'fail' ? BROKEN[level] : verdict.verdict);

/** Of the requirement that was broken; where none was, the strongest of those of the case. */
export function levelOf(verdict: Graded, cited: readonly string[], requirements: ReadonlyMap<string, Requirement>): Level {
  const ids = verdict.verdict === 'fail' ? [verdict.requirement] : cited;
  const levels = ids.map(id => requirements.get(id)?.level);
  return levels.includes('MUST') ? 'MUST' : (levels.find(each => each !== undefined) ?? 'MAY');
}
