/**
 * Requirements as rows of a table.
 */
import type { Level, Requirement } from './case.ts';

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
