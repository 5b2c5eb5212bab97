/**
 * Decoders for the three forms that most wires have: lines (with blocks of a length that a line tells), frames behind their length,
 * and datagrams. A protocol says what is in one of them; where it begins and ends, and that it may come in any pieces, is said here.
 * Lacks: frames whose length depends on more than a number at their beginning; write a Decoder for those.
 */
import { concat, textOf } from '../src/host/bytes.ts';
import type { DatagramAddress } from '../src/host/host.ts';
import type { Decoder, FieldValue, Item } from './case.ts';

/** What is in a line, a frame or a datagram: a message with its fields, or the clause of the format that it breaks. */
export type Reading =
  | { readonly type: string; readonly fields?: Readonly<Record<string, FieldValue>>; readonly ignorable?: boolean }
  | { readonly clause: string; readonly detail: string };

export interface LineForm {
  /** Of a line without its end, in UTF-8; what is no UTF-8 comes as U+FFFD. */
  readonly read: (line: string) => Reading;
  /** Default '\n', before which a '\r' is part of the line. */
  readonly end?: '\n' | '\r\n';
  /** Bytes of a line without its end, and of a block; a longer one breaks `clause`. Default 65,536. */
  readonly limit?: number;
  /** What a line that is too long, or is not ended, breaks; default 'format'. */
  readonly clause?: string;
  /** How many bytes follow a line as a block, which is ended as a line is; undefined: the next line does. */
  readonly block?: (line: string) => number | undefined;
  /** Of the bytes of a block. Default: the type `block`, with its `text`. */
  readonly readBlock?: (bytes: Uint8Array) => Reading;
}

const textBlock = (bytes: Uint8Array): Reading => ({ type: 'block', fields: { text: textOf(bytes) } });
const LIMIT = 65_536;
const NEWLINE = 0x0a;

/** Every line is a message of type `line`, with its `text`. */
export const textLines = (form: Omit<LineForm, 'read'> = {}): (() => Decoder) =>
  lines({ ...form, read: text => ({ type: 'line', fields: { text } }) });

export const lines =
  ({ read, end = '\n', limit = LIMIT, clause = 'format', block, readBlock = textBlock }: LineForm): (() => Decoder) =>
  () => {
    /** Bytes of the block that comes next. */
    let due: number | undefined;
    const take = (bytes: Uint8Array): Framed | string | undefined => {
      if (due !== undefined) {
        const whole = due;
        if (whole > limit) return `a block of ${whole} bytes, the limit is ${limit}`;
        const next = whole + end.length;
        if (bytes.length < next) return undefined;
        if (textOf(bytes.subarray(whole, next)) !== end) return `a block of ${whole} bytes that is not ended where its length says`;
        due = undefined;
        return { bytes: next, item: readBlock(bytes.subarray(0, whole)) };
      }
      const at = bytes.indexOf(NEWLINE);
      // Of a line that is not over, what may be the first byte of its end is not counted yet.
      const whole = (at < 0 ? bytes.length : at) + 1 - end.length;
      if (whole > limit) return `a line of more than ${limit} bytes`;
      if (at < 0) return undefined;
      if (end === '\r\n' && bytes[at - 1] !== 0x0d) return 'a line that ends with a line feed alone';
      const line = textOf(bytes.subarray(0, whole));
      due = block?.(line);
      return { bytes: at + 1, item: read(line) };
    };
    return framed(clause, 'line', take, () => due !== undefined);
  };

export interface FrameForm {
  /** Bytes of the length, which stands first. */
  readonly lengthBytes: 1 | 2 | 4;
  readonly order?: 'big-endian' | 'little-endian';
  /** Bytes of a body; a longer one breaks `clause`. Default 65,536. */
  readonly limit?: number;
  /** Whether the length counts its own bytes as well; default false. */
  readonly countsItself?: boolean;
  /** What a body that is too long, or is not whole at the end, breaks; default 'format'. */
  readonly clause?: string;
  /** Of the bytes behind the length. */
  readonly read: (body: Uint8Array) => Reading;
}

export const lengthPrefixed =
  ({ lengthBytes, order = 'big-endian', limit = LIMIT, countsItself = false, clause = 'format', read }: FrameForm): (() => Decoder) =>
  () =>
    framed(clause, 'frame', bytes => {
      if (bytes.length < lengthBytes) return undefined;
      const told = numberOf(bytes.subarray(0, lengthBytes), order);
      const length = countsItself ? told - lengthBytes : told;
      if (length < 0) return `a length of ${told}, which is less than its own ${lengthBytes} bytes`;
      if (length > limit) return `a length of ${told}, the limit is ${limit}`;
      const end = lengthBytes + length;
      return bytes.length < end ? undefined : { bytes: end, item: read(bytes.subarray(lengthBytes, end)) };
    });

/** Each is a whole message. */
export const datagrams =
  (read: (bytes: Uint8Array, from: DatagramAddress | undefined) => Reading): (() => Decoder) =>
  () => ({ feed: (bytes, from) => [itemOf(read(bytes, from), bytes)], end: () => [] });

interface Framed {
  /** How many bytes it takes, with its length or its end. */
  readonly bytes: number;
  readonly item: Reading;
}

/** `take` looks at all that is there: one whole frame, nothing yet, or what is wrong. `due`: whether more has to come. */
function framed(
  clause: string,
  what: string,
  take: (bytes: Uint8Array) => Framed | string | undefined,
  due: () => boolean = () => false,
): Decoder {
  let held: Uint8Array = new Uint8Array(0);
  let offset = 0;
  let broken = false;
  const violation = (detail: string): Item => {
    broken = true;
    return { kind: 'violation', clause, detail, offset };
  };
  return {
    feed(bytes) {
      if (broken) return [];
      held = held.length === 0 ? bytes.slice() : concat([held, bytes]);
      const items: Item[] = [];
      for (let found = take(held); found !== undefined && !broken; found = broken ? undefined : take(held)) {
        if (typeof found === 'string') items.push(violation(found));
        else {
          const item = itemOf(found.item, held.slice(0, found.bytes), offset);
          broken = item.kind === 'violation';
          items.push(item);
          held = held.subarray(found.bytes);
          offset += found.bytes;
        }
      }
      return items;
    },
    end: () =>
      broken || (held.length === 0 && !due()) ? [] : [violation(`the end in the middle of a ${what}, after ${held.length} of its bytes`)],
    get held() {
      return held.length;
    },
  };
}

/** `offset`: where in its stream. */
function itemOf(reading: Reading, bytes: Uint8Array, offset?: number): Item {
  if ('clause' in reading) return { kind: 'violation', ...reading, offset: offset ?? 0 };
  const { type, fields = {}, ignorable = false } = reading;
  return { kind: 'message', type, fields, bytes, ...(offset === undefined ? {} : { offset }), ignorable };
}

function numberOf(bytes: Uint8Array, order: 'big-endian' | 'little-endian'): number {
  const digits = order === 'big-endian' ? bytes : bytes.toReversed();
  return digits.reduce((sum, digit) => sum * 256 + digit, 0);
}
