/**
 * A failure told: who did what, which event decided, what should have happened instead, and what had to go wrong for it; then the same as a
 * sequence. What a peer sent is escaped.
 * Lacks: runs. What a failure needs is found out by needed.ts, where the scenario is at hand; without it, nothing is said of that.
 */
import { printable } from '../../host/bytes.ts';
import { formatTime, type Instant, ORIGIN } from '../../host/time.ts';
import type { Fault } from '../../sim/fault.ts';
import { canonicalJson } from '../../trace/canonical.ts';
import type { JsonValue, TraceEvent } from '../../trace/event.ts';
import { type Labels, labelsOf, readingsOf } from '../../trace/labels.ts';
import type { Decoders } from '../../trace/message.ts';
import { COLUMNS, drawSequence, readersOf } from '../../trace/sequence.ts';
import { sliceOf } from '../../trace/slice.ts';
import { formatData } from '../../trace/view.ts';
import type { Property, Violation } from '../property.ts';
import { COMMON_FIELDS, type CommonPlan, type Judged, propertiesOf } from '../scenario.ts';
import type { Needed, Without } from './needed.ts';

/** What is known of a failure. */
export interface Failure {
  readonly plan: CommonPlan;
  readonly events: readonly TraceEvent[];
  /** Whether these are all events of the run; otherwise they may end with the one that decides. Default: they are. */
  readonly whole?: boolean;
  readonly violation: Pick<Violation, 'property' | 'at' | 'why'>;
  /** What daemons threw. */
  readonly bugs?: readonly string[];
  readonly needed?: Needed | undefined;
}

export interface StoryOptions {
  readonly decoders?: Decoders | undefined;
  /** Characters of a line of the sequence; default 100. */
  readonly columns?: number | undefined;
  /** Events of the sequence; default 24. */
  readonly events?: number | undefined;
}

/** JSON values only; every line safe for a terminal. */
export interface Story {
  readonly property: string;
  /** What should have happened: the property's sentence, '' where nobody knows the scenario any more. */
  readonly sentence: string;
  /** Why it is broken. */
  readonly why: string;
  /** Microseconds since the start. */
  readonly time: Instant;
  /** Who did what, and which event decided: sentences of one paragraph. */
  readonly told: readonly string[];
  /** What daemons threw, the first lines of it. */
  readonly stack: readonly string[];
  /** The values of the workload, and the faults, a line each. */
  readonly plan: readonly string[];
  /** The fault that mattered, as in `plan`; '' for none. */
  readonly mattered: string;
  /** The sequence, of the events that it followed from. */
  readonly sequence: readonly string[];
}

const EVENTS = 24;
/** Steps in the paragraph, the last ones before the decision. */
const STEPS = 3;
const VALUE_SHOWN = 400;
const STACK_SHOWN = 6;

export function storyOf(
  scenario: Judged | undefined,
  { plan, events, whole = true, violation, bugs = [], needed }: Failure,
  options: StoryOptions = {},
): Story {
  const { property, at, why } = violation;
  const { decoders, columns = COLUMNS, events: most = EVENTS } = options;
  const broken = brokenOf(scenario, property);
  const past = events.slice(0, at + 1);
  const decided = isDecided(scenario, { events, whole, violation });
  // Who reads a message may do so later.
  const readers = readersOf(events);
  const labels = labelsOf(past, decoders);
  const slice = sliceOf(past, decided, event => labels.has(event.index), most);
  const time = past.at(-1)?.time ?? ORIGIN;
  // A plan holds JSON values only: Scenario promises it.
  const drawn = Object.entries(plan).filter(([field]) => !COMMON_FIELDS.includes(field));
  const sentences = [
    ...(needed === undefined ? [] : neededText(needed)),
    ...stepsText(slice, decided ? at : undefined, labels, readers),
    decided
      ? decisionText(events[at], new Map([...labels, ...readingsOf(past, decoders)]), readers)
      : `No event decided: it was found when time had passed, at ${formatTime(time)}.`,
  ];
  const left = [...labels.keys()].length - slice.length;
  const sequence = drawSequence(events, { labels, only: new Set(slice.map(({ index }) => index)), columns });
  return {
    property: printable(property),
    sentence: broken?.text ?? '',
    why: printable(why, VALUE_SHOWN),
    time,
    told: sentences,
    stack: property === 'no-bug' ? stackOf(bugs[0] ?? '') : [],
    plan: [
      ...(drawn.length === 0 ? [] : [`with ${drawn.map(([field, value]) => `${printable(field, 40)} ${shown(value)}`).join(', ')}`]),
      ...plan.faults.map(faultText),
    ],
    mattered: needed?.mattered === undefined ? '' : faultText(plan.faults[needed.mattered] as Fault),
    sequence: [...sequence, ...(left > 0 ? [`${' '.repeat(INDENT)}(and ${left} more, less near)`] : [])],
  };
}

const brokenOf = (scenario: Judged | undefined, property: string): Property | undefined =>
  scenario === undefined ? undefined : propertiesOf(scenario).find(({ name }) => name === property);

/** Whether it was an event that decided. What is decided when a bound has passed, or at the end, has one that only happened to come next. */
export const isDecided = (
  scenario: Judged | undefined,
  { events, whole = true, violation: { property, at } }: Pick<Failure, 'events' | 'whole' | 'violation'>,
): boolean => brokenOf(scenario, property)?.expectation === 'always' && (at < events.length - 1 || (!whole && events[at]?.process !== ''));

const INDENT = 15;

/** `columns`: characters of a line. */
export function formatStory(
  { property, sentence, why, time, told, stack, plan, sequence }: Story,
  columns: number = COLUMNS,
): readonly string[] {
  return [
    ...wrapped(`${property}: ${sentence}`.trim(), columns),
    ...wrapped(`${formatTime(time)}: ${why}`, columns),
    ...stack.map(line => `  ${line}`),
    ...plan.flatMap(line => wrapped(line, columns)),
    ...wrapped(told.join(' '), columns),
    ...sequence,
    `${' '.repeat(INDENT)}✗ ${property}`,
  ];
}

/** Lines of whole words. A word that is longer than a line is cut. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    const longer = last === '' ? word : `${last} ${word}`;
    if (longer.length <= columns) lines[lines.length - 1] = longer;
    else if (last === '') lines[lines.length - 1] = `${word.slice(0, columns - 1)}…`;
    else lines.push(word.length <= columns ? word : `${word.slice(0, columns - 1)}…`);
  }
  return lines;
}

const shown = (value: unknown): string => printable(canonicalJson(value as JsonValue), VALUE_SHOWN);

export function faultText({ kind, at, ...rest }: Fault): string {
  const fields = Object.entries(rest).map(
    ([name, value]) => `${name} ${name === 'duration' || name === 'extra' ? formatTime(value) : shown(value)}`,
  );
  return `fault ${kind} at ${formatTime(at)}: ${fields.join(', ')}`;
}

const stackOf = (stack: string): readonly string[] =>
  stack
    .split('\n')
    .slice(0, STACK_SHOWN)
    .map(line => printable(line.trim(), VALUE_SHOWN));

const WITHOUT: Readonly<Record<Without, string>> = {
  holds: 'the property holds',
  'fails the same': 'it fails all the same',
  'fails otherwise': 'it fails in another way',
};

function neededText({ faults, none, inOrder, mattered }: Needed): readonly string[] {
  const needed = faults.filter(({ without }) => without !== 'fails the same');
  const texts: string[] = [];
  if (faults.length === 0) texts.push('Nothing has to go wrong for it.');
  else if (needed.length === 0 && (none ?? 'fails the same') === 'fails the same')
    texts.push(`None of what goes wrong is needed: without it, ${WITHOUT['fails the same']}.`);
  else if (needed.length === 0) texts.push(`Not one of the faults is needed, but without all of them ${WITHOUT[none ?? 'holds']}.`);
  else {
    const [only] = needed;
    if (needed.length > 1) texts.push(`It needs ${needed.length} of the faults.`);
    else if (only !== undefined) texts.push(`It needs one fault: without the ${nameOf(only.fault)} ${WITHOUT[only.without]}.`);
  }
  const decisive = mattered === undefined ? undefined : faults[mattered];
  if (decisive !== undefined && needed.length > 1)
    texts.push(`The one that mattered, because it came last, is the ${nameOf(decisive.fault)}: without it ${WITHOUT[decisive.without]}.`);
  else if (decisive !== undefined && needed.length === 0) texts.push(`The ${nameOf(decisive.fault)} alone suffices.`);
  if (inOrder !== undefined)
    texts.push(`Were all events in the order of time, ${inOrder === 'holds' ? 'the property would hold' : WITHOUT[inOrder]}.`);
  return texts;
}

function nameOf(fault: Fault): string {
  const whom =
    'program' in fault ? fault.program : 'machine' in fault ? fault.machine : 'machines' in fault ? fault.machines.join(' and ') : '';
  return `${fault.kind}${whom === '' ? '' : ` of ${printable(whom, 80)}`} at ${formatTime(fault.at)}`;
}

type Readers = (sent: TraceEvent) => string;

function stepsText(slice: readonly TraceEvent[], at: number | undefined, labels: Labels, readers: Readers): readonly string[] {
  const steps = slice.filter(({ index, process }) => index !== at && process !== '').slice(-STEPS);
  if (steps.length === 0) return [];
  return [`Before that: ${steps.map(event => `at ${formatTime(event.time)} ${stepText(event, labels, readers)}`).join('; ')}.`];
}

function stepText(event: TraceEvent, labels: Labels, readers: Readers): string {
  const to = readers(event);
  const sends = event.kind === 'send' || event.kind === 'datagram';
  return `${printable(event.process, 80)} ${sends ? 'sends ' : ''}${labels.get(event.index) ?? event.kind}${to === '' ? '' : ` to ${printable(to, 80)}`}`;
}

function decisionText(event: TraceEvent | undefined, labels: Labels, readers: Readers): string {
  if (event === undefined) return 'Nothing has happened.';
  const { index, time, process, kind, data } = event;
  const other = `${process === '' ? 'the world' : printable(process, 80)}: ${kind}${data === undefined ? '' : ` ${formatData(data)}`}`;
  return `Event ${index} decided, at ${formatTime(time)}: ${process !== '' && labels.has(index) ? stepText(event, labels, readers) : other}.`;
}
