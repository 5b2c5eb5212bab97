/**
 * Values that cannot be stored, and why and where they are refused; and what is as much as a limit allows.
 */
import { hex, utf8 } from '../../../src/host/bytes.ts';
import { freeze } from '../../../src/impl/storable/freeze.ts';
import { FreezeError, type FreezeReason, type Limits } from '../../../src/impl/storable/problem.ts';
import { thaw } from '../../../src/impl/storable/thaw.ts';
import {
  Alias,
  Blessed,
  KEY_LOCKED,
  KEY_PLACEHOLDER,
  PerlCode,
  PerlHash,
  PerlRegexp,
  type PerlValue,
  RawUtf8,
  type Reference,
  Scalar,
  Utf8,
  VString,
  Weak,
} from '../../../src/impl/storable/values.ts';

/** Why a value cannot be stored, in words; a second list on purpose, as in refused-pieces.ts. */
const WORDS: Readonly<Record<FreezeReason, string>> = {
  reference: 'an image is of something referred to, and this is no reference',
  type: 'no value of Perl',
  alias: 'an alias outside of an array or a hash, or of something that is no scalar',
  bytes: 'characters above 255 where there are bytes',
  identity: 'one referent of two classes, or with a class in one place and without in another',
  flags: 'flags of a key that the hash does not have, or unknown ones',
  depth: 'deeper than the limit',
  nodes: 'more items than the limit',
  string: 'a string longer than the limit',
};

interface Row {
  readonly name: string;
  readonly value: () => PerlValue;
  /** What is told: the reason, what is wrong, and the place; '' where it can be stored. */
  readonly due: string;
  readonly limits?: Partial<Limits>;
  /** What is stored, behind the two bytes of a header. */
  readonly image?: readonly number[];
}

const nested = (depth: number): PerlValue => {
  let value: PerlValue = [];
  for (let left = depth - 1; left > 0; left--) value = [value];
  return value;
};
const flagged = (key: string, flags: number, has: boolean): PerlHash => {
  const hash = new PerlHash();
  if (has) hash.set(key, 1);
  hash.keyFlags.set(key, flags);
  return hash;
};
const twice = (one: (value: Reference & PerlValue[]) => PerlValue, other: (value: Reference & PerlValue[]) => PerlValue): PerlValue => {
  const value: PerlValue[] = [1];
  return [one(value), other(value)];
};
const noValue = {} as PerlValue;

const ROWS: readonly Row[] = [
  {
    name: 'keys of characters, and others',
    value: () =>
      new Map([
        ['€', 1],
        ['a', 2],
      ]),
    due: '',
    image: [0x19, 0, 0, 0, 0, 2, 8, 129, 1, 0, 0, 0, 3, 0xe2, 0x82, 0xac, 8, 130, 0, 0, 0, 0, 1, 0x61],
  },
  {
    name: 'numbers of any kind',
    value: () => [2n ** 31n, -(2n ** 31n), 5n, 0.5, 2 ** 31, -(2 ** 31) - 1, '\xff', 'é€'],
    due: '',
    image: [
      ...[0x02, 0, 0, 0, 8, 0x0a, 10, ...utf8('2147483648'), 9, 0x80, 0, 0, 0, 8, 133, 0x0a, 3, ...utf8('0.5')],
      ...[0x0a, 10, ...utf8('2147483648'), 0x0a, 11, ...utf8('-2147483649'), 0x0a, 1, 0xff, 0x17, 5, ...utf8('é€')],
    ],
  },
  { name: 'a number', value: () => 5, due: 'reference: number' },
  { name: 'a text', value: () => 'text', due: 'reference: string' },
  { name: 'an alias alone', value: () => new Alias(new Scalar(1)), due: 'reference: Alias' },
  { name: 'what is none', value: () => [1, [noValue]], due: 'type: Object at [1][0]' },
  {
    name: 'what is none in a hash',
    value: () =>
      new Map<string, PerlValue>([
        ['a', 1],
        ['k', [noValue]],
      ]),
    due: 'type: Object at {k}[0]',
  },
  { name: 'what is none behind a reference', value: () => [new Scalar([noValue])], due: 'type: Object at [0]$[0]' },
  { name: 'nothing at all', value: () => [[undefined as never]], due: 'type: undefined at [0][0]' },
  {
    name: 'what is none behind a long key',
    value: () => new Map([['k'.repeat(41), noValue]]),
    due: `type: Object at {${'k'.repeat(40)}…}`,
  },
  {
    name: 'what is none behind a key as long as is shown',
    value: () => new Map([['k'.repeat(40), noValue]]),
    due: `type: Object at {${'k'.repeat(40)}}`,
  },
  { name: 'a long class of no bytes', value: () => [new Blessed('€'.repeat(41), [])], due: `bytes: ${'€'.repeat(40)}… at [0]` },
  { name: 'a class of what is none', value: () => [new Blessed('A', noValue as never)], due: 'type: a class for Object at [0]' },
  { name: 'a weak reference to what is none', value: () => [new Weak(noValue as never)], due: 'type: Object at [0]' },
  { name: 'an alias of an array of a class', value: () => [new Alias(new Blessed('A', []))], due: 'alias: Blessed at [0]' },
  { name: 'an alias of a scalar of a class', value: () => [new Alias(new Blessed('A', new Scalar(1)))], due: '' },
  { name: 'an alias of an array', value: () => [new Alias([1] as never)], due: 'alias: Array at [0]' },
  { name: 'an alias behind a reference', value: () => new Scalar(new Alias(new Scalar(1))), due: 'alias: Alias' },
  { name: 'a class of no bytes', value: () => [new Blessed('€', [])], due: 'bytes: € at [0]' },
  { name: 'an expression of no bytes', value: () => [new PerlRegexp('€', '')], due: 'bytes: € at [0]' },
  { name: 'flags of no bytes', value: () => [new PerlRegexp('a', '€')], due: 'bytes: € at [0]' },
  { name: 'too many flags', value: () => [new PerlRegexp('a', 'f'.repeat(256))], due: 'string: more than 255 bytes at [0]' },
  { name: 'as many flags as may be', value: () => [new PerlRegexp('a', 'f'.repeat(255))], due: '' },
  { name: 'a version of no bytes', value: () => [new VString('€', 'a')], due: 'bytes: € at [0]' },
  {
    name: 'with a class and without',
    value: () =>
      twice(
        each => each,
        each => new Blessed('A', each),
      ),
    due: 'identity: Array at [1]',
  },
  {
    name: 'with two classes',
    value: () =>
      twice(
        each => new Blessed('A', each),
        each => new Blessed('B', each),
      ),
    due: 'identity: Array at [1]',
  },
  { name: 'a class of a class', value: () => [new Blessed('A', new Blessed('B', []) as never)], due: 'type: a class for Blessed at [0]' },
  { name: 'flags of no key', value: () => [flagged('x', KEY_LOCKED, false)], due: 'flags: 4 of x at [0]' },
  { name: 'flags that there are not', value: () => [flagged('x', 64, true)], due: 'flags: 64 of x at [0]' },
  { name: 'a key that is there and is not', value: () => [flagged('x', KEY_PLACEHOLDER, true)], due: 'flags: 16 of x at [0]' },
  { name: 'a key that is not there', value: () => [flagged('x', KEY_PLACEHOLDER, false)], due: '' },
  { name: 'as deep as may be', value: () => nested(1_000), due: '' },
  { name: 'too deep', value: () => nested(1_001), due: `depth: more than 1000 at ${'[0]'.repeat(32)}…` },
  {
    name: 'too deep, and all of the way is told',
    value: () => nested(33),
    due: `depth: more than 32 at ${'[0]'.repeat(32)}`,
    limits: { depth: 32 },
  },
  { name: 'too deep by one more', value: () => nested(34), due: `depth: more than 33 at ${'[0]'.repeat(32)}…`, limits: { depth: 33 } },
  { name: 'a reference too deep', value: () => [new Scalar([])], due: 'depth: more than 2 at [0]$', limits: { depth: 2 } },
  { name: 'a reference as deep as a limit', value: () => [new Scalar([])], due: '', limits: { depth: 3 } },
  { name: 'as deep as a limit', value: () => nested(3), due: '', limits: { depth: 3 } },
  { name: 'deeper than a limit', value: () => nested(4), due: 'depth: more than 3 at [0][0][0]', limits: { depth: 3 } },
  { name: 'as many as a limit', value: () => [1, 2], due: '', limits: { nodes: 3 } },
  { name: 'more than a limit', value: () => [1, 2, 3], due: 'nodes: more than 3 at [2]', limits: { nodes: 3 } },
  { name: 'as long as a limit', value: () => ['abc', '€'], due: '', limits: { string: 3 } },
  { name: 'longer than a limit', value: () => ['abcd'], due: 'string: more than 3 bytes at [0]', limits: { string: 3 } },
  { name: 'longer than a limit in UTF-8', value: () => ['€x'], due: 'string: more than 3 bytes at [0]', limits: { string: 3 } },
  { name: 'a key as long as a limit', value: () => new Map([['abc', 1]]), due: '', limits: { string: 3 } },
  {
    name: 'a key longer than a limit',
    value: () => new Map([['abcd', 1]]),
    due: 'string: more than 3 bytes at {abcd}',
    limits: { string: 3 },
  },
  {
    name: 'keys that are not there, as many as a limit',
    value: () => [flagged('x', KEY_PLACEHOLDER, false)],
    due: '',
    limits: { nodes: 4 },
  },
  {
    name: 'more keys that are not there',
    value: () => [flagged('x', KEY_PLACEHOLDER, false)],
    due: 'nodes: more than 3 at [0]',
    limits: { nodes: 3 },
  },
  {
    name: 'a key that is not there, as long as a limit',
    value: () => [flagged('abc', KEY_PLACEHOLDER, false)],
    due: '',
    limits: { string: 3 },
  },
  {
    name: 'a longer key that is not there',
    value: () => [flagged('abcd', KEY_PLACEHOLDER, false)],
    due: 'string: more than 3 bytes at [0]',
    limits: { string: 3 },
  },
  {
    name: 'a key that is not there, in UTF-8',
    value: () => [flagged('€x', KEY_PLACEHOLDER, false)],
    due: 'string: more than 3 bytes at [0]',
    limits: { string: 3 },
  },
  {
    name: 'a key in UTF-8 longer than a limit',
    value: () => new Map([['€x', 1]]),
    due: 'string: more than 3 bytes at {€x}',
    limits: { string: 3 },
  },
  { name: 'a subroutine, as many as a limit', value: () => [new PerlCode('x')], due: '', limits: { nodes: 4 } },
  { name: 'more subroutines than a limit', value: () => [new PerlCode('x')], due: 'nodes: more than 3 at [0]', limits: { nodes: 3 } },
  {
    name: 'text of the flag longer than a limit',
    value: () => [new Utf8('abcd')],
    due: 'string: more than 3 bytes at [0]',
    limits: { string: 3 },
  },
  {
    name: 'text of the flag, longer in UTF-8',
    value: () => [new Utf8('éé')],
    due: 'string: more than 3 bytes at [0]',
    limits: { string: 3 },
  },
  {
    name: 'bytes of the flag longer than a limit',
    value: () => [new RawUtf8('abcd')],
    due: 'string: more than 3 bytes at [0]',
    limits: { string: 3 },
  },
  { name: 'bytes of the flag as long as a limit', value: () => [new RawUtf8('\xff\xff\xff')], due: '', limits: { string: 3 } },
  {
    name: 'a pattern longer than a limit',
    value: () => [new PerlRegexp('abcd', '')],
    due: 'string: more than 3 bytes at [0]',
    limits: { string: 3 },
  },
  { name: 'a pattern as long as a limit', value: () => [new PerlRegexp('abc', '')], due: '', limits: { string: 3 } },
  {
    name: 'a version longer than a limit',
    value: () => [new VString('abcd', 'a')],
    due: 'string: more than 3 bytes at [0]',
    limits: { string: 3 },
  },
  { name: 'a class as long as a limit', value: () => [new Blessed('abc', [])], due: '', limits: { string: 3 } },
  {
    name: 'a class longer than a limit',
    value: () => [new Blessed('abcd', [])],
    due: 'string: more than 3 bytes at [0]',
    limits: { string: 3 },
  },
];

/** Of each whether it is refused as it must be; and what is stored within a limit is read within it, and not within less. */
export const storedAsDue = (): readonly { readonly name: string; readonly right: boolean; readonly is: string }[] =>
  ROWS.map(({ name, value, due, limits = {}, image }) => {
    const is = told(value(), limits, image);
    return { name, right: is === due, is };
  });

function told(value: PerlValue, limits: Partial<Limits>, wanted?: readonly number[]): string {
  try {
    const image = freeze(value, { limits });
    if (wanted !== undefined && hex(image.subarray(2)) !== hex(Uint8Array.from(wanted))) return `is stored as ${hex(image)}`;
    const read = thaw(image, { limits, code: true, regexps: true });
    if (!read.ok) return `is not read again: ${read.message}`;
    const [name, limit] = Object.entries(limits)[0] ?? [];
    if (name === undefined || limit === undefined) return '';
    const less = thaw(image, { limits: { [name]: limit - 1 }, code: true, regexps: true });
    if (less.ok) return `is read with less ${name}`;
    const most = new RegExp(`: (?:\\d+ bytes, )?more than ${limit - 1},? at offset ${less.offset}$`);
    return less.reason === name && most.test(less.message) ? '' : `with less ${name} is refused as ${less.reason} ${less.message}`;
  } catch (error) {
    if (!(error instanceof FreezeError)) throw error;
    const { reason, path, message } = error;
    const place = path === '' ? '' : ` at ${path}`;
    const begins = `cannot be stored: ${WORDS[reason]}: `;
    if (!message.startsWith(begins) || !message.endsWith(place)) return `${reason} ${message}`;
    return `${reason}: ${message.slice(begins.length, message.length - place.length)}${place}`;
  }
}
