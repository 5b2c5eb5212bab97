/**
 * The wire log of a case as a table: under each step of the case what happened in it, so that a step in which nothing came
 * is seen as well. The bytes of a line are behind its text.
 * End tags that HTML lets one leave out are left out here, where there are thousands of them.
 */
import { type LogLine, NONE, type Refuted, type ReportRow } from '../../report.ts';
import { brokenIn, dump, tree } from './bytes.ts';
import type { CaseDepth } from './depth.ts';
import { shownOf } from './depth.ts';
import type { Content, Markup } from './markup.ts';
import { html } from './markup.ts';
import { cut, millis } from './verdicts.ts';

/** Lines are named by the place of their case in the report: ids of cases would make the page a third larger. */
export const lineAnchor = (index: number, line: number): string => `L${index}-${line}`;
export const stepAnchor = (index: number, step: number): string => `S${index}-${step}`;

export function wireLog(row: ReportRow, index: number, depth: CaseDepth): Markup {
  const { steps, lines } = shownOf(row, depth);
  const group = (step: number): Content => lines.filter(at => row.log[at]?.step === step).map(at => logLine(row, at, index, depth));
  const before = lines[0] ?? 0;
  const after = row.log.length - before - lines.length + row.logOmitted;
  return html`<table class="log" aria-label="Wire log"><thead><tr>${HEADINGS.map(heading => html`<th scope=col>${heading}`)}</thead>
${left(before, 'earlier', steps.from)}${steps.from === 0 && html`<tbody>${group(NONE)}`}
${row.steps.slice(steps.from, steps.to).map((text, at) => {
  const step = steps.from + at;
  return html`<tbody>${stepLine(row, index, step, cut(text, depth.text))}${group(step)}`;
})}${left(after, 'more', row.steps.length - steps.to)}</table>`;
}

const HEADINGS = ['#', '+ms', 'direction', 'channel', 'bytes', 'decoded', 'step'];

function left(lines: number, which: string, steps: number): Content {
  if (lines === 0 && steps === 0) return undefined;
  return html`<tbody><tr><td colspan="7" class="more">${lines} ${which} ${lines === 1 ? 'line' : 'lines'}${steps > 0 && ` and ${steps} ${steps === 1 ? 'step' : 'steps'}`} not shown; the trace has all.</td></tr></tbody>`;
}

/** What comes after the step that decided was not reached; of a case that was not played this goes without saying. */
function stepLine({ refuted, log }: ReportRow, index: number, step: number, text: string): Markup {
  const here = refuted?.step === step;
  const reached = log.length === 0 || step <= (refuted?.step ?? log.at(-1)?.step ?? -1);
  const more = here ? html` <span class="tag fail"><span aria-hidden="true">✗</span> not met here</span>` : undefined;
  const name = here ? html` id="${stepAnchor(index, step)}" class="bad"` : reached ? undefined : html` class="dim"`;
  return html`<tr${name}><th scope=rowgroup colspan=7><i>${step}</i>${text}${more}${!reached && html` <small>not reached</small>`}
`;
}

const WAY: Readonly<Record<LogLine['from'], string>> = { tester: '→ out', peer: '← in', note: '· note' };

function logLine({ log, refuted }: ReportRow, at: number, index: number, depth: CaseDepth): Content {
  const line = log[at];
  if (line === undefined) return undefined;
  const { from, step, channel, length } = line;
  const decided = at === refuted?.line;
  return html`<tr id=${lineAnchor(index, at)} class=${decided ? html`"bad ${from}"` : from}><td>${at}<td>${millis(line.at)}<td>${WAY[from]}<td>${channel}<td>${length > 0 && length}<td>${decoded(line, decided ? refuted : undefined, depth)}<td>${step >= 0 && step}
`;
}

const DECIDED = html`<span aria-hidden="true">✗ </span><span class="sr">decided here: </span>`;

function decoded(line: LogLine, refuted: Refuted | undefined, depth: CaseDepth): Content {
  const { text, length, hex } = line;
  const decided = refuted !== undefined;
  const told = [decided && DECIDED, text === '' && length > 0 ? '(no text)' : cut(text, depth.text)];
  if (hex === '') return told;
  const shown = hex.slice(0, 2 * depth.bytes);
  const span = decided ? brokenIn(line, refuted) : undefined;
  return html`<details${decided && OPEN}><summary>${told}</summary>${depth.tree && tree(line, span)}<pre tabindex=0>${dump(shown, span)}${
    shown.length < 2 * length &&
    html`
… ${length - shown.length / 2} bytes more, in the trace`
  }</pre></details>`;
}

const OPEN = html` open`;
