/**
 * A FILE OF THE LOG, a second time, from the tables of src/impl/stable-log/README.md: what is wrong with the bytes that are written to one.
 * Lacks: when a file is written, and what its records make (stream.ts knows what is answered).
 */
import { latin1 } from '../parts/messages.ts';

const HEADER = 48;
const FRAME = 32;

const u32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0;
const u64 = (bytes: Uint8Array, at: number): number => u32(bytes, at) + u32(bytes, at + 4) * 2 ** 32;

/** Of CRC-32C, bit after bit: the remainder of each byte. */
const REMAINDERS: readonly number[] = Array.from({ length: 256 }, (_, byte) => {
  let left = byte;
  for (let bit = 0; bit < 8; bit++) left = (left & 1) === 1 ? (left >>> 1) ^ 0x82f63b78 : left >>> 1;
  return left >>> 0;
});
/** `before`: a checksum that it goes on from. */
export function checksum(bytes: Uint8Array, before = 0): number {
  let left = ~before >>> 0;
  for (const byte of bytes) left = (left >>> 8) ^ (REMAINDERS[(left ^ byte) & 255] ?? 0);
  return ~left >>> 0;
}

/** Fields of a record of the server, by its kind: how many, or so many and pairs behind them. */
const FIELDS: readonly ((count: number) => boolean)[] = [
  () => false,
  count => count % 2 === 0 && count > 0,
  count => count === 5,
  count => count === 8,
  count => count === 6 || count === 7,
  count => count === 8,
  count => count === 4,
  count => count === 4,
  count => count % 2 === 0 && count > 2,
  count => count % 2 === 0 && count > 2,
  count => count === 6,
  count => count === 2 || count === 3,
];

function fieldsIn(payload: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < payload.length; count++) {
    at += 4 + u32(payload, at);
    if (at > payload.length) return Number.NaN;
  }
  return count;
}

/** A record of a client is a line of JSON, and bytes. */
const CLIENT_KINDS = 6;
const ANSWER = 3;
/** And of the server. */
const MESSAGE = 1;
const PASSED = 4;

/** The file of a log, as far as it has been written. */
export class Segment {
  readonly #isClient: boolean;
  #mark: readonly [number, number] = [0, 0];
  /** Of the last frame. */
  #sequence = 0;
  /** Of a client: the numbers that have an answer. */
  readonly #answered: Set<number> = new Set();
  /** Of a server: where the messages stand that it has taken. */
  readonly #messages: Set<string> = new Set();

  constructor(isClient: boolean) {
    this.#isClient = isClient;
  }

  /** All of a new one. `number`: as in its name. */
  begins(bytes: Uint8Array, number: number): string | undefined {
    const magic = [...'SLIPLOG\n'].every((each, at) => bytes[at] === each.charCodeAt(0));
    const promised = u64(bytes, 36);
    if (!magic || u32(bytes, 8) !== 1) return 'begins with no magic, or another version';
    if (u64(bytes, 20) !== number) return `says that it is segment ${u64(bytes, 20)}`;
    if (promised !== bytes.length) return `promises ${promised} bytes of ${bytes.length}`;
    if (u32(bytes, 44) !== checksum(bytes.subarray(0, 44))) return 'has a header with another checksum';
    this.#mark = [u32(bytes, 12), u32(bytes, 16)];
    if (this.#mark[0] === 0) return 'has a mark of nothing';
    this.#sequence = u64(bytes, 28) - 1;
    return this.#frames(bytes.subarray(HEADER), true);
  }

  appends(bytes: Uint8Array): string | undefined {
    return this.#frames(bytes, false);
  }

  /** `isNew`: nobody sees any of them before all are durable. */
  #frames(bytes: Uint8Array, isNew: boolean): string | undefined {
    const durable = this.#sequence;
    for (let at = 0; at < bytes.length; ) {
      const frame = bytes.subarray(at);
      const size = u32(frame, 4);
      const records = frame.subarray(FRAME, FRAME + size);
      if (u32(frame, 0) !== this.#mark[0] || frame.length < FRAME + size) return `has no whole frame at ${at} of a write`;
      if (u64(frame, 8) !== this.#sequence + 1) return `has frame ${u64(frame, 8)} behind ${this.#sequence}`;
      const due = isNew ? this.#sequence : durable;
      if (u64(frame, 16) !== due) return `says that frames up to ${u64(frame, 16)} are durable, and ${due} are`;
      if (u32(frame, 24) !== checksum(records)) return 'has records with another checksum';
      if (u32(frame, 28) !== checksum(frame.subarray(0, 28), this.#mark[1])) return 'has a frame with another checksum';
      const wrong = this.#records(records);
      if (wrong !== undefined) return wrong;
      this.#sequence += 1;
      at += FRAME + size;
    }
    return undefined;
  }

  #records(bytes: Uint8Array): string | undefined {
    for (let at = 0; at < bytes.length; ) {
      const kind = bytes[at] ?? 0;
      const end = at + 5 + u32(bytes, at + 1);
      const payload = bytes.subarray(at + 5, end);
      const isRight = this.#isClient ? kind > 0 && kind <= CLIENT_KINDS && payload[0] === 0x7b : FIELDS[kind]?.(fieldsIn(payload)) === true;
      if (!isRight || end > bytes.length) return `has no record of kind ${kind}`;
      const wrong = this.#isClient ? this.#ofClient(kind, latin1(payload)) : this.#ofServer(kind, payload);
      if (wrong !== undefined) return wrong;
      at = end;
    }
    return undefined;
  }

  /** A request stands there once, however often it has come. */
  #ofServer(kind: number, payload: Uint8Array): string | undefined {
    if (kind !== MESSAGE) return undefined;
    const pairs = fieldTexts(payload);
    const of = (token: string): string => pairs[pairs.findIndex((each, at) => at % 2 === 0 && each === token) + 1] ?? '';
    const place = `${of('USER')} ${of('HOST')} ${of('EPOCH')} ${of('MSGID')}`;
    const isNew = !this.#messages.has(place);
    this.#messages.add(place);
    return isNew ? undefined : `has the message ${place} twice`;
  }

  /** A number has one answer, and what went on in the place of what was refused has none of its own. */
  #ofClient(kind: number, text: string): string | undefined {
    const { number } = JSON.parse(text.slice(0, text.indexOf('\n'))) as { readonly number?: number };
    if (number === undefined || (kind !== ANSWER && kind !== PASSED)) return undefined;
    if (this.#answered.has(number) !== (kind === PASSED)) return `has a record of kind ${kind} of number ${number} at a wrong place`;
    this.#answered.add(number);
    return undefined;
  }
}

/** Of the file of a new segment: the number of its first frame, its records as `KIND FIELD|FIELD`, and the bytes of records in each frame. */
export function recordsIn(bytes: Uint8Array): {
  readonly sequence: number;
  readonly records: readonly string[];
  readonly frames: readonly number[];
} {
  const records: string[] = [];
  const frames: number[] = [];
  for (let at = HEADER; at < bytes.length; ) {
    const end = at + FRAME + u32(bytes, at + 4);
    const sizes: number[] = [];
    for (at += FRAME; at < end; ) {
      const next = at + 5 + u32(bytes, at + 1);
      sizes.push(next - at - 5);
      records.push(`${bytes[at]} ${fieldTexts(bytes.subarray(at + 5, next)).join('|')}`);
      at = next;
    }
    frames.push(sizes.reduce((sum, each) => sum + each, 0));
  }
  return { sequence: u64(bytes, 28), records, frames };
}

function fieldTexts(payload: Uint8Array): readonly string[] {
  const texts: string[] = [];
  for (let at = 0; at < payload.length; ) {
    const end = at + 4 + u32(payload, at);
    texts.push(latin1(payload.subarray(at + 4, end)));
    at = end;
  }
  return texts;
}
