/**
 * What a parent saw of its child, one JSON object a line on its standard output. The format is described in README.md,
 * "Observations": it is how any parent, in any language, tells a tester what it made of the bytes.
 */
import { COMPLETE, type Message } from './wire.ts';

export type Observation =
  | { readonly event: 'lifetime'; readonly kind: number; readonly id: number; readonly name: string }
  | { readonly event: 'address'; readonly type: string; readonly address: string }
  | { readonly event: 'unknown'; readonly type: string; readonly length: number }
  | { readonly event: 'violation'; readonly clause: string; readonly detail: string }
  /** The child closed its end of the event pipe. */
  | { readonly event: 'eof' }
  /** The parent has begun to stop the child, or went one step further: `control` closed the pipe, otherwise the signal sent. */
  | { readonly event: 'stop'; readonly by: 'control' | 'SIGTERM' | 'SIGKILL' }
  | { readonly event: 'spawn-failed'; readonly code: string }
  | { readonly event: 'ended'; readonly code: number }
  | { readonly event: 'ended'; readonly signal: string };

/** `name` is what the reader takes the id for. */
export function observationOf(message: Message, name: string): Observation {
  switch (message.kind) {
    case 'lifetime':
      return { event: 'lifetime', kind: message.event, id: message.id, name: message.event === COMPLETE ? 'complete' : name };
    case 'address':
      return { event: 'address', type: message.type, address: message.address };
    case 'unknown':
      return { event: 'unknown', type: message.type, length: message.length };
    default:
      return message satisfies never;
  }
}
