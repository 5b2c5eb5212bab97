/**
 * The evidence of a row: the trace of its case, in the form of every other trace. judge.ts comes to the verdict of the row
 * from it alone.
 * May import: trace, runner.ts, suite.ts.
 */
import type { TraceEnding } from '../../src/trace/encode.ts';
import { encodeTrace } from '../../src/trace/encode.ts';
import type { TraceHeader } from '../../src/trace/event.ts';
import { ENGINE_VERSION, TRACE_VERSION } from '../../src/trace/event.ts';
import type { Row } from '../run/runner.ts';

export interface EvidenceOptions {
  readonly suite: string;
  readonly role: string;
  readonly arm: 'sim' | 'node';
  readonly implementation: readonly string[];
  readonly claims: readonly string[];
  readonly seed: string;
}

/** Pieces of one file. Nothing for a case that was not played. */
export function evidenceOf(row: Row, options: EvidenceOptions): Iterable<string> {
  if (row.events.length === 0) return [];
  return encodeTrace(headerOf(row, options), row.events, endingOf(row));
}

function headerOf(row: Row, { suite, role, arm, implementation, claims, seed }: EvidenceOptions): TraceHeader {
  return {
    version: TRACE_VERSION,
    engine: ENGINE_VERSION,
    kind: 'conformance',
    clock: arm === 'sim' ? 'virtual' : 'monotonic',
    name: row.case,
    seed,
    plan: { suite, role, rev: row.rev, tester: row.tester, implementation: [...implementation], claims: [...claims] },
    title: row.title,
  };
}

function endingOf(row: Row): TraceEnding {
  const { verdict } = row;
  const failed = verdict.verdict === 'fail';
  const why = failed ? `expected ${row.expected}; received ${row.received}` : 'why' in verdict ? verdict.why : '';
  const at = failed ? row.events.findLastIndex(event => event.process === row.tester && event.data?.['event'] === 'case-verdict') : -1;
  return { outcome: verdict.verdict, check: failed ? row.case : '', at, why };
}
