/**
 * The tests that the README of the scenarios of a protocol says what is held where: its tables name conditions, properties and mutants that there
 * are, and leave out nothing of the scenarios that are not about one trap.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { propertiesOf } from '../../src/check/scenario.ts';
import { WORLD_PROPERTY_NAMES } from '../../src/check/world/world.ts';
import { scenarioNamed } from '../support/protocols.ts';
import type { Mutant } from './mutant.ts';

/** `broad`: the scenarios that are not about one trap; a row without names is about all of them. */
export function testReadme(protocol: string, broad: readonly string[], mutants: readonly Mutant[]): void {
  const readme = readFileSync(new URL(`../../scenarios/${protocol}/README.md`, import.meta.url), 'utf8');
  /** Cells of the table under a heading, as the texts in backquotes of each, but for the first, which is for people. */
  const table = (heading: string): readonly (readonly (readonly string[])[])[] => {
    const [, after = ''] = readme.split(`## ${heading}\n`);
    const lines = (after.split('\n## ')[0] ?? '').split('\n').filter(line => line.startsWith('| '));
    return lines.slice(2).map(line =>
      line
        .split('|')
        .slice(2, 5)
        .map(cell => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text)),
    );
  };
  const named = (scenario: string) =>
    scenarioNamed(`${protocol}/${scenario}`) ?? expect.fail(`there is no scenario ${protocol}/${scenario}`);
  const meant = (names: readonly string[]): readonly string[] => (names.length === 0 ? broad : names);

  describe('the README', () => {
    test('names conditions that the scenarios have', () => {
      const rows = table('What goes wrong');
      expect(rows.length).toBeGreaterThan(5);
      for (const [names = [], faults = [], fields = []] of rows) {
        const all = meant(names).map(named);
        const has = (is: (scenario: (typeof all)[number]) => boolean, what: string): void => expect(all.some(is), what).toBe(true);
        for (const fault of faults) has(({ budget }) => Object.keys(budget.kinds).includes(fault), fault);
        for (const field of fields) has(({ workload }) => Object.keys(workload).includes(field), field);
      }
    });

    test('names properties that the scenarios have, and mutants that they catch', () => {
      const rows = table('What must hold');
      expect(rows.length).toBeGreaterThan(5);
      for (const [names = [], properties = [], called = []] of rows)
        for (const property of properties) {
          for (const name of meant(names))
            expect(
              propertiesOf(named(name)).map(each => each.name),
              name,
            ).toContain(property);
          for (const each of called)
            expect(
              mutants.some(({ name, kills }) => name.endsWith(` that ${each}`) && kills.includes(property)),
              `${each}: ${property}`,
            ).toBe(true);
        }
    });

    test.each(broad)('has all that must hold of %s', name => {
      const said = table('What must hold').flatMap(([names = [], properties = []]) => (meant(names).includes(name) ? properties : []));
      const judged = propertiesOf(named(name)).filter(({ expectation }) => expectation !== 'sometimes');
      const everywhere = ['no-bug', 'no-busy-loop', ...WORLD_PROPERTY_NAMES];
      expect(new Set(judged.map(each => each.name).filter(each => !everywhere.includes(each)))).toEqual(new Set(said));
    });
  });
}
