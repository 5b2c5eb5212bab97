/** The README of the rwho scenarios says what is held where. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { propertiesOf } from '../../../src/check/scenario.ts';
import { WORLD_PROPERTY_NAMES } from '../../../src/check/world/world.ts';
import { TRAPS } from '../../../src/impl/rwho/quirks.ts';
import { scenarioNamed } from '../../support/protocols.ts';
import { mutants as rwhoMutants } from './mutants.ts';

test('the traps are RW-01 to RW-63, each once', () => {
  expect(TRAPS.map(({ id }) => id)).toEqual(Array.from({ length: 63 }, (_, index) => `RW-${String(index + 1).padStart(2, '0')}`));
});

const readme = readFileSync(new URL('../../../scenarios/rwho/README.md', import.meta.url), 'utf8');
/** Cells of the table under a heading, as the texts in backquotes of each. */
function table(heading: string): readonly (readonly (readonly string[])[])[] {
  const [, after = ''] = readme.split(`## ${heading}\n`);
  const lines = (after.split('\n## ')[0] ?? '').split('\n').filter(line => line.startsWith('| '));
  return lines.slice(2).map(line =>
    line
      .split('|')
      .slice(2, 5)
      .map(cell => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text)),
  );
}
const named = (scenario: string) => scenarioNamed(`rwho/${scenario}`) ?? expect.fail(`there is no scenario rwho/${scenario}`);
/** Some are of one scenario, and say so at their end. */
const isCalled = (mutant: string, name: string): boolean => mutant.split(', in ')[0]?.endsWith(` that ${name}`) === true;
/** Those that are not about one trap. */
const BROAD = ['domain', 'neighbours', 'hostile', 'bootstrap'];
const EVERYWHERE = ['no-bug', 'no-busy-loop', ...WORLD_PROPERTY_NAMES];

describe('the README', () => {
  test('names conditions that the scenarios have', () => {
    const rows = table('What goes wrong');
    for (const [names = [], faults = [], fields = []] of rows) {
      expect(names.length).toBeGreaterThan(0);
      for (const scenario of names.map(named)) {
        expect(Object.keys(scenario.budget.kinds)).toEqual(expect.arrayContaining([...faults]));
        expect(Object.keys(scenario.workload)).toEqual(expect.arrayContaining([...fields]));
      }
    }
    for (const name of BROAD) {
      const said = rows.filter(([names]) => names?.includes(name) === true);
      expect(new Set(said.flatMap(([, faults = []]) => faults))).toEqual(new Set(Object.keys(named(name).budget.kinds)));
      expect(new Set(said.flatMap(([, , fields = []]) => fields))).toEqual(new Set(Object.keys(named(name).workload)));
    }
  });

  test('names properties that the scenarios have, and mutants that they catch', () => {
    for (const [names = [], properties = [], mutants = []] of table('What must hold')) {
      expect(properties.length).toBeGreaterThan(0);
      for (const property of properties) {
        const found = names.map(name => propertiesOf(named(name)).find(each => each.name === property));
        expect(
          found.every(each => each !== undefined),
          property,
        ).toBe(true);
        const killers = rwhoMutants.filter(({ name, kills }) => kills.includes(property) && mutants.some(each => isCalled(name, each)));
        expect(killers.length > 0, `${property}: ${mutants.join(', ')}`).toBe(found[0]?.expectation !== 'sometimes');
      }
      for (const mutant of mutants)
        expect(
          rwhoMutants.some(({ name }) => isCalled(name, mutant)),
          mutant,
        ).toBe(true);
    }
  });

  test.each(BROAD)('has all that must hold of %s', name => {
    const said = table('What must hold').flatMap(([names = [], properties = []]) => (names.includes(name) ? properties : []));
    const judged = propertiesOf(named(name)).filter(({ expectation }) => expectation !== 'sometimes');
    const known = [...said, ...EVERYWHERE];
    expect(new Set(known.filter(each => judged.some(property => property.name === each)))).toEqual(
      new Set(judged.map(property => property.name)),
    );
  });
});
