/**
 * The bytes of a trace without what nobody may see: each direction of a channel is decoded as a whole, and of its messages stays what the protocol
 * discloses. What no decoder understands, and what comes behind a violation or a hole, is replaced.
 */
import { concat } from '../../host/bytes.ts';
import { decoderOf, directionOf, HOLE } from '../decoded.ts';
import type { TraceEvent } from '../event.ts';
import { type Decoder, type Decoders, type Item, type Message, streamOf } from '../message.ts';
import type { Disclosure } from './disclosure.ts';
import type { Pseudonyms } from './pseudonyms.ts';

export interface FlowOptions {
  readonly decoders: Decoders;
  /** Absent: nothing of any message. */
  readonly disclosed: Disclosure | undefined;
  /** Of a stream, where they are of several protocols. */
  readonly disclosedIn?: ((stream: string) => Disclosure | undefined) | undefined;
  readonly pseudonyms: Pseudonyms;
}

export interface AnonymousBytes {
  /** By the index of each event that has bytes: those that stand there instead. */
  readonly bytes: ReadonlyMap<number, Uint8Array>;
  /** How many of them are as they were because they may be seen. */
  readonly kept: number;
}

export function anonymousBytes(events: readonly TraceEvent[], options: FlowOptions): AnonymousBytes {
  const replaced = new Map<number, Uint8Array>();
  let kept = 0;
  const flows = new Map<string, Flow>();
  const finish = (key: string): void => {
    const flow = flows.get(key);
    for (const [index, bytes] of flow?.finish() ?? []) replaced.set(index, bytes);
    kept += flow?.kept ?? 0;
    flows.delete(key);
  };
  for (const event of events) {
    const { kind, channel, index, bytes, data } = event;
    const direction = directionOf(kind);
    if (direction === undefined) {
      if (bytes !== undefined) replaced.set(index, replacedIn(bytes, new Uint8Array(bytes.length), options.pseudonyms));
      if (kind === 'log' && channel !== '' && data?.['event'] === HOLE)
        for (const each of ['sent', 'received']) flows.get(`${each} ${channel}`)?.lose();
      continue;
    }
    const key = `${direction} ${channel}`;
    let flow = flows.get(key);
    if (flow === undefined) {
      const { disclosedIn = () => options.disclosed } = options;
      flow = new Flow(decoderOf(options.decoders, event), direction === 'datagram', disclosedIn(streamOf(channel)), options.pseudonyms);
      flows.set(key, flow);
    }
    if (bytes !== undefined) flow.feed(index, bytes);
    // A datagram is a whole.
    if (direction === 'datagram') finish(key);
  }
  for (const key of [...flows.keys()]) finish(key);
  return { bytes: replaced, kept };
}

/** Of a byte: it is replaced; it stays; it is replaced, and begins a value. */
const MARK = { replaced: 0, stays: 1, begins: 2 } as const;
/** Bytes of a value, at most: wherever a stream was cut, both of its ends get the same. */
const BLOCK = 4_096;

function replacedIn(bytes: Uint8Array, marks: Uint8Array, pseudonyms: Pseudonyms): Uint8Array {
  const whole = bytes.slice();
  for (let at = 0; at < whole.length; ) {
    let end = at + 1;
    if (marks[at] !== MARK.stays) {
      while (end < whole.length && marks[end] === MARK.replaced && end - at < BLOCK) end++;
      whole.set(pseudonyms.bytes(whole.slice(at, end)), at);
    }
    at = end;
  }
  return whole;
}

/** A message, or what broke the format, and where it stands in its flow. */
interface Placed {
  readonly item: Item | undefined;
  readonly start: number;
  readonly end: number;
}

class Flow {
  readonly #disclosed: Disclosure | undefined;
  readonly #pseudonyms: Pseudonyms;
  readonly #isDatagram: boolean;
  readonly #pieces: { readonly index: number; readonly bytes: Uint8Array }[] = [];
  readonly #placed: Placed[] = [];
  #decoder: Decoder | undefined;
  /** Bytes that stay, once it is finished. */
  kept = 0;
  #length = 0;
  /** Where the message in progress begins. */
  #start = 0;

  constructor(decoder: Decoder | undefined, isDatagram: boolean, disclosed: Disclosure | undefined, pseudonyms: Pseudonyms) {
    this.#decoder = decoder;
    this.#isDatagram = isDatagram;
    this.#disclosed = disclosed;
    this.#pseudonyms = pseudonyms;
  }

  feed(index: number, bytes: Uint8Array): void {
    this.#pieces.push({ index, bytes });
    const begin = this.#length;
    this.#length += bytes.length;
    // Whoever does not say what it holds back is fed byte by byte, so that it is seen with which one a message is complete. A datagram is.
    const step = this.#isDatagram || this.#decoder?.held !== undefined ? Math.max(1, bytes.length) : 1;
    for (let at = 0; at < bytes.length && this.#decoder !== undefined; at += step) {
      const items = this.#items(bytes.subarray(at, at + step));
      if (items.length > 0) this.#place(items, begin + Math.min(bytes.length, at + step));
    }
  }

  #items(bytes: Uint8Array): readonly Item[] {
    try {
      return this.#decoder?.feed(bytes) ?? [];
    } catch {
      this.lose();
      return [];
    }
  }

  /** `fed`: bytes by now. A message ends where the next begins, and the last where what is held back does. */
  #place(items: readonly Item[], fed: number): void {
    const ends = items.map((_, at) => (at + 1 < items.length ? items[at + 1]?.offset : fed - (this.#decoder?.held ?? 0)));
    for (const [at, item] of items.entries()) {
      const end = ends[at] ?? this.#start;
      // Where nobody says which bytes are whose, nothing of them stays.
      const isPlaced = end > this.#start && end <= fed && (item.offset === undefined || item.offset === this.#start);
      this.#placed.push({ item: isPlaced ? item : undefined, start: this.#start, end: Math.max(end, this.#start) });
      this.#start = Math.max(end, this.#start);
    }
    if (items.some(({ kind }) => kind === 'violation')) this.lose();
  }

  /** Behind this nobody knows where a message begins. */
  lose(): void {
    this.#decoder = undefined;
  }

  /** The bytes of each event, with what does not stay replaced: a value for each piece between what stays. */
  finish(): readonly (readonly [index: number, bytes: Uint8Array])[] {
    const whole = concat(this.#pieces.map(({ bytes }) => bytes));
    const marks = new Uint8Array(whole.length);
    for (const { start } of [...this.#placed, { start: this.#start }]) if (start < marks.length) marks[start] = MARK.begins;
    const keep = (message: Message | undefined, start: number, end: number): void => {
      for (const [at, length] of this.#disclosed?.(message, whole.subarray(start, end)) ?? [])
        marks.fill(MARK.stays, start + Math.max(0, at), Math.min(end, start + Math.max(0, at + length)));
    };
    for (const { item, start, end } of this.#placed) if (item?.kind === 'message') keep(item, start, end);
    if (this.#decoder !== undefined && this.#start < whole.length) keep(undefined, this.#start, whole.length);
    for (const mark of marks) if (mark === MARK.stays) this.kept++;
    const replaced = replacedIn(whole, marks, this.#pseudonyms);
    let from = 0;
    return this.#pieces.map(({ index, bytes }) => {
      const own = replaced.slice(from, from + bytes.length);
      from += bytes.length;
      return [index, own] as const;
    });
  }
}
