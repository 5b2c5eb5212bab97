/** The list of traps is complete, every one replaces a decision of ours, and the README tells of each. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { quirksOf } from '../../../src/impl/command-line/traps.ts';
import { AS_WRITTEN, replacedBy } from '../../../src/impl/lonc/as-written.ts';
import { CORRECTED as CHILD } from '../../../src/impl/lonc/child.ts';
import { CORRECTED as GATEWAY } from '../../../src/impl/lonc/parent.ts';
import { QUIRK, QUIRKS, TRAPS } from '../../../src/impl/lonc/quirks.ts';

const folder = new URL('../../../src/impl/lonc/', import.meta.url);
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

  test.each(TRAPS.map(trap => [trap.id, trap] as const))('the README tells of %s', (id, trap) => {
    const line = readme.split('\n').find(candidate => candidate.startsWith(`| ${id} `));
    expect(line).toBeDefined();
    if (trap.quirk !== undefined) expect(line).toContain(`\`${trap.quirk}\``);
  });
});

describe('as written', () => {
  /** `ways` are of the table; `reading` and `loop` are of how the sides of a child are made. */
  const members = (id: string): readonly string[] =>
    Object.keys(AS_WRITTEN[id] ?? {}).map(each => ({ ways: 'table', reading: 'sides', loop: 'sides' })[each] ?? each);

  test('every trap of a side replaces something, and only these do', () => {
    const played = TRAPS.filter(({ quirk }) => quirk !== undefined).map(({ id }) => id);
    expect(Object.keys(AS_WRITTEN)).toEqual(played);
    for (const id of played) expect([id, members(id).length]).not.toEqual([id, 0]);
  });

  test('every decision is replaced by a trap, and nothing else is', () => {
    const replaced = new Set(Object.keys(AS_WRITTEN).flatMap(members));
    expect([...replaced].toSorted()).toEqual([...new Set(Object.keys({ ...GATEWAY, ...CHILD }))].toSorted());
  });

  test('what a trap replaces is not what stood there', () => {
    const before: Readonly<Record<string, unknown>> = { ...GATEWAY, ...CHILD };
    for (const [id, trap] of Object.entries(AS_WRITTEN))
      for (const [name, value] of Object.entries(trap)) expect([id, name, value]).not.toEqual([id, name, before[name]]);
    expect(replacedBy(new Set())).toEqual({});
  });
});

test('profiles', () => {
  expect(quirksOf(TRAPS, 'corrected', []).size).toBe(0);
  expect([...quirksOf(TRAPS, 'corrected', [QUIRK.TOGGLE_MASK])]).toEqual(['signal-mask-toggles']);
  expect(quirksOf(TRAPS, 'as-written', []).has(QUIRK.TOGGLE_MASK)).toBe(false);
  expect(quirksOf(TRAPS, 'as-written', []).size).toBe(QUIRKS.length - 1);
});
