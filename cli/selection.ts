/**
 * Which events of a trace are meant, from options that can be combined: an event has to be in all that is asked for.
 */
import { printable } from '../src/host/bytes.ts';
import { coneOf } from '../src/trace/causality.ts';
import { EVENT_KINDS, type TraceEvent } from '../src/trace/event.ts';
import { FAMILIES, familyOf } from '../src/trace/families.ts';
import type { ReadTrace } from '../src/trace/read.ts';
import { parseCount } from './counts.ts';
import { type Stop, usage } from './exit.ts';
import { nearest } from './names.ts';

export interface SelectFlags {
  readonly from?: string;
  readonly count?: string;
  readonly process?: string;
  readonly kind?: string;
  readonly around?: string;
  readonly last?: string;
  /** True: of the event that decided. */
  readonly pastCone?: string | true;
  readonly futureCone?: string | true;
}

/** By index. */
export type Selected = ReadonlySet<number>;

/** No trace has more. */
const EVENTS_LIMIT = 999_999_999;
/** Events before and after the one that is looked at. */
const AROUND = 10;

export interface Selection {
  /** Only the trace as a whole tells which events are meant. */
  readonly needsAll: boolean;
  /** No event before it is meant. */
  readonly first: number;
  /** Of the events that are meant, the last ones; `undefined`: all. */
  readonly last: number | undefined;
  /** What can be said of an event by itself. */
  means(event: TraceEvent): boolean;
  /** Throws a Stop where a process was asked for that is none of these. */
  requireProcess(names: ReadonlySet<string>): void;
  /** Throws a Stop where a trace could not have what is asked for. */
  of(trace: ReadTrace): Selected;
}

/** Looks at the options at once. `undefined`: nothing is asked for. */
export function selectionOf(flags: SelectFlags): Selection | undefined {
  const { process, pastCone, futureCone } = flags;
  const from = numberOf('--from', flags.from);
  const most = numberOf('--count', flags.count);
  const around = numberOf('--around', flags.around);
  const last = numberOf('--last', flags.last);
  const kinds = kindsOf(flags.kind);
  const past = pastCone === true ? undefined : numberOf('--past-cone', pastCone);
  const future = futureCone === true ? undefined : numberOf('--future-cone', futureCone);
  if (Object.keys(SELECTS).every(option => flags[option as keyof SelectFlags] === undefined)) return undefined;
  const first = from ?? 0;
  const end = first + (most ?? Number.POSITIVE_INFINITY);
  const means = (event: TraceEvent): boolean =>
    event.index >= first &&
    event.index < end &&
    (process === undefined || event.process.includes(process)) &&
    (kinds === undefined || kinds.has(event.kind) || kinds.has(familyOf(event.kind))) &&
    (around === undefined || Math.abs(event.index - around) <= AROUND);
  const requireProcess = (names: ReadonlySet<string>): void => {
    if (process === undefined) return;
    const known = [...names].filter(each => each !== '');
    if (!known.some(each => each.includes(process))) throw missing('process', process, known);
  };
  return {
    ...{ needsAll: pastCone !== undefined || futureCone !== undefined, first, last, means, requireProcess },
    of(trace) {
      const { events } = trace;
      requireProcess(new Set(events.map(each => each.process)));
      let chosen = events.filter(means);
      if (pastCone !== undefined) {
        const cone = coneOf(events, placeOf(trace, '--past-cone', past), 'past');
        chosen = chosen.filter(({ index }) => cone.has(index));
      }
      if (futureCone !== undefined) {
        const cone = coneOf(events, placeOf(trace, '--future-cone', future), 'future');
        chosen = chosen.filter(({ index }) => cone.has(index));
      }
      if (last !== undefined) chosen = last === 0 ? [] : chosen.slice(-last);
      return new Set(chosen.map(({ index }) => index));
    },
  };
}

/** All of them, so that none is forgotten where it is asked whether there is any. */
const SELECTS: Readonly<Record<keyof SelectFlags, true>> = {
  from: true,
  count: true,
  process: true,
  kind: true,
  around: true,
  last: true,
  pastCone: true,
  futureCone: true,
};

const numberOf = (option: string, text: string | undefined): number | undefined =>
  text === undefined ? undefined : parseCount(option, text, 0, EVENTS_LIMIT);

function kindsOf(text: string | undefined): ReadonlySet<string> | undefined {
  if (text === undefined) return undefined;
  const kinds = text.split(',').map(each => each.trim());
  requireKinds(kinds);
  return new Set(kinds);
}

/** Throws a Stop where one of them is neither a kind of event nor a family of kinds. */
export function requireKinds(kinds: readonly string[]): void {
  const known: readonly string[] = [...EVENT_KINDS, ...FAMILIES];
  const strange = kinds.find(each => !known.includes(each));
  if (strange !== undefined) throw missing('kind', strange, known);
}

/** What is near, or all there is. */
function missing(what: string, name: string, known: readonly string[]): Stop {
  const near = nearest(name, known);
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `there is ${printable(known.join(', '), NAMES_SHOWN)}`;
  return usage(`there is no ${what} '${printable(name, NAME_SHOWN)}'; ${hint}`);
}
const NAME_SHOWN = 80;
const NAMES_SHOWN = 600;

function placeOf({ events, footer }: ReadTrace, option: string, event: number | undefined): number {
  const place = event ?? footer?.at ?? -1;
  if (place < 0) throw usage(`${option}: no event decided in this trace, so it needs the number of one`);
  if (place >= events.length) throw usage(`${option}: there is no event ${place}; the trace has ${events.length}`);
  return place;
}
