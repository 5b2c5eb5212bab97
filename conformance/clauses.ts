/**
 * What a clause says, for readers who do not have the source at hand: `C5` means nothing to them. The words are ours, and each says
 * where it was taken from.
 */
import type { Trap } from '../src/impl/command-line/traps.ts';

export interface Clause {
  /** As requirements cite it: `C5`, `DC-04`. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** Where it can be read in full, or was seen. */
  readonly source: string;
}

export const clausesFrom = (source: string, table: Readonly<Record<string, readonly [title: string, text: string]>>): readonly Clause[] =>
  Object.entries(table).map(([id, [title, text]]) => ({ id, title, text, source }));

/** A trap is cited where a requirement says that it must not be fallen into. */
export const trapClauses = (source: string, traps: readonly Trap<string>[]): readonly Clause[] =>
  traps.map(({ id, text, instead }) => ({
    id,
    title: 'What the published source does there',
    text: `As written: ${text}. Instead: ${instead}.`,
    source,
  }));

/** The parts of what a requirement cites: `C5, DC-04` are two clauses. */
export const citedIn = (clause: string): readonly string[] => clause.split(',').map(part => part.trim());

/** `L2 [R]` is what is recollected of L2. */
export const clauseCalled = <T extends { readonly id: string }>(clauses: readonly T[], cited: string): T | undefined =>
  clauses.find(each => each.id === cited) ?? clauses.find(each => cited.startsWith(`${each.id} `));
