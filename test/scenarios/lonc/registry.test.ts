/**
 * The lonc scenarios are complete: each trap that a daemon can play is shown by a scenario, found as written, and kept as a trace.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SHOWN } from '../../../scenarios/lonc/shown.ts';
import { EVENT_LIMIT } from '../../../src/check/builtin.ts';
import { checkPlan } from '../../../src/check/plan-shape.ts';
import { type RunResult, runPlan } from '../../../src/check/run.ts';
import { propertiesOf } from '../../../src/check/scenario.ts';
import { WORLD_PROPERTY_NAMES } from '../../../src/check/world/world.ts';
import { TRAPS } from '../../../src/impl/lonc/quirks.ts';
import { type ReadTrace, readTrace } from '../../../src/trace/read.ts';
import { scenarioNamed } from '../../support/protocols.ts';

const folder = new URL('../../../scenarios/lonc/', import.meta.url);
const traces = new URL('../../../traces/lonc/', import.meta.url);
/** A quirk that takes more to be found is not found. */
const SEEDS = 2_000;

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

test('each quirk is shown once, in the order of the traps; a trap without one says why', () => {
  expect(SHOWN.map(({ quirk }) => quirk)).toEqual(TRAPS.flatMap(({ quirk }) => (quirk === undefined ? [] : [quirk])));
  for (const { side, quirk, instead } of TRAPS) expect([side === 'none', instead !== '']).toEqual([quirk === undefined, true]);
});

describe.each(SHOWN.map(shown => [shown.quirk, shown] as const))('%s', (quirk, { scenario: name, violates }) => {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
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
    expect(header).toMatchObject({ name, kind: 'shrunk', plan: { profile: 'as-written' } });
    expect(Number(header?.seed)).toBeLessThan(SEEDS);
    expect(footer).toMatchObject({ outcome: 'fail', check: violates });
    expect(run(trace, 'as-written').violations.map(({ property }) => property)).toContain(violates);
    expect(run(trace, 'corrected').violations).toEqual([]);
  });
});
