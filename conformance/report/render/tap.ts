/**
 * A report as TAP version 14 (testanything.org): a test point for each row, with a YAML block where it did not pass. What the
 * baseline expects to fail is a TODO; a run that was stopped ends with `Bail out!`.
 */
import { printable } from '../../../src/host/bytes.ts';
import { type Outcome, outcomesOf, type RowOutcome, saysNo } from '../outcome.ts';
import type { Report, ReportRow } from '../report.ts';

export function renderTap(report: Report): string {
  const told = outcomesOf(report);
  const no = saysNo(report);
  const points = told.map((each, at) => point(each, at + 1));
  if (no !== undefined && report.complete) points.push(`not ok ${told.length + 1} - ${described(no)}\n`);
  const plan = report.complete ? `1..${points.length}\n` : '';
  const end = report.complete ? '' : `Bail out! ${described(report.sentence)}\n`;
  return `TAP version 14\n# ${comment(`suite ${report.suite.name}, set ${report.suite.set}: ${report.sentence}`)}\n${plan}${points.join('')}${end}`;
}

function point({ row, outcome }: RowOutcome, number: number): string {
  const { mark, directive } = POINTS[outcome.is];
  const reason = directive === '' ? '' : ` # ${directive} ${described(outcome.why)}`;
  return `${mark} ${number} - ${described(row.case)}${reason}\n${outcome.why === '' ? '' : yaml(row, outcome)}`;
}

const POINTS: Readonly<Record<Outcome['is'], { readonly mark: string; readonly directive: string }>> = {
  passed: { mark: 'ok', directive: '' },
  failed: { mark: 'not ok', directive: '' },
  errored: { mark: 'not ok', directive: '' },
  skipped: { mark: 'ok', directive: 'SKIP' },
  expected: { mark: 'not ok', directive: 'TODO' },
};

function yaml(row: ReportRow, { why }: Outcome): string {
  const { refuted } = row;
  const values: Readonly<Record<string, string | number | undefined>> = {
    message: why,
    severity: row.verdict,
    title: row.title,
    level: row.level,
    requirement: refuted?.requirement,
    clause: refuted?.clause,
    expected: refuted?.expected,
    received: refuted?.received,
    step: refuted?.step,
    end: row.end,
    trace: row.evidence.trace === '' ? undefined : row.evidence.trace,
    again: row.reproduce.live,
  };
  const lines = Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [`  ${key}: ${scalar(value)}\n`]));
  return `  ---\n${lines.join('')}  ...\n`;
}

/** A double-quoted scalar of YAML 1.2 §7.3.1 on one line; every JSON string in ASCII is one. */
const scalar = (value: string | number): string =>
  JSON.stringify(typeof value === 'number' ? value : printable(value, 4_000)).replace(
    /[^ -~]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** `#` would begin a directive and `\` an escape; a line end cannot be, because it is visible. */
const described = (text: string): string => comment(text).replace(/[\\#]/g, '\\$&');
const comment = (text: string): string => printable(text, 1_000);
