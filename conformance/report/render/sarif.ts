/**
 * A report as SARIF 2.1.0 (OASIS), for code scanning: a rule for each requirement, a result for each row that was refuted, at
 * the line of the trace where that was decided, or at the report itself where there is no trace: GitHub takes no result without a
 * file and a line. What has no verdict is no result: it is a notification of the run.
 * Lacks: informationUri, as the project has no page.
 */
import { printable, printableJson, utf8 } from '../../../src/host/bytes.ts';
import { packageVersion } from '../../../src/node/package.ts';
import { Murmur128 } from '../../../src/trace/murmur.ts';
import type { Level } from '../../case.ts';
import { startOf } from '../clock.ts';
import { refutation, saysNo } from '../outcome.ts';
import type { Report, ReportRequirement, ReportRow } from '../report.ts';
import { prose } from './markdown.ts';

const LEVEL = { MUST: 'error', SHOULD: 'warning', MAY: 'note' } as const satisfies Record<Level, string>;

export function renderSarif(report: Report): string {
  const { requirements, rows, suite, command, run } = report;
  const rules = new Map(requirements.map((each, index) => [each.id, index]));
  const started = run === undefined ? {} : { startTimeUtc: startOf(run) };
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'slipway', semanticVersion: packageVersion(), rules: requirements.map(ruleOf) } },
        automationDetails: { id: `slipway/${suite.name}/${report.implementation.roles.map(each => each.role).join('+')}/` },
        invocations: [
          {
            executionSuccessful: report.complete && rows.every(row => row.verdict !== 'error'),
            commandLine: shown(command),
            ...started,
            toolExecutionNotifications: notificationsOf(report),
          },
        ],
        columnKind: 'utf16CodeUnits',
        results: rows.flatMap(row => resultOf(row, suite.name, rules)),
        properties: { sentence: shown(report.sentence), conforms: report.conforms, set: suite.set, grid: report.grid },
      },
    ],
  };
  return `${printableJson(JSON.stringify(log, undefined, 2))}\n`;
}

function ruleOf({ id, clause, level, role, text, quote, rationale }: ReportRequirement): object {
  const parts = [text, quote === '' ? '' : `“${quote}”`, rationale, clause === '' ? '' : `Clause ${clause}`].filter(part => part !== '');
  return {
    id,
    shortDescription: { text: shown(text, SHORT) },
    fullDescription: { text: shown([text, rationale].filter(part => part !== '').join(' '), SHORT) },
    help: { text: parts.map(part => shown(part)).join('\n\n'), markdown: parts.map(prose).join('\n\n') },
    ...(LINK.test(clause) ? { helpUri: clause } : {}),
    defaultConfiguration: { level: LEVEL[level] },
    properties: { clause: shown(clause), level, role: shown(role), tags: ['conformance'] },
  };
}

/** A clause is a name more often than a place. */
const LINK = /^https?:\/\/[\w.~:/?#[\]@!$&'()*+,;=%-]+$/;

function resultOf(row: ReportRow, suite: string, rules: ReadonlyMap<string, number>): readonly object[] {
  const { refuted, evidence, baseline } = row;
  if (refuted === undefined) return [];
  const index = rules.get(refuted.requirement);
  const identity = `${suite}/${row.case}/${refuted.requirement}`;
  const location = {
    physicalLocation: evidence.trace === '' ? placeOf('report.json') : placeOf(evidence.trace, refuted.traceLine),
    logicalLocations: [{ fullyQualifiedName: row.case, kind: 'member' }],
  };
  return [
    {
      ruleId: refuted.requirement,
      ...(index === undefined ? {} : { ruleIndex: index }),
      level: LEVEL[row.level],
      message: { text: shown(`${row.title}: ${refutation(row)}. Again: ${row.reproduce.live}`) },
      locations: [location],
      // What was received may differ from run to run and be the same finding.
      partialFingerprints: { 'caseAndRequirement/v1': identity, primaryLocationLineHash: `${hashOf(identity)}:1` },
      ...(baseline?.state === 'expected'
        ? { suppressions: [{ kind: 'external', justification: shown(`${baseline.why} ${baseline.issue}`.trim()) }] }
        : {}),
      properties: { case: row.case, rev: row.rev, verdict: row.verdict, end: shown(row.end), counts: row.counts },
    },
  ];
}

const placeOf = (trace: string, line = 1): object => ({
  artifactLocation: {
    uri: trace
      .split('/')
      .map(part => encodeURIComponent(printable(part)))
      .join('/'),
  },
  region: { startLine: line },
});

function hashOf(text: string): string {
  const hash = new Murmur128();
  hash.update(utf8(text));
  return hash.digest();
}

function notificationsOf(report: Report): readonly object[] {
  const note = (level: string, text: string): object => ({ level, message: { text: shown(text) } });
  const no = saysNo(report);
  return [
    ...(no === undefined ? [] : [note('error', no)]),
    ...report.rows.filter(row => row.verdict === 'error').map(row => note('error', `${row.case}: ${row.why}`)),
    ...report.rows.filter(row => row.verdict === 'inconclusive').map(row => note('warning', `${row.case}: ${row.why}`)),
    ...report.warnings.map(text => note('warning', text)),
  ];
}

/** GitHub takes no more of a description. */
const SHORT = 1_024;

/** In a message `[words](target)` is a link (SARIF §3.11.6): its second half is made visible. */
const shown = (text: string, limit = 4_000): string => printable(text, limit).replaceAll('](', ']\\u{28}');
