/**
 * What is wrong, the worst first: one card for each cause, with the cases that fell with it folded under the one to look at;
 * then what could not be decided, under its reasons.
 */
import { citedIn, clauseCalled } from '../../../clauses.ts';
import type { Finding } from '../../causes.ts';
import { findingsOf, undecidedOf } from '../../causes.ts';
import type { Report, ReportRow } from '../../report.ts';
import { comparison, timing } from './case-page.ts';
import { caseAnchor, requirementAnchor } from './links.ts';
import type { Content, Markup } from './markup.ts';
import { html } from './markup.ts';
import { cut, keywords, levelTag, verdictTag } from './verdicts.ts';

export function findings(report: Report): Markup {
  const found = findingsOf(report);
  const fell = found.reduce((sum, { folded }) => sum + 1 + folded.length, 0);
  const count =
    found.length === 0
      ? 'Nothing was refuted.'
      : `${found.length} ${found.length === 1 ? 'cause' : 'causes'} for ${fell} ${fell === 1 ? 'case' : 'cases'}, the worst first.`;
  return html`<section aria-labelledby="findings"><h2 id="findings">Findings</h2><p class="lead">${count}</p>${
    found.length > 0 && html`<ol class="findings">${found.map(each => finding(each, report))}</ol>`
  }</section>
${undecided(undecidedOf(report))}`;
}

const TEXT_SHOWN = 400;

function finding({ row, folded }: Finding, report: Report): Markup {
  return html`<li class="finding ${row.verdict}"><article tabindex="-1"><h3>${verdictTag(row.verdict)} ${levelTag(row.level)} <a href="#${caseAnchor(row.case)}">${row.title}</a></h3><p class="facts"><code>${row.case}</code></p>${
    row.refuted === undefined ? html`<p>${cut(row.why, TEXT_SHOWN)}</p>` : refuted(row, row.refuted, report)
  }${fellWith(row, folded)}</article></li>
`;
}

function refuted(row: ReportRow, refutation: NonNullable<ReportRow['refuted']>, report: Report): Markup {
  const { requirement, step } = refutation;
  const text = report.requirements.find(each => each.id === requirement)?.text ?? '';
  return html`<p>${keywords(text)} <a class="clause" href="#${requirementAnchor(requirement)}">the requirement</a></p>${clauseTexts(refutation.clause, report)}${comparison(refutation, report, TEXT_SHOWN)}<p class="facts">First divergence at step ${step}: ${cut(row.steps[step] ?? '', TEXT_SHOWN)} · the process: ${row.end}${timing(row)}</p>`;
}

/** The words behind the number, where somebody asks for them. */
function clauseTexts(clause: string, { clauses = [] }: Report): Content {
  return citedIn(clause).map(cited => {
    const found = clauseCalled(clauses, cited);
    if (found === undefined) return undefined;
    const { title, text, source } = found;
    return html`<details class="fold cited"><summary>Clause ${cited}: ${title}</summary><p>${text}</p><p class="facts">From: ${source}</p></details>`;
  });
}

const SHOWN_AT_ONCE = 3;

function fellWith({ verdict }: ReportRow, rows: readonly ReportRow[]): Content {
  if (rows.length === 0) return undefined;
  const list = caseList(rows);
  const same = rows.filter(each => each.verdict === verdict).length + 1;
  const hanging = rows.length + 1 - same;
  const others = hanging === 0 ? '' : `${same > 1 ? '; ' : ''}${hanging} more cannot be judged while it is there`;
  const told = `${same > 1 ? `${same} cases have this one cause` : ''}${others}`;
  if (rows.length <= SHOWN_AT_ONCE) return html`<div class="folded"><p>${told}:</p>${list}</div>`;
  return html`<details class="fold folded"><summary>${told}</summary>${list}</details>`;
}

const caseList = (rows: readonly ReportRow[]): Markup =>
  html`<ul class="cases">${rows.map(row => html`<li>${verdictTag(row.verdict)} <a href="#${caseAnchor(row.case)}"><code>${row.case}</code></a></li>`)}</ul>`;

/** For the same reason is one line of thought. */
function undecided(rows: readonly ReportRow[]): Content {
  const reasons = new Map<string, ReportRow[]>();
  for (const row of rows) reasons.set(row.why, [...(reasons.get(row.why) ?? []), row]);
  if (reasons.size === 0) return undefined;
  return html`<section aria-labelledby="undecided"><h2 id="undecided">Not decided</h2>${[...reasons].map(
    ([why, each]) => html`<p class="reason">${cut(why, TEXT_SHOWN)}</p>${caseList(each)}`,
  )}</section>
`;
}
