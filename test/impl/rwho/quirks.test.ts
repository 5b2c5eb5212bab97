/** The list of traps is complete, and each that a daemon can play replaces rules and is told of in the README. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { quirksOf } from '../../../src/impl/command-line/traps.ts';
import { AS_WRITTEN, rulesOf } from '../../../src/impl/rwho/as-written.ts';
import { EDITIONS, QUIRK, TRAPS } from '../../../src/impl/rwho/quirks.ts';
import { CORRECTED } from '../../../src/impl/rwho/server.ts';
import { decisions } from '../decisions.ts';

const readme = readFileSync(new URL('../../../src/impl/rwho/README.md', import.meta.url), 'utf8');
const { idle, unplayed, shared } = decisions(CORRECTED, AS_WRITTEN, TRAPS);

test('what a daemon does has a quirk, nothing else has one, and none is listed twice', () => {
  for (const { side, quirk } of TRAPS) expect(quirk !== undefined).toBe(side === 'daemon');
  const listed = TRAPS.flatMap(({ quirk }) => (quirk === undefined ? [] : [quirk]));
  expect(listed.toSorted()).toEqual(Object.values(QUIRK).toSorted());
  for (const edition of Object.values(EDITIONS)) expect(new Set(edition).size).toBe(edition.length);
});

test('each quirk replaces a rule, each rule is replaced, and two of one rule are known', () => {
  expect([idle, unplayed]).toEqual([[], []]);
  expect(shared).toEqual({
    short: ['RW-02', 'RW-04'],
    begins: ['RW-20', 'RW-22', 'RW-23'],
    entriesMost: ['RW-30', 'RW-60'],
    stores: ['RW-48', 'RW-54'],
    passing: ['RW-48', 'RW-49'],
  });
});

test('without quirks all daemons have the same rules; of two quirks of one rule the later stands', () => {
  expect(rulesOf(new Set())).toBe(CORRECTED);
  const { entriesMost, ...others } = rulesOf(new Set([QUIRK.FORGET_USERS, QUIRK.SKIP_LAST_SLOT]));
  expect(entriesMost).toBe(0);
  expect({ ...CORRECTED, ...others }).toEqual(CORRECTED);
});

test.each(TRAPS.map(trap => [trap.id, trap] as const))('the README tells of %s', (id, { quirk, text, instead }) => {
  const line = readme.split('\n').find(candidate => candidate.startsWith(`| ${id} `)) ?? '';
  for (const said of [text, instead, quirk === undefined ? '—' : `\`${quirk}\``]) expect(line).toContain(said);
});

test('profiles', () => {
  const variants = TRAPS.filter(({ variant }) => variant === true).length;
  expect(quirksOf(TRAPS, 'corrected').size).toBe(0);
  expect(quirksOf(TRAPS, 'as-written').size).toBe(Object.keys(QUIRK).length - variants);
  expect(quirksOf(TRAPS, 'as-written').has(QUIRK.RELAY_LOOPS)).toBe(false);
});
