/** The list of traps is complete; each that is played replaces a decision, and every decision is replaced by one. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { quirksOf } from '../../../src/impl/command-line/traps.ts';
import { AS_WRITTEN, rulesFor } from '../../../src/impl/rover/as-written.ts';
import { QUIRK, QUIRKS, TRAPS } from '../../../src/impl/rover/quirks.ts';
import { CORRECTED } from '../../../src/impl/rover/rules.ts';

describe('traps', () => {
  test('RV-01 to RV-44, in order', () => {
    expect(TRAPS.map(({ id }) => id)).toEqual(Array.from({ length: 44 }, (_, index) => `RV-${String(index + 1).padStart(2, '0')}`));
  });

  test('a side has a quirk, no side has none, and no quirk is listed twice', () => {
    for (const trap of TRAPS) expect([trap.id, trap.quirk === undefined]).toEqual([trap.id, trap.side === 'none']);
    const listed = TRAPS.flatMap(({ quirk }) => (quirk === undefined ? [] : [quirk]));
    expect(new Set(listed).size).toBe(listed.length);
    expect(new Set(listed)).toEqual(new Set(QUIRKS));
  });

  test('the README has the same rows', () => {
    const rows = TRAPS.map(({ id, side, quirk, variant, text, instead }) => {
      const slug = quirk === undefined ? '' : ` \`${quirk}\`${variant === true ? ' (variant)' : ''}`;
      return `| ${id} | ${side} |${slug} | ${text} | ${instead} |`;
    });
    const readme = readFileSync(new URL('../../../src/impl/rover/README.md', import.meta.url), 'utf8');
    expect(readme.split('\n').filter(line => line.startsWith('| RV-'))).toEqual(rows);
  });

  test('as written has all but the variants', () => {
    expect(quirksOf(TRAPS, 'corrected').size).toBe(0);
    const written = quirksOf(TRAPS, 'as-written');
    expect(QUIRKS.filter(each => !written.has(each))).toEqual([
      QUIRK.PUT_TOLD,
      QUIRK.SLOTS_SWAPPED,
      QUIRK.TARGET_NAMED,
      QUIRK.PARSED_TWICE,
    ]);
  });
});

describe('rules', () => {
  test('every trap that is played replaces something', () => {
    expect(Object.keys(AS_WRITTEN)).toEqual(TRAPS.filter(({ side }) => side !== 'none').map(({ id }) => id));
    for (const [id, replaced] of Object.entries(AS_WRITTEN)) expect([id, Object.keys(replaced).length]).not.toEqual([id, 0]);
  });

  test('every decision is replaced by a trap, and nothing else is', () => {
    const replaced = new Set(Object.values(AS_WRITTEN).flatMap(each => Object.keys(each)));
    expect([...replaced].toSorted()).toEqual(Object.keys(CORRECTED).toSorted());
  });

  test('what a trap replaces is not what stood there', () => {
    const before: Readonly<Record<string, unknown>> = { ...CORRECTED };
    for (const [id, trap] of Object.entries(AS_WRITTEN))
      for (const [name, value] of Object.entries(trap)) expect([id, name, value]).not.toEqual([id, name, before[name]]);
    expect(rulesFor(new Set())).toBe(CORRECTED);
  });
});
