/** Reports that nobody ran: one row of every kind, as many as a test wants, and any text in all of their fields. */
import type { Level } from '../../../conformance/case.ts';
import { LEVELS } from '../../../conformance/case.ts';
import type { Grid, LogLine, Report, ReportRequirement, ReportRow } from '../../../conformance/report/report.ts';
import { REPORT_FORMAT, REPORT_SCHEMA } from '../../../conformance/report/report.ts';
import { sentenceOf } from '../../../conformance/report/words.ts';
import type { VerdictName } from '../../../conformance/run/grade.ts';
import { VERDICTS } from '../../../conformance/run/grade.ts';
import { hex, utf8 } from '../../../src/host/bytes.ts';

const ROLES = ['server', 'client'] as const;
/** Mostly pass, and something of everything. */
const KINDS: readonly (readonly [VerdictName, Level])[] = [
  ['fail', 'MUST'],
  ['nonstrict', 'SHOULD'],
  ['info', 'MAY'],
  ['inconclusive', 'MUST'],
  ['not-applicable', 'SHOULD'],
  ['error', 'MUST'],
  ['pass', 'MUST'],
  ['pass', 'SHOULD'],
  ['pass', 'MAY'],
];

export interface SampleOptions {
  readonly cases: number;
  /** Of each case; a step for each. */
  readonly lines: number;
  /** After the first of every kind: all fail, instead of pass. */
  readonly red?: boolean;
  /** Of a line of the log, and its bytes. */
  readonly text?: string;
  readonly payload?: string;
}

export function sampleReport({
  cases,
  lines,
  red = false,
  text = 'line, text ping, length 4',
  payload = 'ping <pong>\n',
}: SampleOptions): Report {
  const rows = Array.from({ length: cases }, (_, index): ReportRow => {
    const [verdict, level] = KINDS[index] ?? (red ? KINDS[0] : KINDS[6]) ?? ['pass', 'MUST'];
    return row(index, verdict, level, lines, at => logLine(at, text, payload));
  });
  const requirements = rows.map((each, index) => requirement(each, index));
  const grid = gridOf(rows.filter(each => each.counts));
  return {
    format: REPORT_FORMAT,
    schema: REPORT_SCHEMA,
    complete: true,
    suite: { name: 'toy', title: 'A toy protocol', set: '2026-11' },
    implementation: {
      name: 'Toyd',
      version: '1.2.3',
      url: 'https://example.org/toyd',
      contact: 'toyd@example.org',
      roles: ROLES.map(role => ({ role, adapter: 'exec' as const, command: ['./toyd', '--role', role], claims: ['extra'] })),
    },
    arm: 'node',
    seed: '0',
    patience: 1_500,
    timeScale: 500,
    command: './slipway conform toy --role all',
    run: { started: '2026-11-22T03:11:43.000Z', host: 'shipyard', platform: 'linux x64, Node 20.20.2', millis: 12_345 },
    virtualMicros: 0,
    conforms: false,
    sentence: sentenceOf(grid, true),
    grid,
    coverage: { total: cases, met: cases - 9, broken: 3, open: 5, excluded: 1 },
    facts: { 'line-ends': 'LF alone' },
    warnings: ['Two cases ran while the machine was busy'],
    rows,
    requirements,
    clauses: ['0.1', '2.1'].map(id => ({ id, title: `Order ${id}`, text: 'Toys lie in rows.', source: 'the book of toys' })),
    claims: [
      { kind: 'feature', id: 'extra', text: 'it does something extra', claimed: 'yes', observed: 'no', agrees: false },
      { kind: 'choice', id: 'toy.server.linger', text: 'A server MAY linger.', claimed: 'not said', observed: 'yes', agrees: true },
    ],
    limits: ['toy.server.never cannot be observed: nobody can see it'],
  };
}

function row(index: number, verdict: VerdictName, level: Level, lines: number, line: (at: number) => LogLine): ReportRow {
  const id = `toy.${ROLES[index % 2]}.case-${index}`;
  const refuted = verdict === 'fail' || verdict === 'nonstrict' || verdict === 'info';
  const played = verdict !== 'not-applicable';
  const trace = played ? `traces/${id}.jsonl` : '';
  return {
    case: id,
    rev: 1,
    title: `Toys number ${index} are put away in order`,
    role: ROLES[index % 2] ?? '',
    level,
    requirements: [`toy.requirement-${index}`],
    counts: index !== 8,
    verdict,
    end: played ? 'exited 0' : 'not played',
    ends: played ? [{ channel: 'wire', how: 'half-closed by it' }] : [],
    ...(refuted
      ? {
          refuted: {
            requirement: `toy.requirement-${index}`,
            clause: `${index}.1`,
            step: 1,
            expected: "the line 'ping' (line, text ping) on wire",
            received: `line, text pong, length 4 [706f6e67]`,
            by: 'order',
            line: Math.min(2, lines - 1),
          } as const,
        }
      : {}),
    why: verdict === 'pass' ? '' : `there was a reason number ${index}`,
    expected: verdict === 'pass' ? '' : "the line 'ping'",
    received: verdict === 'pass' ? '' : "the line 'pong'",
    rests: '',
    race: '',
    attempts: { played: 2, refuted: 1, late: 1, undecided: 0 },
    twin: index === 3 ? 'toy.server.case-0' : '',
    deviation: index === 3 ? 'the line has no end' : '',
    kills: ['server/mute', 'server/loud'],
    steps: Array.from({ length: lines }, (_, step) => `expect that number ${step} is on wire (within 5.000000 s)`),
    log: played ? Array.from({ length: lines }, (_, at) => line(at)) : [],
    logOmitted: index === 0 ? 7 : 0,
    output: [{ channel: 'stderr', bytes: 11, tail: 'toyd: hello' }],
    millis: 15,
    reproduce: { live: `./slipway conform toy --case ${id}`, replay: trace === '' ? '' : `./slipway replay ${trace}` },
    evidence: { trace, pcap: index === 0 ? `traces/${id}.pcapng` : '', ...(index === 0 ? { view: `views/${id}.html` } : {}) },
    ...(index === 0 ? { baseline: { state: 'expected', why: 'known since spring', issue: 'https://example.org/issues/7' } as const } : {}),
  };
}

const FROM: readonly LogLine['from'][] = ['note', 'tester', 'peer'];

function logLine(at: number, text: string, payload: string): LogLine {
  const from = FROM[at % 3] ?? 'note';
  const bytes = from === 'note' ? new Uint8Array(0) : utf8(payload);
  return {
    at: at * 150_000,
    from,
    step: at,
    channel: from === 'note' ? '' : 'wire',
    text,
    length: bytes.length,
    hex: hex(bytes.subarray(0, 64)),
    ...(from === 'note'
      ? {}
      : { items: [{ type: 'line', at: 0, length: bytes.length, fields: [{ name: 'text', value: 'pong', at: 6, length: 4 }] }] }),
  };
}

function requirement(each: ReportRow, index: number): ReportRequirement {
  const status = each.refuted === undefined ? (each.verdict === 'pass' ? 'met' : 'open') : 'broken';
  return {
    id: `toy.requirement-${index}`,
    clause: `${index}.1`,
    level: each.level,
    role: each.role,
    text: `A ${each.role} ${each.level} put toys number ${index} away.`,
    quote: index === 0 ? 'Toys MUST NOT lie about.' : '',
    rationale: 'Somebody falls over them.',
    counts: each.counts,
    status: index === 7 ? 'excluded' : status,
    cases: [each.case],
    excluded: index === 7 ? 'nobody looks' : '',
  };
}

function gridOf(rows: readonly ReportRow[]): Grid {
  const line = (level: Level): Readonly<Record<VerdictName, number>> => {
    const counted = VERDICTS.map(
      verdict => [verdict, rows.filter(each => each.level === level && each.verdict === verdict).length] as const,
    );
    // Every name of a verdict is a key.
    return Object.fromEntries(counted) as Record<VerdictName, number>;
  };
  const [must, should, may] = LEVELS;
  return { [must]: line(must), [should]: line(should), [may]: line(may) };
}

/** Words of a report that have a few values, which no text from outside can change. */
const CLOSED = [
  'format',
  'arm',
  'level',
  'verdict',
  'adapter',
  'how',
  'by',
  'from',
  'status',
  'kind',
  'claimed',
  'observed',
  'state',
  'hex',
];
/** What refers to another part of the report. */
const REFERENCES = ['case', 'requirements', 'requirement', 'cases', 'twin', 'role', 'id'];

/** The report with every free text of it changed; `path` is where it is. References stay whole: they are changed alike. */
export function withTexts(report: Report, change: (text: string, path: string) => string): Report {
  const walk = (value: unknown, path: string, key: string): unknown => {
    if (typeof value === 'string') {
      if (value === '' || CLOSED.includes(key) || path === '.run.started') return value;
      return REFERENCES.includes(key) ? change(value, `id ${value}`) : change(value, path);
    }
    if (Array.isArray(value)) return value.map((each, index) => walk(each, `${path}.${index}`, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, walk(each, `${path}.${name}`, name)]));
  };
  // The shape is that of what came in: only strings were exchanged for strings.
  return walk(report, '', '') as Report;
}
