/**
 * The lonc scenarios are complete: each trap that a daemon can play is shown by a scenario, found as written, and kept as a trace.
 */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SHOWN } from '../../../scenarios/lonc/shown.ts';
import { EVENT_LIMIT } from '../../../src/check/builtin.ts';
import { propertiesOf } from '../../../src/check/scenario.ts';
import { WORLD_PROPERTY_NAMES } from '../../../src/check/world/world.ts';
import { TRAPS } from '../../../src/impl/lonc/quirks.ts';
import { scenarioNamed } from '../../support/protocols.ts';
import { testShown } from '../shown.ts';

const folder = new URL('../../../scenarios/lonc/', import.meta.url);

test('the README says what must hold of the mesh: its properties', () => {
  const [, must = ''] = readFileSync(new URL('README.md', folder), 'utf8').split('## What must hold');
  const rows = (must.split('\n## ')[0] ?? '').split('\n').filter(line => line.startsWith('| '));
  const named = rows.flatMap(row => [...(row.split('|')[2] ?? '').matchAll(/`([a-z-]+)`/g)].map(([, name]) => name));
  const mesh = scenarioNamed('lonc/mesh');
  if (mesh === undefined) throw new Error('there is no mesh');
  const everywhere = ['no-bug', ...WORLD_PROPERTY_NAMES];
  const judged = propertiesOf(mesh).filter(({ expectation, name }) => expectation !== 'sometimes' && !everywhere.includes(name));
  expect(new Set(named)).toEqual(new Set([...judged.map(({ name }) => name), EVENT_LIMIT]));
});

testShown('lonc', TRAPS, SHOWN);
