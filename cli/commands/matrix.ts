/**
 * `slipway matrix`: reports of several implementations side by side.
 */
import { ofOneSuite } from '../../conformance/report/compare.ts';
import { COLUMNS_LIMIT, matrixOf, type NamedReport } from '../../conformance/report/matrix.ts';
import { renderMatrix, renderMatrixMarkdown } from '../../conformance/report/render/matrix.ts';
import { renderMatrixPage } from '../../conformance/report/render/matrix-page.ts';
import { printable } from '../../src/host/bytes.ts';
import { EXIT, type ExitCode, usage } from '../exit.ts';
import { loadReport } from '../report-files.ts';
import type { Screen } from '../screen.ts';

export interface MatrixFlags {
  readonly format: string;
  readonly disagreements?: boolean;
}

const FORMS = { text: renderMatrix, markdown: renderMatrixMarkdown, html: renderMatrixPage };

export async function matrix(files: readonly string[], flags: MatrixFlags, screen: Screen): Promise<ExitCode> {
  const render = Object.entries(FORMS).find(([name]) => name === flags.format)?.[1];
  if (render === undefined) throw usage(`--format must be ${Object.keys(FORMS).join(', ')}, not '${printable(flags.format)}'`);
  if (files.length > COLUMNS_LIMIT) throw usage(`${files.length} reports: a matrix has at most ${COLUMNS_LIMIT} columns`);
  const reports: NamedReport[] = [];
  for (const label of files) reports.push({ label, report: await loadReport(label) });
  if (!ofOneSuite(reports.map(({ report }) => report))) {
    const suites = reports.map(({ label, report }) => `${printable(label)} is of ${printable(report.suite.name)}`);
    throw usage(`a matrix is of one suite: ${suites.join(', ')}`);
  }
  const made = matrixOf(reports, { disagreements: flags.disagreements === true });
  screen.line(render(made).trimEnd());
  screen.value(made);
  return EXIT.ok;
}
