/**
 * A run as a trace: header with the plan in it, events, footer with the outcome.
 * Lacks: reading it back (src/trace/decode.ts) and running it again (src/check/replay.ts).
 */
import { encodeTrace, type TraceEnding } from '../trace/encode.ts';
import { ENGINE_VERSION, type JsonValue, NO_EVENT, TRACE_VERSION, type TraceEvent, type TraceHeader } from '../trace/event.ts';
import type { RunResult } from './run.ts';
import type { Scenario } from './scenario.ts';

export interface RecordOptions {
  /** shrunk: made smaller; the trace then ends at the event that decided `property`. */
  readonly kind?: 'sim' | 'shrunk';
  /** The violation to name when there are several; the first one otherwise. */
  readonly property?: string;
}

/** The pieces of a trace file, in order; each is one or two lines. The run must have kept its events. */
export function traceOf(
  scenario: Pick<Scenario, 'name' | 'title'>,
  result: RunResult,
  options: RecordOptions = {},
): Generator<string, void> {
  if (result.events === undefined) throw new Error('a run that did not keep its events has no trace');
  const ending = endingOf(result, options.property);
  const events = options.kind === 'shrunk' ? upTo(result.events, ending.at) : result.events;
  return encodeTrace(headerOf(scenario, result, options.kind ?? 'sim'), events, ending);
}

function headerOf(scenario: Pick<Scenario, 'name' | 'title'>, result: RunResult, kind: 'sim' | 'shrunk'): TraceHeader {
  return {
    version: TRACE_VERSION,
    engine: ENGINE_VERSION,
    kind,
    clock: 'virtual',
    name: scenario.name,
    seed: String(result.seed),
    // A plan holds JSON values only: Scenario promises it, and canonicalJson throws at anything else.
    plan: result.plan as unknown as JsonValue,
    title: scenario.title,
  };
}

function endingOf(result: RunResult, property: string | undefined): TraceEnding {
  const violation = result.violations.find(each => property === undefined || each.property === property);
  if (violation === undefined) {
    if (property !== undefined) throw new Error(`the run does not violate ${property}`);
    return { outcome: 'pass', check: '', at: NO_EVENT, why: '' };
  }
  return { outcome: 'fail', check: violation.property, at: violation.at, why: violation.why };
}

/** What follows the decision explains nothing. A violation decided at the end has the last event, so nothing is cut. */
function upTo(events: readonly TraceEvent[], at: number): readonly TraceEvent[] {
  return at < 0 ? events : events.slice(0, at + 1);
}
