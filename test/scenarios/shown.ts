/**
 * The tests that the traps of a protocol are shown: each one that a daemon can play by a scenario, found as written, and kept as a trace that
 * holds when corrected.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkPlan } from '../../src/check/plan-shape.ts';
import { type RunResult, runPlan } from '../../src/check/run.ts';
import type { Trap } from '../../src/impl/command-line/traps.ts';
import { type ReadTrace, readTrace } from '../../src/trace/read.ts';
import { scenarioNamed } from '../support/protocols.ts';

export interface Shown {
  readonly quirk: string;
  /** The name of its scenario. */
  readonly scenario: string;
  readonly violates: string;
}

/** A quirk that takes more to be found is not found. */
const SEEDS = 2_000;
/** Of a plan that nothing could make smaller. */
const FAULTS = 2;

export function testShown(protocol: string, traps: readonly Trap<string>[], shown: readonly Shown[]): void {
  const traces = new URL(`../../traces/${protocol}/`, import.meta.url);

  test('each quirk is shown once, in the order of the traps; a trap without one says why', () => {
    expect(shown.map(({ quirk }) => quirk)).toEqual(traps.flatMap(({ quirk }) => (quirk === undefined ? [] : [quirk])));
    for (const { side, quirk, instead } of traps) expect([side === 'none', instead !== '']).toEqual([quirk === undefined, true]);
  });

  describe.each(shown.map(each => [each.quirk, each] as const))('%s', (quirk, { scenario: name, violates }) => {
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
      expect(Object(header?.plan).faults.length).toBeLessThanOrEqual(FAULTS);
      expect(footer).toMatchObject({ outcome: 'fail', check: violates });
      expect(run(trace, 'as-written').violations.map(({ property }) => property)).toContain(violates);
      expect(run(trace, 'corrected').violations).toEqual([]);
    });
  });
}
