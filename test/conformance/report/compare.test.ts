/** Two reports: what became better, worse or different; and many, side by side. */

import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { LIFETIME } from '../../../conformance/lifetime/suite.ts';
import { type Comparison, compareReports, ofOneSuite } from '../../../conformance/report/compare.ts';
import { matrixOf } from '../../../conformance/report/matrix.ts';
import { renderComparison, renderComparisonMarkdown } from '../../../conformance/report/render/comparison.ts';
import { renderMatrix, renderMatrixMarkdown } from '../../../conformance/report/render/matrix.ts';
import { renderMatrixPage } from '../../../conformance/report/render/matrix-page.ts';
import type { LogLine, Report, ReportRow } from '../../../conformance/report/report.ts';
import { byClause } from '../../../conformance/report/words.ts';
import {
  broke,
  declined,
  failed,
  HOSTILE,
  hostileReport,
  missed,
  oneOfEach,
  reportOf,
  toyReport,
  toyRow,
  unclaimed,
  undecided,
} from './reports.ts';

const NONE = new Map<string, string>();
const compared = (before: readonly ReportRow[], after: readonly ReportRow[], arm: Report['arm'] = 'sim'): Comparison =>
  compareReports(toyReport(before, { arm }), toyReport(after, { arm }), NONE);
const kinds = (comparison: Comparison): readonly string[] => comparison.changes.map(each => `${each.kind} ${each.case.slice(-1)}`);

const said = (text: string, more: Partial<LogLine> = {}): LogLine => ({
  at: 1,
  from: 'peer',
  step: 0,
  channel: 'in',
  text,
  length: 3,
  hex: '616263',
  ...more,
});
const talking = (...lines: readonly LogLine[]): ReportRow => toyRow('a', { log: lines });

describe('a comparison', () => {
  test.each([
    ['pass to fail', toyRow('a'), failed('a'), 'regressed a'],
    ['pass to a SHOULD that is not met', toyRow('a'), missed('a'), 'regressed a'],
    ['pass to not claimed', toyRow('a'), unclaimed('a'), 'regressed a'],
    ['pass to undecided', toyRow('a'), undecided('a'), 'regressed a'],
    ['pass to an error of ours', toyRow('a'), broke('a'), 'regressed a'],
    ['undecided to fail', undecided('a'), failed('a'), 'regressed a'],
    ['fail to pass', failed('a'), toyRow('a'), 'improved a'],
    ['fail to nonstrict', failed('a'), missed('a'), 'improved a'],
    ['nonstrict to pass', missed('a'), toyRow('a'), 'improved a'],
    ['undecided to pass', undecided('a'), toyRow('a'), 'improved a'],
    ['fail to not claimed, which is no better', failed('a'), unclaimed('a'), 'changed a'],
    ['another choice', toyRow('a'), declined('a'), 'changed a'],
    ['undecided to not claimed', undecided('a'), unclaimed('a'), 'changed a'],
  ])('%s', (_name, before, after, kind) => {
    expect(kinds(compared([before], [after]))).toEqual([kind]);
  });

  test('of a report with itself finds nothing, in any order of rows', () => {
    expect(compared(oneOfEach(), [...oneOfEach()].reverse())).toMatchObject({ changes: [], same: 7, warnings: [] });
  });

  test('names what is only in one of the two, and sorts by kind and id', () => {
    const comparison = compared([toyRow('a'), toyRow('b'), failed('c'), toyRow('d')], [failed('b'), toyRow('c'), toyRow('d'), failed('e')]);
    expect(kinds(comparison)).toEqual(['regressed b', 'improved c', 'added e', 'removed a']);
    expect(comparison.same).toBe(1);
  });

  test('finds a case under the id it had before', () => {
    const renamed = new Map([['toy.server.old', 'toy.server.new']]);
    const { changes, same } = compareReports(toyReport([failed('old')]), toyReport([toyRow('new')]), renamed);
    expect(changes).toMatchObject([{ kind: 'improved', case: 'toy.server.new', was: 'toy.server.old', before: 'fail', after: 'pass' }]);
    expect(same).toBe(0);
  });

  test('says when the case is another, and what keeps the two apart', () => {
    const [change] = compared([toyRow('a')], [{ ...failed('a'), rev: 2 }]).changes;
    expect(change?.what).toContain('revision 1 before, 2 now');
    const older = toyReport([toyRow('a')], { suite: { name: 'toy', title: '', set: '2025-01' }, complete: false });
    const { warnings } = compareReports(older, toyReport([toyRow('a')], { arm: 'sim', patience: 2_000 }), NONE);
    expect(warnings).toEqual([
      'the sets are different: 2025-01 before, 2026-11 now',
      'one is simulated and one is not: node before, sim now',
      'patience is different, in thousandths: 1000 before, 2000 now',
      'the old run was stopped before its end',
    ]);
    expect(ofOneSuite([toyReport([]), toyReport([], { suite: { name: 'other', title: '', set: '' } })])).toBe(false);
  });

  describe('of the wire', () => {
    test.each([
      ['in virtual time everything but the instant', 'sim', [said('a 12')], [said('a 12', { at: 9 })], undefined],
      [
        'in virtual time a number',
        'sim',
        [said('a 12')],
        [said('a 13')],
        'from in: a 12 (3 bytes, 616263) before, from in: a 13 (3 bytes, 616263) now',
      ],
      ['for real a number', 'node', [said('a 12')], [said('a 13')], undefined],
      ['for real a key', 'node', [said('key 0123abcd')], [said('key 9fEd0012')], undefined],
      ['for real a word', 'node', [said('a 12')], [said('b 12')], 'on in: a # before, b # now'],
      ['for real what came together', 'node', [said('a; b')], [said('a'), said('b')], undefined],
      ['for real another order', 'node', [said('a'), said('b')], [said('b'), said('a')], 'on in: a before, b now'],
      [
        'for real another order of two channels',
        'node',
        [said('a'), said('b', { channel: 'x' })],
        [said('b', { channel: 'x' }), said('a')],
        undefined,
      ],
      ['for real how far it was read', 'node', [said('a'), said('b')], [said('a')], undefined],
      ['for real what it tells people', 'node', [said('a', { channel: 'stderr' })], [said('b', { channel: 'stderr' })], undefined],
    ] as const)('%s', (_name, arm, before, after, what) => {
      const { changes } = compared([talking(...before)], [talking(...after)], arm);
      expect(changes.map(each => each.what)).toEqual(what === undefined ? [] : [what]);
      for (const change of changes) expect(change).toMatchObject({ kind: 'changed', before: 'pass', after: 'pass' });
    });

    test('fails as before and otherwise', () => {
      const { changes } = compared([failed('b', 'x')], [failed('b', 'y')], 'node');
      expect(changes).toMatchObject([{ kind: 'changed', what: 'received b x before, b y now' }]);
    });
  });

  test('of ours and of a mutant is what the mutant broke', async () => {
    const cases = ['lifetime.child.start.*', 'lifetime.child.address.*'];
    const ours = await reportOf({ suite: LIFETIME, role: 'child', cases });
    const mutant = await reportOf({ suite: LIFETIME, role: 'child', mutant: 'child/version-2', cases });
    const { changes } = compareReports(ours, mutant, NONE);
    const broken = mutant.rows.filter(row => row.refuted !== undefined).map(row => row.case);
    expect(broken.length).toBeGreaterThan(0);
    expect(changes.filter(each => each.kind === 'regressed').map(each => each.case)).toEqual(expect.arrayContaining(broken));
    expect(
      compareReports(mutant, ours, NONE)
        .changes.filter(each => each.kind === 'improved')
        .map(each => each.case),
    ).toEqual(expect.arrayContaining(broken));
    expect(compareReports(ours, await reportOf({ suite: LIFETIME, role: 'child', cases }), NONE).changes).toEqual([]);
  });

  test('as text and as Markdown', () => {
    const comparison = compared([toyRow('a'), failed('c')], [failed('a'), toyRow('c'), toyRow('d')]);
    const text = renderComparison(comparison);
    expect(text).toContain('Regressed (1)\n  toy.server.a: pass before, fail now\n       received nothing before, b  now\n');
    expect(text).toContain('1 regressed, 1 improved, 0 changed, 1 added, 0 removed, 0 the same');
    const markdown = renderComparisonMarkdown(comparison);
    expect(markdown).toContain('### Regressed (1)\n\n- `toy.server.a`: pass before, fail now: `received nothing before, b  now`');
    const hostile = compareReports(toyReport([]), hostileReport(), NONE);
    const other = compareReports(toyReport(oneOfEach()), hostileReport(), NONE);
    for (const form of [renderComparison, renderComparisonMarkdown])
      for (const each of [hostile, other])
        for (const unsafe of ['\u0000', '\u001b', '\u202e']) expect(form(each).includes(unsafe)).toBe(false);
    expect(renderComparisonMarkdown(other).replace(/`[^`\n]*`/g, '')).not.toMatch(/[<@[\]|]/);
  });
});

describe('a matrix', () => {
  const named = (label: string, rows: readonly ReportRow[], more: Partial<Report> = {}) => ({ label, report: toyReport(rows, more) });
  const unnamed = (label: string, rows: readonly ReportRow[]) =>
    named(label, rows, { implementation: { ...toyReport([]).implementation, name: '', version: '' } });
  const ALL = { disagreements: false };

  test('has a row for each case, by clause, and a cell for each report', () => {
    const matrix = matrixOf([unnamed('one', [toyRow('a'), failed('b')]), unnamed('two', [failed('b', 'y'), missed('c')])], ALL);
    expect(matrix.columns.map(each => each.name)).toEqual(['one', 'two']);
    expect(
      matrix.sections.map(({ clause, rows }) => [
        clause,
        rows.map(row => [row.case, row.cells.map(cell => cell?.verdict ?? null), row.agrees]),
      ]),
    ).toEqual([
      [
        '1.1',
        [
          ['toy.server.a', ['pass', null], true],
          ['toy.server.b', ['fail', 'fail'], true],
        ],
      ],
      ['1.2', [['toy.server.c', [null, 'nonstrict'], true]]],
    ]);
    expect(matrix).toMatchObject({ cases: 3, disagreements: 0, warnings: [] });
  });

  test('only where they disagree; a case that one does not have is no disagreement', () => {
    const matrix = matrixOf([unnamed('one', [toyRow('a'), failed('b'), toyRow('d')]), unnamed('two', [toyRow('a'), toyRow('b')])], {
      disagreements: true,
    });
    expect(matrix.sections.flatMap(each => each.rows.map(row => row.case))).toEqual(['toy.server.b']);
    expect(matrix).toMatchObject({ cases: 3, disagreements: 1 });
  });

  test('tells two of the same name apart, and warns of what cannot be compared', () => {
    const other = named('y', [{ ...toyRow('a'), rev: 2 }], { suite: { name: 'toy', title: '', set: '2027-01' }, complete: false });
    const matrix = matrixOf([named('x', [toyRow('a')]), other], ALL);
    expect(matrix.columns.map(each => each.name)).toEqual(['Toy 1.2 #1', 'Toy 1.2 #2']);
    expect(matrix.warnings).toEqual([
      'the sets are different: 2026-11, 2027-01',
      'y: the run was stopped before its end',
      'toy.server.a: revisions 1 and 2 of the case do not ask the same',
    ]);
  });

  test('clauses are in the order of their numbers', () => {
    expect(['L10', 'L2, A-B06', 'L2', '', '1.10', '1.9.1', '1.9', 'C1'].sort(byClause)).toEqual([
      '',
      '1.9',
      '1.9.1',
      '1.10',
      'C1',
      'L2',
      'L2, A-B06',
      'L10',
    ]);
  });

  test('as text, as Markdown and as a page', () => {
    const matrix = matrixOf([unnamed('one', oneOfEach()), unnamed('two', [toyRow('a')])], ALL);
    expect(renderMatrix(matrix)).toMatch(/1\.1 +1 +2\n {2}MUST {3}toy\.server\.a +✓ pass +✓ pass\n {2}MUST {3}toy\.server\.b +✗ fail\n/);
    expect(renderMatrixMarkdown(matrix)).toContain(
      '| level | case | `one` | `two` |\n|---|---|---|---|\n| MUST | `toy.server.a` | ✓ pass | ✓ pass |\n',
    );
    expect(renderMatrix(matrix)).toContain('(empty): the report does not have the case');
    const hostile = matrixOf([{ label: HOSTILE, report: hostileReport() }, unnamed(HOSTILE, oneOfEach(HOSTILE))], ALL);
    for (const form of [renderMatrix, renderMatrixMarkdown, renderMatrixPage])
      for (const unsafe of ['\u0000', '\u001b', '\u202e']) expect(form(hostile).includes(unsafe)).toBe(false);
    expect(renderMatrixMarkdown(hostile).replace(/`[^`\n]*`/g, '')).not.toMatch(/[<@[\]]/);
    expect(renderMatrixPage(hostile)).not.toContain('<script');
  });

  test('the page can be read by a machine: well formed, with a language, headers in their places, and nothing from elsewhere', () => {
    for (const each of [unnamed('one', oneOfEach()), { label: HOSTILE, report: hostileReport() }]) {
      const page = renderMatrixPage(matrixOf([each, unnamed('two', [toyRow('a')])], ALL));
      const xml = page.replace('<!doctype html>\n', '').replace(/<(meta|br)([^>]*)>/g, '<$1$2/>');
      expect(XMLValidator.validate(xml)).toBe(true);
      const { html } = new XMLParser({
        ignoreAttributes: false,
        attributeNamePrefix: '@',
        isArray: name => ['tbody', 'tr', 'td', 'th'].includes(name),
      }).parse(xml);
      expect(html['@lang']).toBe('en');
      const { thead, tbody } = html.body.main.table;
      expect(thead.tr[0].th.map((cell: Record<string, string>) => cell['@scope'])).toEqual(['col', 'col', 'col', 'col']);
      for (const { tr } of tbody) {
        expect(tr[0].th[0]).toMatchObject({ '@scope': 'rowgroup', '@colspan': '4' });
        for (const row of tr.slice(1)) {
          expect(row.th[0]['@scope']).toBe('row');
          expect(row.td).toHaveLength(3);
        }
      }
      expect(page).not.toMatch(/<script|src=|href=|https?:\/\/(?!x\.test)|onerror/i);
    }
  });
});
