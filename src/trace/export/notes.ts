/**
 * What the messages of a protocol are called in the comments of an exported capture: a line each, which lua.ts reads again.
 */
import { type DecodedTrace, decodedBy, formatItem } from '../decoded.ts';
import type { TraceEvent } from '../event.ts';
import type { Decoders } from '../message.ts';
import { notePrefix } from './lua.ts';

/** Of one packet; a comment of pcapng has 65,535 bytes. */
const NOTE_LIMIT = 16_000;

/** By the index of the event that brings the last byte of a message. */
export function notesOf(events: readonly TraceEvent[], protocol: string, decoders: Decoders | DecodedTrace): ReadonlyMap<number, string> {
  const decoded = decodedBy(decoders);
  const notes = new Map<number, string>();
  for (const event of events) {
    const lines: string[] = [];
    let length = 0;
    for (const item of decoded.see(event)) {
      const line = notePrefix(protocol) + formatItem(item);
      length += line.length;
      if (length <= NOTE_LIMIT) lines.push(line);
    }
    if (lines.length > 0) notes.set(event.index, lines.join('\n'));
  }
  return notes;
}
