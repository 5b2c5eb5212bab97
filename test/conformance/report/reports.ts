/** Reports for the tests of this folder: real ones out of the simulator, and a small one in which every text is hostile. */

import { ReportMaker } from '../../../conformance/report/make.ts';
import type { LogLine, Report, ReportRow } from '../../../conformance/report/report.ts';
import { conforms, gridOf } from '../../../conformance/report/score.ts';
import { sentenceOf } from '../../../conformance/report/words.ts';
import type { Row } from '../../../conformance/run/runner.ts';
import { runSuite } from '../../../conformance/run/runner.ts';
import type { Suite } from '../../../conformance/suite.ts';
import { simulatedArm } from '../../support/arms.ts';

export interface Asked {
  readonly suite: Suite;
  readonly role: string;
  /** Ours when none is named. */
  readonly mutant?: string;
  readonly cases?: readonly string[];
  readonly complete?: boolean;
}

export interface Made {
  readonly report: Report;
  readonly rows: readonly Row[];
}

export async function madeBy({ suite, role, mutant, cases = [], complete = true }: Asked): Promise<Made> {
  const found = mutant === undefined ? suite.own[role] : suite.mutants.find(each => each.name === mutant);
  if (found === undefined) throw new Error(`no mutant ${mutant}`);
  const { program, args, claims = [] } = found;
  const arm = await simulatedArm(suite.name);
  const run = await runSuite({ suite, role, arm, implementation: { program, args }, claims, select: cases });
  if (run.outcome !== 'ran') throw new Error(run.why);
  const roles = [{ role, adapter: 'program' as const, command: [program, ...args], claims }];
  const maker = new ReportMaker({
    suite,
    set: Object.keys(suite.sets).at(-1) ?? '',
    implementation: { name: mutant ?? 'ours', version: '1', url: '', contact: '', roles },
    arm: 'sim',
    seed: '',
    patience: 1_000,
    timeScale: 1_000,
    command: `slipway conform ${suite.name}`,
    choices: {},
    reproduce: id => `slipway conform ${suite.name} --case ${id}`,
    replay: trace => `slipway replay ${trace}`,
    evidence: row => ({ trace: row.events.length > 0 ? `traces/${row.testCase.id}.jsonl` : '', pcap: '' }),
  });
  for (const row of run.rows) maker.add(row);
  return { report: maker.report({ complete, facts: run.facts, warnings: [] }), rows: run.rows };
}

export const reportOf = async (asked: Asked): Promise<Report> => (await madeBy(asked)).report;

/** What an implementation, or whoever wrote a report.json, may have put into any text. */
export const HOSTILE =
  '\u0000\u0001\u001b[31m\u007f\u0085\u202e\u2028\ud800\ufffe ]]> --> <script>alert(1)</script> & "\' `code` | [a](http://x.test) @somebody #1 www.x.test\r\n\n---\nok 1 - # SKIP\n  ...\nBail out!';

const LINE: LogLine = { at: 10, from: 'peer', step: 0, channel: 'in', text: HOSTILE, length: 1, hex: '00' };

export function toyRow(name: string, more: Partial<ReportRow> = {}): ReportRow {
  const id = `toy.server.${name}`;
  return {
    case: id,
    rev: 1,
    title: `The toy says ${name}`,
    role: 'server',
    level: 'MUST',
    requirements: ['toy.server.must'],
    counts: true,
    verdict: 'pass',
    end: 'exited 0',
    ends: [{ channel: 'in', how: 'closed by it' }],
    why: '',
    expected: '',
    received: '',
    rests: '',
    race: '',
    attempts: { played: 1, refuted: 0, late: 0, undecided: 0 },
    twin: '',
    deviation: '',
    kills: ['server/silent'],
    steps: ['start the implementation', 'expect on in: a'],
    log: [{ at: 5, from: 'note', step: 0, channel: '', text: 'the implementation is started', length: 0, hex: '' }],
    logOmitted: 0,
    output: [{ channel: 'stdout', bytes: 0, tail: '' }],
    millis: 12,
    reproduce: { live: `slipway conform toy --case ${id}`, replay: `slipway replay traces/${id}.jsonl` },
    evidence: { trace: `traces/${id}.jsonl`, pcap: '' },
    ...more,
  };
}

const refuted = (requirement: string, text: string): NonNullable<ReportRow['refuted']> => ({
  requirement: `toy.server.${requirement}`,
  clause: '1.2',
  step: 1,
  expected: `a ${text}`,
  received: `b ${text}`,
  by: 'order',
  line: 0,
  traceLine: 17,
});

export const failed = (name: string, text = ''): ReportRow =>
  toyRow(name, { verdict: 'fail', refuted: refuted('must', text), log: [LINE] });
export const missed = (name: string, text = ''): ReportRow =>
  toyRow(name, {
    verdict: 'nonstrict',
    level: 'SHOULD',
    requirements: ['toy.server.should'],
    refuted: refuted('should', text),
    log: [LINE],
  });
export const declined = (name: string): ReportRow =>
  toyRow(name, { verdict: 'info', level: 'MAY', requirements: ['toy.server.may'], refuted: refuted('may', '') });
export const undecided = (name: string, more: Partial<ReportRow> = {}): ReportRow =>
  toyRow(name, {
    verdict: 'inconclusive',
    why: 'refuted by a deadline in 2 of 3 attempts',
    attempts: { played: 3, refuted: 2, late: 2, undecided: 0 },
    ...more,
  });
export const unclaimed = (name: string): ReportRow =>
  toyRow(name, {
    verdict: 'not-applicable',
    why: 'the implementation does not claim x',
    end: 'not played',
    attempts: { played: 0, refuted: 0, late: 0, undecided: 0 },
  });
export const broke = (name: string): ReportRow => toyRow(name, { verdict: 'error', why: 'the tester failed: Error: x' });

/** One of each verdict, in the order of ids; `text` is wherever an implementation could have put it. */
export const oneOfEach = (text = ''): readonly ReportRow[] => [
  toyRow('a', { output: [{ channel: 'stdout', bytes: 9, tail: text }] }),
  failed('b', text),
  missed('c', text),
  declined('d'),
  undecided('e', { twin: 'toy.server.b', why: `its valid twin does not pass ${text}` }),
  undecided('f'),
  unclaimed('g'),
];

export function toyReport(rows: readonly ReportRow[], more: Partial<Report> = {}): Report {
  const grid = gridOf(rows);
  const { complete = true } = more;
  const texts = ['must', 'should', 'may'].map(each => `A server ${each.toUpperCase()} say it.`);
  return {
    format: 'slipway-conformance-report',
    schema: 3,
    complete,
    suite: { name: 'toy', title: 'A toy protocol', set: '2026-11' },
    implementation: {
      name: 'Toy',
      version: '1.2',
      url: '',
      contact: '',
      roles: [{ role: 'server', adapter: 'exec', command: ['./server', '--fast'], claims: [] }],
    },
    arm: 'node',
    seed: '0',
    patience: 1_000,
    timeScale: 1_000,
    command: "slipway conform toy --exec './server --fast'",
    run: { started: '2026-11-21T22:00:00.000Z', host: 'here', platform: 'linux x64, Node 20.20.0', millis: 1_234 },
    virtualMicros: 0,
    conforms: complete && conforms(grid),
    sentence: sentenceOf(grid, complete),
    grid,
    coverage: { total: 3, met: 3, broken: 0, open: 0, excluded: 0 },
    facts: { language: 'C' },
    warnings: [],
    rows,
    requirements: ['must', 'should', 'may'].map((each, at) => ({
      id: `toy.server.${each}`,
      clause: `1.${at + 1}`,
      level: (['MUST', 'SHOULD', 'MAY'] as const)[at] ?? 'MAY',
      role: 'server',
      text: texts[at] ?? '',
      quote: '',
      rationale: '',
      counts: true,
      status: 'met',
      cases: rows.filter(row => row.requirements.includes(`toy.server.${each}`)).map(row => row.case),
      excluded: '',
    })),
    claims: [{ kind: 'feature', id: 'extra', text: 'something extra', claimed: 'yes', observed: 'no', agrees: false }],
    limits: ['toy.server.never cannot be observed: nobody can see it'],
    ...more,
  };
}

/** Every text that is not an id is hostile. */
export const hostileReport = (): Report => {
  const report = toyReport(oneOfEach(HOSTILE));
  return {
    ...report,
    implementation: {
      ...report.implementation,
      name: HOSTILE,
      version: HOSTILE,
      roles: report.implementation.roles.map(each => ({ ...each, command: [HOSTILE] })),
    },
    command: HOSTILE,
    sentence: `${report.sentence} ${HOSTILE}`,
    facts: { [HOSTILE]: HOSTILE },
    warnings: [HOSTILE],
    limits: [HOSTILE],
    rows: report.rows.map(row => ({
      ...row,
      title: HOSTILE,
      end: HOSTILE,
      deviation: HOSTILE,
      reproduce: { live: HOSTILE, replay: HOSTILE },
    })),
    requirements: report.requirements.map(each => ({ ...each, text: HOSTILE, clause: HOSTILE, quote: HOSTILE })),
  };
};
