/**
 * A RUN IS REPEATED, and what differs the second time is told at the event where it first does. Whatever such a run violates is no failure
 * of the protocol: its daemons know something beside their Host, as a module that remembers what it did in the run before.
 * Lacks: what differs only between processes or versions of Node (determinism.ts has that).
 */
import { ORIGIN } from '../host/time.ts';
import { diffTraces } from '../trace/diff.ts';
import { NO_EVENT, type TraceEvent } from '../trace/event.ts';
import { formatEvent } from '../trace/view.ts';
import type { Violation } from './property.ts';
import { type RunOptions, type RunResult, runPlan } from './run.ts';
import type { CommonPlan, Scenario } from './scenario.ts';

/** The name under which a run is reported that is another one when it is repeated. */
export const NONDETERMINISM = 'nondeterminism';

/** Of the seeds of a sweep, those are repeated that are a multiple of this; and every run that shows a failure. */
export const REPEAT_EVERY = 50;

export const isSample = (seed: number): boolean => seed % REPEAT_EVERY === 0;

/** The same result with its events, or one that violates nothing but NONDETERMINISM. A result without events is repeated twice. */
export function repeated<Plan extends CommonPlan>(
  scenario: Scenario<Plan>,
  result: RunResult<Plan>,
  options: Pick<RunOptions, 'sink'> = {},
): RunResult<Plan> & { readonly events: readonly TraceEvent[] } {
  const again = (): RunResult<Plan> => runPlan(scenario, result.plan, result.seed, { ...options, keep: true });
  const second = again();
  const events = second.events ?? [];
  if (second.fingerprint === result.fingerprint) return { ...result, events };
  const violation = differing(result.events ?? again().events ?? [], events);
  return { ...result, events, outcome: 'fail', violations: [violation], undecided: [] };
}

function differing(first: readonly TraceEvent[], second: readonly TraceEvent[]): Violation {
  const difference = diffTraces(first, second);
  const at = difference?.index ?? NO_EVENT;
  const time = (second[at] ?? first[at])?.time ?? ORIGIN;
  const told = (event: TraceEvent | undefined): string =>
    event === undefined ? 'nothing' : formatEvent(event).trim().replace(/\s+/g, ' ');
  const what = at < 0 ? 'the run' : `event ${at}`;
  const parts = at < 0 ? '' : `: "${told(first[at])}", and then "${told(second[at])}"`;
  const why = `${what} is another when the same run is repeated${parts}. A daemon knows something beside its Host, such as what a module keeps between two runs`;
  return { property: NONDETERMINISM, at, time, why };
}
