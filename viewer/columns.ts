/**
 * A trace as a page holds it: a column of numbers for each field of an event, texts by number, payloads in one piece. A million events are
 * some 60 MB in this form and ten times that as objects. An event is named by its place, from 0; where nothing was lost that is its index.
 */
import { textOf } from '../src/host/bytes.ts';
import type { EventData } from '../src/host/event.ts';
import type { JsonValue, TraceFooter, TraceHeader } from '../src/trace/event.ts';

/** In a column of places: no event. */
export const NONE = -1;

/** The columns of a packed trace, in the order of their sections. */
export const COLUMNS = ['index', 'time', 'process', 'kind', 'channel', 'cause', 'message', 'data', 'items', 'length', 'kept'] as const;
export type Column = (typeof COLUMNS)[number];

export interface Columns {
  readonly head: Head;
  readonly count: number;
  readonly index: Float64Array;
  /** Microseconds. */
  readonly time: Float64Array;
  /** Numbers of texts of `processes`, `kinds` and `channels`. */
  readonly process: Uint32Array;
  readonly kind: Uint16Array;
  readonly channel: Uint32Array;
  /** Place of the event that brought it about, or NONE. */
  readonly cause: Int32Array;
  readonly message: Float64Array;
  /** Numbers of texts of `data` and `items`; 0 for none. */
  readonly data: Uint32Array;
  readonly items: Uint32Array;
  readonly processes: readonly string[];
  readonly kinds: readonly string[];
  readonly channels: readonly string[];
  /** JSON of what an event needs beside. */
  readonly datas: Texts;
  /** JSON of the messages that an event completes: a list of `Said`. */
  readonly itemLists: Texts;
  readonly payloads: Payloads;
}

/** What is said of the trace as a whole. */
export interface Head {
  readonly v: 1;
  /** As the user named it. */
  readonly file: string;
  readonly header: Pick<TraceHeader, 'name' | 'kind' | 'clock' | 'seed' | 'title'> & { readonly plan: JsonValue };
  readonly footer: TraceFooter | null;
  readonly state: string;
  readonly problems: readonly string[];
  readonly events: number;
  /** Place of the event that decided, or NONE. */
  readonly decided: number;
}

/** A message, or what breaks the format, as it is embedded. */
export interface Said {
  readonly type?: string;
  readonly fields?: Readonly<Record<string, string | number | boolean>>;
  /** Of a violation. */
  readonly clause?: string;
  readonly detail?: string;
  /** Of its first byte, in the payload of the event that completes it; negative where an earlier event brought it. */
  readonly at?: number;
  readonly length?: number;
  /** Of fields, in the bytes of the message. */
  readonly spans?: Readonly<Record<string, readonly [at: number, length: number]>>;
}

/** Texts in one piece, of which few are ever looked at. */
export class Texts {
  readonly bytes: Uint8Array;
  /** Of each text, and the end of the last. */
  readonly starts: Uint32Array;

  constructor(bytes: Uint8Array, starts: Uint32Array) {
    this.bytes = bytes;
    this.starts = starts;
  }

  get count(): number {
    return this.starts.length - 1;
  }

  text(at: number): string {
    return textOf(this.bytes.subarray(this.starts[at], this.starts[at + 1]));
  }
}

export class Payloads {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  /** Bytes as they were, which may be more than are here; NONE for no payload. */
  readonly lengths: Float64Array;

  constructor(bytes: Uint8Array, starts: Uint32Array, lengths: Float64Array) {
    this.bytes = bytes;
    this.starts = starts;
    this.lengths = lengths;
  }

  /** `undefined` for none. */
  of(place: number): Uint8Array | undefined {
    return (this.lengths[place] ?? NONE) < 0 ? undefined : this.bytes.subarray(this.starts[place], this.starts[place + 1]);
  }
}

export const kindOf = ({ kind, kinds }: Columns, place: number): string => kinds[kind[place] ?? 0] ?? '';
export const processOf = ({ process, processes }: Columns, place: number): string => processes[process[place] ?? 0] ?? '';
export const channelOf = ({ channel, channels }: Columns, place: number): string => channels[channel[place] ?? 0] ?? '';

export function dataOf({ data, datas }: Columns, place: number): EventData | undefined {
  const at = data[place] ?? 0;
  return at === 0 ? undefined : JSON.parse(datas.text(at));
}

export function saidOf({ items, itemLists }: Columns, place: number): readonly Said[] {
  const at = items[place] ?? 0;
  return at === 0 ? [] : JSON.parse(itemLists.text(at));
}

/** The place of the event with this index, or of the first after it; `count` for none. */
export function placeOf({ index, count }: Columns, wanted: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((index[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
