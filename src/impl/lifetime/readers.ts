/**
 * How a parent turns chunks into frames: one decoder for the life of the pipe, or one of the published clients' ways.
 * May import: host, wire, quirks.
 */
import { EMPTY, textOf } from '../../host/bytes.ts';
import type { Violation } from '../framing/violation.ts';
import { violation } from '../framing/violation.ts';
import type { Quirks } from './quirks.ts';
import { QUIRK } from './quirks.ts';
import type { FrameDecoderOptions, FrameEvent } from './wire.ts';
import { FrameDecoder, VERSION, WIRE_CLAUSES } from './wire.ts';

export interface FrameReader {
  push(bytes: Uint8Array): readonly FrameEvent[];
  finish(): Violation | undefined;
}

export function frameReader(options: FrameDecoderOptions, quirks: Quirks): FrameReader {
  const one = quirks.has(QUIRK.READER_PER_MESSAGE);
  if (quirks.has(QUIRK.FRAME_PER_CHUNK)) return new ChunkReader(one);
  return one ? new ReaderPerMessage(options) : new FrameDecoder(options);
}

/** Whether a reader loses frames, so that the order of what is left says nothing about the child. */
export const losesFrames = (quirks: Quirks): boolean =>
  [QUIRK.FRAME_PER_CHUNK, QUIRK.READER_PER_MESSAGE, QUIRK.STOP_READING].some(quirk => quirks.has(quirk));

/** DC-21: reads ahead, hands over the first frame and forgets the rest of what was read. */
class ReaderPerMessage implements FrameReader {
  readonly #options: FrameDecoderOptions;
  #decoder: FrameDecoder;

  constructor(options: FrameDecoderOptions) {
    this.#options = options;
    this.#decoder = new FrameDecoder(options);
  }

  push(bytes: Uint8Array): readonly FrameEvent[] {
    const events: FrameEvent[] = [];
    for (let start = 0; start < bytes.length; start += READ_AHEAD) {
      const [first] = this.#decoder.push(bytes.subarray(start, start + READ_AHEAD));
      if (first === undefined) continue;
      events.push(first);
      if (first.kind === 'violation') break;
      this.#decoder = new FrameDecoder(this.#options);
    }
    return events;
  }

  finish(): Violation | undefined {
    return this.#decoder.finish();
  }
}

/** Go's bufio.Reader. */
const READ_AHEAD = 4_096;

/**
 * DC-20: a chunk is taken for whole frames. Where it is too short, slices come out short; where a number is missing the
 * decoder throws, which loses the rest of the chunk and is reported as a violation.
 */
class ChunkReader implements FrameReader {
  readonly #firstOnly: boolean;
  #offset = 0;

  constructor(firstOnly: boolean) {
    this.#firstOnly = firstOnly;
  }

  push(bytes: Uint8Array): readonly FrameEvent[] {
    const events: FrameEvent[] = [];
    let rest = bytes;
    while (rest.length > 0) {
      const { event, length } = chunkFrame(rest, this.#offset + bytes.length - rest.length);
      events.push(event);
      rest = event.kind === 'violation' || this.#firstOnly ? EMPTY : rest.subarray(length);
    }
    this.#offset += bytes.length;
    return events;
  }

  finish(): undefined {
    return undefined;
  }
}

function chunkFrame(chunk: Uint8Array, offset: number): { readonly event: FrameEvent; readonly length: number } {
  const lost = (clause: string, detail: string) => ({ event: violation(clause, detail, offset), length: chunk.length });
  if (chunk[0] !== VERSION) return lost(WIRE_CLAUSES.version, `version ${chunk[0]} at the start of a frame of a chunk`);
  const typeEnd = 2 + (chunk[1] ?? 0);
  const sizeEnd = typeEnd + 4;
  if (sizeEnd > chunk.length) return lost(WIRE_CLAUSES.truncated, 'the chunk ends before the length of the payload does');
  let size = 0;
  for (let index = 3; index >= 0; index--) size = size * 256 + (chunk[typeEnd + index] ?? 0);
  const payload = chunk.subarray(sizeEnd, sizeEnd + size);
  return { event: { kind: 'frame', offset, type: textOf(chunk.subarray(2, typeEnd)), payload }, length: sizeEnd + payload.length };
}
