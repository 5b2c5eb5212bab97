/**
 * Requirements in the order of the source: by clause, in which numbers count as numbers.
 */
import type { ReportRequirement } from '../../report.ts';

/** A clause may go on after a comma with where else it is written; it stands where its first part does. */
export const sectionOf = ({ clause }: ReportRequirement): string => clause.split(',', 1)[0]?.trim() || '(no clause)';

export interface Section {
  readonly name: string;
  readonly requirements: readonly ReportRequirement[];
}

export function sectionsOf(requirements: readonly ReportRequirement[]): readonly Section[] {
  const sections = new Map<string, ReportRequirement[]>();
  for (const each of requirements) sections.set(sectionOf(each), [...(sections.get(sectionOf(each)) ?? []), each]);
  return [...sections].map(([name, inIt]) => ({ name, requirements: inIt })).sort((left, right) => inOrder(left.name, right.name));
}

/** `L9` before `L10`; `3.2` before `3.10`. Without a locale: the order is the same everywhere. */
export function inOrder(left: string, right: string): number {
  const [ours, theirs] = [partsOf(left), partsOf(right)];
  for (let index = 0; index < Math.min(ours.length, theirs.length); index++) {
    const [a = '', b = ''] = [ours[index], theirs[index]];
    if (a === b) continue;
    const numbers = /^\d/.test(a) && /^\d/.test(b);
    if (numbers && Number(a) !== Number(b)) return Number(a) - Number(b);
    return a < b ? -1 : 1;
  }
  return ours.length - theirs.length;
}

const partsOf = (text: string): readonly string[] => text.match(/\d+|\D+/g) ?? [];
