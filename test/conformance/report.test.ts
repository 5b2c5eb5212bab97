/** The report: a pure function of rows, with the worst first and nothing hidden; and its text. */

import { describe, expect, test } from 'vitest';
import { simArm } from '../../conformance/arms/sim.ts';
import type { Case, Verdict } from '../../conformance/case.ts';
import { programs } from '../../conformance/lifetime/programs.ts';
import { LIFETIME } from '../../conformance/lifetime/suite.ts';
import { evidenceOf } from '../../conformance/report/evidence.ts';
import { encodeReport, ReportMaker } from '../../conformance/report/make.ts';
import { renderTerminal } from '../../conformance/report/render/terminal.ts';
import type { Report } from '../../conformance/report/report.ts';
import { gradeOf, levelOf } from '../../conformance/run/grade.ts';
import { rejudge } from '../../conformance/run/rejudge.ts';
import type { Row } from '../../conformance/run/runner.ts';
import { runSuite } from '../../conformance/run/runner.ts';
import { utf8 } from '../../src/host/bytes.ts';
import { ZERO } from '../../src/host/time.ts';
import type { JsonValue } from '../../src/trace/event.ts';
import { readTrace } from '../../src/trace/read.ts';
import { rowsIn, toyCase, toySuite } from './support.ts';

const PASS: Verdict = { verdict: 'pass' };
const failing = (requirement: string, received = 'b'): Verdict => ({
  verdict: 'fail',
  step: 0,
  requirement,
  expected: 'a',
  received,
  by: 'order',
});
const UNDECIDED: Verdict = { verdict: 'inconclusive', why: 'its valid twin toy.server.x does not pass' };

const cases: readonly Case[] = ['x', 'y', 'z'].map(name =>
  toyCase([{ verb: 'start' }], { id: `toy.server.${name}`, ...(name === 'z' ? { requirements: ['toy.server.should'] } : {}) }),
);
const suite = toySuite(cases);
const requirements = new Map(suite.requirements.map(each => [each.id, each]));

function row(name: string, verdict: Verdict, more: Partial<Row> = {}): Row {
  const testCase = cases.find(each => each.id === `toy.server.${name}`);
  if (testCase === undefined) throw new Error(`no case ${name}`);
  const level = levelOf(verdict, testCase.requirements, requirements);
  return {
    testCase,
    level,
    verdict,
    play: verdict,
    grade: gradeOf(verdict, level),
    end: 'exited 0',
    attempts: { played: 1, refuted: 0, late: 0, undecided: 0 },
    stillborn: false,
    strain: undefined,
    millis: 12.5,
    virtual: ZERO,
    output: [],
    events: [],
    tester: 'm/tester.1',
    ...more,
  };
}

function reportOf(rows: readonly Row[], claims: readonly string[] = []): Report {
  const roles = [{ role: 'server', adapter: 'exec' as const, command: ['./server', '--fast'], claims }];
  const maker = new ReportMaker({
    suite,
    set: '2026-11',
    implementation: { name: 'Toy', version: '1', url: '', contact: '', roles },
    arm: 'node',
    seed: '',
    patience: 1_000,
    timeScale: 1_000,
    command: 'slipway conform toy',
    choices: {},
    reproduce: id => `again ${id}`,
    replay: trace => `replay ${trace}`,
    evidence: () => ({ trace: '', pcap: '' }),
  });
  for (const each of rows) maker.add(each);
  return maker.report({ complete: true, facts: {}, warnings: [] });
}

describe('the verdict in one sentence', () => {
  const sentence = (...rows: readonly Row[]): string => reportOf(rows).sentence;

  test('conforms', () => {
    expect(sentence(row('x', PASS), row('y', PASS))).toBe('Conforms: 2 of 2 MUST cases pass.');
    expect(sentence(row('x', PASS), row('z', failing('toy.server.should')))).toBe(
      'Conforms: 1 of 1 MUST cases pass; 1 of 1 SHOULD not met.',
    );
  });

  test('does not conform', () => {
    const rows = [row('x', failing('toy.server.must')), row('y', UNDECIDED), row('z', failing('toy.server.should'))];
    expect(sentence(...rows)).toBe('Does not conform: 1 MUST failure; 1 of 1 SHOULD not met; 1 inconclusive.');
    expect(reportOf(rows).conforms).toBe(false);
  });

  test('is not decided when a MUST is not, or none was tested', () => {
    expect(sentence(row('x', PASS), row('y', UNDECIDED))).toBe('Not decided: 1 inconclusive.');
    expect(sentence(row('z', PASS))).toBe('Not decided: no MUST was tested.');
    expect(reportOf([row('x', PASS), row('y', UNDECIDED)]).conforms).toBe(false);
    expect(reportOf([]).conforms).toBe(false);
  });
});

test('rows in any order are the same report, and no time is in it', () => {
  const rows = [row('x', PASS), row('y', failing('toy.server.must')), row('z', PASS)];
  const text = encodeReport(reportOf(rows));
  expect(encodeReport(reportOf([...rows].reverse().map(each => ({ ...each, virtual: ZERO }))))).toBe(text);
  expect(JSON.parse(text)).toMatchObject({ format: 'slipway-conformance-report', schema: 3 });
});

test('a requirement is met, broken, open or cannot be observed', () => {
  const status = (...rows: readonly Row[]) => Object.fromEntries(reportOf(rows).requirements.map(each => [each.id.slice(11), each.status]));
  expect(status(row('x', PASS), row('y', failing('toy.server.must')))).toEqual({ must: 'broken', should: 'open', never: 'excluded' });
  expect(status(row('x', PASS), row('y', UNDECIDED), row('z', PASS))).toEqual({ must: 'met', should: 'met', never: 'excluded' });
});

test('the limits name what was not observed, not selected and not decided', () => {
  const limits = reportOf([row('x', PASS)]).limits.join('\n');
  expect(limits).toContain('toy.server.never cannot be observed: nobody can see it');
  expect(limits).toContain('not decided in this run: toy.server.should');
  expect(limits).toContain('2 cases of the role were not selected');
});

describe('as text', () => {
  const hostile = '\u001b[2J\u202egnp.exe\u0007';
  const rows = [
    row('x', failing('toy.server.must', hostile), { end: 'exited 1', output: [{ channel: 'stdout', bytes: 7, tail: hostile }] }),
    row('y', UNDECIDED),
    row('z', PASS),
  ];

  test('says what failed, why, and how to see it again', () => {
    const text = renderTerminal(reportOf(rows), { colour: false });
    expect(text.split('\n')[0]).toBe('Does not conform: 1 MUST failure; 1 inconclusive.');
    for (const part of [
      'toy.server.must (1): A server MUST say a.',
      'again toy.server.x',
      'stdout (7 bytes) ends:',
      'What a pass does not mean',
    ]) {
      expect(text).toContain(part);
    }
  });

  test('is safe for a terminal, whatever an implementation sent', () => {
    for (const colour of [false, true]) {
      const text = renderTerminal(reportOf(rows), { colour, verbose: true });
      for (const unsafe of ['\u202e', '\u0007', '\u001b[2J']) expect(text).not.toContain(unsafe);
      expect(text.includes('\u001b')).toBe(colour);
    }
  });
});

test('the trace of a case gives its verdict again when it is read from a file', async () => {
  const mutant = LIFETIME.mutants.find(each => each.name === 'child/version-2');
  if (mutant === undefined) throw new Error('no such mutant');
  const select = ['*.child.start.*', '*.child.address.form'];
  const claims = mutant.claims ?? [];
  const rows = rowsIn(await runSuite({ suite: LIFETIME, role: 'child', arm: simArm(programs), implementation: mutant, claims, select }));
  const options = { suite: 'lifetime', role: 'child', arm: 'sim' as const, implementation: [mutant.program], claims: [], seed: '' };
  for (const each of rows) {
    const file = readTrace([...evidenceOf(each, options)].map(utf8));
    expect(file.footer?.outcome).toBe(each.verdict.verdict);
    expect(rejudge(file, [LIFETIME]), each.testCase.id).toMatchObject({ verdict: 'reproduced' });
  }
  const failed = rows.find(each => each.verdict.verdict === 'fail') ?? expect.fail('none fails');
  // As if another play had passed, on a computer that had no time for this one.
  const open: Row = {
    ...failed,
    verdict: { verdict: 'inconclusive', why: 'refuted in 1 of 2 attempts', by: 'starved' },
    grade: 'inconclusive',
  };
  const file = readTrace([...evidenceOf(open, options)].map(utf8));
  expect(file.footer).toMatchObject({ outcome: 'inconclusive', why: 'refuted in 1 of 2 attempts' });
  expect(rejudge(file, [LIFETIME])).toEqual({
    verdict: 'reproduced',
    why: expect.stringMatching(/^judged again: inconclusive: refuted in 1 of 2 attempts; this play: fail: expected .*; received /),
  });
  const header = file.header ?? expect.fail('no header');
  const { open: _, ...plan } = header.plan as Record<string, JsonValue>;
  expect(rejudge({ ...file, header: { ...header, plan } }, [LIFETIME]).verdict).toBe('diverged');
});

test('all red for one reason asks whether it is the right command', () => {
  const text = (rows: readonly Row[]): string => renderTerminal(reportOf(rows), { colour: false });
  const must = 'toy.server.must';
  expect(text([row('x', failing(must), { end: 'exited 1' }), row('y', failing(must), { end: 'exited 1' })])).toContain(
    'is this the right command',
  );
  expect(text([row('x', failing(must), { end: 'exited 1' }), row('y', failing(must), { end: 'exited 2' })])).not.toContain('right command');
  expect(text([row('x', failing(must)), row('y', PASS)])).not.toContain('right command');
});
