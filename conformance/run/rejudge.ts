/**
 * A recorded case, judged again: the verdict follows from the trace, so anybody can check it without the implementation.
 * Of a case that several plays leave open the trace has one, and why they do (`plan.open`): the others cannot be judged again.
 * The trace may come from anybody; what keeps it from being judged is said by name.
 */
import { printable } from '../../src/host/bytes.ts';
import type { JsonValue, TraceHeader } from '../../src/trace/event.ts';
import type { ReadTrace } from '../../src/trace/read.ts';
import type { Case, Verdict, Wiring } from '../case.ts';
import { judge } from '../judge/judge.ts';
import type { Suite } from '../suite.ts';

export interface Rejudged {
  /** reproduced: the trace gives the verdict it was recorded with. diverged: another. unreplayable: it cannot be judged here. */
  readonly verdict: 'reproduced' | 'diverged' | 'unreplayable';
  readonly why: string;
}

export function rejudge({ header, footer, events }: ReadTrace, suites: readonly Suite[]): Rejudged {
  if (header === undefined) return unreplayable('the file is no trace');
  const found = caseOf(header, suites);
  if (typeof found === 'string') return unreplayable(found);
  if (footer === undefined) return unreplayable('the trace has no footer: the recording did not come to its end');
  const { verdict } = judge(found.testCase, found.wiring, events, found.tester);
  if (verdict.verdict === footer.outcome) return { verdict: 'reproduced', why: `judged again: ${sentence(verdict)}` };
  const open = text(header.plan, 'open');
  if (open !== '' && footer.outcome === 'inconclusive' && verdict.verdict === 'fail')
    return { verdict: 'reproduced', why: `judged again: inconclusive: ${open}; this play: ${sentence(verdict)}` };
  return { verdict: 'diverged', why: `recorded ${footer.outcome}, judged again: ${sentence(verdict)}` };
}

const unreplayable = (why: string): Rejudged => ({ verdict: 'unreplayable', why });

/** The name of the suite, as the trace has it; empty where it has none. */
export const suiteIn = (header: TraceHeader | undefined): string => (header === undefined ? '' : text(header.plan, 'suite'));

function caseOf(
  header: TraceHeader,
  suites: readonly Suite[],
): { readonly testCase: Case; readonly wiring: Wiring; readonly tester: string } | string {
  const suite = suites.find(each => each.name === suiteIn(header));
  if (suite === undefined) return `plan.suite: there is no suite '${printable(text(header.plan, 'suite'), 80)}'`;
  const testCase = suite.cases.find(each => each.id === header.name);
  if (testCase === undefined)
    return `name: the suite ${suite.name} has no case '${printable(header.name, 80)}'; one of a file is judged beside it (--case-file)`;
  const rev = field(header.plan, 'rev');
  if (rev !== testCase.rev)
    return `plan.rev: recorded with revision ${printable(String(rev), 20)} of the case, this is revision ${testCase.rev}`;
  const wiring = suite.roles[testCase.role];
  if (wiring === undefined) return `the suite ${suite.name} has no role ${testCase.role}`;
  return { testCase, wiring, tester: text(header.plan, 'tester') };
}

function field(plan: JsonValue, name: string): unknown {
  return typeof plan === 'object' && plan !== null && Object.hasOwn(plan, name)
    ? Object.entries(plan).find(([key]) => key === name)?.[1]
    : undefined;
}

function text(plan: JsonValue, name: string): string {
  const value = field(plan, name);
  return typeof value === 'string' ? value : '';
}

function sentence(verdict: Verdict): string {
  switch (verdict.verdict) {
    case 'pass':
      return 'pass';
    case 'fail':
      return `fail: expected ${verdict.expected}; received ${verdict.received}`;
    case 'inconclusive':
    case 'not-applicable':
      return `${verdict.verdict}: ${verdict.why}`;
    default:
      return verdict satisfies never;
  }
}
