/** What is rare in a scenario has been seen after as many runs as the scenario says, wherever they begin. */

import { describe, expect, test } from 'vitest';
import { hasProfile, PROFILES } from '../../src/check/scenario.ts';
import { countRun, ENOUGH_RUNS, formatFinding, judgeSweep, noCounts, sweep } from '../../src/check/sweep.ts';
import { scenarios } from '../support/protocols.ts';

/** Far from every seed that other tests run. */
const FROM = 1_000_000;
/** So many runs take minutes: RARE=1 makes them. */
const rare = scenarios.filter(each => each.rare !== undefined);
const played = process.env['RARE'] === undefined ? [] : rare;

test('what is said to be rare is', () => {
  expect(rare.length).toBeGreaterThan(10);
  for (const { rare: needs = {} } of rare) for (const runs of Object.values(needs)) expect(runs).toBeGreaterThan(ENOUGH_RUNS);
});

describe.each(played.map(scenario => [scenario.name, scenario] as const))('%s', (_name, scenario) => {
  test.each(PROFILES.filter(each => hasProfile(scenario, each)))('%s', profile => {
    const runs = Math.max(...Object.values(scenario.rare ?? {}));
    let counts = noCounts(scenario, profile);
    for (const result of sweep(scenario, { from: FROM, to: FROM + runs - 1, profile })) counts = countRun(counts, result);
    expect(judgeSweep(scenario, counts).findings.map(finding => formatFinding(finding, runs))).toEqual([]);
    expect(judgeSweep(scenario, counts).notes).toEqual([]);
  });
});
