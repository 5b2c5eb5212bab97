/** The list of traps is complete, and every quirk is asked for in the code and told of in the README. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { quirksOf } from '../../../src/impl/command-line/traps.ts';
import { EDITIONS, QUIRK, TRAPS } from '../../../src/impl/rwho/quirks.ts';

const folder = new URL('../../../src/impl/rwho/', import.meta.url);
const sources = readdirSync(folder).filter(name => name.endsWith('.ts') && name !== 'quirks.ts');
const code = sources.map(name => readFileSync(new URL(name, folder), 'utf8')).join('\n');
const readme = readFileSync(new URL('README.md', folder), 'utf8');

test('what a daemon does has a quirk, nothing else has one, and none is listed twice', () => {
  for (const { side, quirk } of TRAPS) expect(quirk !== undefined).toBe(side === 'daemon');
  const listed = TRAPS.flatMap(({ quirk }) => (quirk === undefined ? [] : [quirk]));
  expect(listed.toSorted()).toEqual(Object.values(QUIRK).toSorted());
  for (const edition of Object.values(EDITIONS)) expect(new Set(edition).size).toBe(edition.length);
});

test.each(Object.keys(QUIRK))('the code asks for %s', name => {
  expect(code).toContain(`QUIRK.${name})`);
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
