/**
 * Lines of a header: they end with CR LF or LF, and have one character a byte.
 */
import type { ByteQueue } from '../framing/byte-queue.ts';
import type { Need } from '../framing/parser.ts';

const LF = 0x0a;

/** Without its end. Undefined when it is not over where byte `limit` of the input begins. */
export function* headerLine(input: ByteQueue, limit: number): Generator<Need, string | undefined, void> {
  let text = '';
  for (;;) {
    if (input.consumed >= limit) return undefined;
    if (input.length === 0) yield { field: 'header', bytes: 1, boundary: false };
    const byte = input.byte();
    if (byte === LF) return text.endsWith('\r') ? text.slice(0, -1) : text;
    text += String.fromCharCode(byte);
  }
}
