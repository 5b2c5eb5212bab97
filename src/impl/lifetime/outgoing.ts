/**
 * A message on its way out, and the write calls it becomes. A payload comes from a source that may fail between its
 * pieces, and the sender says beforehand how long it is: both are the interface of the published source.
 */
import { concat, utf8 } from '../../host/bytes.ts';
import { ok, type Result } from '../../host/result.ts';
import { header, LIFETIME_EVENT, lifetimePayload, PAYLOAD_LIMIT, TYPE_MAX } from './wire.ts';

export interface Outgoing {
  readonly type: string;
  /** What the sender says of the size of the payload. */
  readonly size: number;
  /** The payload, piece by piece. */
  readonly pieces: readonly (() => Result<Uint8Array>)[];
}

/** The bytes of one write call each. With `failure`, they are what got out before it. */
export interface Writes {
  readonly calls: readonly Uint8Array[];
  /** Nothing of the message may be sent: the pipe goes on without it. */
  readonly refused: string | undefined;
  /** The message broke off, and the pipe with it. */
  readonly failure: string | undefined;
}

export const outgoing = (type: string, payload: Uint8Array, size: number = payload.length): Outgoing => ({
  type,
  size,
  pieces: [() => ok(payload)],
});

export const outgoingEvent = (event: number, id: number): Outgoing => outgoing(LIFETIME_EVENT, lifetimePayload(event, id));

export interface OutgoingRules {
  /** Bytes of a type. */
  readonly typeMost: number;
  /** What a message becomes behind its header. */
  readonly writes: (head: Uint8Array, message: Outgoing, rules: OutgoingRules) => Writes;
  /** What is made of the size that a sender declares, beside sending it. */
  readonly declaredSize: 'checked' | 'believed';
}

export const CORRECTED_OUTGOING: OutgoingRules = {
  typeMost: TYPE_MAX, // DC-10: its length is one byte
  writes: whole, // DC-08: nothing is sent of what cannot be sent whole
  declaredSize: 'checked', // DC-11: a reader would find the next frame in the wrong place
};

export function writesOf(message: Outgoing, rules: OutgoingRules): Writes {
  const name = utf8(message.type);
  if (name.length > rules.typeMost) return refuse(`type of ${name.length} bytes, at most ${TYPE_MAX}`);
  return rules.writes(header(name, message.size), message, rules);
}

function whole(head: Uint8Array, message: Outgoing, { declaredSize }: OutgoingRules): Writes {
  const parts = [head];
  let size = 0;
  for (const piece of message.pieces) {
    const bytes = piece();
    if (!bytes.ok) return refuse(`payload source failed: ${bytes.error.code} ${bytes.error.call}`);
    size += bytes.value.length;
    if (size > PAYLOAD_LIMIT) return refuse(`payload of more than ${PAYLOAD_LIMIT} bytes: a reader need not take it`);
    parts.push(bytes.value);
  }
  if (size !== message.size && declaredSize === 'checked') return refuse(`payload of ${size} bytes, declared as ${message.size}`);
  return { calls: [concat(parts)], refused: undefined, failure: undefined };
}

const refuse = (refused: string): Writes => ({ calls: [], refused, failure: undefined });
