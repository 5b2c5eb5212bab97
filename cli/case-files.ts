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
export const suiteOf = (suite: Suite, paths: readonly string[]): Suite =>
  withCases(
    suite,
    paths.map(path => caseOf(suite, path)),
  );
