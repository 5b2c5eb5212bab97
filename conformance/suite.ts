/**
 * A suite: everything that is known of testing one protocol. suites.ts lists them.
 */
import { compareCodeUnits } from '../src/host/order.ts';
import type { Case, ChannelName, Item, Requirement, Wiring } from './case.ts';
import type { Clause } from './clauses.ts';
import type { Implementation } from './peer.ts';

/** A daemon that is broken on purpose, and what has to come of it. */
export interface Mutant extends Implementation {
  readonly name: string;
  readonly role: string;
  /** What is broken. */
  readonly text: string;
  /** Exactly these cases fail. What comes after a twin that failed is inconclusive and not listed. */
  readonly fails: readonly string[];
  /** On what it depends which others fail as well: `fails` are then those that always do, and at least one case has to. */
  readonly depends?: string;
  readonly claims?: readonly string[];
}

/** Ours: what a run tests when nobody names another. */
export interface OwnImplementation extends Implementation {
  readonly claims: readonly string[];
}

export interface Suite {
  readonly name: string;
  readonly title: string;
  /** How long a role takes on the real arm; minutes, where the protocol itself makes everybody wait. */
  readonly realTime: 'seconds' | 'minutes';
  readonly roles: Readonly<Record<string, Wiring>>;
  /** What an implementation may claim, and what that means. */
  readonly claims: Readonly<Record<string, string>>;
  readonly requirements: readonly Requirement[];
  /** What the clauses say that requirements cite. */
  readonly clauses?: readonly Clause[];
  /**
   * Frozen sets of requirements by the month they were frozen in, `2026-11`: what a score counts. A requirement added later is
   * tested and told, and counts from the next set on, so that a report of last year stays comparable.
   */
  readonly sets: Readonly<Record<string, readonly string[]>>;
  readonly cases: readonly Case[];
  readonly own: Readonly<Record<string, OwnImplementation>>;
  readonly mutants: readonly Mutant[];
  /** What the messages of all cases together say about the implementation, beside verdicts. */
  facts(role: string, conversations: readonly ReadonlyMap<ChannelName, readonly Item[]>[]): Readonly<Record<string, string>>;
}

/** Requirements with why they matter, from a table by id. */
export const explained = (requirements: readonly Requirement[], rationales: Readonly<Record<string, string>>): readonly Requirement[] =>
  requirements.map(each => {
    const rationale = rationales[each.id];
    return rationale === undefined ? each : { ...each, rationale };
  });

/** The newest set. */
export function newestSet(suite: Suite): string {
  return Object.keys(suite.sets).sort(compareCodeUnits).at(-1) ?? '';
}

/** Mutants that a case catches, by the id of the case. */
export function killsOf(suite: Suite): ReadonlyMap<string, readonly string[]> {
  const kills = new Map<string, string[]>(suite.cases.map(each => [each.id, []]));
  for (const mutant of suite.mutants) for (const id of mutant.fails) kills.get(id)?.push(mutant.name);
  return kills;
}
