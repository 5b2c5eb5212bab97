/**
 * A stored report, read again: the one way in for whoever did not just make it. The text may come from anybody; what keeps it
 * from being a report is said by place, and no text makes this throw. A partial report (`complete: false`) is a report.
 * May import: host, trace (JSON of unknown origin), report.ts, schema.ts, score.ts.
 */
import { printable } from '../../src/host/bytes.ts';
import { parseJson } from '../../src/trace/json.ts';
import type { Report, ReportRow } from './report.ts';
import { REPORT_FORMAT, REPORT_SCHEMA } from './report.ts';
import { REPORT } from './schema.ts';
import { conforms, coverageOf, gridOf } from './score.ts';
import { firstIssue } from './trouble.ts';

/** Characters. A row with its wire log is some 6 kB; this is room for ten thousand of them. */
export const REPORT_TEXT_LIMIT = 67_108_864;

export type ReadReport =
  | { readonly ok: true; readonly report: Report }
  | { readonly ok: false; readonly code: ReportProblem; readonly message: string };

/** altered: what it says in one place does not follow from what it says in another. */
export type ReportProblem = 'limit' | 'syntax' | 'format' | 'version' | 'field' | 'altered';

export function readReport(text: string): ReadReport {
  if (text.length > REPORT_TEXT_LIMIT) return refuse('limit', `longer than ${REPORT_TEXT_LIMIT} characters; give a report of one run`);
  const parsed = parseJson(text);
  if (!parsed.ok) return refuse(parsed.code, `${place(text, parsed.column)}: ${parsed.message}; take the file as it was written`);
  const { value } = parsed;
  if (!isObject(value) || value['format'] !== REPORT_FORMAT)
    return refuse(
      'format',
      `no conformance report: format must be "${REPORT_FORMAT}"; give the report.json that \`slipway conform --report\` wrote`,
    );
  const schema = value['schema'];
  if (typeof schema === 'number' && schema !== REPORT_SCHEMA) return refuse('version', otherSchema(schema));
  const checked = REPORT.safeParse(value);
  if (!checked.success) return refuse('field', `${firstIssue(checked.error)}; take the file as it was written`);
  const contradiction = contradictionIn(checked.data);
  return contradiction === undefined ? { ok: true, report: checked.data } : refuse('altered', contradiction);
}

const refuse = (code: ReportProblem, message: string): ReadReport => ({ ok: false, code, message });

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function otherSchema(schema: number): string {
  if (schema > REPORT_SCHEMA) return `schema ${schema} is newer than this version reads (${REPORT_SCHEMA}); read it with a newer Slipway`;
  return `schema ${schema} is older than this version reads (${REPORT_SCHEMA}); run \`slipway conform --report\` again`;
}

function place(text: string, column: number): string {
  const before = text.slice(0, column - 1);
  return `line ${before.split('\n').length}, column ${column - 1 - before.lastIndexOf('\n')}`;
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
  if (attempts.late > attempts.played) return 'attempts: more were late than were played';
  if (log.some(line => line.step >= steps.length)) return `log: a step beyond the ${steps.length} there are`;
  if (refuted === undefined) return undefined;
  if (refuted.step >= steps.length) return `refuted.step: ${refuted.step} of ${steps.length}`;
  return refuted.line >= log.length ? `refuted.line: ${refuted.line} of ${log.length}` : undefined;
}

/** Both have the same keys in the same order: the schema and the maker see to that. */
const sameNumbers = (left: object, right: object): boolean => JSON.stringify(left) === JSON.stringify(right);
