/**
 * Which events a failure is told by: not all that came before it, but those it followed from, the nearest first. Near is what brought an event
 * about (a message, a timer, a signal); less near what its process had done before.
 * Lacks: what a process keeps in its memory: a slice is a guess at what mattered, made of what crossed the Host.
 */
import { previousOf } from './causality.ts';
import { NO_CAUSE, type TraceEvent } from './event.ts';

/** How far an event is from its cause, from what the same callback did before, and from what its process did earlier. */
const BY_CAUSE = 1;
const BY_CALLBACK = 1;
const BY_PROCESS = 6;

/** An event with which a callback begins. */
const INPUTS: ReadonlySet<TraceEvent['kind']> = new Set([
  'start',
  'fire',
  'recv',
  'receive',
  'eof',
  'accept',
  'open',
  'signal',
  'wait',
  'drain',
]);
/** A connection that is closed with an error was closed by the Host. */
const isInput = ({ kind, data }: TraceEvent): boolean => INPUTS.has(kind) || (kind === 'close' && data?.['error'] !== undefined);

/**
 * The events that `tells` says something about, in order, at most `most` of them: the nearest to the last event, or where `decided` is false, to the last one of every
 * process. What the world does is always among them.
 */
export function sliceOf(
  events: readonly TraceEvent[],
  decided: boolean,
  tells: (event: TraceEvent) => boolean,
  most: number,
): readonly TraceEvent[] {
  const before = previousOf(events);
  const distance = new Map<number, number>();
  let edge = rootsOf(events, decided);
  // Costs are small integers: one round for each distance there is.
  for (let far = 0; edge.length > 0; far++) {
    const later: { readonly index: number; readonly far: number }[] = [];
    for (const each of edge) {
      if (each.far > far) {
        later.push(each);
        continue;
      }
      if ((distance.get(each.index) ?? Number.POSITIVE_INFINITY) <= far) continue;
      distance.set(each.index, far);
      const event = events[each.index];
      if (event === undefined) continue;
      const previous = before[each.index] ?? NO_CAUSE;
      if (event.cause !== NO_CAUSE) later.push({ index: event.cause, far: far + BY_CAUSE });
      if (previous !== NO_CAUSE) later.push({ index: previous, far: far + (isInput(event) ? BY_PROCESS : BY_CALLBACK) });
    }
    edge = later;
  }
  const telling = events.filter(tells);
  const world = telling.filter(({ process }) => process === '').slice(-most);
  const near = telling
    .filter(({ process, index }) => process !== '' && distance.has(index))
    .sort((one, other) => (distance.get(one.index) ?? 0) - (distance.get(other.index) ?? 0) || other.index - one.index)
    .slice(0, Math.max(1, most - world.length));
  return [...world, ...near].sort((one, other) => one.index - other.index);
}

function rootsOf(events: readonly TraceEvent[], decided: boolean): readonly { readonly index: number; readonly far: number }[] {
  const last = events.length - 1;
  if (decided) return [{ index: last, far: 0 }];
  const ends = new Map<string, number>();
  for (const { process, index } of events) if (process !== '') ends.set(process, index);
  return [...ends.values()].map(index => ({ index, far: 0 }));
}
