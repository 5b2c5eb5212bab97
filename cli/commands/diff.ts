/**
 * `slipway diff`: the first event in which two traces differ in what they mean, or at all, with what surrounds it; of a failure also the run nearest
 * to it that passes.
 */
import { type Nearest, nearestPassing } from '../../src/check/nearest.ts';
import { printable } from '../../src/host/bytes.ts';
import { compareCodeUnits } from '../../src/host/order.ts';
import { diffTraces } from '../../src/trace/diff.ts';
import type { JsonValue, TraceEvent, TraceHeader } from '../../src/trace/event.ts';
import { type Meanings, startsOf } from '../../src/trace/meaning.ts';
import { diffMeanings, formatMeaningDifference } from '../../src/trace/meaning-diff.ts';
import { formatDifference } from '../../src/trace/report.ts';
import type { Knowing } from '../context.ts';
import { parseCount } from '../counts.ts';
import { EXIT, type ExitCode, usage } from '../exit.ts';
import { failedTrace } from '../failed-trace.ts';
import { noteProblems } from '../in-part.ts';
import { type KnownTrace, knownTrace } from '../known.ts';
import { plural, type Screen } from '../screen.ts';

export interface DiffFlags {
  readonly nearest?: boolean;
  readonly exact?: boolean;
  readonly runs: string;
}

/** An hour of runs. */
const RUNS_LIMIT = 999_999;

/** What is known before any event: runs of other plans need not agree in anything. */
export function plansOf(one: TraceHeader | undefined, other: TraceHeader | undefined): string | undefined {
  if (one === undefined || other === undefined) return undefined;
  if (one.name !== other.name) return `one is of ${printable(one.name, 80)}, the other of ${printable(other.name, 80)}`;
  // What a capture has there is where it came from.
  if (one.kind === 'capture' && other.kind === 'capture') return undefined;
  const [plan, another] = [fieldsOf(one.plan), fieldsOf(other.plan)];
  const names = [...new Set([...Object.keys(plan), ...Object.keys(another)])].sort(compareCodeUnits);
  const differing = names.filter(name => JSON.stringify(plan[name]) !== JSON.stringify(another[name]));
  if (differing.length > 0) return `their plans differ in ${printable(differing.join(', '), 200)}`;
  return one.seed === other.seed ? undefined : `their seeds differ: ${printable(one.seed, 40)} and ${printable(other.seed, 40)}`;
}

/** Of a plan in the form of traces, whose keys are sorted. */
const fieldsOf = (plan: JsonValue | undefined): Readonly<Record<string, JsonValue>> =>
  typeof plan === 'object' && plan !== null && !Array.isArray(plan) ? (plan as Readonly<Record<string, JsonValue>>) : {};

export async function diff(left: string, right: string | undefined, flags: DiffFlags, knowing: Knowing): Promise<ExitCode> {
  const { screen, modules } = knowing;
  const { nearest = false, exact = false } = flags;
  if (nearest === (right !== undefined))
    throw usage(nearest ? '--nearest looks for the other trace, so none is named' : 'name two traces, or one and --nearest');
  const runs = parseCount('--runs', flags.runs, 1, RUNS_LIMIT);
  const one = await knownTrace(left, modules);
  noteProblems(left, one.trace.problems, screen);
  if (right === undefined) return diffToNearest(one, runs, exact, knowing);
  const other = await knownTrace(right, modules);
  noteProblems(right, other.trace.problems, screen);
  const why = plansOf(one.trace.header, other.trace.header);
  return compare(one, { name: right, events: other.trace.events, why: why === undefined ? [] : [why] }, exact, screen);
}

async function diffToNearest(one: KnownTrace, runs: number, exact: boolean, { screen, catalogueOf }: Knowing): Promise<ExitCode> {
  const { scenario, plan, seed } = await failedTrace(one.file, ' to which something could be near', catalogueOf);
  const found: Nearest | undefined = nearestPassing(scenario, plan, seed, runs);
  if (found === undefined) {
    screen.line(`no run that passes was found near ${one.file}; --runs allows more than ${runs}`);
    screen.value({ format: 'slipway-difference', v: 1, left: one.file, right: null, otherwise: [], difference: null });
    return EXIT.nothingRan;
  }
  const { result, otherwise } = found;
  const name = `the nearest run that passes, found after ${plural(found.runs, 'run')}`;
  return compare(one, { name, events: result.events ?? [], why: otherwise }, exact, screen);
}

interface Other {
  readonly name: string;
  readonly events: readonly TraceEvent[];
  /** What is known to be otherwise, a line each. */
  readonly why: readonly string[];
}

function compare({ file, trace: { events }, protocol, decoders }: KnownTrace, other: Other, exact: boolean, screen: Screen): ExitCode {
  const found = exact
    ? exactly(events, other.events)
    : inMeaning(events, other.events, {
        decoders,
        varies: Object.values(protocol?.suite?.roles ?? {}).flatMap(({ varies = [] }) => varies),
      });
  screen.value({ format: 'slipway-difference', v: 1, left: file, right: other.name, otherwise: other.why, difference: found ?? null });
  const why = [...other.why, ...startsIn(events, other.events)];
  if (found !== undefined || why.length > 0) for (const line of [`- ${file}`, `+ ${other.name}`]) screen.line(line);
  for (const each of why) screen.line(`  ${printable(each, 400)}`);
  if (found === undefined) {
    screen.line(`${plural(events.length, 'event')}, ${exact ? 'all the same' : 'all of the same meaning'}`);
    return EXIT.ok;
  }
  screen.line(found.text);
  return EXIT.findings;
}

/** Processes that both have, and that were started otherwise. */
function startsIn(one: readonly TraceEvent[], other: readonly TraceEvent[]): readonly string[] {
  const started = startsOf(other);
  return [...startsOf(one)].flatMap(([process, args]) => {
    const others = started.get(process);
    return others === undefined || others === args ? [] : [`${process} was started with '${args}', and with '${others}'`];
  });
}

/** As JSON has it: `index` is that of the event in the left trace, or where it has none, in the right. */
interface Found {
  readonly index: number;
  readonly category: string;
  readonly soft: boolean;
  readonly text: string;
}

function exactly(one: readonly TraceEvent[], other: readonly TraceEvent[]): Found | undefined {
  const difference = diffTraces(one, other);
  if (difference === undefined) return undefined;
  const { index, category, soft } = difference;
  return { index, category, soft, text: formatDifference(difference) };
}

function inMeaning(one: readonly TraceEvent[], other: readonly TraceEvent[], meanings: Meanings): Found | undefined {
  const difference = diffMeanings(one, other, meanings);
  if (difference === undefined) return undefined;
  const { left, right } = difference;
  const category = left === undefined ? 'extra' : right === undefined ? 'missing' : left.event.kind === right.event.kind ? 'said' : 'done';
  return { index: (left ?? right)?.event.index ?? 0, category, soft: false, text: formatMeaningDifference(difference) };
}
