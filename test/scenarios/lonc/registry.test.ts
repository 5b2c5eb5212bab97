/** The lonc scenarios are complete: each file is registered, and each trap that a daemon can play has a scenario that shows it. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { scenarios } from '../../../scenarios/registry.ts';
import { TRAPS } from '../../../src/impl/lonc/quirks.ts';

const lonc = scenarios.filter(({ protocol }) => protocol === 'lonc');
const folder = new URL('../../../scenarios/lonc/', import.meta.url);

test('each scenario is a file of its name, and each file is registered', () => {
  const files = readdirSync(folder).filter(name => name.endsWith('.ts'));
  expect(lonc.map(({ name }) => `${name.slice('lonc/'.length)}.ts`).toSorted()).toEqual(files.toSorted());
});

test('each quirk has a scenario that shows it', () => {
  const shown = lonc.map(({ expected }) => expected['as-written']).flatMap(each => (typeof each === 'object' ? [each.quirk] : []));
  const quirks = TRAPS.flatMap(({ quirk }) => (quirk === undefined ? [] : [quirk]));
  expect(quirks.filter(quirk => !shown.includes(quirk))).toEqual([]);
});
