/**
 * Runs a recorded trace again, from the plan in its header, and says which of five things happened. The trace may come
 * from anybody: whatever keeps it from being run is `unreplayable` and names the field.
 *  - reproduced: the same events and the same outcome.
 *  - reproduced-differently: the same property fails, on other events.
 *  - not-reproduced: a failure was recorded and nothing fails.
 *  - diverged: other events than those of a recorded pass, or another property fails than the recorded one.
 *  - unreplayable: this version of Slipway cannot try.
 * Lacks: traces of conformance cases, which are judged again by their case (conformance/).
 */
import { printable } from '../host/bytes.ts';
import { diffTraces, type TraceDifference } from '../trace/diff.ts';
import { ENGINE_VERSION, TRACE_VERSION, type TraceEvent, type TraceFooter, type TraceHeader } from '../trace/event.ts';
import { formatProblem } from '../trace/problem.ts';
import type { ReadTrace } from '../trace/read.ts';
import { checkPlan } from './plan-shape.ts';
import { type RunResult, runPlan, SEED_LIMIT } from './run.ts';
import type { CommonPlan, Scenario } from './scenario.ts';

export type ReplayVerdict = 'reproduced' | 'reproduced-differently' | 'not-reproduced' | 'diverged' | 'unreplayable';

export interface Replay {
  readonly verdict: ReplayVerdict;
  /** One sentence. */
  readonly why: string;
  /** What a reader should know beside: the recording was cut, or altered. */
  readonly notes: readonly string[];
  /** The property that had failed in the recording; '' for none. */
  readonly property: string;
  /** The first event that differs, with what surrounds it. */
  readonly difference: TraceDifference | undefined;
  /** The run, with its events; absent when it was not tried. */
  readonly result: RunResult | undefined;
}

/** Finds a scenario by name. */
export type ScenarioLookup = (name: string) => Scenario | undefined;

export function replay(scenarios: ScenarioLookup, trace: ReadTrace): Replay {
  const recording = recordingOf(scenarios, trace);
  if (!recording.ok) return { ...NOTHING, verdict: 'unreplayable', why: recording.why, notes: notesOf(trace) };
  const { scenario, plan, seed, header } = recording;
  const result = runPlan(scenario, plan, seed, { keep: true });
  const difference = differenceOf(header, trace, result.events ?? []);
  const judged = trace.footer === undefined ? judgePrefix(difference) : judge(trace.footer, result, difference);
  return { ...judged, notes: notesOf(trace), property: trace.footer?.check ?? '', difference, result };
}

const NOTHING: Omit<Replay, 'verdict' | 'why' | 'notes'> = { property: '', difference: undefined, result: undefined };

// ── can it be tried ─────────────────────────────────────────────────────────────────────────────────────────────────

type Recording =
  | { readonly ok: true; readonly scenario: Scenario; readonly plan: CommonPlan; readonly seed: number; readonly header: TraceHeader }
  | { readonly ok: false; readonly why: string };

function recordingOf(scenarios: ScenarioLookup, trace: ReadTrace): Recording {
  const { header } = trace;
  if (header === undefined) return no(trace.problems[0] === undefined ? 'the file is no trace' : formatProblem(trace.problems[0]));
  const obstacle = versionObstacle(header) ?? outcomeObstacle(trace.footer);
  if (obstacle !== undefined) return no(obstacle);
  const scenario = scenarios(header.name);
  if (scenario === undefined) return no(`name: there is no scenario ${printable(header.name, 80)}`);
  const seed = seedOf(header.seed);
  if (seed === undefined) return no(`seed: must be an integer from 0 to ${SEED_LIMIT}, is "${printable(header.seed, 40)}"`);
  const checked = checkPlan(scenario, header.plan);
  return checked.ok ? { ok: true, scenario, plan: checked.plan, seed, header } : no(`plan of ${scenario.name}: ${checked.why}`);
}

const no = (why: string): Recording => ({ ok: false, why });

function versionObstacle(header: TraceHeader): string | undefined {
  const [major] = header.version;
  if (major !== TRACE_VERSION[0]) return `version: the trace has major ${major}, this is ${TRACE_VERSION[0]}`;
  if (header.kind === 'anonymised') return 'kind: an anonymised trace has no plan, and its values are not those that were';
  if (header.kind === 'conformance') return 'kind: a conformance trace is judged again by its case, not run as a scenario';
  if (header.clock !== 'virtual') return `clock: only a simulated run repeats, this trace has a ${header.clock} clock`;
  if (header.engine !== ENGINE_VERSION) {
    return `engine: recorded by engine ${header.engine}, this is engine ${ENGINE_VERSION}; the same plan may give other events`;
  }
  return undefined;
}

function outcomeObstacle(footer: TraceFooter | undefined): string | undefined {
  if (footer === undefined || footer.outcome === 'pass' || footer.outcome === 'fail') return undefined;
  return `outcome: a simulated run passes or fails, this trace says ${footer.outcome}`;
}

/** Decimal, without sign, space or leading zero: the text is what seeds the world. */
function seedOf(text: string): number | undefined {
  if (!/^(?:0|[1-9][0-9]{0,9})$/.test(text)) return undefined;
  return Number(text) <= SEED_LIMIT ? Number(text) : undefined;
}

// ── what happened ───────────────────────────────────────────────────────────────────────────────────────────────────

function differenceOf(header: TraceHeader, trace: ReadTrace, replayed: readonly TraceEvent[]): TraceDifference | undefined {
  // A shrunk trace ends at its decision and one without footer where the recorder died: the run may go on from there.
  const prefix = header.kind === 'shrunk' || trace.footer === undefined;
  const compared = prefix ? replayed.slice(0, trace.events.length) : replayed;
  // The fingerprint leaves the cause out, an explanation and not a happening; so does this.
  return diffTraces(trace.events, compared, { ignore: ['cause'], truncated: trace.truncated });
}

type Judged = Pick<Replay, 'verdict' | 'why'>;

function judge(footer: TraceFooter, result: RunResult, difference: TraceDifference | undefined): Judged {
  return footer.outcome === 'fail' ? judgeFailure(footer, result, difference) : judgePass(result, difference);
}

function judgeFailure(footer: TraceFooter, result: RunResult, difference: TraceDifference | undefined): Judged {
  const check = printable(footer.check, 80);
  const again = result.violations.find(each => each.property === footer.check);
  if (again !== undefined && difference === undefined) {
    return { verdict: 'reproduced', why: `${check} fails again at event ${again.at}, on the same events: ${again.why}` };
  }
  if (again !== undefined) {
    return { verdict: 'reproduced-differently', why: `${check} fails again, but on other events, at event ${again.at}: ${again.why}` };
  }
  const other = result.violations[0];
  if (other !== undefined)
    return { verdict: 'diverged', why: `${check} had failed; now it is ${other.property}, at event ${other.at}: ${other.why}` };
  const how = difference === undefined ? 'on the same events' : 'and the events are others';
  return { verdict: 'not-reproduced', why: `${check} had failed and nothing fails now, ${how}` };
}

function judgePass(result: RunResult, difference: TraceDifference | undefined): Judged {
  const failed = result.violations[0];
  if (failed !== undefined)
    return { verdict: 'diverged', why: `the recording passed; now ${failed.property} fails at event ${failed.at}: ${failed.why}` };
  if (difference === undefined) return { verdict: 'reproduced', why: `all ${result.eventCount} events are the same, and nothing fails` };
  return { verdict: 'diverged', why: `nothing fails, but event ${difference.index} differs` };
}

function judgePrefix(difference: TraceDifference | undefined): Judged {
  if (difference === undefined) return { verdict: 'reproduced', why: 'the run begins with the events that were recorded' };
  return { verdict: 'diverged', why: `event ${difference.index} of the recorded beginning differs` };
}

function notesOf(trace: ReadTrace): readonly string[] {
  const first = trace.problems[0];
  const where = first === undefined ? '' : `: ${formatProblem(first)}`;
  if (trace.state === 'incomplete') return [`the recording has no end; it was compared as a beginning${where}`];
  if (trace.state === 'altered') return [`the file is not as it was written${where}`];
  return [];
}
