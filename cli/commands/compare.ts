/**
 * `slipway compare`: what became of each case from one report to the next.
 */

import { compareReports, ofOneSuite } from '../../conformance/report/compare.ts';
import { renderComparison, renderComparisonMarkdown } from '../../conformance/report/render/comparison.ts';
import type { Suite } from '../../conformance/suite.ts';
import { printable } from '../../src/host/bytes.ts';
import type { Knowing } from '../context.ts';
import { EXIT, type ExitCode, usage } from '../exit.ts';
import { loadReport } from '../report-files.ts';

export interface CompareFlags {
  readonly format: string;
}

const FORMS = { text: renderComparison, markdown: renderComparisonMarkdown };

export async function compare(old: string, now: string, { format }: CompareFlags, { screen, catalogueOf }: Knowing): Promise<ExitCode> {
  const render = Object.entries(FORMS).find(([name]) => name === format)?.[1];
  if (render === undefined) throw usage(`--format must be ${Object.keys(FORMS).join(' or ')}, not '${printable(format)}'`);
  const [before, after] = [await loadReport(old), await loadReport(now)];
  if (!ofOneSuite([before, after]))
    throw usage(
      `${old} is of the suite ${printable(before.suite.name)}, ${now} of ${printable(after.suite.name)}: nothing in them can be compared`,
    );
  const { name } = after.suite;
  const comparison = compareReports(before, after, renamedIn((await catalogueOf(name)).suiteNamed(name)));
  screen.line(render(comparison).trimEnd());
  screen.value(comparison);
  return comparison.changes.some(change => change.kind === 'regressed') ? EXIT.findings : EXIT.ok;
}

/** The present id of a case, by each that it had before. */
function renamedIn(suite: Suite | undefined): ReadonlyMap<string, string> {
  return new Map((suite?.cases ?? []).flatMap(({ id, was = [] }) => was.map(old => [old, id] as const)));
}
