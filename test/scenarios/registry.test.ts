/** The scenarios are complete and well kept: names, files, quirks, plans. */

import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { auditScenario } from '../../src/check/audit.ts';
import { planOf } from '../../src/check/run.ts';
import { hasProfile, PROFILES } from '../../src/check/scenario.ts';
import { QUIRKS } from '../../src/impl/lifetime/quirks.ts';
import { scenarioNamed, scenarios } from '../support/protocols.ts';

const SHARED = ['family', 'frames', 'lifecycle', 'pair', 'rare', 'scenarios', 'wire'];

const lifetime = scenarios.filter(({ protocol }) => protocol === 'lifetime');

test('each scenario is a file of its name, and each file is registered', () => {
  const files = readdirSync(new URL('../../scenarios/lifetime/', import.meta.url))
    .filter(name => name.endsWith('.ts'))
    .map(name => name.slice(0, -'.ts'.length))
    .filter(name => !SHARED.includes(name));
  expect(lifetime.map(scenario => scenario.name).toSorted()).toEqual(files.map(name => `lifetime/${name}`).toSorted());
  for (const scenario of scenarios) expect(scenarioNamed(scenario.name)).toBe(scenario);
  expect(scenarioNamed('lifetime/none')).toBeUndefined();
});

test('each quirk has a scenario that shows it', () => {
  const shown = lifetime.map(({ expected }) => expected['as-written']).flatMap(each => (typeof each === 'object' ? [each.quirk] : []));
  // DC-07 shows only together with others: the scenario turns them all on.
  expect(new Set([...shown, 'silent-event-loss'])).toEqual(new Set([...QUIRKS, undefined]));
});

describe.each(scenarios.map(scenario => [scenario.name, scenario] as const))('%s', (_name, scenario) => {
  test('plans fit their description and their budget, survive a file, and shrink', () => {
    expect(auditScenario(scenario, 60)).toEqual([]);
  });

  test('plans are a function of the seed', () => {
    for (const profile of PROFILES.filter(each => hasProfile(scenario, each))) {
      const drawn = Array.from({ length: 40 }, (_, seed) => JSON.stringify(planOf(scenario, seed, profile)));
      expect(drawn).toEqual(drawn.map((_, seed) => JSON.stringify(planOf(scenario, seed, profile))));
      expect(new Set(drawn).size).toBeGreaterThan(20);
    }
  });
});
