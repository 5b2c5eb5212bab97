/**
 * Requirements in the order of the source: by clause, in which numbers count as numbers.
 */

import type { ReportRequirement } from '../../report.ts';
import { byClause } from '../../words.ts';

/** A clause may go on after a comma with where else it is written; it stands where its first part does. */
export const sectionOf = ({ clause }: ReportRequirement): string => clause.split(',', 1)[0]?.trim() || '(no clause)';

export interface Section {
  readonly name: string;
  readonly requirements: readonly ReportRequirement[];
}

export function sectionsOf(requirements: readonly ReportRequirement[]): readonly Section[] {
  const sections = new Map<string, ReportRequirement[]>();
  for (const each of requirements) sections.set(sectionOf(each), [...(sections.get(sectionOf(each)) ?? []), each]);
  return [...sections].map(([name, inIt]) => ({ name, requirements: inIt })).sort((left, right) => byClause(left.name, right.name));
}
