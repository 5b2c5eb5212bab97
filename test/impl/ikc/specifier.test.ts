/** Specifiers are read and written as by the published parser: every vector of it, and what the vectors do not say. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  formatSpecifier,
  isKernelName,
  kernelPart,
  parseSpecifier,
  SPECIFIER_MAX,
  specifierHash,
  specifierOf,
} from '../../../src/impl/ikc/specifier.ts';
import { Utf8 } from '../../../src/impl/storable/values.ts';

interface Parts {
  readonly kernel: string;
  readonly session: string;
  readonly state: string;
  readonly args?: string;
}
interface Vectors {
  readonly parse: readonly { input: string; kernel_part: string | null; name: string | null; parsed: Parts | null }[];
  readonly name: readonly { input: Parts | readonly [string, string] | string; name: string }[];
  readonly iam_lines: readonly { accepted: string | null; specifier_ok: boolean }[];
}
const vectors: Vectors = JSON.parse(readFileSync(new URL('vectors/ikc_specifiers.json', import.meta.url), 'utf8'));

describe('as the published parser', () => {
  test.each(vectors.parse.map(each => [each.input, each] as const))('reads %j', (input, { parsed, name, kernel_part }) => {
    const read = parseSpecifier(input);
    expect(read ?? null).toEqual(parsed);
    expect(read === undefined ? null : formatSpecifier(read)).toBe(name);
    expect(kernelPart(input) ?? null).toBe(kernel_part);
  });

  test.each(vectors.name.map(each => [JSON.stringify(each.input), each] as const))('writes %s', (_, { input, name }) => {
    const written =
      typeof input === 'string' ? input : formatSpecifier(isPair(input) ? { kernel: '', session: input[0], state: input[1] } : input);
    expect(written).toBe(name);
  });

  test.each(vectors.iam_lines.flatMap(each => (each.accepted === null ? [] : [[each.accepted, each.specifier_ok] as const])))(
    'a kernel may announce %j; that it can be spoken of is %s',
    (name, speakable) => {
      expect(isKernelName(name)).toBe(speakable);
    },
  );
});

const isPair = (input: Parts | readonly [string, string]): input is readonly [string, string] => Array.isArray(input);

describe('in a request', () => {
  test('a hash is one, whatever the characters; text has to be well-formed', () => {
    const receipt = { kernel: 'K', session: 'IKC', state: 'IKC:receipt 5 poe://Inet/test' };
    expect(specifierOf(specifierHash(receipt))).toEqual(receipt);
    expect(specifierOf(new Utf8('poe://K/S/e'))).toEqual({ kernel: 'K', session: 'S', state: 'e' });
    expect(specifierOf(new Map([['session', 'S']]))).toEqual({ kernel: '', session: 'S', state: '' });
    expect(specifierOf(new Map([['state', 5]]))).toEqual({ kernel: '', session: '', state: '5' });
    expect(specifierOf(new Map([['args', 'x']]))).toEqual({ kernel: '', session: '', state: '', args: 'x' });
  });

  test.each([null, 5, [], 'poe://K/IKC:proxy', '', new Map([['state', []]]), new Map([['kernel', new Map()]])])('%j is none', value => {
    expect(specifierOf(value)).toBeUndefined();
  });

  test('the longest, and one more', () => {
    for (const length of [SPECIFIER_MAX - 1, SPECIFIER_MAX, SPECIFIER_MAX + 1]) {
      const within = length <= SPECIFIER_MAX;
      expect(parseSpecifier('a'.repeat(length)) !== undefined).toBe(within);
      expect(specifierOf(new Map([['state', 'a'.repeat(length)]])) !== undefined).toBe(within);
    }
  });

  test('a long text that is none is refused at once', () => {
    expect(parseSpecifier(`poe://${' '.repeat(1_000)}:`)).toBeUndefined();
    expect(parseSpecifier(`poe:${'/'.repeat(1_000)}`)).toBeUndefined();
  });
});

test('all kernels are no kernel', () => {
  expect(isKernelName('*')).toBe(false);
});
