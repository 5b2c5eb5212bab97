/**
 * A report as text for a terminal: the verdict first, then what failed, then what was covered and what a pass does not mean.
 * Every text is made printable: an implementation had a hand in it, or whoever wrote the file.
 * Lacks: width of the terminal; lines are as long as their content.
 */
import { printable } from '../../../src/host/bytes.ts';
import { formatTime, micros } from '../../../src/host/time.ts';
import { LEVELS } from '../../case.ts';
import { VERDICTS } from '../../run/grade.ts';
import type { Finding } from '../causes.ts';
import { findingsOf, undecidedOf } from '../causes.ts';
import { commandLine } from '../commands.ts';
import type { Report, ReportRow } from '../report.ts';

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
    findings(report, paint),
    undecided(report),
    options.verbose === true ? all(report, paint) : [],
    claims(report),
    coverage(report),
    limits(report),
  ];
  return `${sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`;
}

function head(report: Report, paint: Paint): readonly string[] {
  const { sentence, suite, arm, implementation, facts, warnings, virtualMicros } = report;
  const { name, version, roles } = implementation;
  const lines = [(report.conforms ? paint.good : paint.bad)(shown(sentence))];
  if (name !== '') lines.push(`implementation ${shown(`${name} ${version}`.trim())}`);
  for (const each of roles)
    lines.push(shown(`suite ${suite.name} (set ${suite.set}), role ${each.role}, ${ARM[arm]}: ${commandLine(each.command)}`));
  for (const warning of warnings) lines.push(paint.bad(shown(warning)));
  for (const [fact, value] of Object.entries(facts)) lines.push(shown(`it speaks: ${fact} = ${value}`));
  if (arm === 'sim') lines.push(`virtual time covered: ${formatTime(micros(virtualMicros))}`);
  return lines;
}

const ARM: Readonly<Record<Report['arm'], string>> = { sim: 'simulated', node: 'for real' };

/** A verdict that no row has needs no column, unless it is one that everybody looks for. */
function grid(report: Report): readonly string[] {
  const columns = VERDICTS.filter(each => each === 'pass' || each === 'fail' || LEVELS.some(level => report.grid[level][each] > 0));
  const cell = (text: string | number): string => String(text).padStart(16);
  const lines = [`${''.padEnd(8)}${columns.map(cell).join('')}`];
  for (const level of LEVELS) lines.push(`${level.padEnd(8)}${columns.map(verdict => cell(report.grid[level][verdict])).join('')}`);
  return lines;
}

function findings(report: Report, paint: Paint): readonly string[] {
  const found = findingsOf(report);
  return found.length === 0 ? [] : ['Findings', ...found.flatMap(each => finding(each, report, paint))];
}

function finding({ row, folded }: Finding, report: Report, paint: Paint): readonly string[] {
  const lines = [`  ${(row.verdict === 'info' ? paint.good : paint.bad)(row.verdict)} ${shown(`${row.case}: ${row.title}`)}`];
  if (row.refuted === undefined) lines.push(`       ${shown(row.why)}`);
  else lines.push(...refuted(row, row.refuted, report));
  if (row.baseline !== undefined)
    lines.push(`       baseline  ${shown(`${row.baseline.state}: ${row.baseline.why} ${row.baseline.issue}`.trim())}`);
  if (row.deviation !== '') lines.push(`       differs from ${shown(row.twin)}, which passes, by: ${shown(row.deviation)}`);
  for (const { channel, bytes, tail } of row.output) {
    if (bytes > 0 && tail !== '' && OUTPUTS.includes(channel)) lines.push(shown(`       ${channel} (${bytes} bytes) ends: ${tail}`));
  }
  for (const each of folded) lines.push(`       and       ${shown(each.case)} (${each.verdict})`);
  lines.push(`       again     ${shown(row.reproduce.live)}`);
  if (row.evidence.trace !== '') lines.push(`       trace     ${shown(row.evidence.trace)}`);
  return lines;
}

function refuted(
  row: ReportRow,
  { requirement, clause, expected, received, step }: NonNullable<ReportRow['refuted']>,
  report: Report,
): readonly string[] {
  const text = report.requirements.find(each => each.id === requirement)?.text ?? '';
  return [
    `       requires  ${shown(`${requirement} (${clause}): ${text}`)}`,
    `       expected  ${shown(expected)}`,
    `       received  ${shown(received)}`,
    `       at step ${step}; the implementation: ${shown(row.end)}${attemptsOf(row)}`,
    ...(row.race === '' ? [] : [`       race      ${shown(row.race)}`]),
    ...strainOf(row),
  ];
}

function attemptsOf({ attempts: { played, refuted, late, undecided } }: ReportRow): string {
  const parts = [
    refuted > 0 && refuted < played ? `sometimes: ${refuted} of ${played}` : '',
    late > 0 && played > 1 ? `late in ${late} of ${played} attempts` : '',
    undecided > 0 ? `nothing decided in ${undecided} of ${played}` : '',
  ].filter(part => part !== '');
  return parts.length === 0 ? '' : `; ${parts.join('; ')}`;
}

/** Where time decided, what the computer had to do with it. */
function strainOf({ rests, strain }: ReportRow): readonly string[] {
  if (rests !== 'deadline' || strain === undefined) return [];
  const [lag, waited, stalled] = [strain.lag, strain.waited, strain.stalled].map(each => formatTime(micros(each)));
  return [
    `       time      the tester was ${lag} late, the implementation waited ${waited} for a core, the machine stood still for ${stalled}`,
  ];
}

const OUTPUTS = ['stdout', 'stderr'];

/** Under one reason: what is not decided for the same reason is one line of thought. */
function undecided(report: Report): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const row of [...undecidedOf(report), ...report.rows.filter(each => each.verdict === 'not-applicable')]) {
    const key = `${row.verdict}: ${row.why}`;
    reasons.set(key, [...(reasons.get(key) ?? []), row.case]);
  }
  if (reasons.size === 0) return [];
  const lines = ['Not decided'];
  for (const [reason, cases] of reasons) lines.push(`  ${shown(reason)}`, ...cases.map(id => `       ${shown(id)}`));
  return lines;
}

function all(report: Report, paint: Paint): readonly string[] {
  const lines = ['Cases'];
  for (const row of report.rows) {
    const verdict = row.verdict.padEnd(14);
    const painted = row.verdict === 'pass' || row.verdict === 'info' ? paint.good(verdict) : paint.bad(verdict);
    lines.push(`  ${painted} ${row.level.padEnd(6)} ${shown(row.case).padEnd(44)} ${shown(row.end)}`);
  }
  return lines;
}

/** Only where what was said and what was seen differ. */
function claims(report: Report): readonly string[] {
  const wrong = report.claims.filter(each => !each.agrees);
  if (wrong.length === 0) return [];
  return ['Claimed and seen differ', ...wrong.map(each => `  ${shown(each.id)}: claimed ${each.claimed}, seen ${each.observed}`)];
}

function coverage({ coverage: { total, met, broken, open, excluded }, baseline }: Report): readonly string[] {
  const lines = [`Requirements ${total}: ${met} met, ${broken} broken, ${open} not decided, ${excluded} cannot be observed`];
  if (baseline !== undefined) lines.push(`Baseline: ${baseline.expected} as expected, ${baseline.wrong} to put right`);
  return lines;
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
