/**
 * What each child has written to its event pipe, and what its parent says it has read.
 */
import { textOf } from '../../src/host/bytes.ts';
import type { EventKind, JsonValue, TraceEvent } from '../../src/trace/event.ts';
import { FAMILY_KINDS, Families, type Family } from './family.ts';
import { FrameTap } from './frames.ts';

export const WIRE_KINDS: readonly EventKind[] = [...FAMILY_KINDS, 'send'];

export interface Writing {
  readonly family: Family;
  readonly tap: FrameTap;
}

export class Wire {
  readonly families: Families = new Families();
  readonly #writings = new Map<string, Writing>();

  /** What the writing child has written so far, when this event adds to it. */
  see(event: TraceEvent): Writing | undefined {
    this.families.see(event);
    if (event.kind !== 'send' || event.bytes === undefined) return undefined;
    const family = this.families.ofChild(event.process);
    if (family === undefined || event.channel !== family.events) return undefined;
    let writing = this.#writings.get(event.process);
    if (writing === undefined) {
      writing = { family, tap: new FrameTap() };
      this.#writings.set(event.process, writing);
    }
    writing.tap.push(event.bytes);
    return writing;
  }

  writtenBy(child: string): Writing | undefined {
    return this.#writings.get(child);
  }
}

/** As the parent writes it, one JSON object a line and one line a write. */
export type Observed = Readonly<Record<string, JsonValue>>;

/** An observation that the parent of a family writes with this event; where nobody reads it any more, it is a line of its log. */
export function observationIn(event: TraceEvent, families: Families): Observed | undefined {
  if (families.ofParent(event.process) === undefined) return undefined;
  if (event.kind === 'send' && event.bytes !== undefined && families.isOutput(event)) return observed(event.bytes);
  const { severity: _, event: what, ...fields } = event.kind === 'log' ? (event.data ?? {}) : {};
  return OBSERVATIONS.includes(what) ? { event: String(what), ...fields } : undefined;
}

const OBSERVATIONS: readonly unknown[] = ['lifetime', 'address', 'unknown', 'violation', 'eof', 'stop', 'spawn-failed', 'ended'];

/** Of one array, the last one asked for: every property of a run asks for the same bytes, one after the other. */
let latest: { readonly of: Uint8Array; readonly is: Observed } | undefined;

function observed(bytes: Uint8Array): Observed {
  if (latest?.of !== bytes) latest = { of: bytes, is: objectIn(textOf(bytes)) };
  return latest.is;
}

function objectIn(line: string): Observed {
  try {
    // What JSON.parse makes of an object; another value has none of the fields that are asked for.
    return JSON.parse(line) as Observed;
  } catch {
    return UNREADABLE;
  }
}

/** Counts as a message that no child has sent. */
const UNREADABLE: Observed = { event: 'unknown', text: 'not one line of JSON' };
