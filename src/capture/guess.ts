/**
 * Which protocol the streams and datagrams of a trace speak: the one whose decoders make most of the bytes, and break off least.
 * Lacks: ports, which say what was meant and not what was said.
 */
import { DecodedTrace } from '../trace/decoded.ts';
import type { TraceEvent } from '../trace/event.ts';
import type { Decoders } from '../trace/message.ts';

export interface Guess {
  readonly protocol: string;
  readonly messages: number;
  /** Different types of messages: a decoder that takes every line for the same says little. */
  readonly types: number;
  /** Channels that broke a rule of the format. */
  readonly broken: number;
}

/** All that make something of it, the best first. `events`: the first some thousand are enough. */
export function guesses(events: readonly TraceEvent[], known: Readonly<Record<string, Decoders>>): readonly Guess[] {
  return Object.entries(known)
    .map(([protocol, decoders]) => tried(protocol, decoders, events))
    .filter(({ messages }) => messages > 0)
    .sort(
      (one, other) =>
        one.broken - other.broken || other.types - one.types || other.messages - one.messages || (one.protocol < other.protocol ? -1 : 1),
    );
}

function tried(protocol: string, decoders: Decoders, events: readonly TraceEvent[]): Guess {
  const decoded = new DecodedTrace(decoders);
  const types = new Set<string>();
  const broken = new Set<string>();
  let messages = 0;
  for (const event of events) {
    for (const item of decoded.see(event)) {
      if (item.kind === 'violation') broken.add(event.channel);
      else {
        types.add(item.type);
        messages++;
      }
    }
  }
  return { protocol, messages, types: types.size, broken: broken.size };
}
