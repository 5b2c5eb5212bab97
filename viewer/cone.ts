/**
 * The cones of an event: all that it may have followed from, and all that may follow from it, by the order of each process and by what is
 * written down as a cause (happened-before).
 * Lacks: what really mattered; an event of a cone may have changed nothing.
 */
import { type Columns, NONE } from './columns.ts';
import type { Links } from './links.ts';

export const CONE = { past: 1, future: 2, itself: 4 } as const;

/** For each event a sum of CONE, 0 for neither. */
export function coneOf({ count, cause }: Columns, { before, readAt }: Links, place: number): Uint8Array {
  const cone = new Uint8Array(count);
  cone[place] = CONE.itself;
  // Bytes that were read together with others: from the read back to what sent them.
  const sends = new Map<number, number[]>();
  readAt.forEach((read, send) => {
    if (read >= 0 && read <= place) sends.set(read, [...(sends.get(read) ?? []), send]);
  });
  const mark = (at: number): void => {
    if (at >= 0 && cone[at] === 0) cone[at] = CONE.past;
  };
  for (let at = place; at >= 0; at--) {
    if (cone[at] === 0) continue;
    mark(before[at] ?? NONE);
    mark(cause[at] ?? NONE);
    for (const send of sends.get(at) ?? []) mark(send);
  }
  for (let at = place; at < count; at++) {
    if (at > place && (isIn(cone, before[at]) || isIn(cone, cause[at]))) cone[at] = CONE.future;
    const read = readAt[at] ?? NONE;
    if (read > at && isFuture(cone[at])) cone[read] = CONE.future;
  }
  return cone;
}

const isFuture = (of: number | undefined): boolean => of === CONE.future || of === CONE.itself;
const isIn = (cone: Uint8Array, place: number | undefined): boolean => place !== undefined && place >= 0 && isFuture(cone[place]);

/** What brought an event about, step by step, the nearest first: its cause, or what its process did before that had one. */
export function reasonsOf({ cause }: Columns, { before }: Links, place: number, limit: number): readonly number[] {
  const reasons: number[] = [];
  let at = place;
  while (at >= 0 && reasons.length < limit) {
    const from = cause[at] ?? NONE;
    if (from < 0) at = before[at] ?? NONE;
    else {
      if (at !== place && reasons.at(-1) !== at) reasons.push(at);
      reasons.push(from);
      at = from;
    }
  }
  return reasons.slice(0, limit);
}
