/**
 * All cases, under their level and verdict, the worst first, so that a number of the score has a place to lead to. The
 * filters above them appear with the script that serves them.
 */
import { LEVELS } from '../../../case.ts';
import { VERDICTS } from '../../../run/grade.ts';
import { findingsOf, undecidedOf } from '../../causes.ts';
import type { Report, ReportRow } from '../../report.ts';
import { casePage } from './case-page.ts';
import type { Depth } from './depth.ts';
import { depthOf } from './depth.ts';
import { groupAnchor } from './links.ts';
import type { Content, Markup } from './markup.ts';
import { html } from './markup.ts';
import { BY_WEIGHT, levelTag, VERDICT_WORD, verdictTag } from './verdicts.ts';

export function cases(report: Report, depth: Depth): Markup {
  const groups = groupsOf(report.rows);
  const order = groups.flatMap(each => each.rows);
  const found = findingsOf(report);
  const leading = new Set([...found.map(each => each.row), ...undecidedOf(report)]);
  const because = new Map(found.flatMap(({ row, folded }) => folded.map(each => [each.case, row] as const)));
  const there = new Set(order.map(each => each.case));
  const requirements = new Map(report.requirements.map(each => [each.id, each]));
  const indices = new Map(report.rows.map((row, index) => [row, index]));
  const page = (row: ReportRow): Markup => {
    const place = order.indexOf(row);
    return casePage({
      row,
      index: indices.get(row) ?? 0,
      requirements: row.requirements.map(id => requirements.get(id)).filter(each => each !== undefined),
      depth: depthOf(row, depth),
      before: order[place - 1],
      after: order[place + 1],
      leads: leading.has(row),
      there,
      because: because.get(row.case),
      report,
    });
  };
  return html`<section aria-labelledby="cases"><h2 id="cases">Cases</h2>${filters(report)}${groups.map(
    ({ anchor, heading, rows }) => html`<section class="group" id="${anchor}"><h3>${heading} <span class="count">${rows.length}</span></h3>
${rows.map(page)}</section>
`,
  )}</section>
`;
}

interface Group {
  readonly anchor: string;
  readonly heading: Content;
  readonly rows: readonly ReportRow[];
}

/** What does not count stands apart: the numbers of the score are those of the other groups. */
function groupsOf(rows: readonly ReportRow[]): readonly Group[] {
  const groups = BY_WEIGHT.flatMap(verdict =>
    LEVELS.map(level => ({
      anchor: groupAnchor(level, verdict),
      heading: html`${verdictTag(verdict)} ${levelTag(level)}`,
      rows: rows.filter(row => row.counts && row.verdict === verdict && row.level === level),
    })),
  );
  const rest = { anchor: 'not-counted', heading: 'Not counted: newer than the set', rows: rows.filter(row => !row.counts) };
  return [...groups, rest].filter(group => group.rows.length > 0);
}

function filters({ rows, implementation }: Report): Markup {
  const seen = VERDICTS.filter(verdict => rows.some(row => row.verdict === verdict));
  const options = (values: readonly string[], words: Readonly<Record<string, string>> = {}): Content =>
    values.map(value => html`<option value="${value}">${words[value] ?? value}</option>`);
  return html`<form class="filters" id="filters" hidden><label>Text <input type="search" name="text" autocomplete="off" spellcheck="false"></label><label>Level <select name="level"><option value="">all</option>${options(LEVELS)}</select></label><label>Verdict <select name="verdict"><option value="">all</option>${options(seen, VERDICT_WORD)}</select></label><label>Role <select name="role"><option value="">all</option>${options(
    implementation.roles.map(each => each.role),
  )}</select></label>${rows.some(row => !row.counts) && html`<label class="check"><input type="checkbox" name="counts" value="yes"> only what counts</label>`}<button type="reset">Clear</button><button type="button" id="open-all">Open all</button><output id="shown" aria-live="polite"></output><details class="keys"><summary>Keys</summary><p><kbd>n</kbd> <kbd>p</kbd> next and previous finding · <kbd>j</kbd> <kbd>k</kbd> next and previous case · <kbd>/</kbd> filter by text</p><label class="check"><input type="checkbox" id="keys" checked> keys are on</label></details></form>
`;
}
