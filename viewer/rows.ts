/**
 * Rows of a page: one for each event, or for each pair of events that stand side by side, and of these the ones that a filter lets through.
 */
import { type Alignment, STATE } from './align.ts';
import type { Filter } from './filter.ts';

export interface Rows {
  /** For each side, the place of the event in each row, or NONE. */
  readonly places: readonly Int32Array[];
  /** Of each row, one of STATE. */
  readonly state: Uint8Array;
}

export const rowsOfOne = (count: number): Rows => ({
  places: [Int32Array.from({ length: count }, (_, place) => place)],
  state: new Uint8Array(count),
});

export const rowsOfTwo = ({ left, right, state }: Alignment): Rows => ({ places: [left, right], state });

/** Rows of which some side has an event that its filter lets through. */
export function filtered({ places, state }: Rows, filters: readonly Filter[]): Rows {
  const kept = new Int32Array(state.length);
  let count = 0;
  for (let row = 0; row < state.length; row++)
    if (places.some((side, at) => (side[row] ?? -1) >= 0 && filters[at]?.(side[row] ?? 0) === true)) kept[count++] = row;
  const rows = kept.subarray(0, count);
  return {
    places: places.map(side => Int32Array.from(rows, row => side[row] ?? -1)),
    state: Uint8Array.from(rows, row => state[row] ?? 0),
  };
}

export const isDifferent = (state: number | undefined): boolean => state !== undefined && state >= STATE.changed;

/** The next row of that sort, or -1; `step`: 1 or -1. */
export function nextRow(from: number, step: 1 | -1, count: number, holds: (row: number) => boolean): number {
  for (let row = from + step; row >= 0 && row < count; row += step) if (holds(row)) return row;
  return -1;
}
