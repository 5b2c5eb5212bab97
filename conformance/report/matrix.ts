/**
 * Reports of one suite side by side: a row for each case, a column for each report, in the order of the clauses. What a report
 * does not hold is an empty cell and never counts as anything.
 * Lacks: scores; a column has the sentence of its report.
 */

import { byKey } from '../../src/host/order.ts';
import type { Level } from '../case.ts';
import type { VerdictName } from '../run/grade.ts';
import type { Report, ReportRow } from './report.ts';
import { byClause } from './words.ts';

/** A table that is wider is not looked at by anybody. */
export const COLUMNS_LIMIT = 32;

export interface MatrixColumn {
  /** Unlike that of any other column. */
  readonly name: string;
  readonly set: string;
  readonly arm: Report['arm'];
  readonly sentence: string;
  readonly conforms: boolean;
}

export interface MatrixCell {
  readonly verdict: VerdictName;
  /** What was received, or why there is no verdict; '' for a pass. */
  readonly text: string;
}

export interface MatrixRow {
  readonly case: string;
  readonly title: string;
  readonly role: string;
  readonly level: Level;
  /** One for each column. */
  readonly cells: readonly (MatrixCell | null)[];
  /** Every report that has the case has the same verdict on it. */
  readonly agrees: boolean;
}

export interface MatrixSection {
  readonly clause: string;
  readonly rows: readonly MatrixRow[];
}

export interface Matrix {
  readonly format: 'slipway-matrix';
  readonly v: 1;
  readonly suite: string;
  readonly title: string;
  readonly columns: readonly MatrixColumn[];
  readonly sections: readonly MatrixSection[];
  readonly cases: number;
  readonly disagreements: number;
  readonly warnings: readonly string[];
}

export interface NamedReport {
  /** What the user calls it: where its implementation has no name, that of its file. */
  readonly label: string;
  readonly report: Report;
}

export interface MatrixOptions {
  /** Only rows whose verdicts differ. */
  readonly disagreements: boolean;
}

/** The reports are of the same suite, and there is one at least. */
export function matrixOf(reports: readonly NamedReport[], { disagreements }: MatrixOptions): Matrix {
  const rows = [...new Set(reports.flatMap(({ report }) => report.rows.map(row => row.case)))].map(id => rowOf(id, reports));
  const clauses = clausesOf(reports);
  const sections = new Map<string, MatrixRow[]>();
  for (const row of rows.sort(byKey(each => each.case))) {
    if (disagreements && row.agrees) continue;
    const clause = clauses.get(row.case) ?? '';
    sections.set(clause, [...(sections.get(clause) ?? []), row]);
  }
  const [first] = reports;
  return {
    format: 'slipway-matrix',
    v: 1,
    suite: first?.report.suite.name ?? '',
    title: first?.report.suite.title ?? '',
    columns: columnsOf(reports),
    sections: [...sections]
      .map(([clause, members]) => ({ clause, rows: members }))
      .sort((left, right) => byClause(left.clause, right.clause)),
    cases: rows.length,
    disagreements: rows.filter(row => !row.agrees).length,
    warnings: warningsOf(reports),
  };
}

function rowOf(id: string, reports: readonly NamedReport[]): MatrixRow {
  const found = reports.map(({ report }) => report.rows.find(row => row.case === id));
  const [first] = found.filter(row => row !== undefined);
  const cells = found.map(row => (row === undefined ? null : cellOf(row)));
  const verdicts = new Set(cells.flatMap(cell => (cell === null ? [] : [cell.verdict])));
  return { case: id, title: first?.title ?? '', role: first?.role ?? '', level: first?.level ?? 'MAY', cells, agrees: verdicts.size <= 1 };
}

const cellOf = ({ verdict, refuted, why }: ReportRow): MatrixCell => ({
  verdict,
  text: refuted === undefined ? why : `expected ${refuted.expected}; received ${refuted.received}`,
});

/** Of the first requirement of a case, by the id of the case. */
function clausesOf(reports: readonly NamedReport[]): ReadonlyMap<string, string> {
  const clauses = new Map<string, string>();
  for (const { report } of reports) {
    const known = new Map(report.requirements.map(each => [each.id, each.clause]));
    for (const row of report.rows) if (!clauses.has(row.case)) clauses.set(row.case, known.get(row.requirements[0] ?? '') ?? '');
  }
  return clauses;
}

function columnsOf(reports: readonly NamedReport[]): readonly MatrixColumn[] {
  const names = reports.map(({ label, report: { implementation } }) => `${implementation.name} ${implementation.version}`.trim() || label);
  return reports.map(({ report: { suite, arm, sentence, conforms } }, at) => {
    const name = names[at] ?? '';
    const twice = names.filter(each => each === name).length > 1;
    return { name: twice ? `${name} #${at + 1}` : name, set: suite.set, arm, sentence, conforms };
  });
}

function warningsOf(reports: readonly NamedReport[]): readonly string[] {
  const warnings: string[] = [];
  const values = (what: string, of: (report: Report) => string): void => {
    const each = [...new Set(reports.map(({ report }) => of(report)))];
    if (each.length > 1) warnings.push(`${what}: ${each.join(', ')}`);
  };
  values('the sets are different', report => report.suite.set);
  values('some are simulated and some are not', report => report.arm);
  values('the roles are different', report => report.implementation.roles.map(each => each.role).join('+'));
  for (const { label, report } of reports) if (!report.complete) warnings.push(`${label}: the run was stopped before its end`);
  const revs = new Map<string, Set<number>>();
  for (const { report } of reports) for (const row of report.rows) revs.set(row.case, (revs.get(row.case) ?? new Set()).add(row.rev));
  for (const [id, each] of revs)
    if (each.size > 1) warnings.push(`${id}: revisions ${[...each].join(' and ')} of the case do not ask the same`);
  return warnings;
}
