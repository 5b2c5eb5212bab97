/**
 * What zod found wrong with data from a file, as one line: where, what, and how much more.
 */
import type { z } from 'zod';
import { printable } from '../../src/host/bytes.ts';

/** The line repeats text of the file. */
const SHOWN = 300;

/** `rows[3].verdict: Invalid option: expected one of …, and 2 more`. */
export function firstIssue({ issues }: z.ZodError): string {
  const [first] = issues;
  if (first === undefined) return 'not as it has to be';
  const more = issues.length > 1 ? `, and ${issues.length - 1} more` : '';
  return printable(`${pathOf(first.path)}: ${first.message}${more}`, SHOWN);
}

function pathOf(path: readonly PropertyKey[]): string {
  const text = path.map(each => (typeof each === 'number' ? `[${each}]` : `.${String(each)}`)).join('');
  return text === '' ? 'the whole' : text.replace(/^\./, '');
}
