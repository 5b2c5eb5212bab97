/**
 * A report as JUnit XML, for CI systems: a suite for each role, a case for each row. A MUST that was broken is a failure; what
 * has no verdict, or failed for our own fault, is an error; what does not apply, or is expected by the baseline, is skipped.
 * Lacks: a schema to obey; there is none. Elements and attributes are those that Jenkins, GitLab and Surefire agree on.
 * May import: report.ts, outcome.ts, markup.ts.
 */
import { type Outcome, outcomesOf, refutation, saysNo, type Told } from '../outcome.ts';
import type { Report, ReportRow } from '../report.ts';
import { attributes, escaped } from './markup.ts';

export function renderJunit(report: Report): string {
  const told = outcomesOf(report);
  const { roles } = report.implementation;
  const suites = roles.map(({ role }) =>
    suiteOf(
      report,
      role,
      told.filter(({ row }) => row.role === role),
    ),
  );
  const no = saysNo(report);
  if (no !== undefined) suites.push(verdictSuite(report, no));
  const totals = suites.reduce((sum, { counts }) => added(sum, counts), NONE);
  const name = `slipway conform ${report.suite.name}`;
  const head = attributes({ name, ...totals, time: seconds(report.run?.millis ?? 0) });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${head}>\n${suites.map(({ xml }) => xml).join('')}</testsuites>\n`;
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}
interface SuiteXml {
  readonly counts: Counts;
  readonly xml: string;
}

const NONE: Counts = { tests: 0, failures: 0, errors: 0, skipped: 0 };
const added = (left: Counts, right: Counts): Counts => ({
  tests: left.tests + right.tests,
  failures: left.failures + right.failures,
  errors: left.errors + right.errors,
  skipped: left.skipped + right.skipped,
});

function suiteOf(report: Report, role: string, told: readonly Told[]): SuiteXml {
  const count = (...is: readonly Outcome['is'][]): number => told.filter(({ outcome }) => is.includes(outcome.is)).length;
  const counts = { tests: told.length, failures: count('failed'), errors: count('errored'), skipped: count('skipped', 'expected') };
  const time = seconds(told.reduce((sum, { row }) => sum + (row.millis ?? 0), 0));
  const name = `${report.suite.name}.${role}`;
  const { run, implementation, suite, command } = report;
  const where = run === undefined ? {} : { timestamp: run.started.slice(0, 19), hostname: run.host };
  const facts = {
    implementation: `${implementation.name} ${implementation.version}`.trim(),
    set: suite.set,
    sentence: report.sentence,
    command,
  };
  const cases = told.map(each => caseXml(name, each)).join('');
  return {
    counts,
    xml: `  <testsuite${attributes({ name, ...counts, time, ...where })}>\n${properties('    ', facts)}${cases}  </testsuite>\n`,
  };
}

/** What is wrong with the run and with no row. */
function verdictSuite({ suite }: Report, why: string): SuiteXml {
  const counts = { ...NONE, tests: 1, errors: 1 };
  const error = `      <error${attributes({ type: 'verdict', message: why })}/>\n`;
  const kase = `    <testcase${attributes({ name: 'the verdict', classname: suite.name, time: '0' })}>\n${error}    </testcase>\n`;
  return { counts, xml: `  <testsuite${attributes({ name: suite.name, ...counts, time: '0' })}>\n${kase}  </testsuite>\n` };
}

function caseXml(classname: string, { row, outcome }: Told): string {
  const { requirement = row.requirements[0] ?? '', clause = '' } = row.refuted ?? {};
  const facts = { title: row.title, verdict: row.verdict, level: row.level, requirement, clause, end: row.end };
  const head = attributes({ name: row.case, classname, time: seconds(row.millis ?? 0) });
  return `    <testcase${head}>\n${properties('      ', facts)}${resultXml(row, outcome)}      <system-out>${story(row)}</system-out>\n    </testcase>\n`;
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
      return `      <skipped${attributes({ message: why })}/>\n`;
    default:
      return is satisfies never;
  }
}

function story(row: ReportRow): string {
  const { live, replay } = row.reproduce;
  const lines = [
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

function properties(indent: string, values: Readonly<Record<string, string>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== '');
  const lines = given.map(([name, value]) => `${indent}  <property${attributes({ name, value })}/>\n`);
  return `${indent}<properties>\n${lines.join('')}${indent}</properties>\n`;
}

const seconds = (millis: number): string => (millis / 1_000).toFixed(3);
