/**
 * Which mutant each case catches, as a document: what a case is worth.
 * May import: suite.ts.
 */
import type { Suite } from '../suite.ts';
import { killsOf } from '../suite.ts';
import { byKey } from './words.ts';

/** Markdown. */
export function killMatrix(suite: Suite): string {
  const { name, title, roles, cases, mutants } = suite;
  const kills = killsOf(suite);
  const sections = Object.keys(roles).flatMap(role => {
    const ours = mutants.filter(each => each.role === role).toSorted(byKey(each => each.name));
    const theirs = cases.filter(each => each.role === role).toSorted(byKey(each => each.id));
    return [
      `## Role ${role}: ${theirs.length} cases, ${ours.length} mutants`,
      '',
      '| mutant | what is broken | cases that it fails |',
      '| --- | --- | --- |',
      ...ours.map(each => `| ${code(each.name)} | ${cell(each.text)} | ${failsOf(each.fails, each.depends, name, role)} |`),
      '',
      '| case | mutants that it catches |',
      '| --- | --- |',
      ...theirs.map(each => `| ${code(short(each.id, name, role))} | ${(kills.get(each.id) ?? []).map(code).join(', ')} |`),
      '',
    ];
  });
  return [
    `# ${name}: what each case catches`,
    '',
    `${title}: ${cases.length} cases, ${mutants.length} implementations that are broken on purpose. Each mutant fails exactly the cases`,
    'beside it and passes all others of its role; each case catches at least one. `npx vitest run test/conformance` holds this page to it.',
    '',
    ...sections,
  ].join('\n');
}

function failsOf(fails: readonly string[], depends: string | undefined, suite: string, role: string): string {
  const always = fails.toSorted(byKey(id => id)).map(id => code(short(id, suite, role)));
  if (depends !== undefined) always.push(`others, depending on ${cell(depends)}`);
  return always.join(', ');
}

const short = (id: string, suite: string, role: string): string => id.slice(suite.length + role.length + 2);
const code = (text: string): string => `\`${text}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
