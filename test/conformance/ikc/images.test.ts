/**
 * What the tester sends is what real Perl writes, and it reads values as Perl does. Where there is no Perl only the second half is tested.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ikcDecoder } from '../../../conformance/ikc/channels.ts';
import { encoderOf, READ } from '../../../conformance/ikc/frames.ts';
import { namesOf } from '../../../conformance/ikc/vocabulary.ts';
import { utf8 } from '../../../src/host/bytes.ts';

const folder = new URL('../../../conformance/ikc/vectors/', import.meta.url);
const file = (name: string): string => fileURLToPath(new URL(name, folder));
const perl = spawnSync('perl', ['-MStorable', '-e', '1']).status === 0;

test.skipIf(!perl)('Perl writes the same images today', () => {
  const made = spawnSync('perl', [file('make.pl')], { encoding: 'utf8', maxBuffer: 10_000_000 });
  expect(made.stderr).toBe('');
  expect(JSON.parse(made.stdout)).toEqual(JSON.parse(readFileSync(file('images.json'), 'utf8')));
});

const saved = new Map(
  Object.entries({ kernel: 'k', session: 'demo', 'rsvp-kernel': 'c', 'rsvp-session': 's', 'rsvp-state': 't' }).concat(
    ['echo', 'add', 'void', 'fail', 'list', 'note', 'count', 'forward'].map(each => [each, each]),
  ),
);
const encode = encoderOf({ ...namesOf('a') });
const decoded = (text: string): readonly unknown[] => ikcDecoder().feed(encode(text, saved));

describe('a value reads as Perl reads it', () => {
  test.each(Object.entries(READ))('%s', (name, read) => {
    expect(decoded(`<<${name}>>`)).toEqual([
      expect.objectContaining({
        type: 'frame',
        fields: expect.objectContaining({ event: 'poe://k/demo/echo', params: read, known: false }),
      }),
    ]);
  });
});

describe('what is sent', () => {
  test('a name that is put in changes the length of its string, and of its frame', () => {
    const target = 'poe://x/'.padEnd(300, 'y');
    expect(decoded(`<<forward target=${target}>>`)).toMatchObject([{ fields: { params: expect.stringContaining('...300:') } }]);
    expect(decoded('<<forward target=poe://x/y/z>>')).toMatchObject([{ fields: { params: '["poe://x/y/z",{"told":[1,"two"]}]' } }]);
  });

  test('names with characters that are no bytes', () => {
    const wide = encodeWith('\u20ac');
    expect(ikcDecoder().feed(wide)).toMatchObject([{ fields: { params: '["\\x{20ac}",{"told":[1,"two"]}]' } }]);
  });
  const encodeWith = (target: string): Uint8Array => encoderOf({ ...namesOf('a'), target })('<<forward>>', saved);

  test('lines, a part of an image, bytes, and JSON', () => {
    expect(decoded('IAM x\r\nOK\r\n<<json {"event":"poe:/x"}>>')).toMatchObject([
      { type: 'iam', fields: { name: 'x' } },
      { type: 'line', fields: { text: 'OK' } },
      { type: 'frame', fields: { event: 'poe:/x', json: true } },
    ]);
    expect(decoded('<<ping:20>>')).toMatchObject([{ kind: 'violation', clause: 'B7' }]);
    expect(encode('<<hex 0a00>>', saved)).toEqual(utf8('2\0\n\0'));
    expect(() => encode('<<nothing>>', saved)).toThrow('there is no image nothing');
    expect(() => encode('<<forward>>', saved)).toThrow('nobody has said what target is');
  });
});

describe('what comes', () => {
  const bytes = encode('IAM a:b-c.1\r\n<<ping>><<no-session>>DONE\r\n', saved);

  test('any cutting of it gives the same messages', () => {
    const whole = ikcDecoder().feed(bytes);
    expect(whole.map(item => (item.kind === 'message' ? item.type : item.clause))).toEqual(['iam', 'frame', 'frame', 'line']);
    for (let at = 1; at < bytes.length; at++) {
      const decoder = ikcDecoder();
      expect([...decoder.feed(bytes.subarray(0, at)), ...decoder.feed(bytes.subarray(at))]).toEqual(whole);
      expect(decoder.end()).toEqual([]);
    }
  });

  test.each([
    ['LF alone', 'OK\n', 'B3'],
    ['a letter in a count', '12x', 'B6'],
    ['a count of too many digits', '1'.repeat(21), 'B6'],
    ['a frame that is too large', '2000000\0', 'B6'],
    ['no image', '3\0abc', 'B7'],
    ['no JSON', '2\0{]', 'JSON'],
  ])('%s breaks a rule', (_name, text, clause) => {
    const decoder = ikcDecoder();
    expect(decoder.feed(utf8(text))).toMatchObject([{ kind: 'violation', clause, offset: 0 }]);
    expect(decoder.feed(utf8('OK\r\n'))).toEqual([]);
  });

  test('what is held is told, and an end in it breaks a rule', () => {
    for (const part of ['O', '12', '12\0ab']) {
      const decoder = ikcDecoder();
      expect(decoder.feed(utf8(part))).toEqual([]);
      expect(decoder.held).toBe(part.length);
      expect(decoder.end()).toMatchObject([{ kind: 'violation' }]);
    }
  });
});
