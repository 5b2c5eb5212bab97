/** Images: the vectors made by Perl, what is refused and why, every cut, and bombs. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hex, unhex } from '../../../src/host/bytes.ts';
import { freeze } from '../../../src/impl/storable/freeze.ts';
import { LIMITS, THAW_REASONS, type ThawReason } from '../../../src/impl/storable/problem.ts';
import { type ThawOptions, thaw } from '../../../src/impl/storable/thaw.ts';
import {
  ABSENT,
  Alias,
  Blessed,
  EXPLICIT_UNDEF,
  PerlCode,
  type PerlHash,
  PerlRegexp,
  type Scalar,
  type Weak,
} from '../../../src/impl/storable/values.ts';

interface Vectors {
  readonly vectors: readonly { readonly description: string; readonly nfreeze: string; readonly freeze: string }[];
  readonly thaw_edge_cases: readonly { readonly description: string; readonly input: string; readonly result: 'value' | 'undef' | 'die' }[];
}
const vectors = JSON.parse(readFileSync(new URL('vectors/storable.json', import.meta.url), 'utf8')) as Vectors;

const bytes = (text: string): Uint8Array => unhex(text.replaceAll(' ', '')) ?? new Uint8Array(0);
const image = (text: string): Uint8Array => bytes(`050b ${text}`);
const NATIVE = '040b 08 3132333435363738 04080808';

function value(text: string, options?: ThawOptions): unknown {
  const result = thaw(image(text), options);
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

function refusal(input: Uint8Array, options?: ThawOptions): { readonly reason: ThawReason; readonly offset: number } | undefined {
  const result = thaw(input, options);
  return result.ok ? undefined : { reason: result.reason, offset: result.offset };
}

describe.each(vectors.vectors)('$description', vector => {
  test.each(['nfreeze', 'freeze'] as const)('%s is read, and written as nfreeze does', kind => {
    const result = thaw(bytes(vector[kind]));
    if (!result.ok) throw new Error(result.message);
    expect(hex(freeze(result.value, { canonical: true }))).toBe(vector.nfreeze);
  });

  test.each(['nfreeze', 'freeze'] as const)('%s cut anywhere is truncated where it ends', kind => {
    const whole = bytes(vector[kind]);
    for (let length = 1; length < whole.length; length++) {
      const { reason, offset } = refusal(whole.subarray(0, length)) ?? { reason: 'nothing', offset: -1 };
      expect([length, reason]).toEqual([length, 'truncated']);
      expect(offset).toBe(length);
    }
  });
});

/** Where we say more than Perl, which ends in undef without an error, or are stricter. */
const OURS: ReadonlyMap<string, ThawReason> = new Map<string, ThawReason>([
  ['major 1 netorder', 'version'],
  ['SX_HOOK class not loadable', 'hook'],
  ['huge array length', 'truncated'],
]);

test.each(vectors.thaw_edge_cases)('$description: $result', ({ description, input, result }) => {
  const refused = refusal(bytes(input));
  const expected = OURS.get(description);
  if (expected !== undefined) expect(refused?.reason).toBe(expected);
  else if (result === 'value') expect(refused).toBeUndefined();
  else if (result === 'undef') expect(refused?.reason).toBe('truncated');
  else expect(refused?.reason).toMatch(/^(magic|version|byte-order|opcode|tag|class)$/);
});

/** One for each reason; those with a limit set it. */
const REFUSALS: readonly (readonly [ThawReason, number, string, ThawOptions?])[] = [
  ['truncated', 2, '050b'],
  ['version', 0, '070b0200000000'],
  ['byte-order', 2, '040b04313233340404040802'],
  ['opcode', 7, '050b0200000001fe'],
  ['opcode', 2, '050b24'],
  ['native', 7, '050b0200000001060102030405060708'],
  ['native', 7, '050b0200000001070102030405060708'],
  ['shape', 7, '050b02000000010200000000'],
  ['shape', 7, '050b020000000111015302 00000000'],
  ['shape', 7, '050b02000000010000000000'],
  ['shape', 5, '050b1101531101530a00'],
  ['shape', 3, '050b140200000000'],
  ['shape', 5, '050b1d01610881'],
  ['tag', 7, '050b02000000010000000002'],
  ['tag', 3, '050b040000000005'],
  ['class', 2, '050b12000200000000'],
  ['flags', 2, '050b190200000000'],
  ['flags', 9, '050b19 00 00000001 05 80 00000001 61'],
  ['utf8', 9, '050b190000000001050100000001ff'],
  ['code', 2, '050b1a0a0131'],
  ['regexp', 10, '050b 1106526567657870 20000161 00'],
  ['hook', 2, '050b130400'],
  ['tied', 2, '050b0b0200000000'],
  ['tied', 2, '050b0c0300000000'],
  ['tied', 2, '050b0d05'],
  ['tied', 2, '050b15'],
  ['tied', 2, '050b16'],
  ['large-object', 2, '050b21'],
  ['newer', 7, '050b020000000122'],
  ['newer', 7, '050b020000000123'],
  ['depth', 8, '050b0200000001 040200000000', { limits: { depth: 1 } }],
  ['nodes', 8, '050b02000000020505', { limits: { nodes: 2 } }],
  ['string', 4, '050b0a03616263', { limits: { string: 2 } }],
  ['magic', 0, ''],
];

test.each(REFUSALS.map(([reason, offset, text, options]) => ({ reason, offset, text, options })))(
  '$reason at $offset: $text',
  ({ reason, offset, text, options }) => {
    expect(refusal(bytes(text), options)).toEqual({ reason, offset });
  },
);

test('every reason is refused somewhere', () => {
  expect([...new Set(REFUSALS.map(([reason]) => reason))].sort()).toEqual(Object.keys(THAW_REASONS).sort());
});

describe('bombs', () => {
  const announced = [
    '02 7fffffff',
    '03 7fffffff',
    '19 00 7fffffff',
    '01 7fffffff 61',
    '18 7fffffff',
    '02 ffffffff',
    '11 80 7fffffff',
    '1e 7fffffff',
    '12 80 7fffffff',
  ];
  test.each(announced)('%s is refused before anything is made', text => {
    expect(['truncated', 'string', 'class']).toContain(refusal(image(text))?.reason);
  });

  const DEEP = 100_000;
  const repeated = (text: string, end: string): Uint8Array => image(text.replaceAll(' ', '').repeat(DEEP) + end);
  const deep: readonly (readonly [string, string, string])[] = [
    ['arrays', '02 00000001 04', '02 00000000'],
    ['references', '04', '05'],
    ['objects', '02 00000001 04 11 01 53', '02 00000000'],
  ];
  test.each(deep)(`${DEEP} %s deep are refused, and read when asked`, (_name, step, end) => {
    const input = repeated(step, end.replaceAll(' ', ''));
    expect(refusal(input)?.reason).toBe('depth');
    const result = thaw(input, { limits: { depth: DEEP + 1 } });
    if (!result.ok) throw new Error(result.message);
    expect(refusal(input.subarray(0, input.length - 1), { limits: { depth: DEEP + 1 } })?.reason).toBe('truncated');
    expect(() => freeze(result.value)).toThrow(/deeper than the limit/);
    expect(freeze(result.value, { limits: { depth: DEEP + 1 } }).length).toBe(
      step.startsWith('02 00000001 04 11') ? input.length - DEEP + 1 : input.length,
    );
  });

  test('many items are refused by their number', () => {
    const items = LIMITS.nodes + 1;
    expect(refusal(image(`02${items.toString(16).padStart(8, '0')}${'05'.repeat(items)}`))?.reason).toBe('nodes');
  });

  test('what refers back many times is one thing', () => {
    const shared = freeze(Array.from({ length: 500 }).reduce<never[]>(inner => [inner, inner] as unknown as never[], []));
    expect(shared.length).toBeLessThan(10_000);
    expect(refusal(shared)).toBeUndefined();
  });
});

describe('identity', () => {
  test('a scalar that is pointed at later is known from the beginning', () => {
    const [alias, scalar] = value('02 00000002 0885 04 00 00000001') as [Alias, Scalar];
    expect(alias).toBeInstanceOf(Alias);
    expect(alias.scalar).toBe(scalar);
    expect(scalar.value).toBe(5);
  });

  test('a scalar may point at itself', () => {
    const scalar = value('04 00 00000000') as Scalar;
    expect(scalar.value).toBe(scalar);
  });

  test('an array, a hash and an object may hold themselves', () => {
    const array = value('02 00000001 04 00 00000000') as unknown[];
    expect(array[0]).toBe(array);
    const hash = value('03 00000001 04 00 00000000 00000001 61') as Map<string, unknown>;
    expect(hash.get('a')).toBe(hash);
    const object = value('11 01 53 02 00000001 1b 00 00000000') as Blessed;
    expect(((object.referent as unknown[])[0] as Weak).reference).toBe(object);
  });

  test('the class comes with the object wherever it is referred to', () => {
    const [first, second] = value('02 00000002 14 11 02 4f76 03 00000000 14 00 00000002') as [Blessed, Blessed];
    expect(first).toBe(second);
    expect(first).toEqual(new Blessed('Ov', new Map(), true));
  });
});

describe('kinds', () => {
  test('three undefs', () => expect(value('02 00000003 05 0e 1f')).toEqual([null, ABSENT, EXPLICIT_UNDEF]));
  test('no prototype is reached by a key', () => {
    const hash = value(`03 00000001 0881 00000009 ${hex(Buffer.from('__proto__'))}`) as Map<string, unknown>;
    expect([...hash]).toEqual([['__proto__', 1]]);
  });
  test('of two entries with one key, the later counts', () => {
    expect(value('03 00000002 0881 00000001 61 0882 00000001 61')).toEqual(new Map([['a', 2]]));
    const flagged = value('19 00 00000002 0881 00 00000001 e9 0882 01 00000002 c3a9') as PerlHash;
    expect([[...flagged], [...flagged.keyFlags]]).toEqual([[['é', 2]], [['é', 2]]]);
  });
  test('code and regular expressions, when asked for, are text', () => {
    expect(value('1a 0a 01 31', { code: true })).toEqual(new PerlCode('1'));
    expect(value('11 06 526567657870 20 00 01 61 01 69', { regexps: true })).toEqual(new Blessed('Regexp', new PerlRegexp('a', 'i')));
  });
  test('native integers beyond 2^53 are big, and doubles are doubles', () => {
    const native = thaw(bytes(`${NATIVE} 02 03000000 06 ffffffffffffff7f 07 000000000000f83f 06 ffffffffffffffff`));
    expect(native).toEqual({ ok: true, value: [2n ** 63n - 1n, 1.5, -1] });
  });
  test('bytes behind an image are nobody’s', () => expect(value('02 00000000 ff')).toEqual([]));
  test('a message shows nothing of the image', () => {
    const result = thaw(image('02 00000001 1b5b33316d'));
    expect(result.ok || /^[\x20-\x7e]*$/.test(result.message)).toBe(true);
  });
});
