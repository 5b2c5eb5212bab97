/**
 * A report as Markdown, for the summary of a CI job and for an issue: the verdict, the numbers, and what was found. Text of an
 * implementation stands in code spans only, where Markdown, HTML, mentions and links mean nothing; other text is escaped.
 * Lacks: wire logs and what passed; report.json and the page have them.
 */
import { printable, utf8 } from '../../../src/host/bytes.ts';
import { LEVELS } from '../../case.ts';
import { VERDICTS } from '../../run/grade.ts';
import { type Finding, findingsOf, undecidedOf } from '../causes.ts';
import { commandLine } from '../commands.ts';
import type { Report, ReportRow } from '../report.ts';
import { VERDICT_MEANING } from '../words.ts';

/** GitHub shows a job summary of at most 1 MiB, and nothing of a longer one. */
export const SUMMARY_LIMIT = 1_048_576;
const CUT = '\n\n> The rest is left out here: a summary has room for 1 MiB. the JSON form has everything.\n';

export function renderMarkdown(report: Report): string {
  const sections = [
    head(report),
    numbers(report),
    ...findingsOf(report).map(each => finding(each, report)),
    undecided(report),
    limits(report),
  ];
  return fitted(sections.filter(section => section !== ''));
}

/** Whole sections only, so that nothing is left open. */
export function fitted(sections: readonly string[]): string {
  let size = CUT.length;
  const kept: string[] = [];
  for (const section of sections) {
    size += utf8(section).length + 2;
    if (size > SUMMARY_LIMIT) return `${kept.join('\n\n')}${CUT}`;
    kept.push(section);
  }
  return `${kept.join('\n\n')}\n`;
}

function head(report: Report): string {
  const { sentence, conforms, suite, implementation, arm, warnings, command, run } = report;
  const name = `${implementation.name} ${implementation.version}`.trim();
  const lines = [
    `## ${conforms ? '✅' : '❌'} ${prose(sentence)}`,
    `${name === '' ? '' : `${code(name)}, `}suite ${code(suite.name)}, set ${code(suite.set)}, ${arm === 'sim' ? 'simulated' : 'for real'}${run === undefined ? '' : `, ${code(run.started)}`}`,
    ...implementation.roles.map(each => `- role ${code(each.role)}: ${code(commandLine(each.command))}`),
    ...warnings.map(warning => `- ⚠️ ${prose(warning)}`),
    ...Object.entries(report.facts).map(([fact, value]) => `- it speaks: ${code(fact)} = ${code(value)}`),
    `- again: ${code(command)}`,
  ];
  return `${lines.slice(0, 2).join('\n\n')}\n\n${lines.slice(2).join('\n')}`;
}

function numbers({ grid, coverage: { total, met, broken, open, excluded }, baseline }: Report): string {
  const columns = VERDICTS.filter(each => each === 'pass' || each === 'fail' || LEVELS.some(level => grid[level][each] > 0));
  const lines = [
    `| | ${columns.join(' | ')} |`,
    `|---|${columns.map(() => '---:').join('|')}|`,
    ...LEVELS.map(level => `| ${level} | ${columns.map(verdict => grid[level][verdict]).join(' | ')} |`),
    '',
    ...columns.map(verdict => `- *${verdict}*: ${VERDICT_MEANING[verdict]}`),
    '',
    `Requirements ${total}: ${met} met, ${broken} broken, ${open} not decided, ${excluded} cannot be observed`,
    ...(baseline === undefined ? [] : ['', `Baseline: ${baseline.expected} as expected, ${baseline.wrong} to put right`]),
  ];
  return lines.join('\n');
}

function finding({ row, folded }: Finding, report: Report): string {
  const lines = [
    `### ${row.verdict}: ${code(row.case)}`,
    '',
    `${prose(row.title)}`,
    '',
    ...(row.refuted === undefined ? [`- ${prose(row.why)}`] : refuted(row, row.refuted, report)),
    ...(row.deviation === '' ? [] : [`- differs from ${code(row.twin)} by: ${prose(row.deviation)}`]),
    ...(row.baseline === undefined
      ? []
      : [`- baseline: ${row.baseline.state}: ${prose(`${row.baseline.why} ${row.baseline.issue}`.trim())}`]),
    ...folded.map(each => `- and ${code(each.case)} (${each.verdict})`),
    `- again: ${code(row.reproduce.live)}`,
    ...(row.evidence.trace === '' ? [] : [`- trace: ${code(row.evidence.trace)}`]),
  ];
  return lines.join('\n');
}

function refuted(
  row: ReportRow,
  { requirement, clause, expected, received, step }: NonNullable<ReportRow['refuted']>,
  report: Report,
): readonly string[] {
  const text = report.requirements.find(each => each.id === requirement)?.text ?? '';
  const { played, late } = row.attempts;
  return [
    `- requires ${code(requirement)} (${prose(clause)}): ${prose(text)}`,
    `- expected ${code(expected)}`,
    `- received ${code(received)}`,
    `- at step ${step}; the implementation: ${prose(row.end)}${late > 0 && played > 1 ? `; late in ${late} of ${played} attempts` : ''}`,
  ];
}

function undecided(report: Report): string {
  const rows = [...undecidedOf(report), ...report.rows.filter(each => each.verdict === 'not-applicable')];
  if (rows.length === 0) return '';
  return ['### Not decided', '', ...rows.map(row => `- ${code(row.case)} (${row.verdict}): ${prose(row.why)}`)].join('\n');
}

const limits = (report: Report): string =>
  report.limits.length === 0 ? '' : ['### What a pass does not mean', '', ...report.limits.map(limit => `- ${prose(limit)}`)].join('\n');

const SHOWN = 2_000;

/** A code span. Nothing in it is markup but its own end and, in a table, the bar: both become visible escapes. */
export function code(text: string): string {
  const inside = printable(text, SHOWN).replaceAll('`', '\\u{60}').replaceAll('|', '\\u{7c}');
  return inside.trim() === '' ? '—' : `\`${inside}\``;
}

/**
 * Running text. A character that could be markup becomes a reference, which CommonMark §2.5 never reads as structure; what
 * GitHub makes of `@name` and `#1` after that is kept apart by an empty space.
 */
export const prose = (text: string): string =>
  printable(text, SHOWN)
    .trim()
    .replace(PUNCTUATION, (character, at: number, whole: string) => (isPlain(whole, at) ? character : `&#${character.codePointAt(0)};`))
    .replace(/&#(?:64|35);/g, '$&&#8203;');

const PUNCTUATION = /[^\p{L}\p{N} ,;%…–—“”/(]/gu;

/** A point or a hyphen inside a word, and the end of a word: none begins a list, and GitHub links a bare name after `www.` only. */
function isPlain(text: string, at: number): boolean {
  const [before = '', character = '', after = ''] = [text[at - 1], text[at], text[at + 1]];
  if (character === '-') return WORD.test(before) && WORD.test(after);
  if (character === '.' && LETTER.test(before) && LETTER.test(after)) return text.slice(at - 3, at).toLowerCase() !== 'www';
  return '.:)'.includes(character) && LETTER.test(before) && (after === '' || after === ' ');
}
const WORD = /[\p{L}\p{N}]/u;
const LETTER = /\p{L}/u;
