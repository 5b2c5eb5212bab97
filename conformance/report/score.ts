/**
 * What the rows of a report add up to.
 */
import type { Level } from '../case.ts';
import { LEVELS } from '../case.ts';
import type { VerdictName } from '../run/grade.ts';
import { VERDICTS } from '../run/grade.ts';
import type { Coverage, Grid, ReportRequirement, ReportRow } from './report.ts';

type Scored = Pick<ReportRow, 'counts' | 'level' | 'verdict'>;

/** Rows that count, by level and verdict. */
export function gridOf(rows: readonly Scored[]): Grid {
  const counting = rows.filter(row => row.counts);
  const line = (level: Level): Readonly<Record<VerdictName, number>> => {
    const count = (verdict: VerdictName): number => counting.filter(row => row.level === level && row.verdict === verdict).length;
    const counted = VERDICTS.map(verdict => [verdict, count(verdict)] as const);
    // Every name of a verdict is a key.
    return Object.fromEntries(counted) as Record<VerdictName, number>;
  };
  return { MUST: line('MUST'), SHOULD: line('SHOULD'), MAY: line('MAY') };
}

/** Every MUST that was tried holds, at least one was, and nothing of ours failed. */
export const conforms = (grid: Grid): boolean =>
  grid.MUST.fail === 0 && grid.MUST.inconclusive === 0 && grid.MUST.pass > 0 && LEVELS.every(level => grid[level].error === 0);

export function coverageOf(requirements: readonly Pick<ReportRequirement, 'status'>[]): Coverage {
  const count = (status: ReportRequirement['status']): number => requirements.filter(each => each.status === status).length;
  return { total: requirements.length, met: count('met'), broken: count('broken'), open: count('open'), excluded: count('excluded') };
}
