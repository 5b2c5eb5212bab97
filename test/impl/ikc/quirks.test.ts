/** The list of traps is complete; each of a link replaces a decision of it, and every decision is replaced by one. */
import { describe, expect, test } from 'vitest';
import { quirksOf } from '../../../src/impl/command-line/traps.ts';
import { AS_WRITTEN_LINK, linkRules } from '../../../src/impl/ikc/as-written-link.ts';
import { CORRECTED_LINK } from '../../../src/impl/ikc/link-rules.ts';
import { QUIRK, QUIRKS, TRAPS } from '../../../src/impl/ikc/quirks.ts';

describe('traps', () => {
  test('B-T01 to B-T29, in order', () => {
    const numbers = TRAPS.map(trap => Number(trap.id.slice(3, 5)));
    expect([...new Set(numbers)]).toEqual(Array.from({ length: 29 }, (_, index) => index + 1));
    expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
    expect(new Set(TRAPS.map(trap => trap.id)).size).toBe(TRAPS.length);
  });

  test('a side has a quirk, no side has none, and no quirk is listed twice', () => {
    for (const trap of TRAPS) expect(trap.quirk === undefined).toBe(trap.side === 'none');
    const listed = TRAPS.flatMap(trap => (trap.quirk === undefined ? [] : [trap.quirk]));
    expect(new Set(listed).size).toBe(listed.length);
    expect(new Set(listed)).toEqual(new Set(QUIRKS));
  });

  test('as written has all but the variant', () => {
    expect(quirksOf(TRAPS, 'corrected').size).toBe(0);
    expect(QUIRKS.filter(each => !quirksOf(TRAPS, 'as-written').has(each))).toEqual([QUIRK.WAIT_AS_SERVER]);
  });
});

describe('of a link', () => {
  test('every trap of this side replaces something, and B-T12 has a part here', () => {
    const played = TRAPS.filter(({ id, side }) => side === 'link' || id === 'B-T12').map(({ id }) => id);
    expect(Object.keys(AS_WRITTEN_LINK)).toEqual(played);
    for (const id of played) expect([id, Object.keys(AS_WRITTEN_LINK[id] ?? {}).length]).not.toEqual([id, 0]);
  });

  test('every decision is replaced by a trap, and nothing else is', () => {
    const replaced = new Set(Object.values(AS_WRITTEN_LINK).flatMap(each => Object.keys(each)));
    expect([...replaced].toSorted()).toEqual(Object.keys(CORRECTED_LINK).toSorted());
  });

  test('what a trap replaces is not what stood there', () => {
    const before: Readonly<Record<string, unknown>> = { ...CORRECTED_LINK };
    for (const [id, trap] of Object.entries(AS_WRITTEN_LINK))
      for (const [name, value] of Object.entries(trap)) expect([id, name, value]).not.toEqual([id, name, before[name]]);
    expect(linkRules(new Set())).toBe(CORRECTED_LINK);
  });
});
