/**
 * Requirements and cases as rows of tables.
 */
import type { Case, Level, Requirement } from './case.ts';

/** `id`: less the suite and the role. */
export const requirementOf =
  (suite: string, role: string) =>
  (id: string, clause: string, level: Level, text: string, more: Pick<Requirement, 'quote' | 'untestable' | 'was'> = {}): Requirement => ({
    id: `${suite}.${role}.${id}`,
    clause,
    level,
    role,
    text,
    ...more,
  });

/** One that no case can observe, and why. */
export const unseen = (requirement: Requirement, untestable: string): Requirement => ({ ...requirement, untestable });

/** What all cases of a role have, unless a row says otherwise. */
export type Common = Pick<Case, 'rev' | 'role' | 'deadline'>;
export type CaseRow = Omit<Case, 'id' | keyof Common> & Partial<Common>;

/** `rows`: by the name that `id` makes an id of. */
export const casesOf = (common: Common, id: (name: string) => string, rows: Readonly<Record<string, CaseRow>>): readonly Case[] =>
  Object.entries(rows).map(([name, row]) => ({ ...common, ...row, id: id(name) }));
