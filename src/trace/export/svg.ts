/**
 * A trace as a picture: the sequence of ../sequence.ts in SVG, for documents. Colours follow the page: light or dark.
 * Lacks: interaction, and more rows than a page can have; how many are left out stands at the end.
 */
import { printable } from '../../host/bytes.ts';
import { formatTime } from '../../host/time.ts';
import type { Drawn } from '../sequence.ts';

const ROWS_LIMIT = 400;
const ROW = 22;
const HEAD = 44;
const TIME = 110;
const LANE = 260;
const CHARACTER = 6.7;

export function svgOf(rows: readonly Drawn[], title: string, limit: number = ROWS_LIMIT): string {
  const shown = rows.slice(0, limit);
  const lanes = [...new Set(shown.flatMap(({ event, to }) => [event.process, to]))].filter(process => process !== '');
  const left = rows.length - shown.length;
  const width = TIME + Math.max(1, lanes.length) * LANE;
  const height = HEAD + (shown.length + (left > 0 ? 1 : 0)) * ROW + 12;
  const x = (process: string): number => TIME + lanes.indexOf(process) * LANE + 20;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    STYLE,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...lanes.map(
      process =>
        `<path class="lane" d="M${x(process)} ${HEAD - 8}V${height - 8}"/><text class="name" x="${x(process) - 4}" y="20">${fitted(process, LANE - 20)}</text>`,
    ),
  ];
  for (const [row, drawn] of shown.entries()) parts.push(rowOf(drawn, HEAD + row * ROW, x, width));
  if (left > 0) parts.push(`<text class="note" x="${TIME}" y="${height - 14}">… ${left} more</text>`);
  return `${parts.join('\n')}\n</svg>\n`;
}

function rowOf({ event, text, to, wrong }: Drawn, y: number, x: (process: string) => number, width: number): string {
  const middle = y + ROW / 2;
  const band = wrong ? `<rect class="band" x="0" y="${y}" width="${TIME - 16}" height="${ROW}"/>` : '';
  const time = `${band}<text class="time" x="8" y="${middle + 4}">${escaped(formatTime(event.time))}</text>`;
  if (event.process === '')
    return `${time}<path class="world" d="M${TIME - 12} ${middle}H${width - 8}"/><text class="note" x="${TIME}" y="${middle - 3}">${fitted(text, width - TIME)}</text>`;
  const from = x(event.process);
  if (to === '' || to === event.process)
    return `${time}<circle class="dot" cx="${from}" cy="${middle}" r="3"/><text class="note" x="${from + 8}" y="${middle + 4}">${fitted(text, width - from - 12)}</text>`;
  const target = x(to);
  const tip = target > from ? -1 : 1;
  return [
    `${time}<path class="arrow" d="M${from} ${middle + 4}H${target + tip * 7}"/>`,
    `<path class="tip" d="M${target} ${middle + 4}l${tip * 8} -4v8z"/>`,
    `<text class="said" x="${Math.min(from, target) + 10}" y="${middle}">${fitted(text, Math.abs(target - from) - 16)}</text>`,
  ].join('');
}

const fitted = (text: string, width: number): string => {
  const most = Math.max(4, Math.floor(width / CHARACTER));
  return escaped(text.length <= most ? text : `${text.slice(0, most - 1)}…`);
};

/** XML 1.0 has no control characters at all, of which `printable` leaves none, and two others. */
const escaped = (text: string): string =>
  printable(text)
    .replace(/[&<>"']/g, each => `&#${each.charCodeAt(0)};`)
    .replace(/[\ufffe\uffff]/g, each => `\\u{${each.charCodeAt(0).toString(16)}}`);

const STYLE = `<style>
text{font:11px ui-monospace,monospace;fill:#1b1f24}.time,.note{fill:#57606a}.name{font-weight:600}
.page{fill:#fff}.lane{stroke:#d0d7de;fill:none}.arrow,.world{stroke:#0969da;fill:none}.world{stroke:#d0d7de}.tip{fill:#0969da}.dot{fill:#57606a}.band{fill:#f6d3b0}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.time,.note{fill:#9198a1}.page{fill:#0d1117}.lane,.world{stroke:#3d444d}.arrow{stroke:#58a6ff}.tip{fill:#58a6ff}.dot{fill:#9198a1}.band{fill:#5a3a1a}}
</style>`;
