/**
 * A whole trace in memory, from pieces of its file.
 * Lacks: files and compression (src/node); a view of what is too large for memory (use TraceDecoder).
 */
import type { DecoderOptions, Item, TraceState } from './decode.ts';
import { TraceDecoder } from './decode.ts';
import type { TraceEvent, TraceFooter, TraceHeader } from './event.ts';
import type { Problem } from './problem.ts';

export interface ReadTrace {
  /** Absent only when the trace is unreadable. */
  readonly header: TraceHeader | undefined;
  /** Of the format, as the file has it; the rest is as today's has it. Absent for what is no file of ours. */
  readonly version?: readonly [number, number] | undefined;
  /** `events[n].index` is n, unless the trace was altered. */
  readonly events: readonly TraceEvent[];
  readonly footer: TraceFooter | undefined;
  readonly state: TraceState;
  readonly problems: readonly Problem[];
  /** Index of an event to the length of its payload, where that was cut at writing. */
  readonly truncated: ReadonlyMap<number, number>;
  readonly unknownKinds: number;
}

export function readTrace(chunks: Iterable<Uint8Array>, options: DecoderOptions = {}): ReadTrace {
  const decoder = new TraceDecoder(options);
  const collected = new Collected();
  for (const chunk of chunks) {
    collected.take(decoder.push(chunk));
    if (decoder.stopped) break;
  }
  const { items, state, unknownKinds } = decoder.finish();
  collected.take(items);
  const { header, version, events, footer, problems, truncated } = collected;
  return { header, version, events, footer, state, problems, truncated, unknownKinds };
}

class Collected {
  header: TraceHeader | undefined;
  version: readonly [number, number] | undefined;
  footer: TraceFooter | undefined;
  readonly events: TraceEvent[] = [];
  readonly problems: Problem[] = [];
  readonly truncated = new Map<number, number>();

  take(items: readonly Item[]): void {
    for (const item of items) this.#one(item);
  }

  #one(item: Item): void {
    switch (item.type) {
      case 'event':
        this.events.push(item.event);
        if (item.event.bytes !== undefined && item.event.bytes.length < item.length) this.truncated.set(item.event.index, item.length);
        return;
      case 'header':
        this.header = item.header;
        this.version = item.version;
        return;
      case 'footer':
        this.footer = item.footer;
        return;
      case 'problem':
        this.problems.push(item.problem);
        return;
      case 'checkpoint':
        return;
      default:
        item satisfies never;
    }
  }
}
