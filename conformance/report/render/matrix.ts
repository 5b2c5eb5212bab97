/**
 * A matrix as text for a terminal, and as Markdown.
 */
import { printable } from '../../../src/host/bytes.ts';
import { VERDICTS } from '../../run/grade.ts';
import type { Matrix, MatrixCell, MatrixRow } from '../matrix.ts';
import { VERDICT_MARK, VERDICT_MEANING } from '../words.ts';
import { code, fitted, prose } from './markdown.ts';

const WIDTH = 16;

export function renderMatrix(matrix: Matrix): string {
  const { columns, sections } = matrix;
  const lines = [shown(`suite ${matrix.suite}: ${matrixSummary(matrix)}`), ...matrix.warnings.map(shown), ''];
  for (const [at, { name, sentence }] of columns.entries()) lines.push(shown(`  ${at + 1}  ${name}: ${sentence}`));
  const wide = Math.max(0, ...sections.flatMap(each => each.rows.map(row => shown(row.case).length)));
  const line = (first: string, cells: readonly string[]): string =>
    `  ${first.padEnd(wide + 7)}  ${cells.map(cell => cell.padEnd(WIDTH)).join('')}`.trimEnd();
  for (const { clause, rows } of sections) {
    lines.push(
      '',
      line(
        shown(clause),
        columns.map((_, at) => String(at + 1)),
      ),
    );
    for (const row of rows) lines.push(line(`${row.level.padEnd(6)} ${shown(row.case)}`, row.cells.map(word)));
  }
  lines.push('', ...legend(matrix).map(([verdict, meaning]) => `${verdict}: ${meaning}`));
  return `${lines.join('\n')}\n`;
}

/** Tables of GitHub have no sections: each clause has one of its own. */
export function renderMatrixMarkdown(matrix: Matrix): string {
  const { columns, sections, suite, warnings } = matrix;
  const head = [
    `## Suite ${code(suite)}: ${prose(matrixSummary(matrix))}`,
    '',
    ...columns.map(({ name, sentence }) => `- ${code(name)}: ${prose(sentence)}`),
    ...warnings.map(warning => `- ⚠️ ${prose(warning)}`),
  ];
  const tables = sections.map(({ clause, rows }) => [
    `### ${prose(clause) || 'No clause'}`,
    '',
    `| level | case | ${columns.map(({ name }) => code(name)).join(' | ')} |`,
    `|---|---|${columns.map(() => '---').join('|')}|`,
    ...rows.map(row => `| ${row.level} | ${code(row.case)} | ${row.cells.map(word).join(' | ')} |`),
  ]);
  const foot = legend(matrix).map(([verdict, meaning]) => `- *${verdict}*: ${meaning}`);
  return fitted([head, ...tables, foot].filter(lines => lines.length > 0).map(lines => lines.join('\n')));
}

export const matrixSummary = ({ columns, cases, disagreements }: Matrix): string =>
  `${cases} cases, ${columns.length} implementations, which disagree on ${disagreements}`;

/** The verdicts that are in it, and what they mean. */
export function legend({ sections }: Matrix): readonly (readonly [string, string])[] {
  const cells = sections.flatMap(each => each.rows.flatMap((row: MatrixRow) => row.cells));
  const verdicts = VERDICTS.filter(verdict => cells.some(cell => cell?.verdict === verdict));
  const meanings = verdicts.map(verdict => [`${VERDICT_MARK[verdict]} ${verdict}`, VERDICT_MEANING[verdict]] as const);
  return cells.includes(null) ? [...meanings, ['(empty)', 'the report does not have the case']] : meanings;
}

const word = (cell: MatrixCell | null): string => (cell === null ? '' : `${VERDICT_MARK[cell.verdict]} ${cell.verdict}`);

const shown = (text: string): string => printable(text, 600);
