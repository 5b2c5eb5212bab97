/**
 * A report as text for a terminal: the verdict first, then what failed, then what was covered and what a pass does not mean.
 * Everything that an implementation had a hand in is made printable.
 * Lacks: width of the terminal; lines are as long as their content.
 * May import: host, report.ts.
 */
import { printable } from '../../../src/host/bytes.ts';
import { LEVELS } from '../../case.ts';
import type { Report, ReportRow } from '../report.ts';
import { VERDICTS } from '../report.ts';

export interface TerminalOptions {
  readonly colour: boolean;
  /** All rows, not only those that did not pass. */
  readonly verbose?: boolean;
}

const LINE_SHOWN = 600;

export function renderTerminal(report: Report, options: TerminalOptions): string {
  const paint = options.colour ? COLOURED : PLAIN;
  const sections = [
    head(report, paint),
    grid(report),
    failures(report, paint),
    undecided(report),
    options.verbose === true ? all(report, paint) : [],
    coverage(report),
    limits(report),
  ];
  return `${sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`;
}

function head(report: Report, paint: Paint): readonly string[] {
  const { sentence, suite, role, arm, implementation, facts } = report;
  const lines = [
    (report.conforms ? paint.good : paint.bad)(sentence),
    `suite ${suite}, role ${role}, arm ${arm}: ${shown(implementation.join(' '))}`,
  ];
  const hint = commonCause(report);
  if (hint !== undefined) lines.push(paint.bad(hint));
  for (const [name, value] of Object.entries(facts)) lines.push(`it speaks: ${name} = ${shown(value)}`);
  return lines;
}

/** All red for one reason is more often a wrong command than a broken implementation. */
function commonCause({ rows }: Report): string | undefined {
  const [first] = rows;
  if (first === undefined || rows.length < 2 || rows.some(row => row.verdict !== 'fail' || row.end !== first.end)) return undefined;
  return `Every case failed, and the implementation always ended the same way (${shown(first.end)}): is this the right command, and does it take the options of the protocol?`;
}

function grid(report: Report): readonly string[] {
  const cell = (text: string | number): string => String(text).padStart(16);
  const lines = [`${''.padEnd(8)}${VERDICTS.map(cell).join('')}`];
  for (const level of LEVELS) lines.push(`${level.padEnd(8)}${VERDICTS.map(verdict => cell(report.grid[level][verdict])).join('')}`);
  return lines;
}

function failures(report: Report, paint: Paint): readonly string[] {
  const failed = report.rows.filter(row => row.verdict === 'fail');
  if (failed.length === 0) return [];
  const lines = ['Failures'];
  for (const level of LEVELS) for (const row of failed.filter(each => each.level === level)) lines.push(...failure(row, report, paint));
  return lines;
}

function failure(row: ReportRow, report: Report, paint: Paint): readonly string[] {
  const requirement = report.requirements.find(each => each.id === row.requirement);
  const lines = [
    `  ${paint.bad('fail')} ${row.case}: ${row.title}`,
    `       requires  ${row.requirement} (${row.clause}): ${requirement?.text ?? ''}`,
    `       expected  ${shown(row.expected)}`,
    `       received  ${shown(row.received)}`,
    `       at step ${row.step}; the implementation: ${shown(row.end)}`,
  ];
  if (row.deviation !== '') lines.push(`       differs from ${row.twin}, which passes, by: ${row.deviation}`);
  for (const { channel, bytes, tail } of row.output) {
    if (bytes > 0 && tail !== '' && OUTPUTS.includes(channel)) lines.push(`       ${channel} (${bytes} bytes) ends: ${shown(tail)}`);
  }
  lines.push(`       again     ${row.reproduce}`);
  if (row.trace !== '') lines.push(`       trace     ${row.trace}`);
  return lines;
}

const OUTPUTS = ['stdout', 'stderr'];

/** Under one reason: what hangs on one twin is one finding. */
function undecided(report: Report): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const row of report.rows) {
    if (row.verdict !== 'inconclusive' && row.verdict !== 'not-applicable') continue;
    const key = `${row.verdict}: ${row.why}`;
    reasons.set(key, [...(reasons.get(key) ?? []), row.case]);
  }
  if (reasons.size === 0) return [];
  const lines = ['Not decided'];
  for (const [reason, cases] of reasons) lines.push(`  ${shown(reason)}`, ...cases.map(id => `       ${id}`));
  return lines;
}

function all(report: Report, paint: Paint): readonly string[] {
  const lines = ['Cases'];
  for (const row of report.rows) {
    const verdict = row.verdict.padEnd(14);
    const painted = row.verdict === 'pass' ? paint.good(verdict) : paint.bad(verdict);
    lines.push(`  ${painted} ${row.level.padEnd(6)} ${row.case.padEnd(44)} ${shown(row.end)}`);
  }
  return lines;
}

function coverage(report: Report): readonly string[] {
  const count = (status: string): number => report.requirements.filter(each => each.status === status).length;
  const counts = `${count('met')} met, ${count('broken')} broken, ${count('open')} not decided, ${count('untestable')} cannot be observed`;
  return [`Requirements ${report.requirements.length}: ${counts}`];
}

function limits(report: Report): readonly string[] {
  if (report.limits.length === 0) return [];
  return ['What a pass does not mean', ...report.limits.map(limit => `  ${shown(limit)}`)];
}

const shown = (text: string): string => printable(text, LINE_SHOWN);

interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
}
const PLAIN: Paint = { good: text => text, bad: text => text };
const COLOURED: Paint = { good: text => `\u001b[32m${text}\u001b[0m`, bad: text => `\u001b[31m${text}\u001b[0m` };
