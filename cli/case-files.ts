/**
 * Cases in files of their own, as `slipway case-from` writes them and people edit them.
 */
import { readFileSync, statSync } from 'node:fs';
import { CASE_FILE_LIMIT, readCase, withCases } from '../conformance/captured/suite.ts';
import type { Case } from '../conformance/case.ts';
import type { Suite } from '../conformance/suite.ts';
import { printable } from '../src/host/bytes.ts';
import { usage } from './exit.ts';
import { requireReadable } from './places.ts';

export function caseOf(suite: Suite, path: string): Case {
  requireReadable('the case', path);
  if (statSync(path).size > CASE_FILE_LIMIT) throw usage(`${path}: it is longer than ${CASE_FILE_LIMIT} bytes`);
  const found = readCase(readFileSync(path, 'utf8'), suite);
  if (typeof found === 'string') throw usage(`${path}: ${printable(found, 400)}`);
  return found;
}

/** The suite, with the cases of these files and no others. */
export function suiteOf(suite: Suite, paths: readonly string[]): Suite {
  const found = new Map<string, string>();
  const cases = paths.map(path => {
    const each = caseOf(suite, path);
    const other = found.get(each.id);
    if (other !== undefined) throw usage(`${path}: its id is ${each.id}, as that of ${other}; give one of them another`);
    found.set(each.id, path);
    return each;
  });
  return withCases(suite, cases);
}
