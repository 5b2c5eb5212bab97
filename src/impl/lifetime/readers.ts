/**
 * The published clients' ways to turn chunks into frames (DC-20, DC-21). Ours has one decoder for the life of the pipe.
 */
import { EMPTY, textOf } from '../../host/bytes.ts';
import { type FrameViolation, violation } from '../framing/violation.ts';
import { type FrameEvent, type FrameReader, VERSION, WIRE_CLAUSES } from './wire.ts';

/** DC-21: reads ahead, hands over the first frame and forgets the rest of what was read. */
export class ReaderPerMessage implements FrameReader {
  readonly #make: () => FrameReader;
  #decoder: FrameReader;

  constructor(make: () => FrameReader) {
    this.#make = make;
    this.#decoder = make();
  }

  push(bytes: Uint8Array): readonly FrameEvent[] {
    const events: FrameEvent[] = [];
    // With DC-20 it is a chunk that is read at once.
    const ahead = this.#decoder instanceof ChunkReader ? bytes.length : READ_AHEAD;
    for (let start = 0; start < bytes.length; start += ahead) {
      const [first] = this.#decoder.push(bytes.subarray(start, start + ahead));
      if (first === undefined) continue;
      events.push(first);
      if (first.kind === 'violation') break;
      this.#decoder = this.#make();
    }
    return events;
  }

  finish(): FrameViolation | undefined {
    return this.#decoder.finish();
  }
}

/** Go's bufio.Reader. */
const READ_AHEAD = 4_096;

/**
 * DC-20: a chunk is taken for whole frames. Where it is too short, slices come out short; where a number is missing the
 * decoder throws, which loses the rest of the chunk and is reported as a violation.
 */
export class ChunkReader implements FrameReader {
  #offset = 0;

  push(bytes: Uint8Array): readonly FrameEvent[] {
    const events: FrameEvent[] = [];
    let rest = bytes;
    while (rest.length > 0) {
      const { event, length } = chunkFrame(rest, this.#offset + bytes.length - rest.length);
      events.push(event);
      rest = event.kind === 'violation' ? EMPTY : rest.subarray(length);
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
