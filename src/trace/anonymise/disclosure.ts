/**
 * What of a message anybody may see, as its protocol says it: an allow-list. What it does not name is replaced.
 * Lacks: any protocol.
 */
import type { Message } from '../message.ts';

export type ByteSpan = readonly [at: number, length: number];

/**
 * Where the bytes stand that stay: those of fields that may be seen, and those that hold the message together, such as lengths and ends of lines. `bytes` is
 * the message as it was on its way, with whatever frames it; nothing in it is to be believed. `undefined`: it has begun, and its end never comes.
 */
export type Disclosure = (message: Message | undefined, bytes: Uint8Array) => readonly ByteSpan[];

/** Fields by the type of their message, where its decoder says where they stand. */
export function spansOf(message: Message | undefined, fields: Readonly<Record<string, readonly string[]>>): readonly ByteSpan[] {
  const { type = '', spans = {} } = message ?? {};
  const names = Object.hasOwn(fields, type) ? (fields[type] ?? []) : [];
  return names.flatMap(name => {
    const span = spans[name];
    return span === undefined ? [] : [span];
  });
}

/** The words of a text that are of the protocol, and what stands between words: `separators` are bytes. */
export function wordSpans(bytes: Uint8Array, words: ReadonlySet<string>, separators: ReadonlySet<number>): readonly ByteSpan[] {
  const kept: ByteSpan[] = [];
  let from = 0;
  for (let at = 0; at <= bytes.length; at++) {
    const byte = bytes[at];
    if (byte !== undefined && !separators.has(byte)) continue;
    if (words.has(String.fromCharCode(...bytes.subarray(from, Math.min(at, from + WORD_LIMIT))))) kept.push([from, at - from]);
    if (byte !== undefined) kept.push([at, 1]);
    from = at + 1;
  }
  return kept;
}
/** Longer than any word of a protocol. */
const WORD_LIMIT = 256;

/** NUL bytes of a field of fixed length, behind what is in it. */
export const paddingSpans = (bytes: Uint8Array, [at, length]: ByteSpan): readonly ByteSpan[] =>
  Array.from({ length }, (_, index): ByteSpan => [at + index, 1]).filter(([each]) => bytes[each] === 0);
