/**
 * The evidence of a row: the trace of its case, in the form of every other trace. judge.ts comes to the verdict of the row
 * from it alone.
 */
import type { TraceEnding } from '../../src/trace/encode.ts';
import { encodeTrace } from '../../src/trace/encode.ts';
import type { TraceEvent, TraceHeader } from '../../src/trace/event.ts';
import { ENGINE_VERSION, NO_EVENT, TRACE_VERSION } from '../../src/trace/event.ts';
import { NOTE } from '../judge/notes.ts';
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
  const { testCase, tester, verdict, play } = row;
  const open = verdict.verdict === 'inconclusive' && play.verdict === 'fail' ? { open: verdict.why } : {};
  return {
    version: TRACE_VERSION,
    engine: ENGINE_VERSION,
    kind: 'conformance',
    clock: arm === 'sim' ? 'virtual' : 'monotonic',
    name: testCase.id,
    seed,
    plan: { suite, role, rev: testCase.rev, tester, implementation: [...implementation], claims: [...claims], ...open },
    title: testCase.title,
  };
}

function endingOf({ testCase, verdict, events, tester }: Row): TraceEnding {
  if (verdict.verdict === 'fail') {
    return {
      outcome: 'fail',
      check: testCase.id,
      at: decidedAt(events, tester),
      why: `expected ${verdict.expected}; received ${verdict.received}`,
    };
  }
  const outcome = verdict.verdict === 'error' ? 'inconclusive' : verdict.verdict;
  return { outcome, check: '', at: NO_EVENT, why: 'why' in verdict ? verdict.why : '' };
}

/** Index of the event at which the tester notes its verdict; -1 for none. */
export const decidedAt = (events: readonly TraceEvent[], tester: string): number =>
  events.findLastIndex(event => event.process === tester && event.data?.['event'] === NOTE.verdict);
