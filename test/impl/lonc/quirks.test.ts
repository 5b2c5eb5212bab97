/** The list of traps is complete, and every quirk is asked for in the code and told of in the README. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { quirksOf } from '../../../src/impl/command-line/traps.ts';
import { QUIRK, QUIRKS, TRAPS } from '../../../src/impl/lonc/quirks.ts';

const folder = new URL('../../../src/impl/lonc/', import.meta.url);
const sources = readdirSync(folder).filter(name => name.endsWith('.ts') && name !== 'quirks.ts');
const code = sources.map(name => readFileSync(new URL(name, folder), 'utf8')).join('\n');
const readme = readFileSync(new URL('README.md', folder), 'utf8');

describe('traps', () => {
  test('A-B01 to A-B32, in order', () => {
    const numbers = TRAPS.map(trap => Number(trap.id.slice(3, 5)));
    expect([...new Set(numbers)]).toEqual(Array.from({ length: 32 }, (_, index) => index + 1));
    expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
    expect(new Set(TRAPS.map(trap => trap.id)).size).toBe(TRAPS.length);
  });

  test('a side has a quirk, no side has none, and no quirk is listed twice', () => {
    for (const trap of TRAPS) expect(trap.quirk === undefined).toBe(trap.side === 'none');
    const listed = TRAPS.flatMap(trap => (trap.quirk === undefined ? [] : [trap.quirk]));
    expect(new Set(listed).size).toBe(listed.length);
    expect(new Set(listed)).toEqual(new Set(QUIRKS));
  });

  test.each(Object.keys(QUIRK))('the code asks for %s', name => {
    expect(code.split(`QUIRK.${name})`).length + code.split(`QUIRK.${name},`).length).toBeGreaterThan(2);
  });

  test.each(TRAPS.map(trap => [trap.id, trap] as const))('the README tells of %s', (id, trap) => {
    const line = readme.split('\n').find(candidate => candidate.startsWith(`| ${id} `));
    expect(line).toBeDefined();
    if (trap.quirk !== undefined) expect(line).toContain(`\`${trap.quirk}\``);
  });
});

test('profiles', () => {
  expect(quirksOf(TRAPS, 'corrected', []).size).toBe(0);
  expect([...quirksOf(TRAPS, 'corrected', [QUIRK.TOGGLE_MASK])]).toEqual(['signal-mask-toggles']);
  expect(quirksOf(TRAPS, 'as-written', []).has(QUIRK.TOGGLE_MASK)).toBe(false);
  expect(quirksOf(TRAPS, 'as-written', []).size).toBe(QUIRKS.length - 1);
});
