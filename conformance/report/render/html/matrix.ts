/**
 * Every clause against every role, in the order of the source: a square for each case, and what they come to in words.
 */
import type { Report, ReportRow } from '../../report.ts';
import type { Section } from './clauses.ts';
import { sectionsOf } from './clauses.ts';
import { clauseLinks } from './links.ts';
import type { Content, Markup } from './markup.ts';
import { html } from './markup.ts';
import { BY_WEIGHT, countsOf, mark } from './verdicts.ts';

export function matrix(report: Report): Markup {
  const roles = report.implementation.roles.map(each => each.role);
  const sections = sectionsOf(report.requirements);
  return html`<section aria-labelledby="matrix"><h2 id="matrix">Clauses by role</h2><p class="lead">One square is one case; it leads to its page.</p><table class="matrix"><caption class="sr">Clauses by role</caption><thead><tr><th scope="col">Clause</th>${roles.map(
    role => html`<th scope="col">${role}</th>`,
  )}</tr></thead><tbody>${sections.map(
    section => html`<tr><th scope="row">${clauseLinks({ clause: section.name, id: section.requirements[0]?.id ?? '' }, report)}</th>${roles.map(role => html`<td>${cell(section, role, report.rows)}</td>`)}</tr>
`,
  )}</tbody></table></section>
`;
}

function cell({ requirements }: Section, role: string, rows: readonly ReportRow[]): Content {
  const own = requirements.filter(each => each.role === role);
  if (own.length === 0) return NOTHING;
  const ids = new Set(own.flatMap(each => each.cases));
  const played = rows.filter(row => ids.has(row.case)).sort((left, right) => weight(left) - weight(right));
  const excluded = own.filter(each => each.status === 'excluded').length;
  const words = [played.length > 0 && countsOf(played), excluded > 0 && `${excluded} excluded`].filter(word => word !== false);
  return [
    played.length > 0 && html`<span class="marks">${played.map(mark)}</span>`,
    html`<span class="words">${words.join('; ') || 'no case selected'}</span>`,
  ];
}

const NOTHING = html`<span class="zero" aria-hidden="true">·</span><span class="sr">nothing required</span>`;
const weight = (row: ReportRow): number => BY_WEIGHT.indexOf(row.verdict);
