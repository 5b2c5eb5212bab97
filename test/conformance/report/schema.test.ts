/** A stored report: read again whole, and refused by place when it is none. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { LIFETIME } from '../../../conformance/lifetime/suite.ts';
import { LONC } from '../../../conformance/lonc/suite.ts';
import { encodeReport } from '../../../conformance/report/make.ts';
import { REPORT_TEXT_LIMIT, readReport } from '../../../conformance/report/read.ts';
import type { Report } from '../../../conformance/report/report.ts';
import { publishedSchema, REPORT } from '../../../conformance/report/schema.ts';
import type { Suite } from '../../../conformance/suite.ts';
import { type Asked, failed, hostileReport, oneOfEach, reportOf, toyReport, toyRow } from './reports.ts';

const published = fileURLToPath(new URL('../../../conformance/schemas/report.schema.json', import.meta.url));

const refusal = (text: string): string => {
  const read = readReport(text);
  return read.ok ? 'read' : `${read.code}: ${read.message}`;
};

test('the published schema is what the reader insists on', () => {
  const text = publishedSchema(REPORT);
  if (process.env['UPDATE'] === '1') writeFileSync(published, text);
  // As values: the formatter has its own mind about line ends in lists.
  expect(JSON.parse(readFileSync(published, 'utf8'))).toEqual(JSON.parse(text));
});

describe('every report that is made can be read, and nothing of it is lost', () => {
  const ours = (suite: Suite): readonly Asked[] => Object.keys(suite.roles).map(role => ({ suite, role }));
  const red = (suite: Suite, ...mutants: readonly string[]): readonly Asked[] =>
    mutants.map(mutant => ({ suite, role: suite.mutants.find(each => each.name === mutant)?.role ?? '', mutant }));
  const runs: readonly Asked[] = [
    ...ours(LIFETIME),
    ...ours(LONC),
    ...red(LIFETIME, 'child/version-2', 'parent/any-version'),
    ...red(LONC, 'lond/greets', 'lond/never-ok'),
    { suite: LIFETIME, role: 'child', cases: ['lifetime.child.start.*'], complete: false },
  ];

  test.each(
    runs.map(
      asked =>
        [`${asked.suite.name} ${asked.role} ${asked.mutant ?? 'ours'}${asked.complete === false ? ', partial' : ''}`, asked] as const,
    ),
  )('%s', async (_name, asked) => {
    const report = await reportOf(asked);
    const read = readReport(encodeReport(report));
    if (!read.ok) throw new Error(read.message);
    expect(read.report).toEqual(report);
    expect(report.rows.some(row => row.refuted !== undefined)).toBe(asked.mutant !== undefined);
  });

  test('one with everything that may be left out, and hostile text', () => {
    const rows = oneOfEach().map(row => ({ ...row, baseline: { state: 'expected' as const, why: 'known', issue: 'https://x.test/1' } }));
    for (const report of [toyReport(rows), hostileReport()]) {
      const read = readReport(encodeReport(report));
      if (!read.ok) throw new Error(read.message);
      expect(read.report).toEqual(report);
    }
  });
});

describe('what is no report is refused, by place', () => {
  const text = encodeReport(toyReport(oneOfEach()));
  /** The report with the value at a path replaced; without a value it is taken out. */
  const altered = (path: string, value?: unknown): string => {
    const report = JSON.parse(text);
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const at = keys.reduce((inner, key) => inner[key], report);
    if (value === undefined) Reflect.deleteProperty(at, last);
    else at[last] = value;
    return JSON.stringify(report);
  };

  test.each([
    ['nothing', '', 'syntax: line 1, column 1: expected a JSON value'],
    ['text', '{\n "format": tru\n}', 'syntax: line 2, column 12: expected a JSON value'],
    ['half of one', text.slice(0, text.length / 2), 'syntax: line '],
    ['another format', '{"format":"slipway-trace"}', 'format: no conformance report; give'],
    ['a list', '[]', 'format: no conformance report; give'],
    ['a list in a list in a …', '['.repeat(100_000), 'limit: line 1, column 65: nested more than 64 levels deep'],
    ['a key that comes twice', '{"format":1,"format":2}', 'syntax: line 1, column 13: the key "format" comes twice'],
    ['a newer one', altered('schema', 4), 'version: schema 4 is newer than this version reads (3); read it with a newer Slipway'],
    ['an older one', altered('schema', 2), 'version: schema 2 is older'],
    ['no schema', altered('schema', '2'), 'field: schema: Invalid input'],
    ['no rows', altered('rows'), 'field: rows: Invalid input'],
    ['another verdict', altered('rows.1.verdict', 'OK'), 'field: rows[1].verdict: Invalid option'],
    ['a case twice', altered('rows.1.case', 'toy.server.a'), 'altered: rows[1].case: toy.server.a comes twice'],
    ['a fail made a pass', altered('rows.1.verdict', 'pass'), 'altered: rows[1].verdict: pass with what was refuted'],
    ['another sum', altered('grid.MUST.pass', 7), 'altered: grid: it is not the sum'],
    ['another conclusion', altered('conforms', true), 'altered: conforms: true does not follow'],
    ['a step that is not there', altered('rows.1.refuted.step', 2), 'altered: rows[1].refuted.step: 2 of 2'],
    ['a line that is not there', altered('rows.1.refuted.line', 1), 'altered: rows[1].refuted.line: 1 of 1'],
    ['a role nobody has', altered('rows.0.role', 'x'), 'altered: rows[0].role: x is no role'],
    [
      'too many rows',
      altered(
        'rows',
        Array.from({ length: 10_001 }, (_, at) => toyRow(`c${at}`)),
      ),
      'field: rows: Too big',
    ],
  ])('%s', (_name, given, said) => {
    expect(refusal(given)).toContain(said);
  });

  test('one that is too long', () => {
    expect(refusal(' '.repeat(REPORT_TEXT_LIMIT + 1))).toContain('limit: longer than 67108864 characters');
  });

  test('every cut of one, and every character changed into another, without a crash', () => {
    const short = encodeReport(toyReport([toyRow('a'), failed('b')]));
    for (let at = 0; at < short.length - 2; at += 41) {
      expect(refusal(short.slice(0, at))).not.toBe('read');
      for (const other of ['"', '{', '}', '\\', '-', '\u0000', '9']) refusal(short.slice(0, at) + other + short.slice(at + 1));
    }
  });

  test('a message shows nothing that a terminal would obey', () => {
    const message = refusal(altered('rows.0.role', '\u001b[2J\u202e'));
    expect(message).toContain('\\u{1b}[2J\\u{202e}');
    expect(message).not.toContain('\u001b');
  });
});

test('a key nobody knows is passed over, and __proto__ is one of them', () => {
  const report: Report = toyReport([toyRow('a')]);
  const text = JSON.stringify(report).replace('{', '{"later":[1],"__proto__":{"complete":false},');
  const read = readReport(text);
  expect(read).toEqual({ ok: true, report });
});
