/**
 * What is red for the same reason is one finding: rows that broke the same requirement, or that ended the same way with the
 * same thing received, stand together, and what hangs on a twin stands under its twin.
 * May import: case.ts, report.ts.
 */
import { LEVELS } from '../case.ts';
import type { Report, ReportRow } from './report.ts';

/** The first row is the one to look at; `folded` fell with it. */
export interface Finding {
  readonly row: ReportRow;
  readonly folded: readonly ReportRow[];
}

/** The worst first: errors of ours, then MUST, SHOULD and MAY, each in the order of the report. */
export function findingsOf(report: Pick<Report, 'rows'>): readonly Finding[] {
  const groups = new Map<string, ReportRow[]>();
  const hanging = report.rows.filter(row => row.verdict === 'inconclusive' && row.twin !== '');
  for (const row of sorted(report.rows)) {
    const key = [...groups].find(([, [first]]) => first !== undefined && sameCause(first, row))?.[0] ?? row.case;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap(([row, ...same]) => {
    if (row === undefined) return [];
    const own = new Set([row, ...same].map(each => each.case));
    return [{ row, folded: [...same, ...hanging.filter(each => own.has(each.twin))] }];
  });
}

/** Inconclusive rows that hang on no row of a finding: for each the report has a reason of its own. */
export function undecidedOf(report: Pick<Report, 'rows'>): readonly ReportRow[] {
  const folded = new Set(findingsOf(report).flatMap(each => each.folded.map(row => row.case)));
  return report.rows.filter(row => row.verdict === 'inconclusive' && !folded.has(row.case));
}

function sorted(rows: readonly ReportRow[]): readonly ReportRow[] {
  const errors = rows.filter(row => row.verdict === 'error');
  const broken = (level: string): readonly ReportRow[] => rows.filter(row => row.refuted !== undefined && row.level === level);
  return [...errors, ...LEVELS.flatMap(broken)];
}

function sameCause(first: ReportRow, row: ReportRow): boolean {
  if (first.role !== row.role || first.verdict !== row.verdict) return false;
  if (first.verdict === 'error') return first.why === row.why;
  const [left, right] = [first.refuted, row.refuted];
  if (left === undefined || right === undefined) return false;
  return left.requirement === right.requirement || (left.received === right.received && first.end === row.end);
}

const UNPLAYED = ['not-applicable', 'inconclusive'];

/** All red for one reason is more often a wrong command than a broken implementation. */
export function setupSuspicion(rows: readonly ReportRow[]): string | undefined {
  const played = rows.filter(row => !UNPLAYED.includes(row.verdict));
  const [first] = played;
  if (first === undefined || played.length < 2 || played.some(row => row.refuted === undefined || row.end !== first.end)) return undefined;
  return `Every case failed, and the implementation always ended the same way (${first.end}): is this the right command, and does it take the options of the protocol?`;
}
