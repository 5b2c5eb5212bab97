/**
 * How verdicts and states look: always a symbol and a word, and a tint as well.
 */
import type { Level } from '../../../case.ts';
import type { VerdictName } from '../../../run/grade.ts';
import type { ReportRequirement, ReportRow } from '../../report.ts';
import { caseAnchor } from './links.ts';
import type { Content, Markup } from './markup.ts';
import { html } from './markup.ts';

/** Characters without a form as an emoji. */
const SYMBOL: Readonly<Record<VerdictName, string>> = {
  pass: '✓',
  nonstrict: '△',
  info: 'i',
  fail: '✗',
  inconclusive: '?',
  'not-applicable': '–',
  error: '!',
};

/** As people say it. */
export const VERDICT_WORD: Readonly<Record<VerdictName, string>> = {
  pass: 'pass',
  nonstrict: 'nonstrict',
  info: 'info',
  fail: 'fail',
  inconclusive: 'inconclusive',
  'not-applicable': 'not applicable',
  error: 'error',
};

/** The worst first: the order of everything that is sorted by verdict. */
export const BY_WEIGHT: readonly VerdictName[] = ['error', 'fail', 'nonstrict', 'info', 'inconclusive', 'pass', 'not-applicable'];

export const tag = (look: VerdictName, word: string): Markup =>
  html`<span class="tag ${look}"><span aria-hidden="true">${SYMBOL[look]}</span> ${word}</span>`;
export const verdictTag = (verdict: VerdictName): Markup => tag(verdict, VERDICT_WORD[verdict]);

export const levelTag = (level: Level): Markup => html`<span class="level">${level}</span>`;

/** A case as one square, whose name is its title. */
export function mark(row: ReportRow): Markup {
  const seen = row.refuted === undefined ? row.why : `received ${row.refuted.received}`;
  const title = `${VERDICT_WORD[row.verdict]}: ${row.case}${seen === '' ? '' : `; ${cut(seen, TITLE_SHOWN)}`}`;
  return html`<a class="mark ${row.verdict}" href="#${caseAnchor(row.case)}" title="${title}"><span aria-hidden="true">${SYMBOL[row.verdict]}</span></a>`;
}

const TITLE_SHOWN = 160;
export const cut = (text: string, limit: number): string => (text.length > limit ? `${text.slice(0, limit)}…` : text);

/** `1 fail, 4 pass`. */
export function countsOf(rows: readonly ReportRow[]): string {
  const counted = BY_WEIGHT.map(verdict => ({ verdict, count: rows.filter(row => row.verdict === verdict).length }));
  return counted
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${VERDICT_WORD[verdict]}`)
    .join(', ');
}

type Status = ReportRequirement['status'];
/** A state of a requirement looks like the verdict that it comes from. */
const STATUS_LOOK: Readonly<Record<Status, { readonly look: VerdictName; readonly word: string }>> = {
  met: { look: 'pass', word: 'met' },
  broken: { look: 'fail', word: 'broken' },
  open: { look: 'inconclusive', word: 'open' },
  excluded: { look: 'not-applicable', word: 'excluded' },
};

/** A SHOULD or a MAY that was not kept is not the same as a MUST that was broken. */
export function statusTag({ status, level }: ReportRequirement): Markup {
  const { look, word } = STATUS_LOOK[status];
  if (status !== 'broken' || level === 'MUST') return tag(look, word);
  return level === 'SHOULD' ? tag('nonstrict', 'not met') : tag('info', 'not chosen');
}

/** A sentence with the words of its level in it standing out. */
export function keywords(text: string): Content {
  return text.split(/\b((?:MUST|SHOULD)(?: NOT)?|MAY)\b/).map((part, index) => (index % 2 === 1 ? html`<b class="kw">${part}</b>` : part));
}

/** Rows that a reader came for. */
export const matters = (row: ReportRow): boolean => row.refuted !== undefined || row.verdict === 'error' || row.verdict === 'inconclusive';

/** Milliseconds with microseconds as decimals, in groups of three: `262 001.015`. */
export function millis(micros: number): string {
  const [whole = '', rest = ''] = (micros / 1_000).toFixed(3).split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, '\u202f')}.${rest}`;
}
