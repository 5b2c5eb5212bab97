/**
 * A report as CTRF (Common Test Report Format, ctrf.io), version 0.1.0. In virtual time there is no clock: start and stop are 0.
 * Lacks: reportId and timestamp, which would differ between two equal runs.
 */
import { printable, printableJson } from '../../../src/host/bytes.ts';
import { packageVersion } from '../../../src/node/package.ts';
import { startMillis } from '../clock.ts';
import { type Outcome, outcomesOf, type RowOutcome, refutation, saysNo } from '../outcome.ts';
import type { Report, ReportRow } from '../report.ts';

const STATUS = { passed: 'passed', failed: 'failed', errored: 'failed', skipped: 'skipped', expected: 'other' } as const;
type Status = (typeof STATUS)[Outcome['is']];

interface Test {
  readonly name: string;
  readonly status: Status;
  readonly duration: number;
  readonly [key: string]: unknown;
}

export function renderCtrf(report: Report): string {
  const { suite, implementation, run, arm } = report;
  const no = saysNo(report);
  const tests = [...outcomesOf(report).map(told => testOf(report, told)), ...(no === undefined ? [] : [verdictTest(report, no)])];
  const count = (status: Status): number => tests.filter(each => each.status === status).length;
  const start = run === undefined ? 0 : startMillis(run);
  const summary = {
    tests: tests.length,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    pending: 0,
    other: count('other'),
    flaky: tests.filter(each => each['flaky'] === true).length,
    suites: implementation.roles.length,
    start,
    stop: start + Math.round(run?.millis ?? 0),
  };
  const environment = {
    reportName: `slipway conform ${suite.name}`,
    ...(implementation.name === '' ? {} : { appName: shown(implementation.name) }),
    ...(implementation.version === '' ? {} : { appVersion: shown(implementation.version) }),
    ...(run === undefined ? {} : { osPlatform: shown(run.platform) }),
    testEnvironment: arm === 'sim' ? 'simulated' : 'real',
    healthy: report.complete,
  };
  const extra = {
    sentence: shown(report.sentence),
    conforms: report.conforms,
    complete: report.complete,
    suite: suite.name,
    set: suite.set,
    grid: report.grid,
    coverage: report.coverage,
    command: shown(report.command),
  };
  const results = { tool: { name: 'slipway', version: packageVersion() }, summary, tests, environment, extra };
  return `${printableJson(JSON.stringify({ reportFormat: 'CTRF', specVersion: '0.1.0', generatedBy: 'slipway', results }, undefined, 2))}\n`;
}

function testOf(report: Report, { row, outcome }: RowOutcome): Test {
  const { played, late } = row.attempts;
  return {
    name: shown(row.case),
    status: STATUS[outcome.is],
    duration: Math.round(row.millis ?? 0),
    suite: [report.suite.name, row.role],
    ...(outcome.why === '' ? {} : { message: shown(outcome.why) }),
    ...(row.refuted === undefined ? {} : { trace: shown(`${refutation(row)}; ${row.reproduce.live}`) }),
    rawStatus: row.verdict,
    tags: [row.level, ...(row.counts ? [] : ['not counted'])],
    type: 'conformance',
    ...(row.evidence.trace === '' ? {} : { filePath: row.evidence.trace }),
    retries: Math.max(0, played - 1),
    flaky: late > 0 && late < played,
    ...(row.evidence.trace === '' ? {} : { attachments: attachments(row) }),
    extra: axis(row),
  };
}

function attachments({ evidence: { trace, pcap } }: ReportRow): readonly object[] {
  const files = [{ name: 'trace', contentType: 'application/jsonl', path: trace }];
  return pcap === '' ? files : [...files, { name: 'capture', contentType: 'application/vnd.tcpdump.pcap', path: pcap }];
}

/** The verdict is one axis; how the process and its connections ended is the other. */
const axis = ({ level, requirements, refuted, end, ends, rev, counts, attempts, baseline, reproduce }: ReportRow): object => ({
  level,
  requirements,
  ...(refuted === undefined ? {} : { requirement: shown(refuted.requirement), clause: shown(refuted.clause), by: refuted.by }),
  end: shown(end),
  ends,
  rev,
  counts,
  attempts,
  ...(baseline === undefined ? {} : { baseline }),
  reproduce: shown(reproduce.live),
});

const verdictTest = ({ suite }: Report, why: string): Test => ({
  name: 'the verdict',
  status: 'failed',
  duration: 0,
  suite: [suite.name],
  message: shown(why),
});

const shown = (text: string): string => printable(text, 4_000);
