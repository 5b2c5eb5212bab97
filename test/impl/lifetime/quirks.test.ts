/** The list of traps is complete, and each that a daemon can play replaces rules and is told of in the README. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { quirksOf } from '../../../src/impl/command-line/traps.ts';
import { AS_WRITTEN } from '../../../src/impl/lifetime/as-written.ts';
import { QUIRK, QUIRKS, TRAPS } from '../../../src/impl/lifetime/quirks.ts';
import { CORRECTED } from '../../../src/impl/lifetime/rules.ts';
import { decisions } from '../decisions.ts';

const readme = readFileSync(new URL('../../../src/impl/lifetime/README.md', import.meta.url), 'utf8');

describe('traps', () => {
  test('DC-01 to DC-29, in order', () => {
    expect(TRAPS.map(trap => trap.id)).toEqual(Array.from({ length: 29 }, (_, index) => `DC-${String(index + 1).padStart(2, '0')}`));
  });

  test('a side has a quirk, no side has none, and no quirk is listed twice', () => {
    for (const trap of TRAPS) expect(trap.quirk === undefined).toBe(trap.side === 'none');
    const listed = TRAPS.flatMap(trap => (trap.quirk === undefined ? [] : [trap.quirk]));
    expect(new Set(listed).size).toBe(listed.length);
    expect(new Set(listed)).toEqual(new Set(QUIRKS));
  });

  test('each quirk replaces a rule, each rule is replaced, and one by several quirks', () => {
    expect(decisions(CORRECTED, AS_WRITTEN, TRAPS)).toEqual({ idle: [], unplayed: [], shared: { order: ['DC-20', 'DC-21', 'DC-22'] } });
  });

  test.each(TRAPS.map(trap => [trap.id, trap] as const))('the README tells of %s', (id, trap) => {
    const line = readme.split('\n').find(candidate => candidate.startsWith(`| ${id} |`));
    expect(line).toBeDefined();
    if (trap.quirk !== undefined) expect(line).toContain(`\`${trap.quirk}\``);
  });
});

test('profiles', () => {
  expect(quirksOf(TRAPS, 'corrected', []).size).toBe(0);
  expect([...quirksOf(TRAPS, 'corrected', [QUIRK.WRAP_TYPE])]).toEqual(['type-length-wraps']);
  expect(quirksOf(TRAPS, 'as-written', []).size).toBe(QUIRKS.length);
});
