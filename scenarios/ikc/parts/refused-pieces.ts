/**
 * What a reader of images refuses: each with a size, and why it is refused, by the words of README.md of src/impl/storable. Of a hub, which
 * asks for no code and no regular expressions, and of somebody who does.
 */
import { bytesOf, type Image } from './image.ts';
import { FLAG_HASH, few, letters, oneOf, type Piece, REF, UNDEF } from './pieces.ts';

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
  image.both(...bytesOf(pattern), flags.length, ...bytesOf(flags));
}

export interface Refused {
  readonly piece: Piece;
  /** Of an image in the order of the network, and of a machine where that is another one. */
  readonly reason: string;
  /** Bytes from where the piece begins to where the reader stops; undefined: at the end. */
  readonly offset: number | undefined;
}
const refused = (reason: string, offset: number | undefined, ...bytes: readonly number[]): Refused => ({
  reason,
  offset,
  piece: image => image.both(...bytes),
});
const MOST = [0x7f, 0xff, 0xff, 0xff] as const;
const ARRAY = 0x02;

export const REFUSED: Readonly<Record<string, Refused>> = {
  'no such opcode': refused('opcode', 0, 0x24),
  'the last opcode': refused('opcode', 0, 0xff),
  'a tied hash': refused('tied', 0, 0x0b),
  'a tied array': refused('tied', 0, 0x0c),
  'a tied scalar': refused('tied', 0, 0x0d),
  'a tied key': refused('tied', 0, 0x15),
  'a tied item': refused('tied', 0, 0x16),
  'a hook': refused('hook', 1, REF, 0x13, 0, 0),
  'a large object': refused('large-object', 0, 0x21),
  'a newer truth': refused('newer', 0, 0x22),
  'a newer falsehood': refused('newer', 0, 0x23),
  'an item that was not there': refused('tag', 1, REF, 0x00, 0, 0, 0x10, 0),
  'a class that was not there': refused('class', 1, REF, 0x12, 5, 0x05),
  'a long class that was not there': refused('class', 1, REF, 0x12, 0x80, 0, 0, 0, 7, 0x05),
  'a class within a class': refused('shape', 4, REF, 0x11, 1, 0x41, 0x11, 1, 0x41, 0x05),
  'a class for an earlier item': refused('shape', 4, REF, 0x11, 1, 0x41, 0x00, 0, 0, 0, 0),
  'an array for a scalar': refused('shape', 0, ARRAY, 0, 0, 0, 0),
  'a hash for a scalar': refused('shape', 0, 0x03, 0, 0, 0, 0),
  'a hash with flags for a scalar': refused('shape', 0, FLAG_HASH, 0, 0, 0, 0, 0),
  'a subroutine for a scalar': refused('shape', 0, CODE, 0x0a, 0),
  'an expression for a scalar': refused('shape', 0, REGEXP, 0, 0, 0),
  'an object that is no scalar': refused('shape', 0, 0x11, 1, 0x41, ARRAY, 0, 0, 0, 0),
  'an overloaded array': refused('shape', 1, 0x14, ARRAY, 0, 0, 0, 0),
  'a version of undef': refused('shape', 3, 0x1d, 1, 0x31, UNDEF),
  'flags of a hash': refused('flags', 1, REF, FLAG_HASH, 2, 0, 0, 0, 0),
  'flags of a key': refused('flags', 8, REF, FLAG_HASH, 0, 0, 0, 0, 1, UNDEF, 0x20, 0, 0, 0, 0),
  'a key that is a scalar': refused('flags', 8, REF, FLAG_HASH, 0, 0, 0, 0, 1, UNDEF, 0x08, 0, 0, 0, 0),
  'a key that is no text': refused('utf8', 8, REF, FLAG_HASH, 0, 0, 0, 0, 1, UNDEF, 0x01, 0, 0, 0, 1, 0xff),
  'an array of 2^31-1': refused('truncated', undefined, REF, ARRAY, ...MOST),
  'a hash of 2^31-1': refused('truncated', undefined, REF, 0x03, ...MOST),
  'a hash of more than there is': refused('truncated', undefined, REF, 0x03, 0, 0, 0, 1, UNDEF, 0, 0, 0),
  'a string of more than there is': refused('truncated', undefined, 0x0a, 2, 0x41),
  'a long string of more than there is': refused('truncated', undefined, 0x01, 0, 0, 0, 2, 0x41),
  'a string of 2^31-1': refused('string', 5, 0x01, ...MOST),
  'an integer that is cut off': refused('truncated', undefined, 0x09, 0, 0, 0),
  nothing: refused('truncated', undefined),
  'an opcode alone': refused('truncated', undefined, 0x0a),
  'too deep': {
    reason: 'depth',
    offset: 1 + 6 * 999,
    piece: image => {
      for (let left = 1_000; left > 0; left--) image.both(REF, ARRAY, 0, 0, 0, 1);
      image.both(UNDEF);
    },
  },
};
/** In the order of the network alone. */
export const REFUSED_THERE: Readonly<Record<string, Refused>> = {
  'an integer of a machine': refused('native', 0, 0x06, 1, 0, 0, 0, 0, 0, 0, 0),
  'a double of a machine': refused('native', 0, 0x07, 0, 0, 0, 0, 0, 0, 0, 0),
};
/** Beginnings: of what is no image that can be read. */
export const BEGINNINGS: Readonly<Record<string, { readonly bytes: readonly number[]; readonly reason: string; readonly offset: number }>> =
  {
    nothing: { bytes: [], reason: 'magic', offset: 0 },
    'one byte': { bytes: [5], reason: 'truncated', offset: 1 },
    'another version': { bytes: [7, 11, 5], reason: 'version', offset: 0 },
    'an older version': { bytes: [3, 11, 5], reason: 'version', offset: 0 },
    text: { bytes: [0x70, 0x73, 0x74, 0x30], reason: 'version', offset: 0 },
    'a machine without a layout': { bytes: [4, 11, 8, 0x31], reason: 'truncated', offset: 4 },
    'another order': { bytes: [4, 11, 8, 0x38, 0x37, 0x36, 0x35, 0x34, 0x33, 0x32, 0x31, 4, 8, 8, 8, 5], reason: 'byte-order', offset: 3 },
    'smaller integers': {
      bytes: [4, 11, 8, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 4, 4, 8, 8, 5],
      reason: 'byte-order',
      offset: 12,
    },
    'nothing behind it': { bytes: [5, 11], reason: 'truncated', offset: 2 },
  };
