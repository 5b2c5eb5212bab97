/** Values drawn by numbers: everything that can be stored, shared, in cycles, and at the lengths where the layout changes. */
import * as perl from '../../../src/impl/storable/values.ts';
import {
  Alias,
  Blessed,
  PerlHash,
  type PerlValue,
  RawUtf8,
  type Reference,
  Scalar,
  Utf8,
  VString,
  Weak,
} from '../../../src/impl/storable/values.ts';

/** A number from 0 to below `bound`. */
export type Below = (bound: number) => number;

const KEYS = ['', 'a', 'event', 'kernel', 'é', '€', '😀', '\uffff', '\ud800', 'k'.repeat(255), 'k'.repeat(256), 'a\0b', 'ÿ'.repeat(30)];
const NUMBERS = [
  0,
  -0,
  1,
  -128,
  -129,
  127,
  128,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  -(2 ** 31) - 1,
  2 ** 53 - 1,
  2 ** 53,
  1e100,
  1e15,
  1e16,
  0.1,
  1 / 3,
  1e-5,
  1e-7,
  -2.5e-320,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];
const BIGINTS = [2n ** 53n, -(2n ** 63n), 2n ** 64n - 1n, 5n, -129n, 2n ** 31n, 10n ** 30n];
const WIDE = ['€', '😀', '\ud800', '\udc00', '\ud800x\udc00', 'aé€😀'.repeat(40), '€'.repeat(85), '€'.repeat(86)];
const LENGTHS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 23, 24, 25, 255, 256, 300];
const CLASSES = ['A', 'My::Pkg', 'L'.repeat(130), 'Ã©'];

export function drawn(below: Below): Reference {
  const pool: Reference[] = [];
  let left = 1 + below(30);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const text = (most: number): string => {
    const start = below(256);
    return Array.from({ length: pick(LENGTHS) }, (_, at) => String.fromCharCode((start + at * 7) % most)).join('');
  };

  function container(depth: number): Reference {
    const array: PerlValue[] = [];
    const hash = below(6) === 0 ? new PerlHash(below(2) === 0) : new Map<string, PerlValue>();
    const whole: Reference = below(3) === 0 ? array : hash;
    const named = below(8) === 0 ? new Blessed(below(3) === 0 ? `C${below(300)}` : pick(CLASSES), whole) : whole;
    pool.push(named);
    for (let size = pick([0, 1, 1, 2, 3, 5]); size > 0; size--) {
      if (whole === array) elements(array, depth);
      else entry(hash, depth);
    }
    if (whole === hash && hash instanceof PerlHash && hash.restricted && below(3) === 0)
      hash.keyFlags.set('hidden', perl.KEY_PLACEHOLDER | perl.KEY_LOCKED);
    return named;
  }

  function elements(array: PerlValue[], depth: number): void {
    const kind = below(16);
    if (kind === 0) {
      const shared = new Scalar(scalar(depth + 1));
      array.push(new Alias(shared), shared, new Alias(shared));
    } else if (kind === 1) array.push(perl.ABSENT, 1);
    else if (kind === 2) array.push(perl.EXPLICIT_UNDEF, true, false);
    else if (kind === 3) {
      const other = pick(pool);
      array.push(other, new Weak(other));
    } else if (kind === 4) array.push(new Alias(new Blessed('E', new Scalar(scalar(depth + 1)))));
    else array.push(scalar(depth + 1));
  }

  function entry(hash: Map<string, PerlValue>, depth: number): void {
    const key = below(3) === 0 ? `x${below(1000)}` : pick(KEYS);
    hash.set(key, scalar(depth + 1));
    if (!(hash instanceof PerlHash)) return;
    const utf8 = /[^\0-\xff]/.test(key) || below(3) > 0 ? 0 : perl.KEY_WAS_UTF8;
    const locked = hash.restricted && below(3) === 0 ? perl.KEY_LOCKED : 0;
    if (utf8 + locked > 0) hash.keyFlags.set(key, utf8 + locked);
    else hash.keyFlags.delete(key);
  }

  function scalar(depth: number): PerlValue {
    if (left-- > 0 && depth < 6) {
      const kind = below(12);
      if (kind < 4) return container(depth);
      if (kind === 4) return pick(pool);
      if (kind === 5) return pooled(new Scalar(scalar(depth + 1)));
      if (kind === 6) return pooled(new Blessed('S', new Scalar(scalar(depth + 1))));
      if (kind === 7) return pooled(new Blessed('Ov', new Map([['of', scalar(depth + 1)]]), true));
    }
    switch (below(9)) {
      case 0:
        return null;
      case 1:
        return below(512) - 256;
      case 2:
        return pick(NUMBERS);
      case 3:
        return pick(BIGINTS);
      case 4:
        return text(256);
      case 5:
        return below(4) === 0 ? new RawUtf8(pick(['\xff', '\xed\xa0\x80\xed\xb0\x80', '\xf4\x90\x80\x80', '\xc0\x80'])) : pick(WIDE);
      case 6:
        return new Utf8(text(256));
      case 7:
        return new VString(`v1.${below(200)}`.padEnd(pick([5, 255, 256]), '.1'), below(2) === 0 ? '\x01\x02' : 'x€');
      default:
        return pick(['event', 'poe://Inet/test/posted', '1.5', '10', 'Inf']);
    }
  }

  function pooled<T extends Reference>(reference: T): T {
    pool.push(reference);
    return reference;
  }

  return container(0);
}
