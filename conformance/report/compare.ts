/**
 * Two reports of one suite, case by case: what became better, what became worse, and what is only different. A function of the
 * two and of the names that cases had before; time and order in the file say nothing.
 * Lacks: causes; who reads it has the two reports.
 */

import { byKey } from '../../src/host/order.ts';
import type { VerdictName } from '../run/grade.ts';
import type { Report, ReportRow } from './report.ts';
import { difference } from './wire.ts';

/** changed: another verdict that is neither better nor worse, or the same verdict with something else on the wire. */
export const CHANGES = ['regressed', 'improved', 'changed', 'added', 'removed'] as const;
export type ChangeKind = (typeof CHANGES)[number];

export interface RowChange {
  readonly kind: ChangeKind;
  readonly case: string;
  /** Its id in the old report, where that was another; '' otherwise. */
  readonly was: string;
  readonly level: ReportRow['level'];
  /** '' where the case is not in that report. */
  readonly before: VerdictName | '';
  readonly after: VerdictName | '';
  /** What is different, in words; text of an implementation may be in it. */
  readonly what: string;
}

export interface Side {
  readonly name: string;
  readonly set: string;
  readonly sentence: string;
  readonly conforms: boolean;
}

export interface Comparison {
  readonly format: 'slipway-comparison';
  readonly v: 1;
  readonly suite: string;
  readonly before: Side;
  readonly after: Side;
  /** By kind, then by id. */
  readonly changes: readonly RowChange[];
  readonly same: number;
  /** Why the two may differ without any fault of the implementation. */
  readonly warnings: readonly string[];
}

/** `renamed` gives the present id of a case for one it had before. The reports are of the same suite. */
export function compareReports(before: Report, after: Report, renamed: ReadonlyMap<string, string>): Comparison {
  const old = new Map(before.rows.map(row => [renamed.get(row.case) ?? row.case, row]));
  const exact = before.arm === 'sim' && after.arm === 'sim';
  const changes: RowChange[] = [];
  for (const row of after.rows) {
    const was = old.get(row.case);
    const change = was === undefined ? added(row) : changeOf(was, row, exact);
    if (change !== undefined) changes.push(change);
  }
  const present = new Set(after.rows.map(row => row.case));
  for (const [id, row] of old) if (!present.has(id)) changes.push(removed(id, row));
  return {
    format: 'slipway-comparison',
    v: 1,
    suite: after.suite.name,
    before: sideOf(before),
    after: sideOf(after),
    changes: changes.sort(byKey(each => `${CHANGES.indexOf(each.kind)} ${each.case}`)),
    same: after.rows.length - changes.filter(each => each.after !== '').length,
    warnings: warningsOf(before, after),
  };
}

/** The suite that both are of, or why they cannot be compared. */
export const ofOneSuite = (reports: readonly Report[]): boolean => new Set(reports.map(each => each.suite.name)).size <= 1;

const sideOf = ({ implementation: { name, version }, suite, sentence, conforms }: Report): Side => ({
  name: `${name} ${version}`.trim(),
  set: suite.set,
  sentence,
  conforms,
});

const added = (row: ReportRow): RowChange => ({
  kind: 'added',
  case: row.case,
  was: '',
  level: row.level,
  before: '',
  after: row.verdict,
  what: '',
});
const removed = (id: string, row: ReportRow): RowChange => ({
  kind: 'removed',
  case: id,
  was: row.case === id ? '' : row.case,
  level: row.level,
  before: row.verdict,
  after: '',
  what: '',
});

function changeOf(before: ReportRow, after: ReportRow, exact: boolean): RowChange | undefined {
  const wire = difference(before, after, exact);
  if (before.verdict === after.verdict && wire === undefined) return undefined;
  const rev = before.rev === after.rev ? '' : `the case is another: revision ${before.rev} before, ${after.rev} now; `;
  return {
    kind: kindOf(before.verdict, after.verdict),
    case: after.case,
    was: before.case === after.case ? '' : before.case,
    level: after.level,
    before: before.verdict,
    after: after.verdict,
    what: `${rev}${wire ?? ''}`,
  };
}

type Worth = 'good' | 'weak' | 'bad' | 'open';
const WORTH: Readonly<Record<VerdictName, Worth>> = {
  pass: 'good',
  info: 'good',
  nonstrict: 'weak',
  fail: 'bad',
  inconclusive: 'open',
  'not-applicable': 'open',
  error: 'open',
};

/**
 * What is not decided any more is lost, if it was good: a case that quietly stops to apply is how a regression hides. What
 * failed and is not decided now is no better for it.
 */
const KINDS: Readonly<Record<Worth, Readonly<Record<Worth, ChangeKind>>>> = {
  good: { good: 'changed', weak: 'regressed', bad: 'regressed', open: 'regressed' },
  weak: { good: 'improved', weak: 'changed', bad: 'regressed', open: 'regressed' },
  bad: { good: 'improved', weak: 'improved', bad: 'changed', open: 'changed' },
  open: { good: 'improved', weak: 'improved', bad: 'regressed', open: 'changed' },
};

const kindOf = (before: VerdictName, after: VerdictName): ChangeKind => KINDS[WORTH[before]][WORTH[after]];

function warningsOf(before: Report, after: Report): readonly string[] {
  const differ = (what: string, left: string | number, right: string | number): string =>
    left === right ? '' : `${what}: ${left} before, ${right} now`;
  const roles = ({ implementation }: Report): string => implementation.roles.map(each => each.role).join(', ');
  return [
    differ('the sets are different', before.suite.set, after.suite.set),
    differ('the roles are different', roles(before), roles(after)),
    differ('one is simulated and one is not', before.arm, after.arm),
    differ('patience is different, in thousandths', before.patience, after.patience),
    differ('time runs at different speed, in thousandths', before.timeScale, after.timeScale),
    before.complete ? '' : 'the old run was stopped before its end',
    after.complete ? '' : 'the new run was stopped before its end',
  ].filter(warning => warning !== '');
}
