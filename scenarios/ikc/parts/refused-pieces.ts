/**
 * What a reader of images refuses: each with a size, and why it is refused, by the words of README.md of src/impl/storable. Of a hub, which
 * asks for no code and no regular expressions, and of somebody who does.
 */
import { bytesOf, type Image } from './image.ts';
import { FLAG_HASH, few, letters, NO_TEXT, oneOf, type Piece, REF, UNDEF, unhexed } from './pieces.ts';

const [CODE, REGEXP] = [0x1a, 0x20];

/** Of these nothing is made unless it is asked for. */
export const ASKED_FOR: Readonly<Record<string, Piece>> = {
  'a regular expression': (image, size) => {
    image.item(REF);
    image.class('Regexp');
    regexp(image, letters(size), oneOf(['', 'i', 'msixu'], size));
  },
  'a regular expression of bytes': (image, size) => {
    image.item(REF);
    regexp(image, `\xe9${letters(few(size))}`, letters(few(size) % 256));
  },
  'a subroutine': (image, size) => {
    image.item(REF);
    image.item(CODE);
    if (size % 2 === 0) image.string(letters(size));
    else image.flagged(bytesOf(letters(size)));
  },
};

const NO_EXPRESSION = 'a regular expression, and nobody asked for those';
/** Why they are refused then. */
export const NOBODY_ASKED: Readonly<Record<string, string>> = {
  'a regular expression': NO_EXPRESSION,
  'a regular expression of bytes': NO_EXPRESSION,
  'a subroutine': 'a subroutine, and nobody asked for code',
};

function regexp(image: Image, pattern: string, flags: string): void {
  const long = pattern.length > 255;
  image.item(REGEXP, long ? 1 : 0);
  if (long) image.length(pattern.length);
  else image.both(pattern.length);
  image.value(bytesOf(pattern));
  image.both(flags.length);
  image.value(bytesOf(flags));
}

/** Why an image is refused, in words: a second list on purpose, for a model that took them from the reader would not see one change. */
const WORDS = {
  magic: 'no image begins like this',
  version: 'an image of another major version',
  'byte-order': 'a native image of a machine with another byte order or other sizes',
  truncated: 'the image ends before what it announces',
  opcode: 'no such opcode',
  native: 'a native number in an image in network order',
  shape: 'an item where no item of its kind can be',
  tag: 'refers to an item that has not been',
  class: 'refers to a class that has not been named',
  flags: 'flags that nobody writes',
  utf8: 'a hash key that is flagged as UTF-8 and is not',
  depth: 'deeper than the limit',
  nodes: 'more items than the limit',
  string: 'a string longer than the limit',
  hook: 'an object that only the code of its class could read',
  tied: 'a tied variable, that only the code of its class could read',
  'large-object': 'an object of more than 2 GB',
  newer: 'a boolean as newer releases write it',
} as const;
type Reason = keyof typeof WORDS;

/** All that is told of an image that is refused, but for the reason's name. */
export const toldOf = (reason: Reason, detail: string, offset: number): string => `${WORDS[reason]}: ${detail} at offset ${offset}`;

export interface Refused {
  readonly piece: Piece;
  /** Of an image in the order of the network, and of a machine where that is another one. */
  readonly reason: Reason;
  /** Bytes from where the piece begins to where the reader stops; undefined: at the end. */
  readonly offset: number | undefined;
  /** `items`: those before it. */
  readonly detail: (items: number) => string;
}
const refused = (reason: Reason, detail: Refused['detail'] | string, offset: number | undefined, ...bytes: readonly number[]): Refused => ({
  reason,
  detail: typeof detail === 'string' ? () => detail : detail,
  offset,
  piece: image => image.both(...bytes),
});
const MOST = [0x7f, 0xff, 0xff, 0xff] as const;
const [ARRAY, HASH] = [0x02, 0x03];

/** Of a key with the flag of UTF-8. */
const keyOf = (bytes: readonly number[]): Refused =>
  refused('utf8', `a key of ${bytes.length} bytes`, 8, REF, FLAG_HASH, 0, 0, 0, 0, 1, UNDEF, 0x01, 0, 0, 0, bytes.length, ...bytes);
const LONG_STRING = 0x01;
const BYTE_WANTED = 'one more byte is wanted';
const notScalar = (opcode: number): string => `opcode ${opcode} for an element, which is a scalar`;
const announced = (count: number, there: number): string => `${count} items are announced, ${there} bytes follow,`;
const wanted = (count: number, there: number): string => `${count} bytes are wanted and ${there} there`;

export const REFUSED: Readonly<Record<string, Refused>> = {
  'no such opcode': refused('opcode', 'opcode 36', 0, 0x24),
  'the last opcode': refused('opcode', 'opcode 255', 0, 0xff),
  'a tied hash': refused('tied', 'opcode 11', 0, 0x0b),
  'a tied array': refused('tied', 'opcode 12', 0, 0x0c),
  'a tied scalar': refused('tied', 'opcode 13', 0, 0x0d),
  'a tied key': refused('tied', 'opcode 21', 0, 0x15),
  'a tied item': refused('tied', 'opcode 22', 0, 0x16),
  'a hook': refused('hook', 'opcode 19', 1, REF, 0x13, 0, 0),
  'a large object': refused('large-object', 'opcode 33', 0, 0x21),
  'a newer truth': refused('newer', 'opcode 34', 0, 0x22),
  'a newer falsehood': refused('newer', 'opcode 35', 0, 0x23),
  'an item that was not there': refused('tag', items => `item 4096 of ${items + 1}`, 1, REF, 0x00, 0, 0, 0x10, 0),
  'the item that would be next': {
    reason: 'tag',
    offset: 1,
    detail: items => `item ${items + 1} of ${items + 1}`,
    piece: image => image.both(REF, 0x00, 0, 0, 0, image.items + 1),
  },
  'a class that was not there': refused('class', 'class 5 of 0', 1, REF, 0x12, 5, UNDEF),
  'a long class that was not there': refused('class', 'class 7 of 0', 1, REF, 0x12, 0x80, 0, 0, 0, 7, UNDEF),
  'the class that would be next': refused(
    'class',
    'class 1 of 1',
    12,
    ...[REF, ARRAY, 0, 0, 0, 2, REF, 0x11, 1, 0x41, UNDEF],
    ...[REF, 0x12, 1, UNDEF],
  ),
  'a class within a class': refused('shape', 'a class within a class', 4, REF, 0x11, 1, 0x41, 0x11, 1, 0x41, UNDEF),
  'a class for an earlier item': refused('shape', 'a class for an earlier item', 4, REF, 0x11, 1, 0x41, 0x00, 0, 0, 0, 0),
  'an array for a scalar': refused('shape', notScalar(2), 0, ARRAY, 0, 0, 0, 0),
  'a hash for a scalar': refused('shape', notScalar(3), 0, HASH, 0, 0, 0, 0),
  'a hash with flags for a scalar': refused('shape', notScalar(25), 0, FLAG_HASH, 0, 0, 0, 0, 0),
  'a subroutine for a scalar': refused('shape', notScalar(26), 0, CODE, 0x0a, 0),
  'an expression for a scalar': refused('shape', notScalar(32), 0, REGEXP, 0, 0, 0),
  'an object that is no scalar': refused('shape', 'an element that is no scalar', 0, 0x11, 1, 0x41, ARRAY, 0, 0, 0, 0),
  'an earlier array for a scalar': refused('shape', 'an element that is no scalar', 0, 0x00, 0, 0, 0, 0),
  'an overloaded array': refused('shape', 'an overloaded object that has no class', 1, 0x14, ARRAY, 0, 0, 0, 0),
  'a weak overloaded array': refused('shape', 'an overloaded object that has no class', 1, 0x1c, ARRAY, 0, 0, 0, 0),
  'a version of undef': refused('shape', 'no string where only a string can be', 3, 0x1d, 1, 0x31, UNDEF),
  'flags of a hash': refused('flags', 'flags 2 of a hash', 1, REF, FLAG_HASH, 2, 0, 0, 0, 0),
  'flags of a key': refused('flags', 'flags 32 of a key', 8, REF, FLAG_HASH, 0, 0, 0, 0, 1, UNDEF, 0x20, 0, 0, 0, 0),
  'a key that is a scalar': refused('flags', 'flags 8 of a key', 8, REF, FLAG_HASH, 0, 0, 0, 0, 1, UNDEF, 0x08, 0, 0, 0, 0),
  ...Object.fromEntries(NO_TEXT.map(digits => [`a key of ${digits}`, keyOf(unhexed(digits))])),
  'an array of 2^31-1': refused('truncated', announced(2_147_483_647, 0), undefined, REF, ARRAY, ...MOST),
  'an array of one too many': refused('truncated', announced(3, 2), undefined, REF, ARRAY, 0, 0, 0, 3, UNDEF, UNDEF),
  'a hash of 2^31-1': refused('truncated', announced(2_147_483_647, 0), undefined, REF, HASH, ...MOST),
  'a hash of more than there is': refused('truncated', announced(1, 4), undefined, REF, HASH, 0, 0, 0, 1, UNDEF, 0, 0, 0),
  'a hash of as much as there is': refused('truncated', wanted(1, 0), undefined, REF, HASH, 0, 0, 0, 1, UNDEF, 0, 0, 0, 1),
  'a string of more than there is': refused('truncated', wanted(2, 1), undefined, 0x0a, 2, 0x41),
  'a long string of more than there is': refused('truncated', wanted(2, 1), undefined, LONG_STRING, 0, 0, 0, 2, 0x41),
  'a string of 2^31-1': refused('string', '2147483647 bytes, more than 16777216,', 5, LONG_STRING, ...MOST),
  'a string of one too many': refused('string', '16777217 bytes, more than 16777216,', 5, LONG_STRING, 1, 0, 0, 1),
  'a string of as many as may be': refused('truncated', wanted(16_777_216, 0), undefined, LONG_STRING, 1, 0, 0, 0),
  'an integer that is cut off': refused('truncated', wanted(4, 3), undefined, 0x09, 0, 0, 0),
  'an opcode alone': refused('truncated', BYTE_WANTED, undefined, 0x0a),
  'too deep': {
    reason: 'depth',
    detail: () => 'more than 1000',
    offset: 1 + 6 * 999,
    piece: image => {
      for (let left = 1_000; left > 0; left--) image.both(REF, ARRAY, 0, 0, 0, 1);
      image.both(UNDEF);
    },
  },
};
/** In the order of the network alone. */
export const REFUSED_THERE: Readonly<Record<string, Refused>> = {
  'an integer of a machine': refused('native', 'opcode 6', 0, 0x06, 1, 0, 0, 0, 0, 0, 0, 0),
  'a double of a machine': refused('native', 'opcode 7', 0, 0x07, 0, 0, 0, 0, 0, 0, 0, 0),
};
/** By whoever asked for code and regular expressions. */
export const REFUSED_THEN: Readonly<Record<string, Refused>> = {
  'a subroutine without a text': refused('shape', 'no string where only a string can be', 2, REF, CODE, UNDEF),
  'an expression with flags': refused('flags', 'flags 2 of a regular expression', 1, REF, REGEXP, 2, 0, 0),
  'the text of a subroutine, once more': {
    reason: 'tag',
    detail: items => `item ${items + 4}, which nothing can refer to`,
    offset: 12,
    piece: image => image.both(REF, ARRAY, 0, 0, 0, 2, REF, CODE, 0x0a, 1, 0x78, REF, 0x00, 0, 0, 0, image.items + 4),
  },
};
/** What stands behind the first two bytes of a machine: the text of its order, and sizes of int, long, pointer and double. */
const LAYOUT = [8, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 4, 8, 8, 8];
const MACHINE = [4, 11] as const;

interface Beginning {
  readonly bytes: readonly number[];
  readonly reason: Reason;
  readonly detail: string;
  readonly offset: number;
}
const ofLayout = LAYOUT.flatMap((byte, index): readonly (readonly [string, Beginning])[] => {
  const offset = MACHINE.length + index;
  const other = [...MACHINE, ...LAYOUT.slice(0, index), byte + 1, ...LAYOUT.slice(index + 1), UNDEF];
  return [
    [
      `a machine of which ${index} bytes are known`,
      { bytes: other.slice(0, offset), reason: 'truncated', detail: 'no layout of the machine', offset },
    ],
    [`another machine in byte ${index}`, { bytes: other, reason: 'byte-order', detail: `${byte + 1} instead of ${byte}`, offset }],
  ];
});
/** Beginnings: of what is no image that can be read. */
export const BEGINNINGS: Readonly<Record<string, Beginning>> = {
  'no byte': { bytes: [], reason: 'magic', detail: 'no bytes', offset: 0 },
  'one byte': { bytes: [5], reason: 'truncated', detail: 'no minor version', offset: 1 },
  'another version': { bytes: [7, 11, UNDEF], reason: 'version', detail: 'major version 3', offset: 0 },
  'an older version': { bytes: [3, 11, UNDEF], reason: 'version', detail: 'major version 1', offset: 0 },
  text: { bytes: [0x70, 0x73, 0x74, 0x30], reason: 'version', detail: 'major version 56', offset: 0 },
  'nothing behind it': { bytes: [5, 11], reason: 'truncated', detail: BYTE_WANTED, offset: 2 },
  ...Object.fromEntries(ofLayout),
};
