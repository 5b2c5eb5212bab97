/**
 * The wire log of a case as a sequence diagram: two lifelines and an arrow for each line. Widths are in percent, so that the
 * text keeps its size on any screen. Heights say what comes after what and not how long it took: the time is written beside
 * each line, and a long wait is a break.
 * Lacks: timers; a report has none.
 */
import { type LogLine, NONE, type ReportRow } from '../../report.ts';
import type { CaseDepth } from './depth.ts';
import { shownOf, windowOf } from './depth.ts';
import type { Content, Markup } from './markup.ts';
import { html } from './markup.ts';
import { cut, millis } from './verdicts.ts';
import { lineAnchor } from './wire-log.ts';

/**
 * In the page once: what every diagram has, and the arrows with their heads. Labels and arrows stand in an inner drawing that
 * begins in the middle between the lifelines, so that none of them has to say where that is.
 */
export const SEQUENCE_PARTS: Markup = html`<svg width="0" height="0" class="parts" aria-hidden="true" focusable="false"><defs>
<marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z"/></marker>
<marker id="head-bad" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="bad" d="M0 0 8 4 0 8z"/></marker>
<g id="lives"><line class="life" x1="27%" x2="27%" y1="26" y2="100%"/><line class="life" x1="88%" x2="88%" y1="26" y2="100%"/></g>
<line id="out" class="arrow" x1="-30.5%" x2="30.5%" marker-end="url(#head)"/><line id="in" class="arrow" x1="30.5%" x2="-30.5%" marker-end="url(#head)"/>
<line id="out-bad" class="arrow bad" x1="-30.5%" x2="30.5%" marker-end="url(#head-bad)"/><line id="in-bad" class="arrow bad" x1="30.5%" x2="-30.5%" marker-end="url(#head-bad)"/>
<line id="at" class="at" x1="-30.5%" x2="30.5%"/><line id="at-bad" class="at bad" x1="-30.5%" x2="30.5%"/>
</defs></svg>`;

export function sequence(row: ReportRow, index: number, depth: CaseDepth): Content {
  if (row.log.length === 0 || depth.arrows === 0) return undefined;
  // An arrow leads to its line, so there is none for a line that the log leaves out.
  const { lines } = shownOf(row, depth);
  const { from, to } = windowOf(lines.length, depth.arrows, lines.indexOf(row.refuted?.line ?? NONE));
  const drawn = lines.slice(from, to);
  const before = drawn[0] ?? 0;
  const drawing = new Drawing(row, index);
  drawing.left(before, 'earlier');
  for (const at of drawn) drawing.line(at);
  drawing.left(row.log.length - before - drawn.length + row.logOmitted, 'more');
  return drawing.finish();
}

const HEAD = 34;
const ROW = 28;
const BREAK = 26;
/** Shorter than this is no wait to a reader. */
const IDLE_MICROS = 100_000;
const LABEL_SHOWN = 36;

class Drawing {
  readonly #row: ReportRow;
  readonly #index: number;
  readonly #parts: Content[] = [];
  readonly #times: Content[] = [];
  #y = HEAD;
  #last = 0;
  #idle = false;

  constructor(row: ReportRow, index: number) {
    this.#row = row;
    this.#index = index;
  }

  left(count: number, which: string): void {
    if (count > 0) this.#break(`${count} ${which} ${count === 1 ? 'line' : 'lines'}: see the wire log`);
  }

  line(at: number): void {
    const line = this.#row.log[at];
    if (line === undefined) return;
    if (this.#parts.length > 0 && line.at - this.#last >= IDLE_MICROS) {
      this.#idle = true;
      this.#break(`${seconds(line.at - this.#last)} s pass`);
    }
    this.#last = line.at;
    this.#y += ROW;
    const bad = this.#row.refuted?.line === at;
    const y = this.#y;
    this.#times.push(html`<text y=${y}>${millis(line.at)}</text>`);
    this.#parts.push(html`<a href=#${lineAnchor(this.#index, at)}><use href=#${SHAPE[line.from]}${bad && '-bad'} y=${y} /><text y=${y - 5}${bad && BAD}>${bad && '✗ '}${at} ${labelOf(line)}</text></a>
`);
  }

  #break(text: string): void {
    this.#y += BREAK;
    this.#parts.push(html`<text y=${this.#y - 4} class="gap">⋮ ${text} ⋮</text>
`);
  }

  finish(): Markup {
    const height = this.#y + 14;
    return html`<figure class="sequence"><svg width="100%" height="${height}" role="group" aria-label="Sequence diagram; the wire log below has the same as a table"><use href="#lives"/><text x="27%" y="16" class="who">tester</text><text x="88%" y="16" class="who">implementation</text><g class="ms"><text y="16">+ms</text>${this.#times}</g><svg x="57.5%">
${this.#parts}</svg></svg><figcaption>In order, not to scale${this.#idle && `; waits of ${IDLE_MICROS / 1_000} ms and more are shortened to a line`}.</figcaption></figure>`;
  }
}

const BAD = html` class="bad"`;
const SHAPE: Readonly<Record<LogLine['from'], string>> = { tester: 'out', peer: 'in', note: 'at' };

const labelOf = ({ channel, text }: LogLine): string => cut(channel === '' ? text : `${channel}: ${text}`, LABEL_SHOWN);

/** Three digits that mean something. */
function seconds(micros: number): string {
  const value = micros / 1_000_000;
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
