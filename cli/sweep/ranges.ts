/**
 * Sets of seeds, as ranges: what is done, what is left, whose part it is.
 */
import { usage } from '../exit.ts';
import type { Seeds } from '../seeds.ts';

/** Ascending, and no two touch each other. */
export type Ranges = readonly Seeds[];

/** Both together; they share no seed. */
export function joined(ranges: Ranges, range: Seeds): Ranges {
  const apart = ranges.filter(({ from, to }) => to + 1 < range.from || range.to + 1 < from);
  const touching = [range, ...ranges.filter(each => !apart.includes(each))];
  const whole = { from: Math.min(...touching.map(({ from }) => from)), to: Math.max(...touching.map(({ to }) => to)) };
  return [...apart, whole].sort((left, right) => left.from - right.from);
}

/** What is left of a range without these. */
export function without(range: Seeds, ranges: Ranges): Ranges {
  const left: Seeds[] = [];
  let { from } = range;
  for (const each of ranges) {
    if (each.to < from || each.from > range.to) continue;
    if (each.from > from) left.push({ from, to: each.from - 1 });
    from = each.to + 1;
  }
  return from <= range.to ? [...left, { from, to: range.to }] : left;
}

/** The first seed that is in both. */
export const shared = (range: Seeds, ranges: Ranges): number | undefined =>
  ranges.flatMap(({ from, to }) => (from <= range.to && range.from <= to ? [Math.max(from, range.from)] : []))[0];

export const sizeOf = (ranges: Ranges): number => ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);

/** One of several parts, from 1 on. */
export interface Shard {
  readonly part: number;
  readonly of: number;
}
/** More machines than anybody sweeps with. */
const SHARDS_LIMIT = 1_000;

export function parseShard(text: string): Shard {
  const [, part = 0, of = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (part < 1 || part > of || of > SHARDS_LIMIT) throw usage(`--shard must look like 2/3, a part and how many there are, not '${text}'`);
  return { part, of };
}

/** The parts have no seed in common, and all together make the range; one of a short range may be empty. */
export function shardOf({ from, to }: Seeds, { part, of }: Shard): Ranges {
  const size = to - from + 1;
  const first = from + Math.floor((size * (part - 1)) / of);
  const last = from + Math.floor((size * part) / of) - 1;
  return first <= last ? [{ from: first, to: last }] : [];
}
