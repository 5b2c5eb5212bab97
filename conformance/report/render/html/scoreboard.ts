/**
 * The score: how many cases of each level have which verdict, and how much of the requirements was tested. No percentage:
 * nine tenths of a protocol are not nine tenths of conformance.
 */
import type { Level } from '../../../case.ts';
import { LEVELS } from '../../../case.ts';
import type { VerdictName } from '../../../run/grade.ts';
import { VERDICTS } from '../../../run/grade.ts';
import type { Report } from '../../report.ts';
import { VERDICT_MEANING } from '../../words.ts';
import { groupAnchor } from './links.ts';
import type { Content, Markup } from './markup.ts';
import { html } from './markup.ts';
import { VERDICT_WORD, verdictTag } from './verdicts.ts';

export function scoreboard(report: Report): Markup {
  return html`<section aria-labelledby="score"><h2 id="score">Score</h2><div class="score">
<table class="grid"><caption>Cases by level and verdict; each number leads to its cases</caption><thead><tr><td></td>${VERDICTS.map(
    verdict => html`<th scope="col" class="${verdict}">${verdictTag(verdict)}</th>`,
  )}<th scope="col">all</th></tr></thead><tbody>${LEVELS.map(level => line(report, level))}</tbody></table>
${coverage(report)}</div>
<details class="fold"><summary>What the words mean</summary><dl class="legend">${VERDICTS.map(
    verdict => html`<dt>${verdictTag(verdict)}</dt><dd>${VERDICT_MEANING[verdict]}</dd>`,
  )}</dl></details></section>
`;
}

function line({ grid }: Report, level: Level): Markup {
  const all = VERDICTS.reduce((sum, verdict) => sum + grid[level][verdict], 0);
  return html`<tr><th scope="row">${level}</th>${VERDICTS.map(verdict => cell(level, verdict, grid[level][verdict]))}<td>${
    all === 0 ? ZERO : html`<a href="#cases" data-level="${level}">${all}<span class="sr"> cases of ${level}</span></a>`
  }</td></tr>`;
}

const ZERO = html`<span class="zero">0</span>`;

function cell(level: Level, verdict: VerdictName, count: number): Markup {
  if (count === 0) return html`<td>${ZERO}</td>`;
  return html`<td class="${verdict}"><a href="#${groupAnchor(level, verdict)}" data-level="${level}" data-verdict="${verdict}">${count}<span class="sr"> ${level} ${VERDICT_WORD[verdict]}</span></a></td>`;
}

/** A bar whose parts are named under it. */
function coverage({ coverage: { total, met, broken, open, excluded } }: Report): Markup {
  const parts = [
    { look: 'fail', word: 'broken', count: broken },
    { look: 'pass', word: 'met', count: met },
    { look: 'inconclusive', word: 'open: not decided in this run', count: open },
    { look: 'not-applicable', word: 'excluded: nobody can observe it', count: excluded },
  ];
  return html`<figure class="coverage"><figcaption><strong>${met + broken}</strong> of ${total} requirements of the tested roles were decided</figcaption><svg class="bar" width="100%" height="14" aria-hidden="true" focusable="false">${bars(parts, total)}</svg><ul>${parts.map(
    ({ look, word, count }) => html`<li><span class="swatch ${look}" aria-hidden="true"></span><b>${count}</b> ${word}</li>`,
  )}</ul></figure>`;
}

function bars(parts: readonly { readonly look: string; readonly count: number }[], total: number): Content {
  let x = 0;
  return parts.map(({ look, count }) => {
    const width = total === 0 ? 0 : (100 * count) / total;
    const bar = html`<rect class="${look}" x="${x.toFixed(2)}%" width="${width.toFixed(2)}%" height="14"/>`;
    x += width;
    return bar;
  });
}
