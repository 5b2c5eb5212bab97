/**
 * A report as one HTML file that needs nothing else: no network, no script, no colour. A pure function of the report.
 * The script and the styles are the only code of the page, each allowed by its hash and nothing beside them, so that even
 * a mistake in the escaping could not run what an implementation sent.
 */
import { createHash } from 'node:crypto';
import { utf8 } from '../../../../src/host/bytes.ts';
import { findingsOf, undecidedOf } from '../../causes.ts';
import type { Report } from '../../report.ts';
import { claims, clauses, limits, requirements } from './appendix.ts';
import { cases } from './cases.ts';
import type { Depth } from './depth.ts';
import { depthsFor, PAGE_LIMIT } from './depth.ts';
import { findings } from './findings.ts';
import { about, head } from './head.ts';
import type { Content, Markup } from './markup.ts';
import { html, trusted } from './markup.ts';
import { matrix } from './matrix.ts';
import { scoreboard } from './scoreboard.ts';
import { SCRIPT } from './script.ts';
import { SEQUENCE_PARTS } from './sequence.ts';
import { STYLES } from './styles.ts';
import { cut } from './verdicts.ts';

export function renderHtml(given: Report): string {
  const report = bounded(given);
  let text = '';
  for (const depth of depthsFor(report.rows)) {
    text = page(report, depth).text;
    if (utf8(text).length <= PAGE_LIMIT) break;
  }
  return text;
}

/** Characters of any text. What an implementation sent is cut by its maker, shorter than this; a stored report is anybody's. */
const LONGEST = 4_096;

/** With no text that is longer than a reader looks at. Digits of a dump are as many as its bytes need. */
function bounded<T>(value: T): T {
  if (typeof value === 'string')
    return (value.length > 2 * LONGEST || (value.length > LONGEST && !/^[\da-f]+$/.test(value)) ? cut(value, LONGEST) : value) as T;
  if (Array.isArray(value)) return value.map(bounded) as T;
  if (typeof value !== 'object' || value === null) return value;
  // The shape is that of what came in.
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, bounded(each)])) as T;
}

function page(report: Report, depth: Depth): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="slipway">
<title>${titleOf(report)}</title>
<link rel="icon" href="data:,">
<style>${trusted(STYLES)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the findings</a>
${head(report)}${SEQUENCE_PARTS}
${contents(report)}
<main id="main" class="wide">
${findings(report)}${scoreboard(report)}${about(report)}${matrix(report)}${clauses(report)}${cases(report, depth)}${requirements(report)}${claims(report)}${limits(report)}</main>
<footer class="wide"><p>${report.format}, schema ${report.schema}. The same in a form for programs is in <code>report.json</code> beside this file.</p></footer>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`;
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const POLICY = `default-src 'none'; img-src data:; style-src ${hashOf(STYLES)}; script-src ${hashOf(SCRIPT)}; base-uri 'none'; form-action 'none'`;

function titleOf({ sentence, implementation: { name, version }, suite }: Report): string {
  const subject = [name, version].filter(part => part !== '').join(' ');
  return [sentence.split(':', 1)[0], subject, suite.name].filter(part => part !== '').join(' · ');
}

/** Where there is something, and how much. */
function contents(report: Report): Markup {
  const places: readonly (readonly [string, string, number | undefined])[] = [
    ['findings', 'Findings', findingsOf(report).length],
    ['undecided', 'Not decided', undecidedOf(report).length],
    ['score', 'Score', undefined],
    ['about', 'About this run', undefined],
    ['matrix', 'Clauses by role', undefined],
    ['clauses', 'What the clauses say', (report.clauses ?? []).length],
    ['cases', 'Cases', report.rows.length],
    ['requirements', 'Requirements', report.requirements.length],
    ['claims', 'Claims', report.claims.length],
    ['limits', 'Limits', report.limits.length],
  ];
  const there = places.filter(([anchor, , count]) => count !== 0 || anchor === 'findings' || anchor === 'cases');
  const link = ([anchor, word, count]: (typeof places)[number]): Content =>
    html`<li><a href="#${anchor}">${word}${count !== undefined && html` <span class="count">${count}</span>`}</a></li>`;
  return html`<nav class="contents wide" aria-label="Contents"><ul>${there.map(link)}</ul></nav>`;
}
