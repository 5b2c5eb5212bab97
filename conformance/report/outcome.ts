/**
 * What a row is to a form that knows only passed, failed, errored and skipped. The promise: something in such a form is red
 * exactly when the run says no, and what only fell with its twin is not counted twice.
 */
import type { Report, ReportRow } from './report.ts';

/** expected: it failed as the baseline says. skipped: nothing is said about the implementation, and nothing is held against it. */
export interface Outcome {
  readonly is: 'passed' | 'failed' | 'errored' | 'skipped' | 'expected';
  /** One line; '' where there is nothing to add. Holds text of the implementation. */
  readonly why: string;
}

export interface RowOutcome {
  readonly row: ReportRow;
  readonly outcome: Outcome;
}

/**
 * A row that a run must answer for. A SHOULD is one where that was asked for; with a baseline everything that is not as it was
 * is one, whatever its level, for what was known is written there.
 */
export const isAgainst = ({ counts, verdict, level }: ReportRow, strict: boolean, baselined = false): boolean =>
  verdict === 'error' ||
  (counts &&
    (verdict === 'fail' ||
      (verdict === 'inconclusive' && (level === 'MUST' || baselined)) ||
      (verdict === 'nonstrict' && (strict || baselined)) ||
      (verdict === 'info' && baselined)));

/** Whether a run ends well: it conforms, or nothing is against it but what its baseline expects. */
export function endsWell({ complete, rows, grid, baseline }: Report, strict: boolean): boolean {
  const decided = grid.MUST.pass + grid.MUST.fail > 0;
  const against = rows.filter(row => isAgainst(row, strict, baseline !== undefined));
  const expected = against.every(row => row.verdict !== 'error' && row.baseline?.state === 'expected');
  return complete && decided && expected && (baseline?.wrong ?? 0) === 0;
}

/** Every row, in the order of the report. */
export function outcomesOf(report: Pick<Report, 'rows' | 'suite' | 'baseline'>): readonly RowOutcome[] {
  const rows = new Map(report.rows.map(row => [row.case, row]));
  const baselined = report.baseline !== undefined;
  return report.rows.map(row => {
    const outcome = outcomeOf(row, rows, report.suite.set);
    const fresh = baselined && row.baseline === undefined && outcome.is === 'passed' && isAgainst(row, false, true);
    return { row, outcome: fresh ? { is: 'failed', why: joined('not in the baseline', outcome.why) } : outcome };
  });
}

/** Why a run says no although no row does: it was stopped, nothing that counts was played, or its baseline is wrong. */
export function saysNo(report: Report): string | undefined {
  const told = outcomesOf(report);
  if (!report.complete) return report.sentence;
  if (told.some(({ outcome: { is } }) => is === 'failed' || is === 'errored')) return undefined;
  const wrong = report.baseline?.wrong ?? 0;
  if (wrong > 0) return `${wrong} ${wrong === 1 ? 'entry' : 'entries'} of the baseline must be put right: ${report.warnings.join('; ')}`;
  return report.conforms || told.some(({ outcome: { is } }) => is === 'expected') ? undefined : report.sentence;
}

/** What was required and what came; '' for a row that was not refuted. */
export function refutation({ refuted }: ReportRow): string {
  if (refuted === undefined) return '';
  const { requirement, clause, expected, received } = refuted;
  return `${requirement}${clause === '' ? '' : ` (${clause})`}: expected ${expected}; received ${received}`;
}

function outcomeOf(row: ReportRow, rows: ReadonlyMap<string, ReportRow>, set: string): Outcome {
  const { baseline, verdict } = row;
  const said = verdict === 'pass' ? '' : refutation(row) || row.why;
  if (verdict === 'error') return { is: 'errored', why: said };
  if (baseline?.state === 'expected') return { is: 'expected', why: joined('expected', baseline.why, baseline.issue, said) };
  if (baseline !== undefined) return { is: 'failed', why: joined(`the baseline is ${baseline.state}`, baseline.why, baseline.issue, said) };
  if (!row.counts && verdict !== 'pass')
    return { is: 'skipped', why: joined(`newer than the set ${set}, told and not counted`, verdict, said) };
  if (verdict === 'inconclusive') return { is: undecided(row, rows), why: said };
  return { is: OUTCOMES[verdict], why: said };
}

const OUTCOMES = { pass: 'passed', nonstrict: 'passed', info: 'passed', fail: 'failed', 'not-applicable': 'skipped' } as const;

/** A MUST without a verdict is held against the run, once: by the first of the twins that has no verdict of its own. */
function undecided(row: ReportRow, rows: ReadonlyMap<string, ReportRow>): Outcome['is'] {
  const twin = rows.get(row.twin);
  const told =
    twin !== undefined && (twin.verdict === 'fail' || twin.verdict === 'error' || twin.verdict === 'inconclusive') && twin.counts;
  return row.level !== 'MUST' || told ? 'skipped' : 'errored';
}

const joined = (...parts: readonly string[]): string => parts.filter(part => part !== '').join(': ');
