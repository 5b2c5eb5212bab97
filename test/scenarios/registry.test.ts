/** The scenarios are complete and well kept: names, files, quirks, plans. */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { auditScenario } from '../../src/check/audit.ts';
import { planOf } from '../../src/check/run.ts';
import { hasProfile, PROFILES } from '../../src/check/scenario.ts';
import { played, scenarioNamed, scenarios } from '../support/protocols.ts';

const SOURCES = new URL('../../scenarios/', import.meta.url);

/** Shown in another way: DC-07 only together with others, by a scenario that turns them all on; RW-46 by test/impl/rwho. */
const ELSEWHERE = ['silent-event-loss', 'first-address-only'];

/** The file and all that it imports from its own protocol. */
function reached(file: URL, within: URL, found: Set<string> = new Set()): ReadonlySet<string> {
  if (!file.href.startsWith(within.href) || found.has(file.href)) return found;
  found.add(file.href);
  for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(/ from '(\.[^']+)';/g)) reached(new URL(from, file), within, found);
  return found;
}

test('a scenario is found by its name, and only by that', () => {
  for (const scenario of scenarios) expect(scenarioNamed(scenario.name)).toBe(scenario);
  expect(scenarioNamed('lifetime/none')).toBeUndefined();
});

describe.each(played.map(protocol => [protocol.name, protocol] as const))('%s', (name, protocol) => {
  test('has tests that its scenarios come out as they say, and that each of their properties can fail', () => {
    const tests = readdirSync(new URL(`./${name}/`, import.meta.url));
    expect(tests).toEqual(expect.arrayContaining(['caught.test.ts', 'sweep.test.ts']));
  });

  test('each file serves some scenario or recording that is listed', () => {
    const folder = new URL(`${name}/`, SOURCES);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(each => each.endsWith('.ts'));
    const found = new Set<string>();
    for (const list of ['scenarios.ts', 'recordings.ts'].filter(each => files.includes(each)))
      reached(new URL(list, folder), folder, found);
    expect(files.map(each => new URL(each, folder).href).toSorted()).toEqual([...found].toSorted());
  });

  test('each quirk has a scenario that shows it', () => {
    const shown = protocol.scenarios
      .map(({ expected }) => expected['as-written'])
      .map(each => (typeof each === 'object' ? each.quirk : undefined));
    const quirks = protocol.traps.map(({ quirk }) => quirk).filter(each => each !== undefined && !ELSEWHERE.includes(each));
    expect(new Set(shown.filter(each => each !== undefined))).toEqual(new Set(quirks));
  });
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
