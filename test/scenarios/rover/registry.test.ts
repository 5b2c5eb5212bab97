/**
 * The rover scenarios are complete: each trap that a program can play is shown by a scenario of its name, found as written, and kept as a trace
 * that holds when corrected. Their README says what is held where.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LIMITS, WRONG } from '../../../scenarios/rover/parts/limits.ts';
import { SHOWN } from '../../../scenarios/rover/traps.ts';
import { propertiesOf } from '../../../src/check/scenario.ts';
import { WORLD_PROPERTY_NAMES } from '../../../src/check/world/world.ts';
import { TRAPS } from '../../../src/impl/rover/quirks.ts';
import { scenarioNamed } from '../../support/protocols.ts';
import { testShown } from '../shown.ts';
import { mutants } from './mutants.ts';

const readme = readFileSync(new URL('../../../scenarios/rover/README.md', import.meta.url), 'utf8');

testShown(
  'rover',
  TRAPS,
  SHOWN.map(each => ({ ...each, scenario: `rover/${each.quirk}` })),
);

/** Cells of the table under a heading, as the texts in backquotes of each, but for the first, which is for people. */
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
/** Those that are not about one trap. */
const BROAD = ['exchange', 'queue', 'strangers', 'hostile', 'long', 'fatal', 'shutdown'];
const named = (scenario: string) => scenarioNamed(`rover/${scenario}`) ?? expect.fail(`there is no scenario rover/${scenario}`);

describe('the README', () => {
  test('names conditions that the scenarios have', () => {
    const rows = table('What goes wrong');
    expect(rows.length).toBeGreaterThan(5);
    for (const [names = [], faults = [], fields = []] of rows) {
      const all = names.map(named);
      for (const fault of faults)
        expect(
          all.some(({ budget }) => Object.keys(budget.kinds).includes(fault)),
          fault,
        ).toBe(true);
      for (const field of fields)
        expect(
          all.some(({ workload }) => Object.keys(workload).includes(field)),
          field,
        ).toBe(true);
    }
  });

  test('names properties that the scenarios have, and mutants that they catch', () => {
    const rows = table('What must hold');
    expect(rows.length).toBeGreaterThan(5);
    for (const [names = [], properties = [], called = []] of rows)
      for (const property of properties) {
        for (const name of names)
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

  test.each(BROAD)('has all that must hold of %s', name => {
    const said = table('What must hold').flatMap(([names = [], properties = []]) => (names.includes(name) ? properties : []));
    const judged = propertiesOf(named(name)).filter(({ expectation }) => expectation !== 'sometimes');
    const everywhere = ['no-bug', 'no-busy-loop', ...WORLD_PROPERTY_NAMES];
    expect(new Set(judged.map(each => each.name).filter(each => !everywhere.includes(each)))).toEqual(new Set(said));
  });
});

test('every limit is tried one less, exactly and one more, and no two bytes are the same', () => {
  const sent = [...Object.values(LIMITS).flatMap(of => [of(-1), of(0), of(1)]), ...Object.values(WRONG)];
  expect(new Set(sent).size).toBe(sent.length);
});
