/**
 * What a value is made of, each with a size: an element of an array, in every form that Storable has for one.
 * Lacks: what is refused (refused-pieces.ts).
 */
import { utf8 } from '../../../src/host/bytes.ts';
import { bytesOf, type Image, type Mark } from './image.ts';

export type Piece = (image: Image, size: number) => void;

export const REF = 0x04;
export const UNDEF = 0x05;
export const FLAG_HASH = 0x19;
const IMMORTALS = [0x0e, 0x0f, 0x10, 0x1f];
const [WEAK, OVERLOAD, WEAK_OVERLOAD] = [0x1b, 0x14, 0x1c];
const [KEY_UTF8, KEY_WAS_UTF8, KEY_LOCKED, KEY_PLACEHOLDER] = [1, 2, 4, 16];

/** As items a large size is too many. */
const FEW = 300;
export const few = (size: number): number => size % FEW;
export const oneOf = <Each>(all: readonly [Each, ...Each[]], size: number): Each => all[size % all.length] ?? all[0];
/** `size` of these, over and over. */
const cycled = (characters: readonly string[], size: number): string =>
  Array.from({ length: size }, (_, index) => characters[index % characters.length]).join('');
const LETTERS = Array.from({ length: 26 }, (_, index) => String.fromCharCode(97 + index));
const ALL_BYTES = Array.from({ length: 256 }, (_, index) => String.fromCharCode(index));
const WIDE = ['€', 'é', 'x', '😀', '\u07ff', '\u0800', '\uffff', '\u{10ffff}', '\u{10000}', '\x7f', '\x80'];
export const letters = (size: number): string => cycled(LETTERS, size);
const utf8Of = (text: string): readonly number[] => Array.from(utf8(text));
export const unhexed = (digits: string): readonly number[] => (digits.match(/../g) ?? []).map(each => Number.parseInt(each, 16));

const INTEGERS = [-2_147_483_648, -129, -128, -127, -1, 0, 1, 126, 127, 128, 255, 65_535, 16_777_216, 2_147_483_647] as const;
/** No text has these bytes: malformed, overlong, a pair of surrogates in two halves, beyond Unicode. */
export const NO_TEXT = ['c3', 'c328', '80', 'eda0bdedb880', 'f4908080', 'c080', 'e28282e2', 'f09f98', 'ff', 'eda08041eda08041c3'] as const;
/** Lone surrogates, which Perl has as characters. */
const LONE = [
  'eda080',
  'edbfbf',
  '41eda08041',
  'edb880eda0bd',
  'e282aceda080e282ac',
  'eda080eda080',
  'eda0bd41edb880',
  'edb0bfedb080',
] as const;

type Double = readonly [double: number, again: number | string];
/** Of a machine, as they are in its memory; and what Perl makes of them in network order. */
const INTEGERS_64 = [
  0n,
  1n,
  -1n,
  127n,
  128n,
  -128n,
  -129n,
  2_147_483_647n,
  2_147_483_648n,
  -2_147_483_648n,
  -2_147_483_649n,
  2n ** 53n - 1n,
  2n ** 53n,
  -(2n ** 53n) + 1n,
  -(2n ** 53n),
  2n ** 63n - 1n,
  -(2n ** 63n),
] as const;
const DOUBLES: readonly [Double, ...Double[]] = [
  [1, 1],
  [-129, -129],
  [0.5, '0.5'],
  [-1.5, '-1.5'],
  [0.1, '0.1'],
  [0.30000000000000004, '0.3'],
  [1 / 3, '0.333333333333333'],
  [-2 / 3, '-0.666666666666667'],
  [123_456.789, '123456.789'],
  [1e-4, '0.0001'],
  [1e-5, '1e-05'],
  [1.25e-7, '1.25e-07'],
  [1e15, '1000000000000000'],
  [1e21, '1e+21'],
  [3.33e100, '3.33e+100'],
  [-1.5e-300, '-1.5e-300'],
  [5e-324, '4.94065645841247e-324'],
  [100_000_000_000_000.5, '100000000000000'],
  [100_000_000_000_001.5, '100000000000002'],
  [100_000_000_000_002.5, '100000000000002'],
  // In the middle of two: to the even digit, whatever follows.
  [-100_000_000_000_001.5, '-100000000000002'],
  [-100_000_000_000_002.5, '-100000000000002'],
  [10_000_000_000_000.25, '10000000000000.2'],
  [10_000_000_000_000.75, '10000000000000.8'],
  [1_000_000_000_000.125, '1000000000000.12'],
  [1_000_000_000_000.375, '1000000000000.38'],
  [100_000_000_000_000 + 33 / 64, '100000000000001'],
  [100_000_000_000_000 + 31 / 64, '100000000000000'],
  // At the ends of the form without an exponent, and what is rounded beyond one.
  [-1e-4, '-0.0001'],
  [1.5e-4, '0.00015'],
  [0.001, '0.001'],
  [9.5e-5, '9.5e-05'],
  [0.000_099_999_999_999_999_99, '0.0001'],
  [0.999_999_999_999_999_9, '1'],
  [9.5, '9.5'],
  [10.5, '10.5'],
  [99_999_999_999_999.5, '99999999999999.5'],
  [123_456_789_012_345.6, '123456789012346'],
  [999_999_999_999_999.4, '999999999999999'],
  [999_999_999_999_999.9, '1e+15'],
  [1_234_567_890_123_456.5, '1.23456789012346e+15'],
  [2 ** 53 - 1, '9007199254740991'],
  [2 ** 53, '9.00719925474099e+15'],
  [-(2 ** 63), '-9.22337203685478e+18'],
  [1e22, '1e+22'],
  [1.5e9, 1_500_000_000],
  [2 ** 31, '2147483648'],
  [-(2 ** 31), -2_147_483_648],
  [9.5e99, '9.5e+99'],
  [9.5e100, '9.5e+100'],
  [1.5e-9, '1.5e-09'],
  [9.5e-100, '9.5e-100'],
  [Number.MAX_VALUE, '1.79769313486232e+308'],
  [0, 0],
  [-0, 0],
  [Number.POSITIVE_INFINITY, 'Inf'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
  [Number.NaN, 'NaN'],
];

/** Without a machine a string of its digits. */
function eight(image: Image, opcode: number, write: (to: DataView) => void, again: string | number): void {
  const bytes = new DataView(new ArrayBuffer(8));
  write(bytes);
  if (image.native) image.eight(opcode, new Uint8Array(bytes.buffer), again);
  else image.string(String(again));
}
const isShort = (integer: bigint): boolean => BigInt.asIntN(32, integer) === integer;

const refer = (image: Image, opcode: number, referent: () => void): void => {
  image.item(opcode);
  referent();
};

export function flagHash(image: Image, restricted: boolean, keys: readonly (readonly [flags: number, bytes: readonly number[]])[]): void {
  image.item(FLAG_HASH, restricted ? 1 : 0);
  image.length(keys.length);
  for (const [flags, bytes] of keys) {
    if ((flags & KEY_PLACEHOLDER) !== 0) image.item(0x0e);
    else image.integer(bytes.length);
    image.both(flags);
    image.length(bytes.length);
    image.value(bytes);
  }
}

const object = (image: Image, name: string, referent: () => void = () => image.array(1)): void =>
  refer(image, REF, () => {
    image.class(name);
    referent();
  });

export const PIECES: Readonly<Record<string, Piece>> = {
  bytes: (image, size) => image.string(cycled(ALL_BYTES, size)),
  letters: (image, size) => image.string(letters(size)),
  'letters and a byte': (image, size) => image.string(`${letters(size)}\xff`),
  'a character': (image, size) => image.string(String.fromCharCode(size & 0xff)),
  text: (image, size) => image.flagged(utf8Of(cycled(WIDE, size + 1))),
  'letters and a character': (image, size) => image.flagged(utf8Of(`${letters(size)}€`)),
  'letters with the flag': (image, size) => image.flagged(utf8Of(letters(size))),
  'bytes with the flag': (image, size) => image.flagged(utf8Of(cycled(['é', '\x7f', '\x80', 'ÿ'], size))),
  'no text with the flag': (image, size) => image.flagged([...utf8Of(letters(few(size))), ...unhexed(oneOf(NO_TEXT, size))]),
  'lone surrogates': (image, size) =>
    image.flagged([...utf8Of(letters(few(size))), ...unhexed(oneOf(LONE, size)), ...utf8Of(letters(size % 3))]),
  integer: (image, size) => image.integer(oneOf(INTEGERS, size)),
  'its size': (image, size) => image.integer(size),
  'integers of a machine': image =>
    refer(image, REF, () =>
      image.array(INTEGERS_64.length, index => {
        const integer = oneOf(INTEGERS_64, index);
        eight(image, 0x06, to => to.setBigInt64(0, integer, true), isShort(integer) ? Number(integer) : String(integer));
      }),
    ),
  'doubles of a machine': image =>
    refer(image, REF, () =>
      image.array(DOUBLES.length, index => {
        const [double, again] = oneOf(DOUBLES, index);
        eight(image, 0x07, to => to.setFloat64(0, double, true), again);
      }),
    ),
  undef: image => image.item(UNDEF),
  immortal: (image, size) => image.item(oneOf([0x0e, ...IMMORTALS], size)),
  // A copy of them is none of them.
  'an immortal that is pointed at': (image, size) =>
    refer(image, REF, () => {
      const opcode = oneOf([0x0f, 0x10], size);
      image.array(2, index => {
        if (index === 0) image.item(opcode);
        else {
          image.item(REF);
          image.copied(opcode, 2);
        }
      });
    }),
  'an immortal that is met again': (image, size) =>
    refer(image, REF, () => {
      const opcode = oneOf([0x0f, 0x10], size);
      image.array(2, index => {
        if (index > 0) image.copied(opcode, 1);
        else {
          image.item(REF);
          image.item(opcode);
        }
      });
    }),
  'a version': (image, size) => {
    image.item();
    image.sized(0x1d, 0x1e, bytesOf(`v${cycled(['1', '.', '22', '.'], size)}`));
    if (size % 2 === 0) image.sized(0x0a, 0x01, bytesOf(letters(size)));
    else image.sized(0x17, 0x18, utf8Of(cycled(['€', 'a'], size)));
  },
  'an array': (image, size) => refer(image, REF, () => image.array(few(size))),
  'arrays in arrays': (image, size) => nested(image, few(size)),
  // What holds it is the thousandth.
  'as deep as may be': image => nested(image, 999),
  'a hash': (image, size) =>
    refer(image, REF, () =>
      image.hash(
        Array.from({ length: few(size) }, (_, index) => [
          `${index}${letters(index % 40)}`,
          () => (index % 3 === 1 ? refer(image, REF, () => image.array(1)) : image.integer(index)),
        ]),
      ),
    ),
  'a long key': (image, size) => refer(image, REF, () => image.hash([[cycled(ALL_BYTES, size), () => image.integer(1)]])),
  'keys of characters': (image, size) =>
    refer(image, REF, () =>
      flagHash(image, false, [
        [0, bytesOf(letters(few(size)))],
        [KEY_UTF8, utf8Of(`${letters(size)}€`)],
        [KEY_WAS_UTF8, bytesOf(`${letters(few(size))}é`)],
        [0, bytesOf('a byte \xff')],
      ]),
    ),
  'keys with lone surrogates': image =>
    refer(image, REF, () =>
      flagHash(
        image,
        false,
        LONE.map(digits => [KEY_UTF8, unhexed(digits)]),
      ),
    ),
  'a restricted hash': (image, size) =>
    refer(image, REF, () =>
      flagHash(image, size % 2 === 0, [
        [KEY_LOCKED, bytesOf('locked')],
        [KEY_LOCKED | KEY_UTF8, utf8Of('€')],
        [KEY_PLACEHOLDER, bytesOf(`gone${letters(few(size))}`)],
        [KEY_PLACEHOLDER | KEY_UTF8, utf8Of('€€')],
      ]),
    ),
  'a reference': (image, size) => refer(image, REF, () => image.string(letters(size))),
  'references to references': (image, size) => {
    for (let left = few(size); left >= 0; left--) image.item(REF);
    image.item(UNDEF);
  },
  'a weak reference': (image, size) => refer(image, WEAK, () => image.array(size % 4)),
  'an object': (image, size) => object(image, `A${letters(size)}`),
  'an object that is a hash': (image, size) => object(image, `H::${letters(few(size))}`, () => image.hash([['k', () => image.integer(7)]])),
  'an object that is a scalar': (image, size) => object(image, 'S', () => image.string(letters(size))),
  'an object that is a reference': image => object(image, 'R', () => refer(image, REF, () => image.array(2))),
  'an overloaded object': (image, size) =>
    refer(image, size % 2 === 0 ? OVERLOAD : WEAK_OVERLOAD, () => {
      image.class('O');
      image.array(0);
    }),
  'many classes': (image, size) =>
    refer(image, REF, () => image.array(2 * few(size), index => object(image, `C${index % few(size)}`, () => image.array(0)))),
  'the same twice': (image, size) =>
    refer(image, REF, () => {
      let first: Mark | undefined;
      image.array(2 + (size % 3), () => {
        image.item(REF);
        if (first === undefined) first = image.array(size % 4);
        else image.earlier(first);
      });
    }),
  'an element that is pointed at': (image, size) =>
    refer(image, REF, () => {
      let first: Mark | undefined;
      image.array(3, index => {
        if (index === 1) image.item(REF);
        if (first === undefined) first = image.string(letters(size));
        else image.earlier(first);
      });
    }),
  'a reference that is pointed at': image =>
    refer(image, REF, () => {
      let first: Mark | undefined;
      image.array(2, () => {
        const mark = image.item(REF);
        if (first === undefined) image.array(1);
        else image.earlier(first);
        first ??= mark;
      });
    }),
  'an object that is pointed at': (image, size) =>
    refer(image, REF, () => {
      let first: Mark | undefined;
      image.array(2, () => {
        if (first !== undefined) {
          image.item(REF);
          image.earlier(first);
          return;
        }
        image.class(`P${letters(size % 200)}`);
        first = image.string('x');
      });
    }),
  'what holds itself': (image, size) =>
    refer(image, REF, () =>
      image.array((size % 3) + 1, (_, self) => {
        image.item(REF);
        image.earlier(self);
      }),
    ),
  'a hash that holds itself': (image, size) =>
    refer(image, REF, () =>
      image.hash([
        [
          letters(few(size)),
          self => {
            image.item(WEAK);
            image.earlier(self);
          },
        ],
      ]),
    ),
};

/** Arrays of one array each, and undef in the last. */
function nested(image: Image, count: number): void {
  for (let left = count; left > 0; left--) {
    image.item(REF);
    image.item();
    image.counted(0x02, 1);
  }
  image.item(UNDEF);
}
