/**
 * A message on its way out, and the write calls it becomes. A payload comes from a source that may fail between its
 * pieces, and the sender says beforehand how long it is: both are the interface of the published source, and DC-08,
 * DC-10 and DC-11 are what it makes of them.
 * May import: host, wire, quirks.
 */
import { concat, utf8 } from '../../host/bytes.ts';
import type { Result } from '../../host/result.ts';
import { ok } from '../../host/result.ts';
import type { Quirks } from './quirks.ts';
import { QUIRK } from './quirks.ts';
import { header, LIFETIME_EVENT, lifetimePayload, PAYLOAD_LIMIT, TYPE_MAX } from './wire.ts';

export interface Outgoing {
  readonly type: string;
  /** What the sender says of the size of the payload. */
  readonly size: number;
  /** The payload, piece by piece. */
  readonly pieces: readonly (() => Result<Uint8Array>)[];
}

/** One write call each. With `failure`, they are what got out before it. */
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

export function writesOf(message: Outgoing, quirks: Quirks): Writes {
  const name = utf8(message.type);
  if (name.length > TYPE_MAX && !quirks.has(QUIRK.WRAP_TYPE)) return refuse(`type of ${name.length} bytes, at most ${TYPE_MAX}`);
  const head = header(name, message.size);
  return quirks.has(QUIRK.PARTIAL_FRAME) ? streamed(head, message) : whole(head, message, quirks);
}

function whole(head: Uint8Array, message: Outgoing, quirks: Quirks): Writes {
  const parts = [head];
  let size = 0;
  for (const piece of message.pieces) {
    const bytes = piece();
    if (!bytes.ok) return refuse(`payload source failed: ${bytes.error.code} ${bytes.error.call}`);
    size += bytes.value.length;
    if (size > PAYLOAD_LIMIT) return refuse(`payload of more than ${PAYLOAD_LIMIT} bytes: a reader need not take it`);
    parts.push(bytes.value);
  }
  if (size !== message.size && !quirks.has(QUIRK.TRUST_SIZE)) return refuse(`payload of ${size} bytes, declared as ${message.size}`);
  return { calls: [concat(parts)], refused: undefined, failure: undefined };
}

/** DC-08: through a buffer, while the payload is still being produced. DC-11 follows: its size is known too late to be checked. */
function streamed(head: Uint8Array, message: Outgoing): Writes {
  const buffer = new WriteBuffer();
  buffer.write(head);
  for (const piece of message.pieces) {
    const bytes = piece();
    if (!bytes.ok)
      return { calls: buffer.calls, refused: undefined, failure: `payload source failed: ${bytes.error.code} ${bytes.error.call}` };
    buffer.write(bytes.value);
  }
  buffer.flush();
  return { calls: buffer.calls, refused: undefined, failure: undefined };
}

const refuse = (refused: string): Writes => ({ calls: [], refused, failure: undefined });

/** C3: the size of the published writer's buffer. */
export const BUFFER_SIZE = 4_096;

/** A buffered writer as Go's bufio has it: full buffers go out as one call, and what is longer than an empty buffer goes out unbuffered. */
class WriteBuffer {
  readonly calls: Uint8Array[] = [];
  #parts: Uint8Array[] = [];
  #filled = 0;

  write(bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > BUFFER_SIZE - this.#filled) {
      if (this.#filled === 0) {
        this.calls.push(rest);
        return;
      }
      const fits = BUFFER_SIZE - this.#filled;
      this.#parts.push(rest.subarray(0, fits));
      rest = rest.subarray(fits);
      this.#filled = BUFFER_SIZE;
      this.flush();
    }
    if (rest.length === 0) return;
    this.#parts.push(rest);
    this.#filled += rest.length;
  }

  flush(): void {
    if (this.#filled > 0) this.calls.push(concat(this.#parts));
    this.#parts = [];
    this.#filled = 0;
  }
}
