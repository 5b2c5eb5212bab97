/**
 * What is known to fail, in a file that can only shrink. An entry expects one verdict of one case; what is as expected does not
 * count against a run, and an entry that is not as it says does: stale (the case passes), different (it fails in another way),
 * unmatched (there is no such case, or it was not run), expired.
 * Lacks: patterns. One entry, one case, one reason.
 */

import { byKey } from '../../src/host/order.ts';
import type { Case } from '../case.ts';
import { isAgainst } from './outcome.ts';
import type { Report, ReportBaseline, ReportRow } from './report.ts';

export const BASELINE_FORMAT = 'slipway-conformance-baseline';
export const BASELINE_SCHEMA = 1;

/** A pass is never expected here, and a fault of ours never is. */
export const EXPECTABLE = ['fail', 'nonstrict', 'info', 'inconclusive', 'not-applicable'] as const;

export interface BaselineEntry {
  /** Its id, or one that it had before. */
  readonly case: string;
  readonly expect: (typeof EXPECTABLE)[number];
  /** A part of what is received, or of why there is no verdict. */
  readonly match?: string;
  readonly why: string;
  /** Where it is being dealt with; '' for nowhere yet. */
  readonly issue: string;
  /** The last day, or the last month, in which the entry holds: `2026-12-24`, `2026-12`. */
  readonly until?: string;
}

export interface Baseline {
  readonly format: typeof BASELINE_FORMAT;
  readonly schema: typeof BASELINE_SCHEMA;
  readonly suite: string;
  readonly entries: readonly BaselineEntry[];
}

export interface BaselineProblem {
  readonly kind: 'stale' | 'different' | 'unmatched' | 'expired';
  readonly case: string;
  readonly text: string;
}

export interface Baselined {
  /** With what the baseline says of its rows. */
  readonly report: Report;
  readonly problems: readonly BaselineProblem[];
}

type Named = Pick<Case, 'id' | 'was'>;

/** `date` is the day of the run, `2026-11-30`; `cases` are those of the suite. */
export function applyBaseline(report: Report, { entries }: Baseline, date: string, cases: readonly Named[]): Baselined {
  const problems: BaselineProblem[] = [];
  const told = new Map<string, ReportBaseline>();
  for (const entry of entries) {
    const id = idOf(entry.case, cases);
    const row = report.rows.find(each => each.case === id);
    const problem =
      id !== undefined && told.has(id)
        ? wrong(entry, 'unmatched', 'another entry is of the same case; keep one')
        : problemOf(entry, id, row, date);
    if (problem !== undefined) problems.push(problem);
    if (row !== undefined && !told.has(row.case)) told.set(row.case, { state: stateOf(problem), why: entry.why, issue: entry.issue });
  }
  const rows = report.rows.map(row => {
    const baseline = told.get(row.case);
    return baseline === undefined ? row : { ...row, baseline };
  });
  const expected = [...told.values()].filter(each => each.state === 'expected').length;
  const warnings = [...report.warnings, ...problems.map(each => `baseline: ${each.case}: ${each.text}`)];
  return { report: { ...report, rows, warnings, baseline: { expected, wrong: problems.length } }, problems };
}

function problemOf(entry: BaselineEntry, id: string | undefined, row: ReportRow | undefined, date: string): BaselineProblem | undefined {
  const { expect, match = '', until } = entry;
  if (id === undefined) return wrong(entry, 'unmatched', 'the suite has no such case; take the entry out');
  if (row === undefined) return wrong(entry, 'unmatched', 'the case was not run; run it, or use the baseline of this selection');
  if (row.verdict === 'pass') return wrong(entry, 'stale', 'it passes now; take the entry out');
  if (row.verdict !== expect) return wrong(entry, 'different', `${row.verdict} instead of ${expect}; find out why`);
  if (!`${row.refuted?.received ?? ''}\n${row.why}`.includes(match))
    return wrong(entry, 'different', `the entry expects “${match}” and it says “${row.refuted?.received ?? row.why}”; find out why`);
  if (until !== undefined && date.slice(0, until.length) > until)
    return wrong(entry, 'expired', `the entry held until ${until}; repair it, or decide again`);
  return undefined;
}

const wrong = (entry: BaselineEntry, kind: BaselineProblem['kind'], text: string): BaselineProblem => ({ kind, case: entry.case, text });

function stateOf(problem: BaselineProblem | undefined): ReportBaseline['state'] {
  if (problem === undefined) return 'expected';
  return problem.kind === 'different' ? 'different' : 'stale';
}

const idOf = (name: string, cases: readonly Named[]): string | undefined =>
  cases.find(each => each.id === name || each.was?.includes(name) === true)?.id;

/** What is written for a finding until somebody has looked at it. */
export const NOT_LOOKED_AT = 'nobody has looked at it yet';

export interface NewBaseline {
  readonly baseline: Baseline;
  /** Cases that are in it and were not, or fail in another way than they did. */
  readonly grown: readonly string[];
}

/**
 * The baseline after a run: entries that are as they say stay, word for word; those of cases that were not run stay; what is
 * stale goes; and what is against the run and is not in it comes, which is growth.
 */
export function nextBaseline(report: Report, old: Baseline | undefined, date: string, cases: readonly Named[]): NewBaseline {
  const known = old?.entries ?? [];
  const kept = known.filter(entry => {
    const id = idOf(entry.case, cases);
    if (id === undefined) return false;
    const row = report.rows.find(each => each.case === id);
    return row === undefined || problemOf(entry, id, row, date) === undefined;
  });
  const covered = new Set(kept.map(entry => idOf(entry.case, cases)));
  const fresh = report.rows.flatMap((row): readonly BaselineEntry[] => {
    const expect = EXPECTABLE.find(each => each === row.verdict);
    if (expect === undefined || !isAgainst(row, true, true) || covered.has(row.case)) return [];
    // What somebody found out about the case is not lost with the entry that does not hold any more.
    const { why = NOT_LOOKED_AT, issue = '' } = known.find(entry => idOf(entry.case, cases) === row.case) ?? {};
    return [{ case: row.case, expect, why, issue }];
  });
  const entries = [...kept, ...fresh].sort(byKey(each => each.case));
  const baseline: Baseline = { format: BASELINE_FORMAT, schema: BASELINE_SCHEMA, suite: report.suite.name, entries };
  return { baseline, grown: fresh.map(each => each.case) };
}

export const encodeBaseline = (baseline: Baseline): string => `${JSON.stringify(baseline, undefined, 2)}\n`;
