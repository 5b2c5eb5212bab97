/**
 * The sentences of a report, and its order.
 */
import { LEVELS } from '../case.ts';
import type { VerdictName } from '../run/grade.ts';
import type { Grid } from './report.ts';

/** What a verdict means to a reader who sees it for the first time. */
export const VERDICT_MEANING: Readonly<Record<VerdictName, string>> = {
  pass: 'what is required was seen',
  nonstrict: 'a SHOULD was not met; the implementation conforms all the same',
  info: 'a MAY was answered with no: a choice, not a fault',
  fail: 'a MUST was broken',
  inconclusive: 'there was no occasion to judge it',
  'not-applicable': 'not claimed, not asked for, or not reachable this way',
  error: 'the tester failed; nothing is said about the implementation',
};

/** Beside the word, never instead of it. A mark says the verdict and nothing else. */
export const VERDICT_MARK: Readonly<Record<VerdictName, string>> = {
  pass: '✓',
  nonstrict: '△',
  info: '○',
  fail: '✗',
  inconclusive: '?',
  'not-applicable': '–',
  error: '!',
};

export function sentenceOf(grid: Grid, complete: boolean): string {
  const total = (verdict: VerdictName): number => LEVELS.reduce((sum, level) => sum + grid[level][verdict], 0);
  const findings = [
    grid.MUST.fail > 0 ? `${grid.MUST.fail} MUST ${grid.MUST.fail === 1 ? 'failure' : 'failures'}` : '',
    grid.SHOULD.nonstrict > 0 ? `${grid.SHOULD.nonstrict} of ${grid.SHOULD.nonstrict + grid.SHOULD.pass} SHOULD not met` : '',
    grid.MAY.info > 0 ? `${grid.MAY.info} of ${grid.MAY.info + grid.MAY.pass} MAY answered with no` : '',
    total('inconclusive') > 0 ? `${total('inconclusive')} inconclusive` : '',
    total('error') > 0 ? `${total('error')} not played for a fault of the tester` : '',
  ].filter(text => text !== '');
  if (grid.MUST.fail > 0) return `Does not conform: ${findings.join('; ')}.`;
  const undecided = grid.MUST.inconclusive > 0 || total('error') > 0;
  if (undecided) return `Not decided: ${findings.join('; ')}.`;
  if (grid.MUST.pass === 0) return 'Not decided: no MUST was tested.';
  const rest = findings.length === 0 ? '' : `; ${findings.join('; ')}`;
  const passed = `${grid.MUST.pass} of ${grid.MUST.pass} MUST cases pass${rest}.`;
  return complete ? `Conforms: ${passed}` : `Not decided: stopped before the end; so far ${passed}`;
}

/** In order of code units: the same everywhere. */
export const byKey =
  <T>(key: (value: T) => string) =>
  (left: T, right: T): number => {
    const [a, b] = [key(left), key(right)];
    if (a === b) return 0;
    return a < b ? -1 : 1;
  };
