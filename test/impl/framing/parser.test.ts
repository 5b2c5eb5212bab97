/** Parser: any segmentation gives the same items, a grammar that returns has stopped, an end inside a field is said. */
import { describe, expect, test } from 'vitest';
import { textOf, utf8 } from '../../../src/host/bytes.ts';
import type { Grammar } from '../../../src/impl/framing/parser.ts';
import { Parser } from '../../../src/impl/framing/parser.ts';

/** A toy: a length, then that many bytes of text; length 0 ends it. */
const words: Grammar<string> = function* (input, emit) {
  for (;;) {
    if (input.length < 1) yield { field: 'length', bytes: 1, boundary: true };
    const length = input.byte();
    if (length === 0) return;
    if (input.length < length) yield { field: 'word', bytes: length, boundary: false };
    emit(textOf(input.take(length)));
  }
};

const input = utf8('\u0003one\u0003two\u0005three');

describe('Parser', () => {
  test('every cut in two gives the same items', () => {
    for (let cut = 0; cut <= input.length; cut++) {
      const parser = new Parser(words);
      expect([...parser.push(input.subarray(0, cut)), ...parser.push(input.subarray(cut))]).toEqual(['one', 'two', 'three']);
      expect(parser.finish()).toBeUndefined();
    }
  });

  test('byte by byte, an item appears with its last byte', () => {
    const parser = new Parser(words);
    const seen = [...input].map(byte => parser.push(Uint8Array.of(byte)).length);
    expect(seen).toEqual([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
  });

  test('the end inside a field names it', () => {
    const parser = new Parser(words);
    parser.push(input.subarray(0, 6));
    expect(parser.finish()).toEqual({ field: 'word', offset: 5, have: 1, want: 3 });
    expect(parser.buffered).toBe(1);
  });

  test('a boundary is one only before the first of its bytes', () => {
    const pairs: Grammar<number> = function* (source, emit) {
      for (;;) {
        if (source.length < 2) yield { field: 'pair', bytes: 2, boundary: true };
        emit(source.byte() + source.byte());
      }
    };
    const parser = new Parser(pairs);
    expect(parser.push(Uint8Array.of(1, 2))).toEqual([3]);
    expect(parser.finish()).toBeUndefined();
    parser.push(Uint8Array.of(1));
    expect(parser.finish()).toEqual({ field: 'pair', offset: 2, have: 1, want: 2 });
  });

  test('after the grammar has returned, bytes are counted and forgotten', () => {
    const parser = new Parser(words);
    expect(parser.push(utf8('\u0001a\u0000rest'))).toEqual(['a']);
    expect(parser.stopped).toBe(true);
    expect(parser.push(utf8('\u0001b'))).toEqual([]);
    expect(parser.ignored).toBe(6);
    expect(parser.buffered).toBe(0);
    expect(parser.finish()).toBeUndefined();
  });
});
