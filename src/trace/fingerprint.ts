/**
 * The semantic fingerprint of a run: two runs are the same execution when it is equal. Rolling, so that it can be read at
 * every checkpoint; over time, process, kind, message, channel, bytes and data. Runs once for every event of every
 * simulated run: measure before changing.
 * Lacks: index (implied by the order) and cause (an explanation, not a happening); protection against a forger.
 */
import type { EventData, EventValue } from '../host/event.ts';
import type { EventKind, TraceEvent } from './event.ts';
import { avalanche, rotate, wordAt } from './murmur.ts';

export class Fingerprint {
  // Two lanes of 32 bits. Both take every word, with different constants, and meet once for each event.
  #a = 0x6a09e667;
  #b = 0x3b67ae85;
  #events = 0;
  /** Of the event before: a process mostly does several things at a time. */
  #process: Label = NO_LABEL;
  add({ time, process, kind, message, channel, bytes, data }: TraceEvent): void {
    if (process !== this.#process.text) this.#process = labelOf(process);
    this.take(time, this.#process, kind, message, channel === '' ? NO_LABEL : labelOf(channel), bytes, data);
  }

  /** The same, for whoever has an event in its parts and needs no object of it. */
  take(
    time: number,
    process: Label,
    kind: EventKind,
    message: number,
    channel: Label,
    bytes: Uint8Array | undefined,
    data: EventData | undefined,
  ): void {
    const kindHash = hashOfWord(kind);
    laneA = this.#a;
    laneB = this.#b;
    mix(time | 0, time | 0);
    // The three are well mixed already, and each is turned to a place of its own.
    mix(process.a ^ rotate(kindHash.a, 11) ^ rotate(channel.a, 22), process.b ^ rotate(kindHash.b, 11) ^ rotate(channel.b, 22));
    mix(message | 0, message | 0);
    const upper = (high(time) + Math.imul(high(message), 0x9e3779b1)) | 0;
    mix(upper, upper);
    if (bytes === undefined) mix(ABSENT, ABSENT);
    else mixPayload(bytes);
    if (data !== undefined) mixData(data);
    this.#a = (laneA + laneB) | 0;
    this.#b = (laneB + this.#a) | 0;
    this.#events++;
  }

  /** 16 hexadecimal digits. More events may follow. */
  digest(): string {
    let a = avalanche(this.#a ^ this.#events);
    let b = avalanche(this.#b ^ a);
    a = avalanche((a + b) | 0);
    b = avalanche((b + a) | 0);
    return digits(a) + digits(b);
  }
}

/** A text and its hash. Whoever keeps that of a process or a channel need not have it looked up for each event. */
export interface Label {
  readonly text: string;
  readonly a: number;
  readonly b: number;
}

// Processes, kinds, channels and keys are few and come again and again, so their hashes are kept. The table is emptied when
// it is full, which costs time and changes no result.
const known = new Map<string, Label>();
const KNOWN_MAX = 4096;
const KNOWN_LENGTH_MAX = 128;

export function labelOf(text: string): Label {
  const found = known.get(text);
  if (found !== undefined) return found;
  laneA = SEED_A;
  laneB = SEED_B;
  mixText(text);
  const label = { text, a: avalanche(laneA), b: avalanche(laneB) };
  if (text.length > KNOWN_LENGTH_MAX) return label;
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(text, label);
  return label;
}

/**
 * Kinds and keys are some dozens of words of the program, each mostly the very same text: a look at one place finds it. What
 * meets another one there takes its place, which costs time and changes no result.
 */
const words: Label[] = Array.from({ length: 256 }, () => ({ text: '', a: 0, b: 0 }));

function hashOfWord(text: string): Label {
  const length = text.length;
  if (length === 0) return NO_LABEL;
  const place = (text.charCodeAt(0) * 31 + text.charCodeAt(length - 1) * 7 + length) & 0xff;
  const word = words[place];
  if (word !== undefined && word.text === text) return word;
  const fresh = labelOf(text);
  words[place] = fresh;
  return fresh;
}

// ── lanes ───────────────────────────────────────────────────────────────────────────────────────────────────────────

// The state of the hash being computed. Everything below mixes into these two, because a function cannot return a pair
// without making an object, and there is no call that another could interrupt.
let laneA = 0;
let laneB = 0;

function mix(a: number, b: number): void {
  laneA = stepA(laneA, a);
  laneB = stepB(laneB, b);
}

/** One step of MurmurHash3_x86_32. */
function stepA(lane: number, word: number): number {
  const scrambled = Math.imul(word, 0xcc9e2d51);
  const mixed = lane ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

/** The step of the first lane of MurmurHash3_x86_128, without the second: other constants than lane A throughout. */
function stepB(lane: number, word: number): number {
  const scrambled = Math.imul(word, 0x239b961b);
  const mixed = lane ^ Math.imul((scrambled << 16) | (scrambled >>> 16), 0xab0e9789);
  return (Math.imul((mixed << 19) | (mixed >>> 13), 5) + 0x561ccd1b) | 0;
}

function mixPayload(bytes: Uint8Array): void {
  const length = bytes.length;
  const whole = length & ~3;
  let a = stepA(laneA, length);
  let b = stepB(laneB, length);
  for (let at = 0; at < whole; at += 4) {
    const word = wordAt(bytes, at);
    a = stepA(a, word);
    b = stepB(b, word);
  }
  laneA = a;
  laneB = b;
  // Apart, so that the loop above never reads past the end.
  if (whole < length) mixTail(bytes, whole);
}

function mixTail(bytes: Uint8Array, at: number): void {
  let word = 0;
  for (let index = at; index < bytes.length; index++) word |= (bytes[index] ?? 0) << (8 * (index - at));
  mix(word, word);
}

function mixText(text: string): void {
  const length = text.length;
  let a = stepA(laneA, length);
  let b = stepB(laneB, length);
  for (let at = 0; at < length; at += 2) {
    const word = text.charCodeAt(at) | ((at + 1 < length ? text.charCodeAt(at + 1) : 0) << 16);
    a = stepA(a, word);
    b = stepB(b, word);
  }
  laneA = a;
  laneB = b;
}

/** The order of keys must not matter. A sum of well-mixed pairs does not depend on it, and needs no sorting. */
function mixData(data: EventData): void {
  const a = laneA;
  const b = laneB;
  let pairs = 0;
  let sumA = 0;
  let sumB = 0;
  for (const key in data) {
    const value = data[key];
    if (value === undefined) throw new TypeError(`event data must be text, a number or a truth value: ${key} is undefined`);
    const hash = hashOfWord(key);
    laneA = hash.a;
    laneB = hash.b;
    mixValue(value);
    sumA = (sumA + avalanche(laneA)) | 0;
    sumB = (sumB + avalanche(laneB)) | 0;
    pairs++;
  }
  laneA = a;
  laneB = b;
  mix(pairs, pairs);
  mix(sumA, sumB);
}

function mixValue(value: EventValue): void {
  if (typeof value === 'boolean') mix(value ? TRUE : FALSE, value ? TRUE : FALSE);
  else if (typeof value === 'string') {
    mix(TEXT, TEXT);
    mixText(value);
  } else if (Number.isSafeInteger(value)) {
    mix(INTEGER, INTEGER);
    mix(value | 0, value | 0);
    mix(high(value), high(value));
  } else {
    // A number that JSON cannot hold is written as text, and so it counts as text.
    const type = Number.isFinite(value) ? FRACTION : TEXT;
    mix(type, type);
    mixText(String(value));
  }
}

// ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const SEED_A = 0x510e527f;
const SEED_B = 0x1f83d9ab;
/** No payload, which is not a payload of length 0. */
const ABSENT = -1;
// What a value of event data is.
const TEXT = 1;
const INTEGER = 2;
const FRACTION = 3;
const TRUE = 4;
const FALSE = 5;

/** The upper half of an integer below 2^53; `| 0` gives the lower. */
const high = (value: number): number => Math.floor(value / 0x1_0000_0000) | 0;

/** Of ''. */
export const NO_LABEL: Label = labelOf('');

const digits = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
