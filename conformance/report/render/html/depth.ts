/**
 * How much of each case a page shows. A page that nobody can open shows nothing, and an implementation decides how much
 * there is to show: so what is told of cases that nobody asks about is cut first, and every cut is said.
 * May import: report.ts, verdicts.ts.
 */
import type { ReportRow } from '../../report.ts';
import { matters } from './verdicts.ts';

export interface CaseDepth {
  /** Lines of the wire log. */
  readonly lines: number;
  /** Lines of the sequence diagram. */
  readonly arrows: number;
  /** Characters of anything that was received or printed. */
  readonly text: number;
}

export interface Depth {
  readonly findings: CaseDepth;
  readonly others: CaseDepth;
}

/** Bytes of a page: a report of 150 cases is to stay under 1.5 MB. */
export const PAGE_LIMIT = 1_480_000;

const FULL: CaseDepth = { lines: 200, arrows: 48, text: 2_048 };
const LEAST: CaseDepth = { lines: 8, arrows: 0, text: 120 };

/** The first one with which the page is small enough is taken; the last one whatever the page comes to. */
export const DEPTHS: readonly Depth[] = [
  { findings: FULL, others: FULL },
  { findings: FULL, others: { lines: 100, arrows: 24, text: 400 } },
  { findings: FULL, others: { lines: 100, arrows: 12, text: 400 } },
  { findings: FULL, others: { lines: 60, arrows: 8, text: 200 } },
  { findings: FULL, others: { lines: 40, arrows: 0, text: 200 } },
  { findings: FULL, others: LEAST },
  { findings: { lines: 60, arrows: 24, text: 400 }, others: LEAST },
  { findings: { lines: 24, arrows: 12, text: 200 }, others: LEAST },
  { findings: LEAST, others: LEAST },
];

export const depthOf = (row: ReportRow, depth: Depth): CaseDepth => (matters(row) ? depth.findings : depth.others);

export interface Window {
  readonly from: number;
  readonly to: number;
}

/** At most `limit` of `count` lines: the first ones, or those that lead to the line that matters. */
export function windowOf(count: number, limit: number, focus: number): Window {
  const after = Math.min(4, limit >> 1);
  const from = focus < limit - after ? 0 : Math.min(focus + after, count) - limit;
  return { from: Math.max(0, from), to: Math.min(count, Math.max(0, from) + limit) };
}
