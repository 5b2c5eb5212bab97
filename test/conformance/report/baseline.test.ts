/** The baseline: what is expected is no finding, what is not as it says is one, and the file can only shrink. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  applyBaseline,
  type Baseline,
  type BaselineEntry,
  encodeBaseline,
  NOT_LOOKED_AT,
  nextBaseline,
} from '../../../conformance/report/baseline.ts';
import { BASELINE, readBaseline } from '../../../conformance/report/baseline-schema.ts';
import { FORMS } from '../../../conformance/report/forms.ts';
import { endsWell, outcomesOf, saysNo } from '../../../conformance/report/outcome.ts';
import { readReport } from '../../../conformance/report/read.ts';
import type { ReportRow } from '../../../conformance/report/report.ts';
import { publishedSchema } from '../../../conformance/report/schema.ts';
import { broke, failed, missed, toyReport, toyRow, unclaimed, undecided } from './reports.ts';

const DAY = '2026-11-30';
const CASES = [...'abcdef'].map(name => ({ id: `toy.server.${name}`, ...(name === 'a' ? { was: ['toy.server.old'] } : {}) }));

const entry = (name: string, more: Partial<BaselineEntry> = {}): BaselineEntry => ({
  case: `toy.server.${name}`,
  expect: 'fail',
  why: 'known',
  issue: '#7',
  ...more,
});
const baselineOf = (...entries: readonly BaselineEntry[]): Baseline => ({
  format: 'slipway-conformance-baseline',
  schema: 1,
  suite: 'toy',
  entries,
});
const applied = (rows: readonly ReportRow[], ...entries: readonly BaselineEntry[]) =>
  applyBaseline(toyReport(rows), baselineOf(...entries), DAY, CASES);

test('the published schema is what the reader insists on', () => {
  const published = fileURLToPath(new URL('../../../conformance/schemas/baseline.schema.json', import.meta.url));
  const text = publishedSchema(BASELINE);
  if (process.env['UPDATE'] === '1') writeFileSync(published, text);
  expect(JSON.parse(readFileSync(published, 'utf8'))).toEqual(JSON.parse(text));
});

describe('a run ends well', () => {
  test.each([
    ['when what fails is expected', [toyRow('a'), failed('b')], [entry('b')], true],
    ['when all that was played fails as expected', [failed('b')], [entry('b')], true],
    ['when an expected match is found', [failed('b', 'xyz')], [entry('b', { match: 'b xy' })], true],
    ['when it is undecided as expected', [toyRow('a'), undecided('b')], [entry('b', { expect: 'inconclusive', match: '2 of 3' })], true],
    ['when an entry names an id from before', [failed('a')], [entry('old')], true],
    ['on the last day of an entry', [toyRow('a'), failed('b')], [entry('b', { until: DAY })], true],
    ['in the last month of an entry', [toyRow('a'), failed('b')], [entry('b', { until: '2026-11' })], true],
    ['not when something else fails', [failed('b'), failed('c')], [entry('b')], false],
    ['not when an entry is stale', [toyRow('a')], [entry('a')], false],
    ['not when it fails in another way', [toyRow('a'), failed('b', 'xyz')], [entry('b', { match: 'q' })], false],
    ['not when it has another verdict', [toyRow('a'), undecided('b')], [entry('b')], false],
    ['not when it does not apply any more', [toyRow('a'), unclaimed('b')], [entry('b')], false],
    ['not when there is no such case', [toyRow('a')], [entry('zzz')], false],
    ['not when the case was not run', [toyRow('a')], [entry('b')], false],
    ['not when two entries are of one case', [failed('a')], [entry('a'), entry('old')], false],
    ['not after the last day of an entry', [toyRow('a'), failed('b')], [entry('b', { until: '2026-11-29' })], false],
    ['not after the last month of an entry', [toyRow('a'), failed('b')], [entry('b', { until: '2026-10' })], false],
    ['not when the fault is ours', [toyRow('a'), broke('b')], [entry('b', { expect: 'inconclusive' })], false],
    ['not when nothing was decided', [unclaimed('b')], [entry('b', { expect: 'not-applicable' })], false],
  ] as const)('%s', (_name, rows, entries, well) => {
    const { report } = applied(rows, ...entries);
    expect(endsWell(report, false)).toBe(well);
    const red = outcomesOf(report).some(({ outcome: { is } }) => is === 'failed' || is === 'errored');
    if (rows.some(row => row.verdict !== 'not-applicable')) expect(red || saysNo(report) !== undefined).toBe(!well);
    expect(readReport(JSON.stringify(report))).toEqual({ ok: true, report });
    for (const form of FORMS) expect(form.render(report)).not.toBe('');
  });

  test('without a baseline exactly when it conforms', () => {
    for (const rows of [
      [toyRow('a')],
      [missed('a')],
      [toyRow('a'), missed('b')],
      [failed('a')],
      [toyRow('a'), undecided('b')],
      [toyRow('a'), broke('b')],
      [],
    ]) {
      const report = toyReport(rows);
      expect(endsWell(report, false)).toBe(report.conforms);
    }
    expect(endsWell(toyReport([toyRow('a')], { complete: false }), false)).toBe(false);
  });

  test('strictly, only without a SHOULD that is not met, or with it expected', () => {
    const rows = [toyRow('a'), missed('b')];
    expect([endsWell(toyReport(rows), false), endsWell(toyReport(rows), true)]).toEqual([true, false]);
    expect(endsWell(applied(rows, entry('b', { expect: 'nonstrict' })).report, true)).toBe(true);
  });
});

test('each row says what the baseline says of it, and each problem what to do', () => {
  const { report, problems } = applied(
    [toyRow('a'), failed('b'), failed('c', 'x'), failed('d')],
    entry('a'),
    entry('b'),
    entry('c', { match: 'q' }),
    entry('d', { until: '2025-01' }),
    entry('e'),
    entry('x'),
  );
  expect(report.rows.map(row => row.baseline)).toEqual([
    { state: 'stale', why: 'known', issue: '#7' },
    { state: 'expected', why: 'known', issue: '#7' },
    { state: 'different', why: 'known', issue: '#7' },
    { state: 'stale', why: 'known', issue: '#7' },
  ]);
  expect(problems.map(({ kind, case: id, text }) => `${kind} ${id}: ${text}`)).toEqual([
    'stale toy.server.a: it passes now; take the entry out',
    'different toy.server.c: the entry expects “q” and it says “b x”; find out why',
    'expired toy.server.d: the entry held until 2025-01; repair it, or decide again',
    'unmatched toy.server.e: the case was not run; run it, or use the baseline of this selection',
    'unmatched toy.server.x: the suite has no such case; take the entry out',
  ]);
  expect(report).toMatchObject({ baseline: { expected: 1, wrong: 5 }, conforms: false });
  expect(report.warnings).toHaveLength(5);
});

describe('the next baseline', () => {
  const next = (rows: readonly ReportRow[], old: Baseline | undefined) => nextBaseline(toyReport(rows), old, DAY, CASES);

  test('of a first run has what is against the run', () => {
    const rows = [toyRow('a'), failed('b'), missed('c'), undecided('d'), unclaimed('e'), broke('f')];
    const { baseline, grown } = next(rows, undefined);
    expect(grown).toEqual(['toy.server.b', 'toy.server.c', 'toy.server.d']);
    expect(baseline.entries[0]).toEqual({ case: 'toy.server.b', expect: 'fail', why: NOT_LOOKED_AT, issue: '' });
    expect(readBaseline(encodeBaseline(baseline))).toEqual({ ok: true, value: baseline });
  });

  test('keeps what holds word for word, and what was not run; drops what is stale or nobody has; names what would grow', () => {
    const held = entry('b', { match: 'b ', until: '2027-01', why: 'long known' });
    const { baseline, grown } = next([toyRow('a'), failed('b'), failed('d')], baselineOf(entry('a'), held, entry('c'), entry('x')));
    expect(baseline.entries).toEqual([held, entry('c'), { case: 'toy.server.d', expect: 'fail', why: NOT_LOOKED_AT, issue: '' }]);
    expect(grown).toEqual(['toy.server.d']);
    expect(next([failed('b')], baselineOf(held)).grown).toEqual([]);
  });

  test('what fails in another way, or beyond its time, is growth, and what is known of it stays', () => {
    const { baseline, grown } = next([undecided('b'), failed('c')], baselineOf(entry('b'), entry('c', { until: '2026-01' })));
    expect(grown).toEqual(['toy.server.b', 'toy.server.c']);
    expect(baseline.entries).toEqual([entry('b', { expect: 'inconclusive' }), entry('c')]);
  });
});

test.each([
  ['no reason', { entries: [{ case: 'a', expect: 'fail', why: '', issue: '' }] }, 'entries[0].why: say why it is expected'],
  ['a pass', { entries: [{ case: 'a', expect: 'pass', why: 'x', issue: '' }] }, 'entries[0].expect: Invalid option'],
  [
    'a date that is none',
    { entries: [{ case: 'a', expect: 'fail', why: 'x', issue: '', until: '2026-13' }] },
    'entries[0].until: expected a month or a day',
  ],
  [
    'a key that is mistyped',
    { entries: [{ case: 'a', expect: 'fail', why: 'x', issue: '', untill: '2026-12' }] },
    'Unrecognized key: "untill"',
  ],
  ['a newer one', { schema: 2 }, 'schema 2 is newer than this version reads (1)'],
  ['another format', { format: 'x' }, 'no baseline; `slipway conform --write-baseline` makes one'],
])('a file with %s is refused', (_name, more, said) => {
  const read = readBaseline(JSON.stringify({ ...baselineOf(), ...more }));
  expect(read.ok ? 'read' : read.message).toContain(said);
});
