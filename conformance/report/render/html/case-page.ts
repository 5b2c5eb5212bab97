/**
 * One case from top to bottom: what is required, what was expected and received, what went over the wire, how it ended, and
 * how to see it again. All of it is in the page; a reader opens it.
 */
import type { Refuted, Report, ReportEnd, ReportRequirement, ReportRow } from '../../report.ts';
import type { CaseDepth } from './depth.ts';
import type { Span } from './difference.ts';
import { firstDifference } from './difference.ts';
import { caseAnchor, clauseLinks, fileLink, requirementAnchor, webLink } from './links.ts';
import type { Content, Markup } from './markup.ts';
import { html } from './markup.ts';
import { sequence } from './sequence.ts';
import { cut, keywords, levelTag, matters, verdictTag } from './verdicts.ts';
import { stepAnchor, wireLog } from './wire-log.ts';

export interface CasePage {
  readonly row: ReportRow;
  /** In the report. */
  readonly index: number;
  readonly requirements: readonly ReportRequirement[];
  readonly depth: CaseDepth;
  readonly before: ReportRow | undefined;
  readonly after: ReportRow | undefined;
  /** A reader came for it: it leads a finding, or it is undecided for a reason of its own. Open on paper. */
  readonly leads: boolean;
  /** Cases that have a page. */
  readonly there: ReadonlySet<string>;
  /** The finding under which it is folded. */
  readonly because: ReportRow | undefined;
  readonly report: Report;
}

export function casePage(page: CasePage): Markup {
  const { row, index, requirements, depth, leads, there, because, report } = page;
  const { verdict, level, role } = row;
  return html`<details class="case ${verdict}${leads && ' leads'}" data-level="${level}" data-verdict="${verdict}" data-role="${role}" data-counts="${row.counts ? 'yes' : 'no'}"><summary>${verdictTag(verdict)}<h4>${row.title}</h4><code>${row.case}</code></summary><div id="${caseAnchor(row.case)}" class="body">
${facts(row)}${sameCause(because)}${requirements.map(each => requirementBox(each, report, matters(row)))}${purpose(row, there)}${decision(row, index, report, depth)}${baseline(row)}
${conversation(row, index, depth)}${connectionEnds(row.ends)}${outputs(row, depth)}${reproduce(row)}${neighbours(page)}</div></details>
`;
}

const sameCause = (because: ReportRow | undefined): Content =>
  because !== undefined &&
  html`<p class="because">It fell for the same reason as <a href="#${caseAnchor(because.case)}"><code>${because.case}</code></a>; look there first.</p>`;

/** What there is to know where time or a race decided: how often it was tried, what came of that, and what the computer had to do with it. */
export function timing({ attempts: { played, refuted: times, late, undecided }, refuted, rests, race, strain }: ReportRow): string {
  const parts = [
    race === '' ? '' : `a race: ${race}`,
    times > 0 && times < played ? `sometimes: ${times} of ${played}` : '',
    played > 1 || refuted?.by === 'time' ? `${played} ${played === 1 ? 'attempt' : 'attempts'}, ${late} too late` : '',
    undecided > 0 ? `nothing decided in ${undecided} of ${played}` : '',
    rests === 'deadline' && strain !== undefined
      ? `the tester was ${inSeconds(strain.lag)} late, the implementation waited ${inSeconds(strain.waited)} for a core`
      : '',
  ];
  return parts.map(part => (part === '' ? '' : ` · ${part}`)).join('');
}

const inSeconds = (time: number): string => `${(time / 1e6).toFixed(2)} s`;

function facts(row: ReportRow): Markup {
  const { level, role, rev, end, millis, counts } = row;
  const parts: readonly Content[] = [
    html`${levelTag(level)}`,
    `role ${role}`,
    `revision ${rev}`,
    `the process: ${end}${timing(row)}`,
    millis !== undefined && `${millis} ms`,
    !counts && 'newer than the set: not counted',
  ];
  return html`<p class="facts">${parts.filter(part => part !== '' && part !== false).map((part, at) => [at > 0 && ' · ', part])}</p>`;
}

/** With the words of the source under ours. Why it matters is asked where it is not met; it stands in the table of requirements as well. */
function requirementBox(requirement: ReportRequirement, report: Report, wholly: boolean): Markup {
  const { id, level, text, quote, rationale } = requirement;
  return html`<section class="requirement"><h5>Requirement <a href="#${requirementAnchor(id)}"><code>${id}</code></a> <span class="clause">${level}, clause ${clauseLinks(requirement, report)}</span></h5><p>${keywords(text)}</p>${quotation(quote)}${wholly && rationale !== '' && html`<p class="why">Why it matters: ${rationale}</p>`}</section>`;
}

export const quotation = (quote: string): Content => quote !== '' && html`<blockquote>${keywords(quote)}</blockquote>`;

/** Why this case exists: the one thing in which it is wrong on purpose, and the faults it is known to see. */
function purpose({ twin, deviation, kills }: ReportRow, there: ReadonlySet<string>): Content {
  if (twin === '' && kills.length === 0) return undefined;
  return html`<section class="purpose"><h5>Why this test exists</h5>${
    twin !== '' &&
    html`<p>It is ${there.has(twin) ? html`<a href="#${caseAnchor(twin)}"><code>${twin}</code></a>` : html`<code>${twin}</code>`}, which is valid, with one deviation: ${deviation}.</p>`
  }${kills.length > 0 && caught(kills)}</section>`;
}

const CAUGHT_SHOWN = 6;

function caught(kills: readonly string[]): Markup {
  const shown = kills.slice(0, CAUGHT_SHOWN).map((each, at) => [at > 0 && ', ', html`<code>${each}</code>`]);
  const rest = kills.length - CAUGHT_SHOWN;
  return html`<p>It is known to catch: ${shown}${rest > 0 && ` and ${rest} more`}.</p>`;
}

function decision(row: ReportRow, index: number, report: Report, depth: CaseDepth): Content {
  if (row.refuted !== undefined)
    return html`<section class="decision"><h5 class="sr">Expected and received</h5>${comparison(row.refuted, report, depth.text)}<p class="facts">Decided at <a href="#${stepAnchor(index, row.refuted.step)}">step ${row.refuted.step}</a>, by ${BY[row.refuted.by]}${timing(row)}.</p></section>`;
  return (
    row.why !== '' &&
    html`<section class="decision"><h5>Why it is ${row.verdict === 'error' ? 'an error' : row.verdict}</h5><p>${cut(row.why, depth.text)}</p></section>`
  );
}

const BY: Readonly<Record<Refuted['by'], string>> = {
  order: 'what came',
  time: 'time: nothing came before the deadline',
};

/** The two side by side, marked from the first character in which they differ. */
export function comparison({ requirement, expected, received, clause }: Refuted, report: Report, limit: number): Markup {
  const difference = firstDifference(expected, received);
  return html`<div class="pair"><div><h6>Expected (per clause ${clauseLinks({ clause, id: requirement }, report)})</h6><p class="data">${marked(expected, difference?.expected, limit)}</p></div><div><h6>Received</h6><p class="data">${marked(received, difference?.received, limit)}</p></div></div>`;
}

function marked(text: string, span: Span | undefined, limit: number): Content {
  if (span === undefined) return cut(text, limit);
  const end = span.at + span.length;
  const different =
    span.length === 0 ? html`<mark class="gone" title="nothing here">∅</mark>` : html`<mark>${cut(text.slice(span.at, end), limit)}</mark>`;
  return [text.slice(0, span.at), different, cut(text.slice(end), limit)];
}

function baseline({ baseline }: ReportRow): Content {
  if (baseline === undefined) return undefined;
  const { state, why, issue } = baseline;
  return html`<section class="baseline"><h5>Baseline: ${BASELINE[state]}</h5><p>${why}${issue !== '' && [' ', webLink(issue)]}</p></section>`;
}

const BASELINE = {
  expected: 'this was expected',
  different: 'something else was expected',
  stale: 'what was expected no longer happens',
} as const;

function conversation(row: ReportRow, index: number, depth: CaseDepth): Markup {
  const diagram = sequence(row, index, depth);
  return html`<section><h5>Steps and wire log</h5>${diagram !== undefined && html`<details class="fold"${matters(row) && OPEN}><summary>Sequence diagram</summary>${diagram}</details>`}${wireLog(row, index, depth)}</section>`;
}

const OPEN = html` open`;

function connectionEnds(ends: readonly ReportEnd[]): Content {
  if (ends.length === 0) return undefined;
  return html`<section><h5>How the connections ended</h5><table class="ends"><thead><tr><th scope="col">Channel</th><th scope="col">End</th><th scope="col">Meaning</th></tr></thead><tbody>${ends.map(
    ({ channel, how }) => html`<tr><th scope="row">${channel}<td>${how}<td>${END_MEANING[how]}`,
  )}</tbody></table></section>`;
}

const END_MEANING: Readonly<Record<ReportEnd['how'], string>> = {
  'closed by it': 'the implementation ended its direction, then the connection was closed',
  'half-closed by it': 'the implementation ended its direction; the other one stayed open',
  'reset by it': 'the implementation broke the connection off',
  'closed by us': 'the tester closed it',
  'reset by us': 'the tester broke the connection off, as the case asks',
  open: 'it was open when the case was over',
  'never opened': 'there was no connection',
};

/** What the log tells byte by byte is not told again; what a program says to people is. */
function outputs({ output, log }: ReportRow, depth: CaseDepth): Content {
  const told = new Set(log.filter(({ length }) => length > 0).map(line => line.channel));
  return output
    .filter(({ channel, bytes }) => bytes > 0 && (FOR_PEOPLE.includes(channel) || !told.has(channel)))
    .map(
      ({ channel, bytes, tail }) =>
        html`<section class="output"><h5>${channel}: ${bytes} ${bytes === 1 ? 'byte' : 'bytes'}</h5><pre tabindex="0">${linesOf(tail.slice(-depth.text))}</pre></section>`,
    );
}

const FOR_PEOPLE = ['stdout', 'stderr'];

/** A report has line ends in a visible form; here they are what they were. */
const linesOf = (text: string): Content => text.split(/(?:\\u\{d\})?\\u\{a\}|\r?\n/).map((line, at) => [at > 0 && NEWLINE, line]);
const NEWLINE = html`
`;

function reproduce({ reproduce: { live, replay }, evidence: { trace, pcap, view = '' } }: ReportRow): Markup {
  return html`<section class="reproduce"><h5>Reproduce</h5><dl><dt>Against the implementation</dt><dd><code class="command">${live}</code></dd>${
    replay !== '' && html`<dt>Without it, from ${fileLink(trace, 'its trace')}</dt><dd><code class="command">${replay}</code></dd>`
  }${view !== '' && html`<dt>To look into</dt><dd>${fileLink(view, view)}</dd>`}${pcap !== '' && html`<dt>As packets</dt><dd>${fileLink(pcap, pcap)}</dd>`}</dl></section>`;
}

function neighbours({ before, after }: CasePage): Markup {
  return html`<nav class="neighbours" aria-label="Neighbours">${before !== undefined && html`<a href="#${caseAnchor(before.case)}">← previous case</a>`}${
    after !== undefined && html`<a href="#${caseAnchor(after.case)}">next case →</a>`
  }</nav>`;
}
