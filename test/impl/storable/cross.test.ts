/**
 * Perl's own Storable as a peer: what it freezes is read here as its thaw reads it, and what is frozen here it thaws as it was meant.
 * One process each way.
 */
import { describe, expect, test } from 'vitest';
import { equalBytes, hex } from '../../../src/host/bytes.ts';
import { freeze } from '../../../src/impl/storable/freeze.ts';
import { thaw } from '../../../src/impl/storable/thaw.ts';
import { type Reference, Scalar } from '../../../src/impl/storable/values.ts';
import { Prng } from '../../../src/sim/core/prng.ts';
import { drawn } from './drawn.ts';
import { dumped } from './dump.ts';
import { joined, missing, parted, peer } from './perl.ts';

const COUNT = 20_000;
const ascii = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

function thawed(image: Uint8Array): Reference {
  const result = thaw(image);
  if (!result.ok) throw new Error(`${result.message}: ${hex(image)}`);
  return result.value;
}

describe.skipIf(missing !== undefined)(`Perl's Storable${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test(`${COUNT} values that Perl drew are read as Perl reads them, and written as Perl wrote them`, () => {
    const records = parted(peer(['generate', String(COUNT), '7']));
    let [count, identical] = [0, 0];
    for (const network of records) {
      const [native, dump, nativeDump] = [records.next().value, records.next().value, records.next().value] as Uint8Array[];
      if (native === undefined || dump === undefined || nativeDump === undefined) throw new Error('a record is missing');
      const [value, nativeValue] = [thawed(network), thawed(native)];
      const expected = ascii(dump);
      if (dumped(value) !== expected) expect(dumped(value), hex(network)).toBe(expected);
      if (dumped(nativeValue) !== ascii(nativeDump)) expect(dumped(nativeValue), hex(native)).toBe(ascii(nativeDump));
      count++;
      // Perl refers back to a boolean that it has written, and has keys without values among the others; we do neither.
      if (/T.*T|F.*F|\?/.test(expected)) continue;
      identical++;
      for (const image of [freeze(value), freeze(nativeValue)]) if (!equalBytes(image, network)) expect(hex(image)).toBe(hex(network));
    }
    expect(count).toBe(COUNT);
    expect(identical).toBeGreaterThan(COUNT / 2);
  });

  test(`${COUNT} values drawn here are thawed by Perl as they were meant`, () => {
    const random = new Prng('storable');
    const values = Array.from({ length: COUNT }, () => drawn(bound => random.below(bound)));
    const lines = ascii(peer(['dump'], joined(values.map(value => freeze(value)))))
      .trimEnd()
      .split('\n');
    expect(lines.length).toBe(COUNT);
    for (const [index, value] of values.entries()) {
      const meant = dumped(value, 'network');
      if (meant !== lines[index]) expect(lines[index], hex(freeze(value))).toBe(meant);
    }
  });

  test('a double is written as Perl writes it', () => {
    const random = new Prng('double');
    const view = new DataView(new ArrayBuffer(8));
    const doubles = Array.from({ length: COUNT }, () => {
      if (random.below(4) === 0) return (random.below(2 ** 32) + random.below(8) / 8) * 2 ** random.below(30);
      view.setUint32(0, random.below(2 ** 32));
      view.setUint32(4, random.below(2 ** 32));
      return view.getFloat64(0);
    });
    const bytes = Buffer.alloc(8 * COUNT);
    for (const [index, double] of doubles.entries()) bytes.writeDoubleBE(double, 8 * index);
    const lines = ascii(peer(['doubles'], bytes))
      .trimEnd()
      .split('\n');
    expect(doubles.map(double => hex(freeze(new Scalar(double)))).filter((image, index) => image !== lines[index])).toEqual([]);
  });
});
