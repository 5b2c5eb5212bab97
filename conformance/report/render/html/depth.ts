/**
 * How much of each case a page shows. A page that nobody can open shows nothing, and an implementation decides how much
 * there is to show: so what is told of cases that nobody asks about is cut first, and every cut is said.
 */
import { NONE, type ReportRow } from '../../report.ts';
import { matters } from './verdicts.ts';

export interface CaseDepth {
  /** Lines of the wire log, and as many steps. */
  readonly lines: number;
  /** Lines of the sequence diagram. */
  readonly arrows: number;
  /** Characters of anything that was received or printed. */
  readonly text: number;
  /** Bytes of a line. */
  readonly bytes: number;
  /** Whether messages are shown with their fields. */
  readonly tree: boolean;
}

export interface Depth {
  readonly findings: CaseDepth;
  readonly others: CaseDepth;
}

/** Bytes of a page: a report of 150 cases is to stay under 1.5 MB. */
export const PAGE_LIMIT = 1_480_000;
/** No line of a log takes less; so many lines are not even tried. */
const LINE_LEAST = 100;

const FULL: CaseDepth = { lines: 200, arrows: 48, text: 2_048, bytes: 4_096, tree: true };
const LEAST: CaseDepth = { lines: 6, arrows: 0, text: 80, bytes: 16, tree: false };

/** The first one with which the page is small enough is taken; the last one whatever the page comes to. */
const DEPTHS: readonly Depth[] = [
  { findings: FULL, others: FULL },
  { findings: FULL, others: { ...FULL, bytes: 256 } },
  { findings: FULL, others: { lines: 100, arrows: 12, text: 400, bytes: 64, tree: false } },
  { findings: FULL, others: { lines: 40, arrows: 8, text: 120, bytes: 16, tree: false } },
  { findings: FULL, others: { lines: 40, arrows: 0, text: 120, bytes: 16, tree: false } },
  { findings: FULL, others: LEAST },
  { findings: { lines: 40, arrows: 16, text: 400, bytes: 32, tree: false }, others: LEAST },
  { findings: { lines: 16, arrows: 8, text: 160, bytes: 16, tree: false }, others: LEAST },
  { findings: LEAST, others: LEAST },
];

export function depthsFor(rows: readonly ReportRow[]): readonly Depth[] {
  const lines = (depth: Depth): number => rows.reduce((sum, row) => sum + Math.min(row.log.length, depthOf(row, depth).lines), 0);
  return DEPTHS.filter((depth, index) => index === DEPTHS.length - 1 || LINE_LEAST * lines(depth) < PAGE_LIMIT);
}

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

export interface Shown {
  readonly steps: Window;
  /** Indices into the log: of lines of these steps. */
  readonly lines: readonly number[];
}

export function shownOf({ log, steps, refuted }: ReportRow, { lines: limit }: CaseDepth): Shown {
  const shown = windowOf(steps.length, limit, refuted?.step ?? NONE);
  const first = shown.from === 0 ? NONE : shown.from;
  const lines = windowOf(log.length, limit, refuted?.line ?? NONE);
  const inside = log.flatMap((line, at) => (at >= lines.from && at < lines.to && line.step >= first && line.step < shown.to ? [at] : []));
  return { steps: shown, lines: inside };
}
