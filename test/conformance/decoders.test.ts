/** The decoders that a protocol of somebody else is made with: limits, ends, and the same items however the bytes are cut. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Decoder, Item } from '../../conformance/case.ts';
import { datagrams, lengthPrefixed, lines } from '../../conformance/decoders.ts';
import { hex, utf8 } from '../../src/host/bytes.ts';

const text = { read: (line: string) => ({ type: 'line', fields: { line } }), limit: 4 };
const body = { read: (bytes: Uint8Array) => ({ type: 'frame', fields: { body: hex(bytes) } }), limit: 4 };
const MAKERS: readonly (readonly [string, () => Decoder])[] = [
  ['lines', lines(text)],
  ['lines with CR LF', lines({ ...text, end: '\r\n' })],
  ['lines with blocks', lines({ ...text, end: '\r\n', block: line => (line.startsWith('a') ? line.length : undefined) })],
  ['frames', lengthPrefixed({ ...body, lengthBytes: 1 })],
  [
    'frames of two bytes, small end first, which count themselves',
    lengthPrefixed({ ...body, lengthBytes: 2, order: 'little-endian', countsItself: true }),
  ],
];

function itemsOf(make: () => Decoder, pieces: readonly Uint8Array[]): readonly Item[] {
  const decoder = make();
  return [...pieces.flatMap(piece => decoder.feed(piece)), ...decoder.end()];
}
const byBytes = (bytes: Uint8Array): readonly Uint8Array[] => Array.from(bytes, byte => Uint8Array.of(byte));
const told = (items: readonly Item[]): readonly unknown[] =>
  items.map(item =>
    item.kind === 'violation' ? [item.clause, item.offset] : (item.fields['line'] ?? item.fields['body'] ?? item.fields['text']),
  );

test.each(MAKERS)('%s: byte by byte is the same as at once', (_, make) => {
  const byte = fc.constantFrom(0, 1, 2, 3, 5, 6, 0x0a, 0x0d, 0x61);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 24 }), fc.array(byte, { maxLength: 24 }), (any, few) => {
      for (const bytes of [any, Uint8Array.from(few)]) expect(itemsOf(make, byBytes(bytes))).toEqual(itemsOf(make, [bytes]));
    }),
  );
});

test.each([
  ['lines with blocks', 'x\r\naaa\r\n\r\nx\r\nx\r\n', ['x', 'aaa', '\r\nx', 'x']],
  ['lines with blocks', 'aa\r\nabc\r\n', ['aa', ['format', 4]]],
  ['lines with blocks', 'aa\r\n', ['aa', ['format', 4]]],
  ['lines', 'ab\nabcd\n', ['ab', 'abcd']],
  ['lines', 'ab\nabcde\nx\n', ['ab', ['format', 3]]],
  ['lines', 'ab\nx', ['ab', ['format', 3]]],
  ['lines with CR LF', 'abcd\r\n\r\n', ['abcd', '']],
  ['lines with CR LF', 'ab\n', [['format', 0]]],
  ['frames', '\u0002ab\u0000', ['6162', '']],
  ['frames', '\u0005abcde', [['format', 0]]],
  ['frames', '\u0001a\u0003b', ['61', ['format', 2]]],
  ['frames of two bytes, small end first, which count themselves', '\u0003\u0000a\u0001\u0000', ['61', ['format', 3]]],
])('%s: %j', (name, bytes, expected) => {
  const make = MAKERS.find(each => each[0] === name)?.[1];
  if (make === undefined) throw new Error(name);
  for (const pieces of [[utf8(bytes)], byBytes(utf8(bytes))]) expect(told(itemsOf(make, pieces))).toEqual(expected);
});

test('a datagram is a message, and what is wrong in it is no end', () => {
  const decoder = datagrams(bytes => (bytes.length > 1 ? { type: 'long' } : { clause: '1', detail: 'too short' }))();
  expect([...decoder.feed(utf8('a')), ...decoder.feed(utf8('ab'))].map(each => each.kind)).toEqual(['violation', 'message']);
});
