/**
 * A second, simple reading of the frames on an event pipe, against which the implementation is judged. It shares no code
 * with src/impl: a mistake there must not be repeated here.
 * Lacks: segmentation, limits for hostile senders beyond LENGTH_LIMIT; speed.
 */
import { concat, EMPTY, textOf } from '../../src/host/bytes.ts';

export interface SentFrame {
  readonly type: string;
  readonly payload: Uint8Array;
  /** One letter for each message: D P start, C complete, p d stop, a r address, ? an event that is not defined; '' what has another type. */
  readonly letter: string;
}

/** No scenario sends a longer payload in good faith. */
export const LENGTH_LIMIT = 1_048_576;

/** Follows the bytes one process writes to one pipe. */
export class FrameTap {
  readonly frames: SentFrame[] = [];
  /** The letters of the frames. */
  letters = '';
  /** What kept the bytes from being frames; nothing is read after it. */
  garbled: string | undefined;
  /** Offset at which the header of a frame of a known type ended whose payload is longer than LENGTH_LIMIT; -1 for none. */
  hugeAt = -1;
  /** Offset at which the frame began that is not whole. */
  #consumed = 0;
  #rest: Uint8Array = EMPTY;

  /** Bytes of a frame that has begun. */
  get unfinished(): number {
    return this.#rest.length;
  }

  push(bytes: Uint8Array): void {
    if (this.garbled !== undefined) return;
    const all = this.#rest.length === 0 ? bytes : concat([this.#rest, bytes]);
    const { frames, consumed, garbled, hugeAt } = parsed(all);
    for (const frame of frames) {
      this.frames.push(frame);
      this.letters += frame.letter;
    }
    if (garbled !== undefined) this.garbled = `${garbled} at byte ${this.#consumed + consumed}`;
    if (hugeAt >= 0) this.hugeAt = this.#consumed + hugeAt;
    this.#consumed += consumed;
    this.#rest = consumed === all.length ? EMPTY : all.subarray(consumed);
  }
}

interface Parsed {
  readonly frames: readonly SentFrame[];
  /** Bytes of whole frames. */
  readonly consumed: number;
  readonly garbled: string | undefined;
  readonly hugeAt: number;
}

/** Of one array, the last one asked for: every property of a run asks for the same bytes, one after the other. */
let latest: { readonly of: Uint8Array; readonly is: Parsed } | undefined;

function parsed(bytes: Uint8Array): Parsed {
  if (latest?.of !== bytes) latest = { of: bytes, is: parse(bytes) };
  return latest.is;
}

function parse(bytes: Uint8Array): Parsed {
  const frames: SentFrame[] = [];
  for (let consumed = 0; ; ) {
    const stopped = (garbled?: string, hugeAt = -1): Parsed => ({ frames, consumed, garbled, hugeAt });
    const [version, typeLength = 0] = bytes.subarray(consumed);
    if (version === undefined) return stopped();
    if (version !== 1) return stopped(`version ${version}`);
    const head = consumed + 6 + typeLength;
    if (bytes.length < head) return stopped();
    const type = textOf(bytes.subarray(consumed + 2, consumed + 2 + typeLength));
    const length = bytes.subarray(head - 4, head).reduceRight((sum, byte) => sum * 256 + byte, 0);
    if (length > LENGTH_LIMIT) return stopped(`a payload of ${length} bytes`, TYPES.includes(type) ? head : -1);
    if (bytes.length < head + length) return stopped();
    const payload = bytes.slice(head, head + length);
    frames.push({ type, payload, letter: letterOf(type, payload) });
    consumed = head + length;
  }
}

const TYPES: readonly string[] = ['lifetimeevent', 'p2plistenaddr', 'rpclistenaddr'];

function letterOf(type: string, payload: Uint8Array): string {
  if (type === 'p2plistenaddr') return 'a';
  if (type === 'rpclistenaddr') return 'r';
  if (type !== 'lifetimeevent') return '';
  const [kind, id] = payload;
  if (payload.length !== 2) return '?';
  if (kind === 1) return 'C';
  return LETTERS[`${kind},${id}`] ?? '?';
}

const LETTERS: Readonly<Record<string, string>> = { '0,0': 'D', '0,1': 'P', '2,1': 'p', '2,0': 'd' };

/** C5, with the order of addresses: a beginning of what a child of 2020 and later sends. */
export const LEGAL_BEGINNING: RegExp = /^(?:D(?:d|Pa*r*(?:d|C(?:pd?)?)?)?)?$/;

/** What an observation of this frame must say (src/impl/lifetime/observation.ts). */
export function expectedObservation({ type, payload }: SentFrame): Readonly<Record<string, string | number>> {
  if (type === 'p2plistenaddr' || type === 'rpclistenaddr') return { address: textOf(payload), event: 'address', type };
  if (type !== 'lifetimeevent') return { event: 'unknown', length: payload.length, type };
  const [kind = -1, id = -1] = payload;
  return { event: 'lifetime', id, kind, name: kind === 1 ? 'complete' : (NAMES[id] ?? 'unknown') };
}

const NAMES: readonly string[] = ['database', 'p2p-server'];
