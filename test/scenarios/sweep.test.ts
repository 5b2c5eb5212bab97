/** A sweep of every scenario in every profile comes out as the scenario says: corrected holds, as written shows its quirk. */

import { expect, test } from 'vitest';
import { planOf, runPlan } from '../../src/check/run.ts';
import { hasProfile, PROFILES } from '../../src/check/scenario.ts';
import { countRun, formatFinding, judgeSweep, noCounts, sweep } from '../../src/check/sweep.ts';
import { scenarios } from '../support/protocols.ts';

/** What a sweep complains of takes ENOUGH_RUNS, which take minutes: RARE=1 makes them. */
const SEEDS = process.env['RARE'] === undefined ? 12 : 100;

const all = scenarios.flatMap(scenario =>
  PROFILES.filter(profile => hasProfile(scenario, profile)).map(profile => [scenario.name, profile, scenario] as const),
);

test.each(all)('%s, %s', (_name, profile, scenario) => {
  let counts = noCounts(scenario, profile);
  for (const result of sweep(scenario, { from: 0, to: SEEDS - 1, profile })) counts = countRun(counts, result);
  const report = judgeSweep(scenario, counts);
  expect(report.findings.map(finding => formatFinding(finding, counts.runs))).toEqual([]);
  expect(report.verdict).toBe('holds');
});

test.each(all)('%s, %s: the same seed gives the same events', (_name, profile, scenario) => {
  for (const seed of [0, 1, 2]) {
    const [one, other] = [0, 0].map(() => runPlan(scenario, planOf(scenario, seed, profile), seed).fingerprint);
    expect(one).toBe(other);
  }
});
