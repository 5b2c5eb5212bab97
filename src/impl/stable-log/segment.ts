/**
 * One file of a log as bytes, and back: a header, then frames. A frame is what was committed together, so that all of it is there or
 * none; it says up to which frame everything was durable when it was written. That tells a tail that a power cut has torn, which nobody
 * was promised, from damage to what somebody was.
 * The mark of a segment is drawn: what is stored cannot look like a frame, whoever has written it. Numbers are little endian.
 * Lacks: files and their names (folder.ts); what the kinds of records mean.
 */
import { concat } from '../../host/bytes.ts';
import { crc32c } from './crc32c.ts';

/** Something of an application; to the log a number and bytes. */
export interface LogRecord {
  /** 0 to 255. */
  readonly kind: number;
  readonly payload: Uint8Array;
}

/** "SLIPLOG" and a line feed, which a transfer as text would change. */
const MAGIC: readonly number[] = [0x53, 0x4c, 0x49, 0x50, 0x4c, 0x4f, 0x47, 0x0a];
export const VERSION = 1;
/** Magic 8, version 4, mark 8, number 8, sequence 8, promised 8, checksum 4. */
export const HEADER_BYTES = 48;
/** Half of the mark 4, length 4, sequence 8, durable 8, checksum of the payload 4, checksum of this and the other half of the mark 4. */
export const FRAME_BYTES = 32;
/** Before each payload: kind 1, length 4. */
const ENTRY_BYTES = 5;
/** The payload of a frame, all its records with what is before them. */
export const FRAME_MAX: number = 8 * 2 ** 20;
/** A file is read whole, so it must not become larger than a Host reads. */
export const SEGMENT_MAX: number = 128 * 2 ** 20;
const TWO_32 = 2 ** 32;

export interface SegmentHeader {
  /** Of the file: the newest counts. */
  readonly number: number;
  /** Two numbers of 32 bits, drawn for this segment. */
  readonly mark: readonly [number, number];
  /** The number of its first frame. */
  readonly sequence: number;
  /** So many bytes of the file were synced before it got its name. */
  readonly promised: number;
}

export interface FrameHeader {
  readonly sequence: number;
  /** All frames up to this one were durable. */
  readonly durable: number;
}

/** Why what was read is no log, and where. */
export interface Flaw {
  readonly offset: number;
  /** For people. */
  readonly what: string;
}

export type Scan =
  | {
      readonly state: 'whole';
      readonly header: SegmentHeader;
      readonly records: readonly LogRecord[];
      /** The number of the next frame. */
      readonly sequence: number;
      /** The last frame says that the log was closed. */
      readonly sealed: boolean;
      /** What lies behind the last whole frame, and was promised to nobody. */
      readonly cut: Flaw | undefined;
    }
  | ({ readonly state: 'version' | 'damaged' } & Flaw);

// ── to bytes ────────────────────────────────────────────────────────────────────────────────────────────────────────

export function headerBytes({ number, mark, sequence, promised }: SegmentHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = viewOf(bytes);
  bytes.set(MAGIC);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, mark[0], true);
  view.setUint32(16, mark[1], true);
  putNumber(view, 20, number);
  putNumber(view, 28, sequence);
  putNumber(view, 36, promised);
  view.setUint32(44, crc32c(bytes, 0, 44), true);
  return bytes;
}

/** Bytes that the records take within a frame. */
export function sizeOf(records: Iterable<LogRecord>): number {
  let size = 0;
  for (const { payload } of records) size += ENTRY_BYTES + payload.length;
  return size;
}

/** A frame without records seals. Throws on a kind that is none. */
export function frameBytes(mark: SegmentHeader['mark'], { sequence, durable }: FrameHeader, records: readonly LogRecord[]): Uint8Array {
  const size = sizeOf(records);
  const bytes = new Uint8Array(FRAME_BYTES + size);
  const view = viewOf(bytes);
  let at = FRAME_BYTES;
  for (const { kind, payload } of records) {
    if (!Number.isInteger(kind) || kind < 0 || kind > 255) throw new Error(`a record of kind ${kind}`);
    bytes[at] = kind;
    view.setUint32(at + 1, payload.length, true);
    bytes.set(payload, at + ENTRY_BYTES);
    at += ENTRY_BYTES + payload.length;
  }
  view.setUint32(0, mark[0], true);
  view.setUint32(4, size, true);
  putNumber(view, 8, sequence);
  putNumber(view, 16, durable);
  view.setUint32(24, crc32c(bytes, FRAME_BYTES), true);
  view.setUint32(28, crc32c(bytes, 0, 28, mark[1]), true);
  return bytes;
}

/** The file that a segment begins as: nothing of it is seen before all of it is durable. */
export function segmentBytes(header: Omit<SegmentHeader, 'promised'>, frames: readonly Uint8Array[]): Uint8Array {
  const promised = frames.reduce((sum, frame) => sum + frame.length, HEADER_BYTES);
  return concat([headerBytes({ ...header, promised }), ...frames]);
}

// ── from bytes ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** The whole file. The payloads of the records are views of `bytes`. */
export function scan(bytes: Uint8Array): Scan {
  const header = headerOf(bytes);
  if ('state' in header) return header;
  const records: LogRecord[] = [];
  let { sequence } = header;
  let sealed = false;
  let at = HEADER_BYTES;
  let cut: Flaw | undefined;
  while (at < bytes.length) {
    const frame = frameAt(bytes, at, header.mark, sequence);
    if (typeof frame === 'string') {
      cut = { offset: at, what: frame };
      break;
    }
    const wrong = takeEntries(bytes, at + FRAME_BYTES, frame.end, records);
    // Its checksum is right: nothing has torn that.
    if (wrong !== undefined) return { state: 'damaged', ...wrong };
    sealed = frame.end === at + FRAME_BYTES;
    at = frame.end;
    sequence++;
  }
  if (at < header.promised)
    return { state: 'damaged', offset: at, what: `${cut?.what ?? 'the file ends'}, of ${header.promised} bytes promised` };
  if (cut !== undefined) {
    const later = promiseBehind(bytes, at, header.mark, sequence);
    if (later !== undefined) return { state: 'damaged', offset: at, what: `${cut.what}, but was durable when ${later} was written` };
  }
  return { state: 'whole', header, records, sequence, sealed, cut };
}

function headerOf(bytes: Uint8Array): SegmentHeader | Exclude<Scan, { readonly state: 'whole' }> {
  const damaged = (offset: number, what: string) => ({ state: 'damaged', offset, what }) as const;
  const wrong = MAGIC.findIndex((byte, at) => bytes[at] !== byte);
  if (wrong >= 0) return damaged(wrong, 'it does not begin as a log');
  if (bytes.length < HEADER_BYTES) return damaged(bytes.length, 'the file ends in its header');
  const view = viewOf(bytes);
  const version = view.getUint32(8, true);
  if (version !== VERSION) return { state: 'version', offset: 8, what: `version ${version}, and only ${VERSION} is known` };
  if (view.getUint32(44, true) !== crc32c(bytes, 0, 44)) return damaged(44, 'the checksum of the header is another');
  return {
    mark: [view.getUint32(12, true), view.getUint32(16, true)],
    number: numberAt(view, 20),
    sequence: numberAt(view, 28),
    promised: numberAt(view, 36),
  };
}

interface Frame {
  readonly end: number;
}

/** The frame with this number, or why there is none. */
function frameAt(bytes: Uint8Array, at: number, mark: SegmentHeader['mark'], sequence: number): Frame | string {
  if (bytes.length - at < FRAME_BYTES) return 'the file ends in the header of a frame';
  const view = viewOf(bytes);
  if (!isFrameHeader(bytes, view, at, mark)) return 'no frame begins here';
  const found = numberAt(view, at + 8);
  if (found !== sequence) return `frame ${found} where ${sequence} should be`;
  const end = at + FRAME_BYTES + view.getUint32(at + 4, true);
  if (end > bytes.length) return `the file ends in frame ${sequence}`;
  if (view.getUint32(at + 24, true) !== crc32c(bytes, at + FRAME_BYTES, end)) return `the checksum of frame ${sequence} is another`;
  return { end };
}

const isFrameHeader = (bytes: Uint8Array, view: DataView, at: number, mark: SegmentHeader['mark']): boolean =>
  view.getUint32(at, true) === mark[0] && view.getUint32(at + 28, true) === crc32c(bytes, at, at + 28, mark[1]);

/** The number of a frame at `from` or behind it that was written when frame `sequence` was durable. Its payload need not be whole. */
function promiseBehind(bytes: Uint8Array, from: number, mark: SegmentHeader['mark'], sequence: number): number | undefined {
  const view = viewOf(bytes);
  for (let at = from; at + FRAME_BYTES <= bytes.length; at++) {
    if (isFrameHeader(bytes, view, at, mark) && numberAt(view, at + 16) >= sequence) return numberAt(view, at + 8);
  }
  return undefined;
}

function takeEntries(bytes: Uint8Array, from: number, end: number, records: LogRecord[]): Flaw | undefined {
  const view = viewOf(bytes);
  for (let at = from; at < end; ) {
    if (end - at < ENTRY_BYTES) return { offset: at, what: 'a frame ends in the header of a record' };
    const next = at + ENTRY_BYTES + view.getUint32(at + 1, true);
    if (next > end) return { offset: at, what: 'a record is longer than its frame' };
    records.push({ kind: bytes[at] ?? 0, payload: bytes.subarray(at + ENTRY_BYTES, next) });
    at = next;
  }
  return undefined;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Up to 2^53, in eight bytes. */
function putNumber(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % TWO_32, true);
  view.setUint32(at + 4, Math.floor(value / TWO_32), true);
}

const numberAt = (view: DataView, at: number): number => view.getUint32(at, true) + view.getUint32(at + 4, true) * TWO_32;
