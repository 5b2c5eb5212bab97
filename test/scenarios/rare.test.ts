/** What is rare in a scenario has been seen after as many runs as the scenario says, wherever they begin. */
import { describe, expect, test } from 'vitest';
import { RARE } from '../../scenarios/rare.ts';
import { scenarioNamed, scenarios } from '../../scenarios/registry.ts';
import { hasProfile, PROFILES } from '../../src/check/scenario.ts';
import { countRun, ENOUGH_RUNS, formatFinding, judgeSweep, noCounts, sweep } from '../../src/check/sweep.ts';

/** Far from every seed that other tests run. */
const FROM = 1_000_000;
/** A thousand runs of these take a minute: RARE=1 runs them as well. */
const LONG = ['lonc/mesh', 'rwho/domain', 'rwho/neighbours'];
const played = Object.keys(RARE).filter(name => process.env['RARE'] !== undefined || !LONG.includes(name));

test('every scenario with something rare is there, and says so', () => {
  for (const [name, rare] of Object.entries(RARE)) {
    expect(scenarioNamed(name)?.rare).toBe(rare);
    for (const needs of Object.values(rare)) expect(needs).toBeGreaterThan(ENOUGH_RUNS);
  }
  expect(scenarios.filter(each => each.rare !== undefined).map(each => each.name)).toHaveLength(Object.keys(RARE).length);
});

describe.each(played)('%s', name => {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  test.each(PROFILES.filter(each => hasProfile(scenario, each)))('%s', profile => {
    const runs = Math.max(...Object.values(scenario.rare ?? {}));
    let counts = noCounts(scenario, profile);
    for (const result of sweep(scenario, { from: FROM, to: FROM + runs - 1, profile })) counts = countRun(counts, result);
    expect(judgeSweep(scenario, counts).findings.map(finding => formatFinding(finding, runs))).toEqual([]);
    expect(judgeSweep(scenario, counts).notes).toEqual([]);
  });
});
