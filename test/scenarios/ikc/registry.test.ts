/**
 * The ikc scenarios are complete: each trap that a daemon can play is shown by a scenario of its name, found as written, and kept as a trace
 * that holds when corrected. Their README says what is held where.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SHOWN } from '../../../scenarios/ikc/traps.ts';
import { checkPlan } from '../../../src/check/plan-shape.ts';
import { type RunResult, runPlan } from '../../../src/check/run.ts';
import { propertiesOf } from '../../../src/check/scenario.ts';
import { WORLD_PROPERTY_NAMES } from '../../../src/check/world/world.ts';
import { TRAPS } from '../../../src/impl/ikc/quirks.ts';
import { type ReadTrace, readTrace } from '../../../src/trace/read.ts';
import { scenarioNamed } from '../../support/protocols.ts';
import { mutants } from './mutants.ts';

const traces = new URL('../../../traces/ikc/', import.meta.url);
const readme = readFileSync(new URL('../../../scenarios/ikc/README.md', import.meta.url), 'utf8');
/** Of a plan that nothing could make smaller. */
const FAULTS = 2;

test('each quirk is shown once, in the order of the traps; a trap without one says why', () => {
  expect(SHOWN.map(({ quirk }) => quirk)).toEqual(TRAPS.flatMap(({ quirk }) => (quirk === undefined ? [] : [quirk])));
  for (const { side, quirk, instead } of TRAPS) expect([side === 'none', instead !== '']).toEqual([quirk === undefined, true]);
});

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
const BROAD = ['exchange', 'negotiation', 'namesakes', 'hostile', 'shutdown'];
const named = (scenario: string) => scenarioNamed(`ikc/${scenario}`) ?? expect.fail(`there is no scenario ikc/${scenario}`);
/** Without names it is about all. */
const meant = (names: readonly string[]): readonly string[] => (names.length === 0 ? BROAD : names);

describe('the README', () => {
  test('names conditions that the scenarios have', () => {
    const rows = table('What goes wrong');
    expect(rows.length).toBeGreaterThan(5);
    for (const [names = [], faults = [], fields = []] of rows) {
      const all = meant(names).map(named);
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

  test.each(BROAD)('has all that must hold of %s', name => {
    const said = table('What must hold').flatMap(([names = [], properties = []]) => (meant(names).includes(name) ? properties : []));
    const judged = propertiesOf(named(name)).filter(({ expectation }) => expectation !== 'sometimes');
    const everywhere = ['no-bug', 'no-busy-loop', ...WORLD_PROPERTY_NAMES];
    expect(new Set(judged.map(each => each.name).filter(each => !everywhere.includes(each)))).toEqual(new Set(said));
  });
});

describe.each(SHOWN.map(({ quirk, violates }) => [quirk, violates] as const))('%s', (quirk, violates) => {
  const scenario = scenarioNamed(`ikc/${quirk}`);
  if (scenario === undefined) throw new Error(`there is no scenario ikc/${quirk}`);
  const traceOf = (): ReadTrace => {
    const [file] = readdirSync(traces).filter(each => each.startsWith(`${quirk}@`));
    if (file === undefined) throw new Error(`no trace shows ${quirk}: npm run record`);
    return readTrace([readFileSync(new URL(file, traces))]);
  };
  /** The run of the recording, in either profile. */
  const run = ({ header }: ReadTrace, profile: string): RunResult => {
    const checked = checkPlan(scenario, { ...Object(header?.plan), profile });
    if (!checked.ok) throw new Error(checked.why);
    return runPlan(scenario, checked.plan, Number(header?.seed));
  };

  test('its scenario is about it', () => {
    expect(scenario.expected['as-written']).toMatchObject({ quirk });
    expect(scenario.expected['as-written']).toHaveProperty('fails', expect.arrayContaining([violates]));
  });

  test('its trace is that of a failure as written, and the same run holds when corrected', () => {
    const trace = traceOf();
    const { header, footer } = trace;
    expect(header).toMatchObject({ name: scenario.name, kind: 'shrunk', plan: { profile: 'as-written' } });
    expect(Object(header?.plan).faults.length).toBeLessThanOrEqual(FAULTS);
    expect(footer).toMatchObject({ outcome: 'fail', check: violates });
    expect(run(trace, 'as-written').violations.map(({ property }) => property)).toContain(violates);
    expect(run(trace, 'corrected').violations).toEqual([]);
  });
});
