/**
 * What the clauses say, what was required, what was claimed beside what was seen, and what a pass does not mean.
 */
import type { Report, ReportClaim, ReportClause, ReportRequirement } from '../../report.ts';
import { quotation } from './case-page.ts';
import { sectionsOf } from './clauses.ts';
import { clauseAnchor, clauseLinks, requirementAnchor } from './links.ts';
import type { Content, Markup } from './markup.ts';
import { html } from './markup.ts';
import { keywords, levelTag, mark, statusTag, tag } from './verdicts.ts';

export function clauses({ clauses: all = [] }: Report): Content {
  if (all.length === 0) return undefined;
  return html`<section aria-labelledby="clauses"><h2 id="clauses">What the clauses say</h2><p class="lead">In words of this project; each says where it can be read in full.</p><dl class="clauses">${all.map(clause)}</dl></section>
`;
}

const clause = ({ id, title, text, source }: ReportClause): Markup =>
  html`<div id="${clauseAnchor(id)}"><dt><strong>${id}</strong> ${title}</dt><dd><p>${text}</p><p class="facts">From: ${source}</p></dd></div>
`;

export function requirements(report: Report): Markup {
  return html`<section aria-labelledby="requirements"><h2 id="requirements">Requirements</h2><table class="requirements"><caption class="sr">Requirements by clause</caption><thead><tr><th scope="col">Status</th><th scope="col">Level</th><th scope="col">Requirement</th></tr></thead>${sectionsOf(
    report.requirements,
  ).map(
    ({
      name,
      requirements: own,
    }) => html`<tbody><tr><th scope="rowgroup" colspan="3">Clause ${name}</th></tr>${own.map(each => requirement(each, report))}</tbody>
`,
  )}</table></section>
`;
}

function requirement(each: ReportRequirement, report: Report): Markup {
  const { id, level, role, text, quote, rationale, excluded, counts, cases } = each;
  const played = report.rows.filter(row => cases.includes(row.case));
  return html`<tr id="${requirementAnchor(id)}"><td>${statusTag(each)}</td><td>${levelTag(level)}</td><td><p>${keywords(text)}</p>${quotation(quote)}${
    rationale !== '' && html`<p class="why">${rationale}</p>`
  }${excluded !== '' && html`<p class="why">Excluded: ${excluded}</p>`}<p class="facts"><code>${id}</code> · ${clauseLinks(each, report)} · role ${role}${!counts && ' · newer than the set: not counted'}</p>${
    played.length > 0 && html`<span class="marks">${played.map(mark)}</span>`
  }</td></tr>
`;
}

export function claims({ claims: all }: Report): Content {
  if (all.length === 0) return undefined;
  return html`<section aria-labelledby="claims"><h2 id="claims">Claimed and seen</h2><table class="claims"><caption class="sr">What the implementation claims, beside what was seen</caption><thead><tr><th scope="col">Claim or choice</th><th scope="col">Claimed</th><th scope="col">Seen</th><th scope="col">The two</th></tr></thead><tbody>${all.map(claim)}</tbody></table></section>
`;
}

const claim = ({ kind, id, text, claimed, observed, agrees }: ReportClaim): Markup =>
  html`<tr><th scope="row">${kind === 'feature' ? 'Feature' : 'Choice'} <code>${id}</code><p>${keywords(text)}</p></th><td>${claimed}</td><td>${observed}</td><td>${agreement(claimed, observed, agrees)}</td></tr>
`;

function agreement(claimed: ReportClaim['claimed'], observed: ReportClaim['observed'], agrees: boolean): Content {
  if (!agrees) return tag('fail', 'differ');
  return claimed === 'not said' || observed === 'not seen' ? html`<span class="dim">nothing to compare</span>` : tag('pass', 'agree');
}

export function limits({ limits: all }: Report): Content {
  if (all.length === 0) return undefined;
  return html`<section class="limits" aria-labelledby="limits"><h2 id="limits">What a pass does not mean</h2><ul>${all.map(each => html`<li>${each}</li>`)}</ul></section>
`;
}
