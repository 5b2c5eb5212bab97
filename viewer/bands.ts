/**
 * For how long something was wrong with the world: faults from their beginning to their end, machines without power. And where its phases
 * begin.
 */
import { type Columns, dataOf, kindOf } from './columns.ts';

export interface Band {
  readonly from: number;
  /** The last event of the trace where it never ended. */
  readonly to: number;
  readonly name: string;
  /** A column of its own, from 0, beside those that it overlaps. */
  readonly track: number;
}

/** Beside each other; what overlaps more is drawn in the last one. */
export const TRACKS = 4;

export function bandsOf(columns: Columns): readonly Band[] {
  const { count, processes, process } = columns;
  const world = processes.indexOf('');
  const open = new Map<string, { readonly from: number; readonly name: string }>();
  const bands: Omit<Band, 'track'>[] = [];
  const begin = (key: string, from: number, name: string): unknown => open.set(key, { from, name });
  const end = (key: string, to: number): void => {
    const found = open.get(key);
    if (found !== undefined) bands.push({ ...found, to });
    open.delete(key);
  };
  for (let place = 0; place < count; place++) {
    if (process[place] !== world) continue;
    const kind = kindOf(columns, place);
    if (kind !== 'fault' && kind !== 'power') continue;
    const { fault, kind: name, step, machine, state } = dataOf(columns, place) ?? {};
    if (kind === 'power') {
      if (state === 'off') begin(`power ${machine}`, place, `${machine} has no power`);
      else end(`power ${machine}`, place);
    } else if (step === 'begin') begin(`fault ${fault}`, place, String(name));
    else if (step === 'end') end(`fault ${fault}`, place);
  }
  for (const found of open.values()) bands.push({ ...found, to: count - 1 });
  return inTracks(bands.sort((one, other) => one.from - other.from || one.to - other.to));
}

function inTracks(bands: readonly Omit<Band, 'track'>[]): readonly Band[] {
  const busy: number[] = [];
  return bands.map(band => {
    const free = busy.findIndex(until => until < band.from);
    const track = free >= 0 ? free : Math.min(busy.length, TRACKS - 1);
    busy[track] = Math.max(band.to, free >= 0 ? 0 : (busy[track] ?? 0));
    return { ...band, track };
  });
}
