/**
 * The ikc scenarios are complete: each trap that a daemon can play is shown by a scenario of its name, found as written, and kept as a trace
 * that holds when corrected.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SHOWN } from '../../../scenarios/ikc/traps.ts';
import { checkPlan } from '../../../src/check/plan-shape.ts';
import { type RunResult, runPlan } from '../../../src/check/run.ts';
import { TRAPS } from '../../../src/impl/ikc/quirks.ts';
import { type ReadTrace, readTrace } from '../../../src/trace/read.ts';
import { scenarioNamed } from '../../support/protocols.ts';

const traces = new URL('../../../traces/ikc/', import.meta.url);
/** Of a plan that nothing could make smaller. */
const FAULTS = 2;

test('each quirk is shown once, in the order of the traps; a trap without one says why', () => {
  expect(SHOWN.map(({ quirk }) => quirk)).toEqual(TRAPS.flatMap(({ quirk }) => (quirk === undefined ? [] : [quirk])));
  for (const { side, quirk, instead } of TRAPS) expect([side === 'none', instead !== '']).toEqual([quirk === undefined, true]);
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
