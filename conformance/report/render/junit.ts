/**
 * A report as JUnit XML, for CI systems: a suite for each role, a case for each row. A MUST that was broken is a failure; what
 * has no verdict, or failed for our own fault, is an error; what does not apply, or is expected by the baseline, is skipped.
 * It is valid by the two schemas that people check with, that of Jenkins' xUnit plugin (junit-10.xsd) and that of Apache Ant's
 * reports; so the root has no totals, a case has one result and nothing beside it, and what else there is to say of the cases
 * is the output of their suite.
 */

import { startOf } from '../clock.ts';
import { type Outcome, outcomesOf, type RowOutcome, refutation, saysNo } from '../outcome.ts';
import type { Report, ReportRow } from '../report.ts';
import { attributes, escaped } from './markup.ts';

export function renderJunit(report: Report): string {
  const told = outcomesOf(report);
  const suites = report.implementation.roles.map(({ role }) =>
    suiteOf(
      report,
      role,
      told.filter(({ row }) => row.role === role),
    ),
  );
  const no = saysNo(report);
  if (no !== undefined) suites.push(verdictSuite(report, no));
  const xml = suites.map((each, id) => suiteXml(each, id, report)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${xml}</testsuites>\n`;
}

interface SuiteParts {
  readonly name: string;
  readonly counts: { readonly tests: number; readonly failures: number; readonly errors: number; readonly skipped: number };
  readonly millis: number;
  readonly facts: Readonly<Record<string, string>>;
  readonly cases: string;
  /** Lines that are escaped. */
  readonly output: readonly string[];
}

function suiteOf({ suite, implementation, sentence, command }: Report, role: string, told: readonly RowOutcome[]): SuiteParts {
  const count = (...is: readonly Outcome['is'][]): number => told.filter(({ outcome }) => is.includes(outcome.is)).length;
  const name = `${suite.name}.${role}`;
  return {
    name,
    counts: { tests: told.length, failures: count('failed'), errors: count('errored'), skipped: count('skipped', 'expected') },
    millis: told.reduce((sum, { row }) => sum + (row.millis ?? 0), 0),
    facts: { implementation: `${implementation.name} ${implementation.version}`.trim(), set: suite.set, sentence, command },
    cases: told.map(each => caseXml(name, each)).join(''),
    output: told.map(({ row }) => factsOf(row)),
  };
}

/** What is wrong with the run and with no row. */
function verdictSuite({ suite }: Report, why: string): SuiteParts {
  const error = `      <error${attributes({ type: 'verdict', message: why })}/>\n`;
  const cases = `    <testcase${attributes({ name: 'the verdict', classname: suite.name, time: seconds(0) })}>\n${error}    </testcase>\n`;
  return { name: suite.name, counts: { tests: 1, failures: 0, errors: 1, skipped: 0 }, millis: 0, facts: {}, cases, output: [] };
}

/** Virtual time begins in 1970, as it does in a capture. */
const NO_CLOCK = { started: '1970-01-01T00:00:00Z', host: 'localhost', platform: '', millis: 0 };

function suiteXml({ name, counts, millis, facts, cases, output }: SuiteParts, id: number, { suite, run = NO_CLOCK }: Report): string {
  const head = attributes({
    id,
    name,
    package: suite.name,
    ...counts,
    time: seconds(millis),
    timestamp: startOf(run).slice(0, 19),
    hostname: run.host === '' ? NO_CLOCK.host : run.host,
  });
  const ends = `    <system-out>${output.join('\n')}</system-out>\n    <system-err/>\n`;
  return `  <testsuite${head}>\n${properties(facts)}${cases}${ends}  </testsuite>\n`;
}

function caseXml(classname: string, { row, outcome }: RowOutcome): string {
  const head = attributes({ name: row.case, classname, time: seconds(row.millis ?? 0) });
  const result = resultXml(row, outcome);
  return result === '' ? `    <testcase${head}/>\n` : `    <testcase${head}>\n${result}    </testcase>\n`;
}

function resultXml(row: ReportRow, { is, why }: Outcome): string {
  const told = attributes({ type: row.verdict, message: why });
  switch (is) {
    case 'passed':
      return '';
    case 'failed':
      return `      <failure${told}>${story(row)}</failure>\n`;
    case 'errored':
      return `      <error${told}>${story(row)}</error>\n`;
    case 'skipped':
    case 'expected':
      return `      <skipped${attributes({ message: why })}>${story(row)}</skipped>\n`;
    default:
      return is satisfies never;
  }
}

function story(row: ReportRow): string {
  const { live, replay } = row.reproduce;
  const lines = [
    `${row.verdict}, ${row.level}: ${row.title}`,
    refutation(row) || row.why,
    row.refuted === undefined ? '' : `step ${row.refuted.step}: ${row.steps[row.refuted.step] ?? ''}; the implementation: ${row.end}`,
    live === '' ? '' : `again: ${live}`,
    replay === '' ? '' : `judge the trace again: ${replay}`,
  ];
  return lines
    .filter(line => line !== '')
    .map(line => escaped(line))
    .join('\n');
}

/** A case in one line: a schema leaves no other room for it. */
function factsOf({ case: id, verdict, level, refuted, requirements, title, end }: ReportRow): string {
  const requirement = refuted?.requirement ?? requirements[0] ?? '';
  const clause = refuted === undefined || refuted.clause === '' ? '' : ` (${refuted.clause})`;
  return escaped(`${verdict} ${id}: ${level} ${requirement}${clause}: ${title}; the implementation: ${end}`);
}

function properties(values: Readonly<Record<string, string>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== '');
  const lines = given.map(([name, value]) => `      <property${attributes({ name, value })}/>\n`);
  return lines.length === 0 ? '    <properties/>\n' : `    <properties>\n${lines.join('')}    </properties>\n`;
}

/** A stored report may claim anything: what would be written with an exponent is no time. */
const seconds = (millis: number): string => (Math.min(millis, LONGEST) / 1_000).toFixed(3);
const LONGEST = 1e12;
