/** The forms of a report for other programs: each is read again by a parser of its format, with hostile text in every field. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { LIFETIME } from '../../../conformance/lifetime/suite.ts';
import { evidenceOf } from '../../../conformance/report/evidence.ts';
import { FORMS, formNamed } from '../../../conformance/report/forms.ts';
import { outcomesOf, saysNo } from '../../../conformance/report/outcome.ts';
import { renderBadge, renderShields } from '../../../conformance/report/render/badge.ts';
import { renderCtrf } from '../../../conformance/report/render/ctrf.ts';
import { renderJunit } from '../../../conformance/report/render/junit.ts';
import { renderSarif } from '../../../conformance/report/render/sarif.ts';
import { renderTap } from '../../../conformance/report/render/tap.ts';
import type { Report, ReportRow } from '../../../conformance/report/report.ts';
import { utf8 } from '../../../src/host/bytes.ts';
import { readTrace } from '../../../src/trace/read.ts';
import { failed, HOSTILE, madeBy, oneOfEach, toyReport, toyRow } from './reports.ts';
import { baseline, RUNS } from './runs.ts';
import { CTRF as CTRF_VALIDATOR, SARIF_MULTITOOL, sarifComplaints, withValidator } from './validators.ts';

describe('something is red exactly when the run says no', () => {
  test.each(RUNS)('%s', (_name, report, no) => {
    const red = outcomesOf(report).some(({ outcome: { is } }) => is === 'failed' || is === 'errored');
    expect(red || saysNo(report) !== undefined).toBe(no);
    const junit = renderJunit(report);
    expect(/<(failure|error) /.test(junit)).toBe(no);
    expect(junit.match(/<testcase /g) ?? []).toHaveLength(report.rows.length + (saysNo(report) === undefined ? 0 : 1));
    expect(ctrfOf(report).results.summary.failed > 0).toBe(no);
    expect(tapOf(report).some(point => !point.ok && point.directive !== 'TODO') || renderTap(report).includes('\nBail out! ')).toBe(no);
  });
});

// ── CTRF ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const STATUS = z.enum(['passed', 'failed', 'skipped', 'pending', 'other']);
const int = z.int().min(0);
/** The parts of the schema of CTRF that we use: required keys are required, keys it does not know are refused. */
const CTRF = z.strictObject({
  reportFormat: z.literal('CTRF'),
  specVersion: z.string().regex(/^\d+\.\d+\.\d+$/),
  generatedBy: z.string(),
  results: z.strictObject({
    tool: z.strictObject({ name: z.string().min(1), version: z.string().min(1) }),
    summary: z.strictObject({
      tests: int,
      passed: int,
      failed: int,
      skipped: int,
      pending: int,
      other: int,
      flaky: int,
      suites: int,
      start: int,
      stop: int,
    }),
    tests: z.array(
      z.strictObject({
        name: z.string().min(1),
        status: STATUS,
        duration: int,
        suite: z.array(z.string()).min(1),
        message: z.string().optional(),
        trace: z.string().optional(),
        rawStatus: z.string().optional(),
        tags: z.array(z.string()).optional(),
        type: z.string().optional(),
        filePath: z.string().optional(),
        retries: int.optional(),
        flaky: z.boolean().optional(),
        attachments: z.array(z.strictObject({ name: z.string(), contentType: z.string(), path: z.string() })).optional(),
        extra: z.record(z.string(), z.unknown()).optional(),
      }),
    ),
    environment: z.strictObject({
      reportName: z.string(),
      appName: z.string().optional(),
      appVersion: z.string().optional(),
      osPlatform: z.string().optional(),
      testEnvironment: z.string(),
      healthy: z.boolean(),
    }),
    extra: z.record(z.string(), z.unknown()),
  }),
});
const ctrfOf = (report: Report) => CTRF.parse(JSON.parse(renderCtrf(report)));

describe('CTRF', () => {
  test.each(RUNS)('obeys its schema, and the summary is the sum: %s', (_name, report) => {
    const { summary, tests } = ctrfOf(report).results;
    for (const status of STATUS.options) expect(summary[status], status).toBe(tests.filter(each => each.status === status).length);
    expect(summary.tests).toBe(tests.length);
  });

  withValidator('the validator of ctrf', CTRF_VALIDATOR, path => {
    test('as its own validator says', async () => {
      const { validate } = (await import(path)) as { readonly validate: (report: unknown) => { readonly valid: boolean } };
      for (const [name, report] of RUNS) expect(validate(JSON.parse(renderCtrf(report))), name).toMatchObject({ valid: true });
      expect(validate({ ...JSON.parse(renderCtrf(toyReport([]))), other: 1 })).toMatchObject({ valid: false });
    });
  });

  test('flaky is what was late in some attempts and not in all', () => {
    const attempts = [
      [1, 0],
      [3, 1],
      [3, 2],
      [3, 3],
    ].map(([played = 0, late = 0], at) => toyRow(`r${at}`, { attempts: { played, refuted: late, late, undecided: 0 } }));
    const { tests, summary } = ctrfOf(toyReport(attempts)).results;
    expect(tests.map(each => each.flaky)).toEqual([false, true, true, false]);
    expect(tests.map(each => each.retries)).toEqual([0, 2, 2, 2]);
    expect(summary.flaky).toBe(2);
  });

  test('the second axis is in extra, and virtual time has no clock', () => {
    const { run: _run, ...report } = toyReport([failed('b')]);
    const { tests, summary } = ctrfOf({ ...report, arm: 'sim' }).results;
    expect(tests[0]?.extra).toMatchObject({
      end: 'exited 0',
      ends: [{ channel: 'in', how: 'closed by it' }],
      level: 'MUST',
      clause: '1.2',
    });
    expect(summary).toMatchObject({ start: 0, stop: 0 });
    expect(ctrfOf(toyReport([])).results.summary).toMatchObject({ start: 1_795_298_400_000, stop: 1_795_298_401_234 });
  });
});

// ── SARIF ───────────────────────────────────────────────────────────────────────────────────────────────────────────

describe('SARIF', () => {
  const runOf = (report: Report) => JSON.parse(renderSarif(report)).runs[0];

  test('a rule for each requirement, a result for each refuted row, a level for each level', () => {
    const run = runOf(toyReport(oneOfEach()));
    expect(run.tool.driver.rules.map((rule: { id: string }) => rule.id)).toEqual([
      'toy.server.must',
      'toy.server.should',
      'toy.server.may',
    ]);
    expect(run.results.map((each: { ruleId: string; level: string }) => [each.ruleId, each.level])).toEqual([
      ['toy.server.must', 'error'],
      ['toy.server.should', 'warning'],
      ['toy.server.may', 'note'],
    ]);
    for (const each of run.results) expect(run.tool.driver.rules[each.ruleIndex].id).toBe(each.ruleId);
    expect(run.invocations[0].toolExecutionNotifications.map((each: { level: string }) => each.level)).toEqual(['warning', 'warning']);
    expect(run.invocations[0].executionSuccessful).toBe(true);
  });

  test('a place in the trace, where there is one, and else in the report', () => {
    const [result] = runOf(toyReport([failed('b')])).results;
    expect(result.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'traces/toy.server.b.jsonl' },
      region: { startLine: 17 },
    });
    const [without] = runOf(toyReport([{ ...failed('b'), evidence: { trace: '', pcap: '' } }])).results;
    expect(without.locations[0].physicalLocation).toEqual({ artifactLocation: { uri: 'report.json' }, region: { startLine: 1 } });
    const [odd] = runOf(toyReport([{ ...failed('b'), evidence: { trace: 'a b/\ud800#?', pcap: '' } }])).results;
    expect(odd.locations[0].physicalLocation.artifactLocation.uri).toBe('a%20b/%5Cu%7Bd800%7D%23%3F');
  });

  test('a rule is told whole: in short, in full, and with its reason and its clause under it', () => {
    const report = toyReport([failed('b')]);
    const requirements = report.requirements.map(each => ({ ...each, quote: 'Toys say.', rationale: 'Somebody\nlistens.' }));
    const { driver } = runOf({ ...report, requirements }).tool;
    expect(driver.semanticVersion).toMatch(/^\d+\.\d+\.\d+/);
    expect(driver.rules[0]).toMatchObject({
      shortDescription: { text: 'A server MUST say it.' },
      fullDescription: { text: 'A server MUST say it. Somebody\\u{a}listens.' },
      help: { text: 'A server MUST say it.\n\n“Toys say.”\n\nSomebody\\u{a}listens.\n\nClause 1.1' },
    });
  });

  test('nothing that was received is a link in a message', () => {
    const { message } = runOf(toyReport([failed('b', '[a](http://x.test)')])).results[0];
    expect(message.text).toContain('[a]\\u{28}http://x.test)');
  });

  withValidator("Microsoft's SARIF multitool", SARIF_MULTITOOL, tool => {
    const folder = mkdtempSync(join(tmpdir(), 'sarif-'));
    afterAll(() => rmSync(folder, { recursive: true }));
    const without = (key: string): string =>
      JSON.stringify(JSON.parse(renderSarif(toyReport(oneOfEach()))), (name, value) => (name === key ? undefined : value));
    const elsewhere = (report: Report): Report => ({
      ...report,
      rows: report.rows.map(row => ({ ...row, evidence: { trace: '', pcap: '' } })),
    });
    const texts = [
      ...RUNS.flatMap(([, report]) => [renderSarif(report), renderSarif(elsewhere(report))]),
      without('fullDescription'),
      without('semanticVersion'),
    ];
    const files = texts.map((_, index) => join(folder, `${index}.sarif`));
    let told: readonly string[] = [];
    // All at once: the validator takes longer to start than to read.
    beforeAll(() => {
      for (const [index, file] of files.entries()) writeFileSync(file, texts[index] ?? '');
      // We have no page; everything else is to be as it wants it.
      told = sarifComplaints(tool, files).filter(line => !line.includes("does not provide 'informationUri'"));
    });
    const complaints = (index: number): readonly string[] => told.filter(line => line.includes(files[index] ?? ''));

    test.each(RUNS.map(([name], index) => [name, index] as const))('valid, and as GitHub wants it: %s', (_name, index) => {
      expect([...complaints(2 * index), ...complaints(2 * index + 1)]).toEqual([]);
    });

    test('which the validator would say of one without descriptions or a version', () => {
      expect(complaints(texts.length - 2).join()).toContain("does not provide a 'fullDescription'");
      expect(complaints(texts.length - 1).join()).toContain('SARIF2005');
    });
  });

  test('a link to the clause only where the clause is one', () => {
    const report = toyReport([failed('b')]);
    const clauses = ['https://x.test/spec#1', '1.2', 'javascript:alert(1)'];
    const requirements = report.requirements.map((each, at) => ({ ...each, clause: clauses[at] ?? '' }));
    expect(runOf({ ...report, requirements }).tool.driver.rules.map((rule: { helpUri?: string }) => rule.helpUri)).toEqual([
      clauses[0],
      undefined,
      undefined,
    ]);
  });

  test('the same finding has the same fingerprint, whatever was received; another has another', () => {
    const prints = (...rows: readonly ReportRow[]) =>
      runOf(toyReport(rows)).results.map((each: { partialFingerprints: object }) => each.partialFingerprints);
    const [first, second] = prints(failed('b', 'x'), failed('c', 'x'));
    expect(prints(failed('b', 'y'))[0]).toEqual(first);
    expect(second).not.toEqual(first);
    expect(first).toEqual({
      'caseAndRequirement/v1': 'toy/toy.server.b/toy.server.must',
      primaryLocationLineHash: expect.stringMatching(/^[0-9a-f]{32}:1$/),
    });
  });

  test('what the baseline expects is suppressed, with its reason', () => {
    const run = runOf(toyReport([baseline(failed('b'), 'expected'), baseline(failed('c'), 'different')]));
    expect(run.results.map((each: { suppressions?: object[] }) => each.suppressions)).toEqual([
      [{ kind: 'external', justification: 'known since May https://x.test/7' }],
      undefined,
    ]);
  });

  test('the line is the one where the trace notes the verdict', async () => {
    const { report, rows } = await madeBy({ suite: LIFETIME, role: 'child', mutant: 'child/version-2', cases: ['lifetime.child.start.*'] });
    const refuted = report.rows.filter(row => row.refuted !== undefined);
    expect(refuted.length).toBeGreaterThan(0);
    for (const each of refuted) {
      const row = rows.find(({ testCase }) => testCase.id === each.case);
      if (row === undefined) throw new Error(each.case);
      const file = [...evidenceOf(row, { suite: 'lifetime', role: 'child', arm: 'sim', implementation: [], claims: [], seed: '' })].join(
        '',
      );
      expect(file.split('\n')[(each.refuted?.traceLine ?? 0) - 1]).toContain('"event":"case-verdict"');
      expect(readTrace([utf8(file)]).footer?.at).toBeGreaterThan(0);
    }
  });
});

// ── TAP ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Point {
  readonly ok: boolean;
  readonly number: number;
  readonly description: string;
  readonly directive: string;
  readonly yaml: Readonly<Record<string, unknown>>;
}

/** TAP 14 as strictly as the tests need it: no line may be anything but what is allowed at its place. */
function tapOf(report: Report): readonly Point[] {
  const [version, ...lines] = renderTap(report).trimEnd().split('\n');
  expect(version).toBe('TAP version 14');
  const points: { -readonly [key in keyof Point]: Point[key] }[] = [];
  let yaml: Record<string, unknown> | undefined;
  for (const line of lines) {
    const point = /^(ok|not ok) (\d+) - ((?:[^\\#]|\\[\\#])*?)(?: # (SKIP|TODO) (?:[^\\#]|\\[\\#])*)?$/.exec(line);
    const key = /^ {2}(\w+): ("[ -~]*"|\d+)$/.exec(line);
    if (yaml !== undefined && line === '  ...') yaml = undefined;
    else if (yaml !== undefined && key !== null) yaml[key[1] ?? ''] = JSON.parse(key[2] ?? '');
    else if (line === '  ---') yaml = points.at(-1)?.yaml as Record<string, unknown>;
    else if (point !== null)
      points.push({ ok: point[1] === 'ok', number: Number(point[2]), description: point[3] ?? '', directive: point[4] ?? '', yaml: {} });
    else expect(line).toMatch(/^(# |1\.\.\d+$|Bail out! )/);
  }
  expect(yaml).toBe(undefined);
  expect(points.map(each => each.number)).toEqual(points.map((_, at) => at + 1));
  if (report.complete) expect(lines).toContain(`1..${points.length}`);
  return points;
}

describe('TAP', () => {
  test('points, directives and their YAML', () => {
    const points = tapOf(toyReport([...oneOfEach(), baseline(failed('h'), 'expected')]));
    expect(points.map(({ ok, directive }) => `${ok ? 'ok' : 'not ok'} ${directive}`.trim())).toEqual([
      'ok',
      'not ok',
      'ok',
      'ok',
      'ok SKIP',
      'not ok',
      'ok SKIP',
      'not ok TODO',
    ]);
    expect(points[1]?.yaml).toMatchObject({ severity: 'fail', requirement: 'toy.server.must', expected: 'a ', received: 'b ', step: 1 });
    expect(points[0]?.yaml).toEqual({});
  });

  test('nothing in a text begins a directive, a point, a block or a bail-out', () => {
    const rows = oneOfEach(HOSTILE).map(row => ({ ...row, case: `${row.case} # SKIP \\` }));
    const points = tapOf(toyReport(rows));
    expect(points.filter(({ directive }) => directive === 'SKIP').map(each => each.number)).toEqual([7]);
    expect(points[0]?.description).toBe('toy.server.a \\# SKIP \\\\');
    expect(String(points[1]?.yaml['received'])).toContain('\\u{a}---');
  });

  test('a run that was stopped has no plan and bails out', () => {
    const text = renderTap(toyReport([toyRow('a')], { complete: false }));
    expect(text).not.toContain('1..');
    expect(text).toContain('\nBail out! Not decided: stopped before the end');
  });
});

const XML = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' });
/** Production [2] of XML 1.0, negated. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

// ── badge ───────────────────────────────────────────────────────────────────────────────────────────────────────────

describe('badge', () => {
  test('says suite, roles, levels and set, and no percentage', () => {
    const report = toyReport(oneOfEach());
    const shields = JSON.parse(renderShields(report));
    expect(shields).toEqual({
      schemaVersion: 1,
      label: 'toy server',
      message: 'MUST 1/4 · SHOULD 0/1 · 1 not applicable · set 2026-11',
      color: '#b3261e',
      isError: true,
    });
    expect(JSON.parse(renderShields(toyReport([toyRow('a')])))).toMatchObject({
      message: 'MUST 1/1 · set 2026-11',
      color: '#2a7a2a',
      isError: false,
    });
    expect(JSON.parse(renderShields(toyReport([])))).toMatchObject({ message: 'nothing tested · set 2026-11', isError: true });
    for (const [, each] of RUNS) expect(renderBadge(each) + renderShields(each)).not.toMatch(/\d\s*%/);
  });

  test('is an image with a title, and well formed whatever is in it', () => {
    const report = toyReport(oneOfEach());
    for (const suite of [report.suite, { ...report.suite, name: HOSTILE, set: HOSTILE }]) {
      const text = renderBadge({ ...report, suite });
      expect(XMLValidator.validate(text)).toBe(true);
      expect(text).not.toMatch(FORBIDDEN);
      const { svg } = XML.parse(text);
      expect(svg).toMatchObject({ '@role': 'img', '@aria-labelledby': 'title', title: { '@id': 'title' } });
    }
    expect(XML.parse(renderBadge(report)).svg.title['#text']).toBe(
      'toy server · MUST 1/4 · SHOULD 0/1 · 1 not applicable · set 2026-11 · does not conform',
    );
  });
});

describe('the table of forms', () => {
  test('has each name and each file once', () => {
    for (const key of ['name', 'file'] as const) expect(new Set(FORMS.map(form => form[key])).size).toBe(FORMS.length);
    expect(formNamed('junit')?.render).toBe(renderJunit);
    expect(formNamed('pdf')).toBe(undefined);
  });

  test.each(FORMS.map(form => [form.name, form] as const))(
    '%s of every run is made, is the same twice, and obeys no text in it',
    (_name, form) => {
      for (const [, report] of RUNS) {
        const text = form.render(report);
        expect(form.render(structuredClone(report))).toBe(text);
        for (const unsafe of ['\u0000', '\u001b', '\u202e', '\u2028', '\ud800']) expect(text.includes(unsafe)).toBe(false);
      }
    },
  );
});
