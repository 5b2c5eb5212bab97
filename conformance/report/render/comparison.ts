/**
 * A comparison as text for a terminal, and as Markdown.
 */
import { printable } from '../../../src/host/bytes.ts';
import { CHANGES, type ChangeKind, type Comparison, type RowChange } from '../compare.ts';
import { code, fitted, prose } from './markdown.ts';

const TITLE: Readonly<Record<ChangeKind, string>> = {
  regressed: 'Regressed',
  improved: 'Improved',
  changed: 'Changed, neither better nor worse',
  added: 'Only in the new report',
  removed: 'Only in the old report',
};

export function renderComparison(comparison: Comparison): string {
  const { suite, before, after, warnings } = comparison;
  const lines = [
    shown(`suite ${suite}`),
    shown(`before  ${before.name === '' ? '' : `${before.name}: `}${before.sentence}`),
    shown(`now     ${after.name === '' ? '' : `${after.name}: `}${after.sentence}`),
    ...warnings.map(shown),
  ];
  for (const [kind, changes] of byKind(comparison)) {
    lines.push('', `${TITLE[kind]} (${changes.length})`);
    for (const change of changes)
      lines.push(
        shown(`  ${change.case}: ${verdicts(change)}${renamed(change)}`),
        ...(change.what === '' ? [] : [shown(`       ${change.what}`)]),
      );
  }
  lines.push('', summary(comparison));
  return `${lines.join('\n')}\n`;
}

export function renderComparisonMarkdown(comparison: Comparison): string {
  const { suite, before, after, warnings } = comparison;
  const head = [
    `## ${prose(summary(comparison))}`,
    '',
    `- suite ${code(suite)}`,
    `- before: ${before.name === '' ? '' : `${code(before.name)}: `}${prose(before.sentence)}`,
    `- now: ${after.name === '' ? '' : `${code(after.name)}: `}${prose(after.sentence)}`,
    ...warnings.map(warning => `- ⚠️ ${prose(warning)}`),
  ];
  const sections = byKind(comparison).map(([kind, changes]) => [
    `### ${TITLE[kind]} (${changes.length})`,
    '',
    ...changes.map(
      change => `- ${code(change.case)}: ${verdicts(change)}${prose(renamed(change))}${change.what === '' ? '' : `: ${code(change.what)}`}`,
    ),
  ]);
  return fitted([head, ...sections].map(lines => lines.join('\n')));
}

function byKind({ changes }: Comparison): readonly (readonly [ChangeKind, readonly RowChange[]])[] {
  return CHANGES.map(kind => [kind, changes.filter(change => change.kind === kind)] as const).filter(([, members]) => members.length > 0);
}

function verdicts({ before, after }: RowChange): string {
  if (before === '' || after === '') return before + after;
  return before === after ? `${after}, as before` : `${before} before, ${after} now`;
}

const renamed = ({ was }: RowChange): string => (was === '' ? '' : ` (was called ${was})`);

function summary({ changes, same }: Comparison): string {
  const count = (kind: ChangeKind): number => changes.filter(change => change.kind === kind).length;
  return `${CHANGES.map(kind => `${count(kind)} ${kind}`).join(', ')}, ${same} the same`;
}

const shown = (text: string): string => printable(text, 1_200);
