/**
 * A stored report, read again: the one way in for whoever did not just make it. The text may come from anybody; what keeps it
 * from being a report is said by place, and no text makes this throw. A partial report (`complete: false`) is a report.
 */
import { printable } from '../../src/host/bytes.ts';
import { type DocumentKind, type DocumentProblem, readDocument } from './document.ts';
import type { Report, ReportRow } from './report.ts';
import { REPORT_FORMAT, REPORT_SCHEMA } from './report.ts';
import { REPORT } from './schema.ts';
import { conforms, coverageOf, gridOf } from './score.ts';

/** Characters. A row with its wire log is some 6 kB; this is room for ten thousand of them. */
export const REPORT_TEXT_LIMIT = 67_108_864;

const KIND: DocumentKind<Report> = {
  format: REPORT_FORMAT,
  version: REPORT_SCHEMA,
  schema: REPORT,
  limit: REPORT_TEXT_LIMIT,
  otherwise: 'no conformance report; give the report.json that `slipway conform --report` wrote',
  older: 'run `slipway conform --report` again',
  advice: 'take the file as it was written',
};

/** altered: what it says in one place does not follow from what it says in another. */
export type ReportProblem = DocumentProblem | 'altered';

export type ReadReport =
  | { readonly ok: true; readonly report: Report }
  | { readonly ok: false; readonly code: ReportProblem; readonly message: string };

export function readReport(text: string): ReadReport {
  const read = readDocument(text, KIND);
  if (!read.ok) return read;
  const contradiction = contradictionIn(read.value);
  return contradiction === undefined ? { ok: true, report: read.value } : { ok: false, code: 'altered', message: contradiction };
}

/** What a schema cannot say. A form shows the sentence beside the rows: they must not tell two stories. */
function contradictionIn(report: Report): string | undefined {
  const seen = new Set<string>();
  for (const [at, row] of report.rows.entries()) {
    if (seen.has(row.case)) return `rows[${at}].case: ${printable(row.case)} comes twice`;
    seen.add(row.case);
    const wrong = wrongIn(row, report);
    if (wrong !== undefined) return `rows[${at}].${wrong} (${printable(row.case)})`;
  }
  if (!sameNumbers(report.grid, gridOf(report.rows))) return 'grid: it is not the sum of the rows; the report was altered';
  if (!sameNumbers(report.coverage, coverageOf(report.requirements)))
    return 'coverage: it is not the sum of the requirements; the report was altered';
  if (report.conforms !== (report.complete && conforms(report.grid)))
    return `conforms: ${report.conforms} does not follow from the rows; the report was altered`;
  return undefined;
}

const BROKEN: readonly ReportRow['verdict'][] = ['fail', 'nonstrict', 'info'];

function wrongIn({ role, verdict, refuted, steps, log, attempts }: ReportRow, report: Report): string | undefined {
  if (!report.implementation.roles.some(each => each.role === role)) return `role: ${printable(role)} is no role of the implementation`;
  if ((refuted === undefined) === BROKEN.includes(verdict))
    return `verdict: ${verdict} with${refuted === undefined ? 'out' : ''} what was refuted`;
  const { played, refuted: times, late, undecided } = attempts;
  if (times + undecided > played) return 'attempts: more were refuted or undecided than were played';
  if (late > times) return 'attempts: more were late than were refuted';
  if (log.some(line => line.step >= steps.length)) return `log: a step beyond the ${steps.length} there are`;
  if (refuted === undefined) return undefined;
  if (refuted.step >= steps.length) return `refuted.step: ${refuted.step} of ${steps.length}`;
  return refuted.line >= log.length ? `refuted.line: ${refuted.line} of ${log.length}` : undefined;
}

/** Both have the same keys in the same order: the schema and the maker see to that. */
const sameNumbers = (left: object, right: object): boolean => JSON.stringify(left) === JSON.stringify(right);
