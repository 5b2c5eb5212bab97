/**
 * Who goes first among entries that are ready at the same instant: a decision, drawn and recorded.
 * Lacks: what is ready later (lateness.ts).
 */
import type { Instant } from '../../host/time.ts';
import type { Agenda, Entry } from './agenda.ts';
import type { Schedule } from './options.ts';
import type { Prng } from './prng.ts';

/** More entries than this at one instant are taken in order: a choice among so many explores nothing. */
const READY_MAX = 64;
/** The changes of priority of a pct schedule fall among the first this many choices. */
const PCT_HORIZON = 256;

export type Chooser = (ready: readonly Entry[]) => number;
export type ChoiceObserver = (time: Instant, of: number, value: number) => void;

/**
 * Takes the next entry not after `until`, asking the chooser when several are ready.
 * Of the timers of one owner only the first can be taken.
 */
export function takeNext(agenda: Agenda, until: number, chooser: Chooser, chosen: ChoiceObserver): Entry | undefined {
  const first = agenda.take(until);
  if (first === undefined) return first;
  const ready = [first];
  const behind: Entry[] = [];
  const queues = new Set<number>();
  if (first.binding === 'timer') queues.add(first.owner);
  while (ready.length < READY_MAX) {
    const next = agenda.take(first.time);
    if (next === undefined) break;
    if (next.binding === 'timer' && queues.has(next.owner)) behind.push(next);
    else ready.push(next);
    if (next.binding === 'timer') queues.add(next.owner);
  }
  const taken = ready.length === 1 ? first : decide(ready, chooser, (of, value) => chosen(first.time, of, value));
  for (const entry of ready) if (entry !== taken) agenda.putBack(entry);
  for (const entry of behind) agenda.putBack(entry);
  return taken;
}

function decide(ready: readonly Entry[], chooser: Chooser, chosen: (of: number, value: number) => void): Entry {
  const value = chooser(ready);
  const taken = ready[value];
  if (taken === undefined) throw new Error(`the chooser took ${value} of ${ready.length}`);
  chosen(ready.length, value);
  return taken;
}

export const chooserOf = (schedule: Extract<Schedule, { readonly strategy: 'random' | 'pct' }>, prng: Prng): Chooser =>
  schedule.strategy === 'random' ? ready => prng.below(ready.length) : pct(schedule.depth, prng);

/** Burckhardt et al., A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010, section 3. */
function pct(depth: number, prng: Prng): Chooser {
  const priorities = new Map<number, number>();
  const changes = new Set<number>();
  for (let count = 1; count < depth; count++) changes.add(prng.below(PCT_HORIZON));
  let choices = 0;
  let lowest = 0;
  const priorityOf = (owner: number): number => {
    let priority = priorities.get(owner);
    if (priority === undefined) {
      priority = 1 + prng.below(1_000_000);
      priorities.set(owner, priority);
    }
    return priority;
  };
  return ready => {
    let best = 0;
    let bestPriority = Number.NEGATIVE_INFINITY;
    ready.forEach((entry, index) => {
      const priority = priorityOf(entry.owner);
      if (priority > bestPriority) {
        best = index;
        bestPriority = priority;
      }
    });
    const owner = ready[best]?.owner;
    if (changes.has(choices++) && owner !== undefined) priorities.set(owner, --lowest);
    return best;
  };
}
