/**
 * The frames of the lifetime pipe: bytes <-> messages. Spec: README.md, C2.
 *
 *     version (1 byte, 1) | length of type (1) | type (UTF-8) | length of payload (4, little endian) | payload
 *
 * Lacks: order (sequence.ts), meaning of ids (event-ids.ts), pipes. There is no checksum to check.
 */
import { fromUtf8, printable, utf8 } from '../../host/bytes.ts';
import type { ByteQueue } from '../framing/byte-queue.ts';
import { type Need, Parser } from '../framing/parser.ts';
import { type FrameViolation, violation } from '../framing/violation.ts';

export const VERSION = 1;
/** C2: the length of the type is one byte. */
export const TYPE_MAX = 255;
/** C2: the length of the payload is four bytes. */
export const PAYLOAD_MAX = 0xffff_ffff;
/** What a reader of ours buffers for one payload. C2 lets it be 4 GiB; the longest payload that means something is an address. */
export const PAYLOAD_LIMIT = 1_048_576;
/** A host name (RFC 1035, 2.3.4: 255) or a bracketed IPv6 address with its zone, a colon, a port. */
export const ADDRESS_MAX = 300;
/** Bytes of a frame beside its type and its payload. */
export const FRAME_OVERHEAD = 6;

export const LIFETIME_EVENT = 'lifetimeevent';
export const P2P_ADDRESS = 'p2plistenaddr';
export const RPC_ADDRESS = 'rpclistenaddr';
export type AddressType = typeof P2P_ADDRESS | typeof RPC_ADDRESS;

/** Kinds of lifetime event: the first byte of its payload. */
export const STARTING = 0;
export const COMPLETE = 1;
export const STOPPING = 2;

export const WIRE_CLAUSES = {
  version: 'C2 version is 1',
  type: 'C2 type is UTF-8',
  typeLength: 'C2 type has at most 255 bytes',
  payloadLength: 'C2 payload is bounded',
  truncated: 'C2 frames are whole',
  event: 'C2 lifetimeevent has a payload of 2 bytes',
  eventKind: 'C2 lifetimeevent kind is 0, 1 or 2',
  address: 'C2 address is host:port',
} as const;

export type Encoded =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly clause: string; readonly detail: string };

export function encodeFrame(type: string, payload: Uint8Array): Encoded {
  const name = utf8(type);
  if (name.length > TYPE_MAX) {
    return { ok: false, clause: WIRE_CLAUSES.typeLength, detail: `type of ${name.length} bytes: shorten it to ${TYPE_MAX}` };
  }
  if (payload.length > PAYLOAD_MAX) {
    return { ok: false, clause: WIRE_CLAUSES.payloadLength, detail: `payload of ${payload.length} bytes: at most ${PAYLOAD_MAX}` };
  }
  return { ok: true, bytes: joinFrame(header(name, payload.length), payload) };
}

/** The bytes before the payload, for any type and any size: checks nothing, and the length of the type wraps at 256. */
export function header(name: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(FRAME_OVERHEAD + name.length);
  bytes[0] = VERSION;
  bytes[1] = name.length & 0xff;
  bytes.set(name, 2);
  for (let index = 0; index < 4; index++) bytes[2 + name.length + index] = (size / 256 ** index) & 0xff;
  return bytes;
}

function joinFrame(head: Uint8Array, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(head.length + payload.length);
  frame.set(head);
  frame.set(payload, head.length);
  return frame;
}

// ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Frame {
  readonly kind: 'frame';
  readonly offset: number;
  readonly type: string;
  readonly payload: Uint8Array;
}
/** A frame of a type nobody wants: its payload was let go as it came. */
export interface SkippedFrame {
  readonly kind: 'skipped';
  readonly offset: number;
  readonly type: string;
  readonly length: number;
}
export type FrameEvent = Frame | SkippedFrame | FrameViolation;

export interface FrameDecoderOptions {
  /** The longest payload that is buffered. A skipped payload is not buffered, so it may be longer. */
  readonly payloadLimit?: number;
  /** The types that are delivered; others are skipped. Absent: all are delivered. */
  readonly wanted?: readonly string[];
}

/** What turns chunks into frames. */
export interface FrameReader {
  push(bytes: Uint8Array): readonly FrameEvent[];
  /** The pipe has ended. A violation when that was inside a frame. */
  finish(): FrameViolation | undefined;
}

/** The types of this protocol: what `wanted` is for a reader that follows C2, "unknown type = skip". */
export const KNOWN_TYPES: readonly string[] = [LIFETIME_EVENT, P2P_ADDRESS, RPC_ADDRESS];

/** Decodes one pipe. After a violation it is stopped for good, since frames have no mark to find the next one by. */
export class FrameDecoder implements FrameReader {
  readonly #parser: Parser<FrameEvent>;

  constructor(options: FrameDecoderOptions = {}) {
    const limit = options.payloadLimit ?? PAYLOAD_LIMIT;
    const wanted = options.wanted === undefined ? undefined : new Set(options.wanted);
    this.#parser = new Parser((input, emit) => frames(input, emit, limit, wanted));
  }

  get stopped(): boolean {
    return this.#parser.stopped;
  }

  /** Bytes held because their field is not complete. */
  get buffered(): number {
    return this.#parser.buffered;
  }

  push(bytes: Uint8Array): readonly FrameEvent[] {
    return this.#parser.push(bytes);
  }

  finish(): FrameViolation | undefined {
    const cut = this.#parser.finish();
    if (cut === undefined) return undefined;
    return violation(WIRE_CLAUSES.truncated, `truncated: the pipe ended in ${cut.field}: ${cut.have} of ${cut.want} bytes`, cut.offset);
  }
}

const WANT_VERSION: Need = { field: 'version', bytes: 1, boundary: true };
const WANT_TYPE_LENGTH: Need = { field: 'type length', bytes: 1, boundary: false };
const WANT_PAYLOAD_LENGTH: Need = { field: 'payload length', bytes: 4, boundary: false };

function* frames(
  input: ByteQueue,
  emit: (event: FrameEvent) => void,
  limit: number,
  wanted: ReadonlySet<string> | undefined,
): Generator<Need, void, void> {
  for (;;) {
    if (input.length < 1) yield WANT_VERSION;
    const offset = input.consumed;
    const version = input.byte();
    if (version !== VERSION) return emit(violation(WIRE_CLAUSES.version, `version ${version}`, offset));
    if (input.length < 1) yield WANT_TYPE_LENGTH;
    const typeLength = input.byte();
    if (input.length < typeLength) yield { field: 'type', bytes: typeLength, boundary: false };
    const type = readType(input, typeLength);
    if (type === undefined) return emit(violation(WIRE_CLAUSES.type, `type of ${typeLength} bytes is not UTF-8`, offset + 2));
    if (input.length < 4) yield WANT_PAYLOAD_LENGTH;
    const length = input.uint32();
    if (wanted !== undefined && !wanted.has(type)) {
      for (let left = length - input.skip(length); left > 0; left -= input.skip(left)) {
        yield { field: 'payload', bytes: 1, boundary: false };
      }
      emit({ kind: 'skipped', offset, type, length });
      continue;
    }
    if (length > limit) {
      const detail = `payload of ${length} bytes, the limit is ${limit}`;
      return emit(violation(WIRE_CLAUSES.payloadLength, detail, offset + 2 + typeLength));
    }
    if (input.length < length) yield { field: 'payload', bytes: length, boundary: false };
    emit({ kind: 'frame', offset, type, payload: input.take(length) });
  }
}

const KNOWN: readonly { readonly name: string; readonly bytes: Uint8Array }[] = KNOWN_TYPES.map(name => ({ name, bytes: utf8(name) }));

/** Most frames are of a known type: those are recognised by their bytes, without decoding. */
function readType(input: ByteQueue, length: number): string | undefined {
  for (const known of KNOWN) {
    if (known.bytes.length === length && input.startsWith(known.bytes)) {
      input.skip(length);
      return known.name;
    }
  }
  return fromUtf8(input.take(length));
}

// ── messages ────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface LifetimeMessage {
  readonly kind: 'lifetime';
  /** STARTING, COMPLETE or STOPPING. */
  readonly event: number;
  readonly id: number;
}
export interface AddressMessage {
  readonly kind: 'address';
  readonly type: AddressType;
  readonly address: string;
}
/** Any other type. C2: new types do not change the version, so this is legal. */
export interface UnknownMessage {
  readonly kind: 'unknown';
  readonly type: string;
  readonly length: number;
}
export type Message = LifetimeMessage | AddressMessage | UnknownMessage;

export function messageOf(frame: Frame | SkippedFrame): Message | FrameViolation {
  if (frame.kind === 'skipped') return { kind: 'unknown', type: frame.type, length: frame.length };
  switch (frame.type) {
    case LIFETIME_EVENT:
      return lifetimeOf(frame);
    case P2P_ADDRESS:
      return addressOf(P2P_ADDRESS, frame);
    case RPC_ADDRESS:
      return addressOf(RPC_ADDRESS, frame);
    default:
      return { kind: 'unknown', type: frame.type, length: frame.payload.length };
  }
}

export const lifetimePayload = (event: number, id: number): Uint8Array => Uint8Array.of(event, id);

function lifetimeOf({ payload, offset }: Frame): Message | FrameViolation {
  const [event, id] = payload;
  if (event === undefined || id === undefined || payload.length !== 2) {
    return violation(WIRE_CLAUSES.event, `payload of ${payload.length} bytes`, offset);
  }
  if (event > STOPPING) return violation(WIRE_CLAUSES.eventKind, `kind ${event}`, offset);
  return { kind: 'lifetime', event, id };
}

function addressOf(type: AddressType, { payload, offset }: Frame): Message | FrameViolation {
  if (payload.length > ADDRESS_MAX) return violation(WIRE_CLAUSES.address, `${type} has ${payload.length} bytes`, offset);
  const address = fromUtf8(payload);
  if (address === undefined) return violation(WIRE_CLAUSES.address, `${type} is not UTF-8`, offset);
  if (!isHostPort(address)) return violation(WIRE_CLAUSES.address, `${type} is '${printable(address)}'`, offset);
  return { kind: 'address', type, address };
}

/** Lenient: a host of any spelling, possibly none, then a port. An IPv6 host is in brackets, or the last colon would mean nothing. */
export function isHostPort(text: string): boolean {
  const parts = HOST_PORT.exec(text);
  if (parts === null) return false;
  const [, host = '', port = ''] = parts;
  if (Number(port) > 65_535) return false;
  return !host.includes(':') || (host.startsWith('[') && host.endsWith(']'));
}

const HOST_PORT = /^([^\s\p{Cc}]*):([0-9]{1,5})$/u;
