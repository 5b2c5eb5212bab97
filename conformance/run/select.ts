/**
 * Which cases of a suite to play, by the role and by patterns over their ids: `*` is any text.
 * Lacks: regular expressions; an id has no character that could be one.
 */
import type { Case } from '../case.ts';

/** `none` says which patterns matched nothing: a run that silently tests less than was asked for is worth nothing. */
export interface Selection {
  readonly cases: readonly Case[];
  readonly none: readonly string[];
}

export function selectCases(cases: readonly Case[], role: string, patterns: readonly string[]): Selection {
  const candidates = cases.filter(each => each.role === role);
  if (patterns.length === 0) return { cases: candidates, none: [] };
  const tests = patterns.map(pattern => ({ pattern, test: globOf(pattern) }));
  return {
    cases: candidates.filter(each => tests.some(({ test }) => namesOf(each).some(name => test.test(name)))),
    none: tests.filter(({ test }) => !candidates.some(each => namesOf(each).some(name => test.test(name)))).map(({ pattern }) => pattern),
  };
}

/** Its id, and those it had before. */
const namesOf = ({ id, was = [] }: Case): readonly string[] => [id, ...was];

function globOf(pattern: string): RegExp {
  const parts = pattern.split('*').map(part => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
