/**
 * Every form of a report, given everything that a hostile implementation can write, in every field: each is what its format asks for,
 * nothing in it is obeyed by whoever reads it, and it stays small.
 */
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { compareReports } from '../../../conformance/report/compare.ts';
import { FORMS } from '../../../conformance/report/forms.ts';
import { encodeReport } from '../../../conformance/report/make.ts';
import { matrixOf } from '../../../conformance/report/matrix.ts';
import { renderComparison, renderComparisonMarkdown } from '../../../conformance/report/render/comparison.ts';
import { renderMatrix, renderMatrixMarkdown } from '../../../conformance/report/render/matrix.ts';
import { renderMatrixPage } from '../../../conformance/report/render/matrix-page.ts';
import { renderTerminal } from '../../../conformance/report/render/terminal.ts';
import type { Report } from '../../../conformance/report/report.ts';
import { type Form, HOSTILE_TEXTS, hostileTexts, leaksIn } from '../../hostile/texts.ts';
import { sampleReport, withTexts } from './sample.ts';
import { ANT, invalidIn, JENKINS } from './xml-schema.ts';

interface Output {
  readonly name: string;
  readonly form: Form;
  readonly render: (report: Report) => string;
  /** What is wrong with its format; nothing for what is only read by people. */
  readonly wrong?: (text: string) => readonly string[];
}

const xml = (text: string): readonly string[] => {
  const told = XMLValidator.validate(text);
  return told === true ? [] : [told.err.msg];
};
const json = (text: string): readonly string[] => {
  JSON.parse(text);
  return [];
};
const tapLines = (text: string): readonly string[] =>
  text.split('\n').filter(each => !/^(TAP version 14|#.*|1\.\.\d+|(?:not )?ok \d+ - .*| {2}(?:---|\.\.\.|\w+: .*)|)$/.test(each));

const TYPES: Readonly<Record<string, Pick<Output, 'form' | 'wrong'>>> = {
  html: { form: 'html' },
  text: { form: 'plain' },
  junit: { form: 'xml', wrong: text => [...xml(text), ...invalidIn(text, JENKINS), ...invalidIn(text, ANT)] },
  ctrf: { form: 'json', wrong: json },
  sarif: { form: 'json', wrong: json },
  tap: { form: 'plain', wrong: tapLines },
  markdown: { form: 'markdown' },
  badge: { form: 'xml', wrong: xml },
  shields: { form: 'json', wrong: json },
};

const two = (report: Report): readonly [Report, Report] => [
  report,
  { ...report, rows: report.rows.map(row => ({ ...row, why: `${row.why}, otherwise`, end: `${row.end}, otherwise` })) },
];
const compared = (report: Report) => compareReports(...two(report), new Map());
const matrix = (report: Report) =>
  matrixOf(
    two(report).map((each, at) => ({ label: `${report.implementation.name} ${at}`, report: each })),
    { disagreements: false },
  );

const OUTPUTS: readonly Output[] = [
  ...FORMS.map(({ name, render }) => ({ name, render, ...(TYPES[name] ?? { form: 'plain' as const }) })),
  { name: 'a terminal in colour', form: 'plain', render: report => renderTerminal(report, { colour: true, verbose: true }) },
  { name: 'report.json', form: 'json', render: encodeReport, wrong: json },
  { name: 'a comparison', form: 'plain', render: report => renderComparison(compared(report)) },
  { name: 'a comparison in Markdown', form: 'markdown', render: report => renderComparisonMarkdown(compared(report)) },
  { name: 'a matrix', form: 'plain', render: report => renderMatrix(matrix(report)) },
  { name: 'a matrix in Markdown', form: 'markdown', render: report => renderMatrixMarkdown(matrix(report)) },
  { name: 'a matrix as a page', form: 'html', render: report => renderMatrixPage(matrix(report)) },
];

const plain = sampleReport({ cases: 10, lines: 4 });
/** A text at its beginning, at its end, and by itself: what is obeyed is obeyed by where it stands. */
const attacks = (hostile: string): readonly Report[] => [
  withTexts(plain, text => `${hostile}${text}`),
  withTexts(plain, (text, path) => (path.startsWith('id ') ? text : hostile)),
];

/** In a code span of Markdown nothing is markup but its end; what is wrong with characters is wrong there as well, quotes are not. */
const leaksOf = (form: Form, text: string): readonly string[] =>
  form === 'markdown'
    ? [...leaksIn(form, text.replace(/`[^`\n]*`/g, '')), ...leaksIn('json', text).filter(each => !each.startsWith('end of a string'))]
    : leaksIn(form, text);

test('every form has a type here', () => {
  expect(FORMS.map(each => each.name).filter(name => TYPES[name] === undefined)).toEqual([]);
});

describe.each(OUTPUTS.map(output => [output.name, output] as const))('%s', (name, { form, render, wrong = () => [] }) => {
  test('is valid and obeys nothing', () => {
    const bad = HOSTILE_TEXTS.flatMap((each, at) =>
      attacks(hostileTexts[at] ?? '').flatMap(report => {
        const text = render(report);
        return [...leaksOf(form, text), ...wrong(text)].map(leak => `${each.name}: ${leak.slice(0, 200)}`);
      }),
    );
    expect(bad).toEqual([]);
  });

  test('has lines that can be read, whatever somebody sent', () => {
    const flood = 'hostile '.repeat(131_072);
    const sent = /^\.(rows\.\d+\.(refuted|why|end|output|log|title|reproduce)|command|warnings|facts|implementation)\b/;
    // report.json holds what its maker cut.
    const text = render(withTexts(plain, (own, path) => (sent.test(path) && name !== 'report.json' ? flood + own : own)));
    expect(wrong(text)).toEqual([]);
    expect(text.length).toBeLessThan(1_500_000);
  });
});
