/**
 * The sentences of a report, and its order.
 */
import { compareCodeUnits } from '../../src/host/order.ts';
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

/** `L2` before `L10`, `3.2` before `3.10`: numbers as numbers, the rest by code units. */
export function byClause(left: string, right: string): number {
  const [ours, theirs] = [partsOf(left), partsOf(right)];
  for (let at = 0; at < Math.max(ours.length, theirs.length); at++) {
    const [one = '', other = ''] = [ours[at], theirs[at]];
    const numbers = /^\d/.test(one) && /^\d/.test(other) ? Number(one) - Number(other) : 0;
    if (numbers !== 0 || one !== other) return numbers || compareCodeUnits(one, other);
  }
  return 0;
}

const partsOf = (clause: string): readonly string[] => clause.match(/\d{1,15}|\D+/g) ?? [];
