/** The list of traps is complete, and every quirk is asked for at exactly one place of the code, not counting helpers. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { quirksOf } from '../../../src/impl/command-line/traps.ts';
import { QUIRK, QUIRKS, TRAPS } from '../../../src/impl/lifetime/quirks.ts';

const folder = new URL('../../../src/impl/lifetime/', import.meta.url);
const sources = readdirSync(folder).filter(name => name.endsWith('.ts') && name !== 'quirks.ts');
const code = sources.map(name => readFileSync(new URL(name, folder), 'utf8')).join('\n');
const readme = readFileSync(new URL('README.md', folder), 'utf8');

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

  test.each(Object.keys(QUIRK))('the code asks for %s', name => {
    expect(code.split(`QUIRK.${name}`).length).toBeGreaterThan(1);
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
