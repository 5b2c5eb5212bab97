/**
 * A trace as a sequence diagram of Mermaid, for pages that draw it (GitHub, GitLab, most wikis): what the sequence in text has (../sequence.ts).
 * Lacks: more than a reader can take in; how many are left out stands at the end.
 */
import type { Drawn } from '../sequence.ts';

/** A diagram with more arrows is refused by most pages. */
const ROWS_LIMIT = 200;
/** What is left where no process does anything. */
const WORLD = 'world';

export function mermaidOf(rows: readonly Drawn[], limit: number = ROWS_LIMIT): string {
  const shown = rows.slice(0, limit);
  const processes = [...new Set(shown.flatMap(({ event, to }) => [event.process, to]))].filter(process => process !== '');
  // A note stands over somebody.
  const lanes = processes.length === 0 && shown.length > 0 ? [WORLD] : processes;
  const name = (process: string): string => `p${lanes.indexOf(process)}`;
  const all = lanes.length === 0 ? '' : lanes.length === 1 ? name(lanes[0] ?? '') : `p0,p${lanes.length - 1}`;
  const lines = ['sequenceDiagram', ...lanes.map(process => `  participant ${name(process)} as ${safe(process)}`)];
  for (const { event, text, to, wrong } of shown) {
    const said = safe(wrong ? `▒ ${text}` : text);
    if (event.process === '') lines.push(`  Note over ${all}: ${said}`);
    else if (to === '' || to === event.process) lines.push(`  Note right of ${name(event.process)}: ${said}`);
    else lines.push(`  ${name(event.process)}->>${name(to)}: ${said}`);
  }
  if (rows.length > shown.length && all !== '') lines.push(`  Note over ${all}: … ${rows.length - shown.length} more`);
  return `${lines.join('\n')}\n`;
}

/** No character that Mermaid, Markdown or HTML could take for its own. */
const safe = (text: string): string => text.replace(/[^\p{L}\p{N} .,:/=_▒…→*()-]/gu, character => `#${character.codePointAt(0)};`) || ' ';
