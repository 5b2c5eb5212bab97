/**
 * A trace as a page of Markdown: what it is, how it ended, and its sequence as a diagram and as a table. For an issue, or a wiki.
 * Lacks: more rows than somebody reads; how many are left out stands at the end.
 */
import { printable } from '../../host/bytes.ts';
import { formatTime } from '../../host/time.ts';
import type { TraceFooter, TraceHeader } from '../event.ts';
import type { Drawn } from '../sequence.ts';
import { mermaidOf } from './mermaid.ts';

const ROWS_LIMIT = 120;
const DIAGRAM_LIMIT = 60;
/** Characters of one text. */
const TEXT_SHOWN = 2_000;

export function markdownOf(
  rows: readonly Drawn[],
  header: TraceHeader,
  footer: TraceFooter | undefined,
  limit: number = ROWS_LIMIT,
): string {
  const shown = rows.slice(0, limit);
  const ending =
    footer === undefined
      ? 'The trace has no end.'
      : `**${footer.outcome}**${footer.check === '' ? '' : ` ${code(footer.check)} at event ${footer.at}`}${footer.why === '' ? '' : `: ${plain(footer.why)}`}`;
  const lines = [
    `# ${plain(header.name)}`,
    '',
    `${plain(header.title)}`,
    '',
    `A trace of kind ${header.kind}${header.seed === '' ? '' : `, seed ${code(header.seed)}`}. ${ending}`,
    '',
    '```mermaid',
    mermaidOf(rows, Math.min(limit, DIAGRAM_LIMIT)).trimEnd(),
    '```',
    '',
    '| event | time | who | | what |',
    '| ---: | ---: | --- | --- | --- |',
    ...shown.map(
      ({ event, text, to }) =>
        `| ${event.index} | ${formatTime(event.time)} | ${code(event.process)} | ${to === '' ? '' : `→ ${code(to)}`} | ${plain(text)} |`,
    ),
  ];
  if (rows.length > shown.length) lines.push('', `… ${rows.length - shown.length} more.`);
  return `${lines.join('\n')}\n`;
}

/** Nothing in it is Markdown or HTML, or obeyed by a terminal. */
const plain = (text: string): string =>
  printable(text.replace(/[\r\n]+/g, ' '), TEXT_SHOWN).replace(/[\\`*_{}[\]()#+!|<>&~$:@]/g, each => `&#${each.charCodeAt(0)};`);
const code = (text: string): string => (text === '' ? '' : `<code>${plain(text)}</code>`);
