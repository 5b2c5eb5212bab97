/**
 * Rows as a report: a pure function of them and of what the run was asked to do.
 * Lacks: looks (render/), files (folder.ts).
 */
import { printable, printableJson } from '../../src/host/bytes.ts';
import { lineOfEvent } from '../../src/trace/encode.ts';
import { NO_EVENT } from '../../src/trace/event.ts';
import type { Case, Requirement } from '../case.ts';
import { type Clause, citedIn, clauseCalled } from '../clauses.ts';
import { describeStep } from '../judge/describe.ts';
import type { Row } from '../run/runner.ts';
import type { Suite } from '../suite.ts';
import { killsOf } from '../suite.ts';
import { setupSuspicion } from './causes.ts';
import { decidedAt } from './evidence.ts';
import type { WireLog } from './log.ts';
import { wireLog } from './log.ts';
import type {
  Refuted,
  Report,
  ReportClaim,
  ReportClause,
  ReportImplementation,
  ReportRequirement,
  ReportRow,
  ReportRun,
} from './report.ts';
import { NONE, REPORT_FORMAT, REPORT_SCHEMA } from './report.ts';
import { conforms, coverageOf, gridOf } from './score.ts';
import { restsOn, timeLimits, timeWarnings } from './timing.ts';
import { byKey, sentenceOf } from './words.ts';

export interface ReportOptions {
  readonly suite: Suite;
  /** One of `suite.sets`. */
  readonly set: string;
  readonly implementation: ReportImplementation;
  readonly arm: 'sim' | 'node';
  readonly seed: string;
  readonly patience: number;
  readonly timeScale: number;
  readonly command: string;
  /** Choices that the claims file makes, by the id of a MAY: whether the implementation does it. */
  readonly choices: Readonly<Record<string, boolean>>;
  /** What a reader has to know of the implementation and of how it was met. */
  readonly limits?: readonly string[];
  /** The command that plays one case again. */
  readonly reproduce: (caseId: string) => string;
  /** The command that judges a trace again. */
  readonly replay: (trace: string) => string;
  /** Where the trace and the capture of a case were put; '' for nowhere. */
  readonly evidence: (row: Row) => ReportRow['evidence'];
}

/** What is known of a run so far. */
export interface RunState {
  readonly complete: boolean;
  readonly run?: ReportRun;
  readonly facts: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  /** Claims that were not made, and what a single case of each says. */
  readonly probed?: Readonly<Record<string, ReportClaim['observed']>>;
}

export const encodeReport = (report: Report): string => `${printableJson(JSON.stringify(report, undefined, 1))}\n`;

const OUTPUT_SHOWN = 2_048;

/** Takes rows as they come; can be asked for the report at any time. */
export class ReportMaker {
  readonly #options: ReportOptions;
  readonly #roles: readonly string[];
  readonly #set: ReadonlySet<string>;
  readonly #requirements: ReadonlyMap<string, Requirement>;
  readonly #kills: ReadonlyMap<string, readonly string[]>;
  readonly #rows: ReportRow[] = [];
  /** Cases of which the implementation itself says that it does not support them. */
  readonly #unsupported: Set<string> = new Set();
  #virtual = 0;

  constructor(options: ReportOptions) {
    const { suite, set, implementation } = options;
    this.#options = options;
    this.#roles = implementation.roles.map(each => each.role);
    this.#set = new Set(suite.sets[set] ?? []);
    this.#requirements = new Map(suite.requirements.map(each => [each.id, each]));
    this.#kills = killsOf(suite);
  }

  add(row: Row): void {
    this.#rows.push(this.#row(row));
    if (row.verdict.verdict === 'not-applicable' && row.attempts.played > 0) this.#unsupported.add(row.testCase.id);
    this.#virtual += row.virtual;
  }

  report({ complete, run, facts, warnings, probed = {} }: RunState): Report {
    const { suite, set, implementation, arm, seed, patience, timeScale, command } = this.#options;
    const rows = this.#rows.toSorted(byKey(row => `${this.#roles.indexOf(row.role)} ${row.case}`));
    const grid = gridOf(rows);
    const suspicion = setupSuspicion(rows);
    const requirements = this.#inRoles(suite.requirements)
      .map(each => this.#requirement(each, rows))
      .sort(byKey(each => each.id));
    return {
      format: REPORT_FORMAT,
      schema: REPORT_SCHEMA,
      complete,
      suite: { name: suite.name, title: suite.title, set },
      implementation,
      arm,
      seed,
      patience,
      timeScale,
      command,
      ...(run === undefined ? {} : { run }),
      virtualMicros: this.#virtual,
      conforms: complete && conforms(grid),
      sentence: sentenceOf(grid, complete),
      grid,
      coverage: coverageOf(requirements),
      facts,
      warnings: [...(suspicion === undefined ? [] : [suspicion]), ...timeWarnings(rows), ...warnings],
      rows,
      requirements,
      ...(suite.clauses === undefined ? {} : { clauses: clausesOf(suite.clauses, requirements) }),
      claims: this.#claims(rows, probed),
      limits: this.#limits(requirements, rows, complete),
    };
  }

  #inRoles<T extends { readonly role: string }>(all: readonly T[]): T[] {
    return all.filter(each => this.#roles.includes(each.role));
  }

  // ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  #row(row: Row): ReportRow {
    const { reproduce, replay } = this.#options;
    const { testCase, verdict, level, grade, end, attempts, strain, millis } = row;
    const log = this.#log(row);
    const evidence = this.#options.evidence(row);
    return {
      case: testCase.id,
      rev: testCase.rev,
      title: testCase.title,
      role: testCase.role,
      level,
      requirements: testCase.requirements,
      counts: testCase.requirements.some(id => this.#set.has(id)),
      verdict: grade,
      end,
      ends: log.ends,
      ...(verdict.verdict === 'fail'
        ? { refuted: this.#refuted(verdict, log, evidence.trace === '' ? NO_EVENT : decidedAt(row.events, row.tester)) }
        : {}),
      ...this.#unmet(row),
      attempts,
      rests: this.#options.arm === 'node' ? restsOn(row) : '',
      race: testCase.race ?? '',
      ...(strain === undefined ? {} : { strain: { ...strain } }),
      twin: testCase.twin ?? '',
      deviation: testCase.deviation ?? '',
      kills: this.#kills.get(testCase.id) ?? [],
      steps: testCase.steps.map(describeStep),
      log: log.lines,
      logOmitted: log.omitted,
      output: row.output.map(({ channel, bytes, tail }) => ({ channel, bytes, tail: printable(tail, OUTPUT_SHOWN) })),
      ...(millis === undefined ? {} : { millis: Math.round(millis) }),
      reproduce: { live: reproduce(testCase.id), replay: evidence.trace === '' ? '' : replay(evidence.trace) },
      evidence,
    };
  }

  /** A decoder that throws, throws here again: the row stays, without its log. */
  #log({ testCase, events, tester }: Row): WireLog {
    const wiring = this.#options.suite.roles[testCase.role];
    if (wiring === undefined || events.length === 0) return NO_LOG;
    try {
      return wireLog(testCase, wiring, events, tester);
    } catch {
      return NO_LOG;
    }
  }

  /** Of a row that was not played, what it would have been about. */
  #unmet({ testCase, verdict, attempts }: Row): Pick<ReportRow, 'why' | 'expected' | 'received'> {
    if (verdict.verdict === 'pass') return { why: '', expected: '', received: '' };
    const unmet = verdict.verdict === 'fail' ? verdict : verdict.verdict === 'inconclusive' ? verdict.unmet : undefined;
    const expected = unmet?.expected ?? this.#requirements.get(testCase.requirements[0] ?? '')?.text ?? testCase.title;
    const received = unmet?.received ?? (attempts.played === 0 ? 'nothing: the case was not played' : `${why(verdict)}`);
    return {
      why: printable(why(verdict), OUTPUT_SHOWN),
      expected: printable(expected, OUTPUT_SHOWN),
      received: printable(received, OUTPUT_SHOWN),
    };
  }

  #refuted(verdict: Row['verdict'] & { readonly verdict: 'fail' }, log: WireLog, decided: number): Refuted {
    const { requirement, step, expected, received, by, at } = verdict;
    return {
      requirement,
      clause: this.#requirements.get(requirement)?.clause ?? '',
      step,
      expected: printable(expected, OUTPUT_SHOWN),
      received: printable(received, OUTPUT_SHOWN),
      by,
      line: log.decided,
      ...(decided < 0 ? {} : { traceLine: lineOfEvent(decided) }),
      ...(at === undefined ? {} : { at }),
    };
  }

  // ── requirements and claims ───────────────────────────────────────────────────────────────────────────────────────

  #requirement(requirement: Requirement, rows: readonly ReportRow[]): ReportRequirement {
    const { id, clause, level, role, text, quote = '', rationale = '', untestable = '' } = requirement;
    const citing = this.#options.suite.cases.filter(each => each.requirements.includes(id)).map(each => each.id);
    const played = rows.filter(row => citing.includes(row.case));
    return {
      id,
      clause,
      level,
      role,
      text,
      quote,
      rationale,
      counts: this.#set.has(id),
      status: statusOf(requirement, rows, played),
      cases: citing.sort(byKey(each => each)),
      excluded: untestable,
    };
  }

  #claims(rows: readonly ReportRow[], probed: Readonly<Record<string, ReportClaim['observed']>>): readonly ReportClaim[] {
    const { suite, implementation, choices } = this.#options;
    const claimed = new Set(implementation.roles.flatMap(each => each.claims));
    const features = Object.entries(suite.claims)
      .filter(([id]) => neededBy(suite, this.#roles, id))
      .map(([id, text]): ReportClaim => {
        const needing = this.#inRoles(suite.cases).filter(each => each.needs?.includes(id) === true);
        const compared = claim('feature', id, text, claimed.has(id), observedOf(needing, rows, this.#unsupported));
        const found = probed[id];
        return found === undefined ? compared : { ...compared, probed: found, agrees: compared.agrees && found !== 'yes' };
      });
    const mays = this.#inRoles(suite.requirements).filter(each => each.level === 'MAY' && each.untestable === undefined);
    const chosen = mays.map((each): ReportClaim => {
      const citing = suite.cases.filter(testCase => testCase.requirements.includes(each.id));
      return claim('choice', each.id, each.text, choices[each.id], observedOf(citing, rows, this.#unsupported));
    });
    return [...features, ...chosen].sort(byKey(each => `${each.kind === 'feature' ? 0 : 1} ${each.id}`));
  }

  #limits(requirements: readonly ReportRequirement[], rows: readonly ReportRow[], complete: boolean): readonly string[] {
    const { suite, arm, implementation, set } = this.#options;
    const limits = requirements.filter(each => each.status === 'excluded').map(each => `${each.id} cannot be observed: ${each.excluded}`);
    const open = requirements.filter(each => each.status === 'open').map(each => each.id);
    if (open.length > 0) limits.push(`not decided in this run: ${open.join(', ')}`);
    const claimed = implementation.roles.flatMap(each => each.claims);
    const unclaimed = Object.entries(suite.claims).filter(([id]) => !claimed.includes(id) && neededBy(suite, this.#roles, id));
    for (const [id, meaning] of unclaimed) limits.push(`not claimed, so not tested: ${id} (${meaning})`);
    const added = requirements.filter(each => !each.counts).map(each => each.id);
    if (added.length > 0) limits.push(`newer than the set ${set}, told and not counted: ${added.join(', ')}`);
    const unplayed = this.#inRoles(suite.cases).filter(each => !rows.some(row => row.case === each.id)).length;
    if (unplayed > 0) limits.push(`${unplayed} cases of ${this.#roles.length === 1 ? 'the role' : 'the roles'} were not selected`);
    limits.push(...timeLimits(rows));
    if (!complete) limits.push('the run was stopped before its end');
    if (this.#unsupported.size > 0)
      limits.push(`by its own word it does not support, so not tested: ${[...this.#unsupported].sort(byKey(each => each)).join(', ')}`);
    limits.push(...(this.#options.limits ?? []));
    if (arm === 'sim') limits.push('time, processes and pipes were simulated: nothing is said about a real system');
    return limits;
  }
}

function why(verdict: Row['verdict']): string {
  if (verdict.verdict === 'fail') return `${verdict.requirement}: expected ${verdict.expected}; received ${verdict.received}`;
  return 'why' in verdict ? verdict.why : '';
}

/** Those that are cited, in the order of the suite. */
function clausesOf(clauses: readonly Clause[], requirements: readonly ReportRequirement[]): readonly ReportClause[] {
  const cited = new Set(requirements.flatMap(each => citedIn(each.clause)).map(name => clauseCalled(clauses, name)));
  return clauses.filter(each => cited.has(each));
}

const NO_LOG: WireLog = { lines: [], omitted: 0, ends: [], decided: NONE };

/** Broken by any case; met by those that are about it. */
function statusOf(requirement: Requirement, all: readonly ReportRow[], played: readonly ReportRow[]): ReportRequirement['status'] {
  if (requirement.untestable !== undefined) return 'excluded';
  if (all.some(row => row.refuted?.requirement === requirement.id)) return 'broken';
  return played.some(row => row.verdict === 'pass') ? 'met' : 'open';
}

function observedOf(cases: readonly Case[], rows: readonly ReportRow[], unsupported: ReadonlySet<string>): ReportClaim['observed'] {
  // What broke something else did not come so far.
  const concerned = rows.filter(
    row => cases.some(each => each.id === row.case) && (row.refuted === undefined || row.requirements.includes(row.refuted.requirement)),
  );
  const verdicts = concerned.map(row => (unsupported.has(row.case) ? 'fail' : row.verdict));
  const yes = verdicts.includes('pass');
  const no = verdicts.some(each => each === 'fail' || each === 'nonstrict' || each === 'info');
  if (yes && no) return 'mixed';
  if (yes) return 'yes';
  return no ? 'no' : 'not seen';
}

function claim(
  kind: ReportClaim['kind'],
  id: string,
  text: string,
  said: boolean | undefined,
  observed: ReportClaim['observed'],
): ReportClaim {
  const claimed = said === undefined ? 'not said' : said ? 'yes' : 'no';
  const agrees = claimed === 'not said' || observed === 'not seen' || observed === claimed;
  return { kind, id, text, claimed, observed, agrees };
}

const neededBy = (suite: Suite, roles: readonly string[], id: string): boolean =>
  suite.cases.some(each => roles.includes(each.role) && each.needs?.includes(id) === true);
