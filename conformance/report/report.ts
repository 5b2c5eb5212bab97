/**
 * The report of a run: a pure function of its rows. Sorted, without a clock and a name of a machine, so two runs that
 * found the same are the same text, and a change is one line of a diff.
 * Lacks: looks (render/), and how long anything took.
 * May import: host, case.ts, suite.ts, runner.ts.
 */
import { printable } from '../../src/host/bytes.ts';
import type { Case, Level, Requirement, Verdict } from '../case.ts';
import { LEVELS } from '../case.ts';
import type { Output } from '../play/tester.ts';
import type { Row } from '../run/runner.ts';
import type { Suite } from '../suite.ts';

export const REPORT_FORMAT = 'slipway-conformance-report';
/** Raised when a reader of the old form would misread the new one. */
export const REPORT_SCHEMA = 1;

export type VerdictName = Verdict['verdict'];
export const VERDICTS: readonly VerdictName[] = ['pass', 'fail', 'inconclusive', 'not-applicable'];

export interface ReportOptions {
  readonly suite: Suite;
  readonly role: string;
  readonly arm: string;
  /** The command line of the implementation. */
  readonly implementation: readonly string[];
  readonly claims: readonly string[];
  readonly seed: string;
  readonly rows: readonly Row[];
  readonly facts: Readonly<Record<string, string>>;
  /** The command that plays one case again. */
  readonly reproduce: (caseId: string) => string;
  /** Where the trace of a case was put, if anywhere. */
  readonly trace?: (caseId: string) => string | undefined;
}

export interface ReportRow {
  readonly case: string;
  readonly rev: number;
  readonly title: string;
  readonly level: Level;
  readonly requirements: readonly string[];
  readonly verdict: VerdictName;
  readonly end: string;
  /** Of a failure. */
  readonly requirement: string;
  readonly clause: string;
  readonly step: number;
  readonly expected: string;
  readonly received: string;
  /** Of an inconclusive or not applicable row. */
  readonly why: string;
  readonly twin: string;
  readonly deviation: string;
  readonly reproduce: string;
  readonly trace: string;
  readonly output: readonly Output[];
}

export interface ReportRequirement {
  readonly id: string;
  readonly clause: string;
  readonly level: Level;
  readonly text: string;
  /** met: every case that was decided passed. open: no case of it was decided in this run. */
  readonly status: 'met' | 'broken' | 'open' | 'untestable';
  readonly cases: readonly string[];
  readonly untestable: string;
}

export type Grid = Readonly<Record<Level, Readonly<Record<VerdictName, number>>>>;

export interface Report {
  readonly format: typeof REPORT_FORMAT;
  readonly schema: typeof REPORT_SCHEMA;
  readonly suite: string;
  readonly title: string;
  readonly role: string;
  readonly arm: string;
  readonly implementation: readonly string[];
  readonly claims: readonly string[];
  readonly seed: string;
  readonly conforms: boolean;
  readonly sentence: string;
  readonly grid: Grid;
  readonly facts: Readonly<Record<string, string>>;
  readonly rows: readonly ReportRow[];
  readonly requirements: readonly ReportRequirement[];
  /** What a reader must not take a good verdict for. */
  readonly limits: readonly string[];
}

export function makeReport(options: ReportOptions): Report {
  const { suite, role, arm, implementation, claims, seed, facts } = options;
  const requirements = suite.requirements.filter(each => each.role === role);
  const rows = options.rows.map(row => reportRow(row, options)).sort(byKey(row => row.case));
  const grid = gridOf(rows);
  const covered = requirements.map(each => reportRequirement(each, suite.cases, rows)).sort(byKey(each => each.id));
  return {
    format: REPORT_FORMAT,
    schema: REPORT_SCHEMA,
    suite: suite.name,
    title: suite.title,
    role,
    arm,
    implementation: [...implementation],
    claims: [...claims].sort(byKey(claim => claim)),
    seed,
    conforms: grid.MUST.fail === 0 && grid.MUST.inconclusive === 0 && grid.MUST.pass > 0,
    sentence: sentenceOf(grid),
    grid,
    facts,
    rows,
    requirements: covered,
    limits: limitsOf(options, covered, rows),
  };
}

/** Keys in order of code units: the same everywhere. */
export const encodeReport = (report: Report): string => `${JSON.stringify(report, undefined, 2)}\n`;

function reportRow(row: Row, { suite, reproduce, trace }: ReportOptions): ReportRow {
  const { verdict } = row;
  const requirement = verdict.verdict === 'fail' ? verdict.requirement : '';
  const kase = suite.cases.find(each => each.id === row.case);
  return {
    case: row.case,
    rev: row.rev,
    title: row.title,
    level: row.level,
    requirements: row.requirements,
    verdict: verdict.verdict,
    end: row.end,
    requirement,
    clause: suite.requirements.find(each => each.id === requirement)?.clause ?? '',
    step: row.step,
    expected: row.expected,
    received: row.received,
    why: 'why' in verdict ? verdict.why : '',
    twin: kase?.twin ?? '',
    deviation: kase?.deviation ?? '',
    reproduce: reproduce(row.case),
    trace: trace?.(row.case) ?? '',
    output: row.output.map(({ channel, bytes, tail }) => ({ channel, bytes, tail: printable(tail, OUTPUT_SHOWN) })),
  };
}

const OUTPUT_SHOWN = 2_048;

function reportRequirement(requirement: Requirement, cases: readonly Case[], rows: readonly ReportRow[]): ReportRequirement {
  const citing = cases.filter(each => each.requirements.includes(requirement.id)).map(each => each.id);
  const played = rows.filter(row => citing.includes(row.case));
  return {
    id: requirement.id,
    clause: requirement.clause,
    level: requirement.level,
    text: requirement.text,
    status: statusOf(requirement, played),
    cases: citing.sort(byKey(id => id)),
    untestable: requirement.untestable ?? '',
  };
}

function statusOf(requirement: Requirement, played: readonly ReportRow[]): ReportRequirement['status'] {
  if (requirement.untestable !== undefined) return 'untestable';
  if (played.some(row => row.verdict === 'fail' && row.requirement === requirement.id)) return 'broken';
  return played.some(row => row.verdict === 'pass') ? 'met' : 'open';
}

function gridOf(rows: readonly ReportRow[]): Grid {
  const line = (level: Level): Record<VerdictName, number> => {
    const count = (verdict: VerdictName): number => rows.filter(row => row.level === level && row.verdict === verdict).length;
    return { pass: count('pass'), fail: count('fail'), inconclusive: count('inconclusive'), 'not-applicable': count('not-applicable') };
  };
  return { MUST: line('MUST'), SHOULD: line('SHOULD'), MAY: line('MAY') };
}

function sentenceOf(grid: Grid): string {
  const inconclusive = LEVELS.reduce((sum, level) => sum + grid[level].inconclusive, 0);
  const findings = [
    plural(grid.MUST.fail, 'MUST failure'),
    grid.SHOULD.fail > 0 ? `${grid.SHOULD.fail} SHOULD not met` : '',
    inconclusive > 0 ? `${inconclusive} inconclusive` : '',
  ].filter(text => text !== '');
  if (grid.MUST.fail > 0) return `Does not conform: ${findings.join('; ')}.`;
  if (grid.MUST.inconclusive > 0) return `Not decided: ${findings.join('; ')}.`;
  if (grid.MUST.pass === 0) return 'Not decided: no MUST was tested.';
  const rest = findings.length === 0 ? '' : `; ${findings.join('; ')}`;
  return `Conforms: ${grid.MUST.pass} of ${grid.MUST.pass} MUST cases pass${rest}.`;
}

const plural = (count: number, noun: string): string => (count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`);

function limitsOf(
  { suite, role, arm, claims }: ReportOptions,
  requirements: readonly ReportRequirement[],
  rows: readonly ReportRow[],
): readonly string[] {
  const limits = requirements.filter(each => each.status === 'untestable').map(each => `${each.id} cannot be observed: ${each.untestable}`);
  const open = requirements.filter(each => each.status === 'open').map(each => each.id);
  if (open.length > 0) limits.push(`not decided in this run: ${open.join(', ')}`);
  const unclaimed = Object.entries(suite.claims).filter(([claim]) => !claims.includes(claim) && neededBy(suite, role, claim));
  for (const [claim, meaning] of unclaimed) limits.push(`not claimed, so not tested: ${claim} (${meaning})`);
  const unplayed = suite.cases.filter(each => each.role === role && !rows.some(row => row.case === each.id)).length;
  if (unplayed > 0) limits.push(`${unplayed} cases of the role were not selected`);
  if (arm === 'sim') limits.push('time, processes and pipes were simulated: nothing is said about a real system');
  return limits;
}

const neededBy = (suite: Suite, role: string, claim: string): boolean =>
  suite.cases.some(each => each.role === role && each.needs?.includes(claim) === true);

const byKey =
  <T>(key: (value: T) => string) =>
  (left: T, right: T): number => {
    const [a, b] = [key(left), key(right)];
    if (a === b) return 0;
    return a < b ? -1 : 1;
  };
