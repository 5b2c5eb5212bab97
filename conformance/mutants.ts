/**
 * What the mutants of a suite fail, from the golden file of the kill matrix.
 */
import type { Mutant } from './suite.ts';

/**
 * Ids of cases, less the suite and the role, by `role/name` of each mutant that is caught at all: `fails.json`, which the test of the
 * kill matrix holds the mutants to and writes with `UPDATE=1`.
 */
export type Fails = Readonly<Record<string, readonly string[]>>;

export const failsIn =
  (suite: string, fails: Fails) =>
  (role: string, name: string): readonly string[] =>
    (fails[`${role}/${name}`] ?? []).map(id => `${suite}.${role}.${id}`);

/** Those that some case of their role sees. */
export const caught = (candidates: readonly Mutant[], fails: Fails): readonly Mutant[] =>
  candidates.filter(({ name }) => Object.hasOwn(fails, name));
