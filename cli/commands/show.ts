/**
 * `slipway show`: the events of a trace, a line each with the messages that it completes, and what became of it. Of a failure those that it
 * followed from, unless others are asked for.
 */
import { checkPlan } from '../../src/check/plan-shape.ts';
import { isDecided, type Story, storyOf } from '../../src/check/story/story.ts';
import { printable } from '../../src/host/bytes.ts';
import { compareCodeUnits } from '../../src/host/order.ts';
import { canonicalJson } from '../../src/trace/canonical.ts';
import { DecodedTrace } from '../../src/trace/decoded.ts';
import type { TraceEvent, TraceHeader } from '../../src/trace/event.ts';
import { labelsOf } from '../../src/trace/labels.ts';
import { EVENT_LIMIT } from '../../src/trace/limits.ts';
import type { Item } from '../../src/trace/message.ts';
import { formatProblem } from '../../src/trace/problem.ts';
import { sliceOf } from '../../src/trace/slice.ts';
import { PROCESS_LIMIT } from '../../src/trace/stats.ts';
import { NOBODY, streamsOf } from '../../src/trace/streams.ts';
import { eventsOf, isCapture } from '../captures.ts';
import { showEvent } from '../event-lines.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { noteDropped } from '../in-part.ts';
import { type KnownTrace, knownTrace } from '../known.ts';
import { requireReadable } from '../places.ts';
import { count, plural, type Screen } from '../screen.ts';
import { type Selected, type SelectFlags, type Selection, selectionOf } from '../selection.ts';
import { showStory } from '../story.ts';

export interface ShowFlags extends SelectFlags {
  readonly all?: boolean;
}

const PLAN_SHOWN = 2_000;
/** Events of a failure that are shown unless more are asked for. */
const SLICE = 40;

export async function show(file: string, flags: ShowFlags, modules: readonly string[], screen: Screen): Promise<ExitCode> {
  const asked = selectionOf(flags);
  requireReadable('the trace', file);
  if (asked?.needsAll !== true && (await isCapture(file))) return showCapture(file, asked, modules, screen);
  const known = await knownTrace(file, modules);
  const { header, events, footer, problems, state } = known.trace;
  const chosen = asked?.of(known.trace) ?? (flags.all === true ? undefined : sliceIn(known));
  showHeader(header, screen);
  const decoded = new DecodedTrace(known.decoders);
  for (const event of events) {
    const items = decoded.see(event);
    if (chosen?.has(event.index) !== false) showEvent(event, items, screen);
  }
  noteBeyond(asked, events.length, screen);
  if (chosen !== undefined) screen.line(leftOut(events.length - chosen.size, asked === undefined));
  noteDropped(decoded.dropped, screen);
  const outcome =
    footer === undefined
      ? `no end: ${state}`
      : `${footer.outcome}${footer.check === '' ? '' : ` ${footer.check} at event ${footer.at}: ${footer.why}`}`;
  screen.line(`${events.length} events; ${screen.style(footer?.outcome === 'fail' ? 'red' : 'green', printable(outcome, PLAN_SHOWN))}`);
  for (const problem of problems) screen.line(`  ${formatProblem(problem)}`);
  const story = storyIn(known, screen.columns);
  // Who asks for some events wants those.
  if (story !== undefined && asked === undefined) showStory(story, screen);
  screen.value({ format: 'slipway-shown', v: 1, header, footer: footer ?? null, events: events.length, state, problems, story });
  return EXIT.ok;
}

/** Of a capture, in the order of the file: of what may be larger than memory only the last events that are asked for are kept. */
async function showCapture(file: string, asked: Selection | undefined, modules: readonly string[], screen: Screen): Promise<ExitCode> {
  const { header, decoders, state, ending, each } = await eventsOf(file, modules);
  showHeader(header, screen);
  const decoded = new DecodedTrace(decoders);
  const names = new Set<string>();
  const ring: (readonly [TraceEvent, readonly Item[]])[] = [];
  const room = Math.min(asked?.last ?? 0, EVENT_LIMIT);
  let [events, meant] = [0, 0];
  const problems = await each(event => {
    events++;
    if (names.size < PROCESS_LIMIT) names.add(event.process);
    const items = decoded.see(event);
    if (asked?.means(event) === false) return;
    if (asked?.last === undefined) showEvent(event, items, screen);
    else if (room > 0) ring[meant % room] = [event, items];
    meant++;
  });
  if (meant === 0) asked?.requireProcess(names);
  const first = ring.length === 0 ? 0 : meant % ring.length;
  for (const [event, items] of [...ring.slice(first), ...ring.slice(0, first)]) showEvent(event, items, screen);
  noteBeyond(asked, events, screen);
  if (asked !== undefined) screen.line(leftOut(events - (asked.last === undefined ? meant : ring.length), false));
  if ((asked?.last ?? 0) > EVENT_LIMIT && meant > EVENT_LIMIT)
    screen.note(`--last: no more than the last ${count(EVENT_LIMIT)} events are kept`);
  screen.line(`${events} events; ${screen.style('green', ending?.outcome ?? state)}`);
  noteDropped(decoded.dropped, screen);
  for (const problem of problems) screen.line(`  ${formatProblem(problem)}`);
  screen.value({
    format: 'slipway-shown',
    v: 1,
    header,
    footer: ending === undefined ? null : { events, fingerprint: '', ...ending },
    events,
    state,
    problems,
  });
  return EXIT.ok;
}

function showHeader(header: TraceHeader, screen: Screen): void {
  const seed = header.seed === '' ? '' : `, seed ${printable(header.seed)}`;
  screen.line(`${screen.style('bold', printable(header.name))}  ${header.kind}, ${header.clock} clock${seed}`);
  screen.line(`  ${printable(header.title)}`);
  const { plan, told } = planOf(header);
  screen.line(`  ${printable(canonicalJson(plan), PLAN_SHOWN)}`);
  if (told !== undefined) screen.line(`  ${printable(told, PLAN_SHOWN)}`);
}

/** Who asks for what comes behind the end sees nothing. */
function noteBeyond(asked: Selection | undefined, events: number, screen: Screen): void {
  if (asked === undefined || asked.first < events) return;
  screen.note(`--from ${asked.first}: ${events === 0 ? 'there are no events' : `the trace ends with event ${events - 1}`}`);
}

/** Which streams speak what is told by their numbers: there may be very many. */
function planOf(header: TraceHeader): { readonly plan: TraceHeader['plan']; readonly told?: string } {
  const { plan } = header;
  const counts = new Map<string, number>();
  for (const protocol of streamsOf(header).values()) counts.set(protocol, (counts.get(protocol) ?? 0) + 1);
  if (counts.size === 0 || typeof plan !== 'object' || plan === null) return { plan };
  const ordered = [...counts].sort(([one], [other]) => compareCodeUnits(one, other));
  const parts = ordered.map(
    ([protocol, number]) => `${count(number)} ${protocol === NOBODY ? 'that no decoder makes sense of' : protocol}`,
  );
  const told = `streams of another protocol: ${parts.join(', ')}`;
  return { plan: Object.fromEntries(Object.entries(plan).filter(([name]) => name !== 'streams')), told };
}

const leftOut = (number: number, bySlice: boolean): string =>
  `… ${plural(number, 'more event')}${bySlice ? ' that the failure did not follow from, or only from afar' : ''}; --all shows all`;

/** The events that the failure followed from, the nearest; `undefined` where nothing failed, or it would be all. */
function sliceIn({ trace, decoders, scenario }: KnownTrace): Selected | undefined {
  const { header, events, footer } = trace;
  if (footer?.outcome !== 'fail' || footer.at < 0 || footer.at >= events.length) return undefined;
  const { check: property, at, why } = footer;
  const past = events.slice(0, at + 1);
  const labels = labelsOf(past, decoders);
  // What a case has found is in the event at which it was found.
  const decided =
    header.kind === 'conformance' || isDecided(scenario, { events, whole: header.kind === 'sim', violation: { property, at, why } });
  const slice = sliceOf(past, decided, ({ index }) => labels.has(index) || index === at, SLICE);
  return slice.length >= events.length ? undefined : new Set(slice.map(({ index }) => index));
}

/** Of a simulated failure, from what the file has: nothing is run again. */
function storyIn({ trace: { header, events, footer }, decoders, scenario }: KnownTrace, columns: number): Story | undefined {
  if (header.kind === 'conformance' || footer?.outcome !== 'fail' || footer.at >= events.length) return undefined;
  const checked = scenario === undefined ? undefined : checkPlan(scenario, header.plan);
  if (checked?.ok !== true) return undefined;
  const { check: property, at, why } = footer;
  const failure = { plan: checked.plan, events, whole: header.kind === 'sim', violation: { property, at, why } };
  return storyOf(scenario, failure, { decoders, columns });
}
