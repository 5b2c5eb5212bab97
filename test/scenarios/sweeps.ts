/**
 * The tests that a sweep of every scenario of a protocol in every profile comes out as the scenario says: corrected holds, as written shows its
 * quirk; and that the same seed gives the same events. A file of tests for each protocol, so that they run side by side.
 */

import { expect, test } from 'vitest';
import { planOf, runPlan } from '../../src/check/run.ts';
import { hasProfile, PROFILES } from '../../src/check/scenario.ts';
import { countRun, formatFinding, judgeSweep, noCounts, sweep } from '../../src/check/sweep.ts';
import { scenarios } from '../support/protocols.ts';

/** What a sweep complains of takes ENOUGH_RUNS, which take minutes: RARE=1 makes them. */
const SEEDS = process.env['RARE'] === undefined ? 12 : 100;
/** So many of them are run twice. */
const TWICE = 3;

export function testSweeps(protocol: string): void {
  const all = scenarios
    .filter(scenario => scenario.protocol === protocol)
    .flatMap(scenario =>
      PROFILES.filter(profile => hasProfile(scenario, profile)).map(profile => [scenario.name, profile, scenario] as const),
    );

  test.each(all)('%s, %s', (_name, profile, scenario) => {
    let counts = noCounts(scenario, profile);
    for (const result of sweep(scenario, { from: 0, to: SEEDS - 1, profile })) {
      counts = countRun(counts, result);
      if (result.seed >= TWICE) continue;
      const again = runPlan(scenario, planOf(scenario, result.seed, profile), result.seed);
      expect(again.fingerprint, `the same seed, ${result.seed}, gives the same events`).toBe(result.fingerprint);
    }
    const report = judgeSweep(scenario, counts);
    expect(report.findings.map(finding => formatFinding(finding, counts.runs))).toEqual([]);
    expect(report.verdict).toBe('holds');
  });
}
