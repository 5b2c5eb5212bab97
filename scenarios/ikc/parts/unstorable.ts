/**
 * Values that cannot be stored, and why and where they are refused; and what is as much as a limit allows.
 */
import { freeze } from '../../../src/impl/storable/freeze.ts';
import { FreezeError, type Limits } from '../../../src/impl/storable/problem.ts';
import { thaw } from '../../../src/impl/storable/thaw.ts';
import {
  Alias,
  Blessed,
  KEY_LOCKED,
  KEY_PLACEHOLDER,
  PerlHash,
  PerlRegexp,
  type PerlValue,
  type Reference,
  Scalar,
  VString,
} from '../../../src/impl/storable/values.ts';

interface Row {
  readonly name: string;
  readonly value: () => PerlValue;
  /** What is told: the reason and the place; '' where it can be stored. */
  readonly due: string;
  readonly limits?: Partial<Limits>;
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
  { name: 'a number', value: () => 5, due: 'reference ' },
  { name: 'a text', value: () => 'text', due: 'reference ' },
  { name: 'an alias alone', value: () => new Alias(new Scalar(1)), due: 'reference ' },
  { name: 'what is none', value: () => [1, [noValue]], due: 'type [1][0]' },
  {
    name: 'what is none in a hash',
    value: () =>
      new Map<string, PerlValue>([
        ['a', 1],
        ['k', [noValue]],
      ]),
    due: 'type {k}[0]',
  },
  { name: 'what is none behind a reference', value: () => [new Scalar([noValue])], due: 'type [0]$[0]' },
  { name: 'an alias of an array', value: () => [new Alias([1] as never)], due: 'alias [0]' },
  { name: 'an alias behind a reference', value: () => new Scalar(new Alias(new Scalar(1))), due: 'alias ' },
  { name: 'a class of no bytes', value: () => [new Blessed('€', [])], due: 'bytes [0]' },
  { name: 'an expression of no bytes', value: () => [new PerlRegexp('€', '')], due: 'bytes [0]' },
  { name: 'flags of no bytes', value: () => [new PerlRegexp('a', '€')], due: 'bytes [0]' },
  { name: 'too many flags', value: () => [new PerlRegexp('a', 'f'.repeat(256))], due: 'string [0]' },
  { name: 'as many flags as may be', value: () => [new PerlRegexp('a', 'f'.repeat(255))], due: '' },
  { name: 'a version of no bytes', value: () => [new VString('€', 'a')], due: 'bytes [0]' },
  {
    name: 'with a class and without',
    value: () =>
      twice(
        each => each,
        each => new Blessed('A', each),
      ),
    due: 'identity [1]',
  },
  {
    name: 'with two classes',
    value: () =>
      twice(
        each => new Blessed('A', each),
        each => new Blessed('B', each),
      ),
    due: 'identity [1]',
  },
  { name: 'a class of a class', value: () => [new Blessed('A', new Blessed('B', []) as never)], due: 'type [0]' },
  { name: 'flags of no key', value: () => [flagged('x', KEY_LOCKED, false)], due: 'flags [0]' },
  { name: 'flags that there are not', value: () => [flagged('x', 64, true)], due: 'flags [0]' },
  { name: 'a key that is there and is not', value: () => [flagged('x', KEY_PLACEHOLDER, true)], due: 'flags [0]' },
  { name: 'a key that is not there', value: () => [flagged('x', KEY_PLACEHOLDER, false)], due: '' },
  { name: 'as deep as may be', value: () => nested(1_000), due: '' },
  { name: 'too deep', value: () => nested(1_001), due: `depth ${'[0]'.repeat(32)}…` },
  { name: 'as deep as a limit', value: () => nested(3), due: '', limits: { depth: 3 } },
  { name: 'deeper than a limit', value: () => nested(4), due: 'depth [0][0][0]', limits: { depth: 3 } },
  { name: 'as many as a limit', value: () => [1, 2], due: '', limits: { nodes: 3 } },
  { name: 'more than a limit', value: () => [1, 2, 3], due: 'nodes [2]', limits: { nodes: 3 } },
  { name: 'as long as a limit', value: () => ['abc', '€'], due: '', limits: { string: 3 } },
  { name: 'longer than a limit', value: () => ['abcd'], due: 'string [0]', limits: { string: 3 } },
  { name: 'longer than a limit in UTF-8', value: () => ['€x'], due: 'string [0]', limits: { string: 3 } },
  { name: 'a key as long as a limit', value: () => new Map([['abc', 1]]), due: '', limits: { string: 3 } },
  { name: 'a key longer than a limit', value: () => new Map([['abcd', 1]]), due: 'string {abcd}', limits: { string: 3 } },
  { name: 'a class longer than a limit', value: () => [new Blessed('abcd', [])], due: 'string [0]', limits: { string: 3 } },
];

/** Of each whether it is refused as it must be; and what is stored within a limit is read within it, and not within less. */
export const storedAsDue = (): readonly { readonly name: string; readonly right: boolean; readonly is: string }[] =>
  ROWS.map(({ name, value, due, limits = {} }) => {
    const is = told(value(), limits);
    return { name, right: is === due, is };
  });

function told(value: PerlValue, limits: Partial<Limits>): string {
  try {
    const image = freeze(value, { limits });
    if (!thaw(image, { limits, regexps: true }).ok) return 'is not read again';
    const [name, limit] = Object.entries(limits)[0] ?? [];
    if (name === undefined || limit === undefined) return '';
    const less = thaw(image, { limits: { [name]: limit - 1 } });
    return less.ok || less.reason !== name ? `is read with less ${name}` : '';
  } catch (error) {
    if (!(error instanceof FreezeError)) throw error;
    return error.message.includes('undefined') && error.reason !== 'type' ? error.message : `${error.reason} ${error.path}`;
  }
}
