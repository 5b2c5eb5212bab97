/**
 * Measures what is rare (rare.ts of each protocol): how many runs of each scenario and profile it takes until everything that a sweep must see has
 * been seen for certain. Prints what takes more than ENOUGH_RUNS. Minutes: `node --import tsx test/scenarios/measure-rare.ts [SCENARIO…]`.
 */

import { planOf, type RunResult, runPlan } from '../../src/check/run.ts';
import { hasProfile, PROFILES, type Profile, propertiesOf, type Scenario } from '../../src/check/scenario.ts';
import { ENOUGH_RUNS } from '../../src/check/sweep.ts';
import { scenarios } from '../support/protocols.ts';

const RUNS = 3_000;
const MILLISECONDS = 20_000;
/** A sweep of so many runs misses it with this chance. */
const CHANCE = 1e-9;
/** Standard deviations by which the chance of one run may be less than it was measured. */
const DOUBT = 3;

/** Seeds that showed it, by what a sweep must see. */
type Seen = Map<string, number[]>;

function mustSee(scenario: Scenario, profile: Profile): Seen {
  const expected = scenario.expected[profile] ?? 'holds';
  const fails = expected === 'holds' ? [] : expected.fails;
  const met = profile === 'corrected' ? propertiesOf(scenario).filter(each => each.expectation === 'sometimes') : [];
  return new Map([...fails, ...met.map(each => each.name)].map(name => [name, []]));
}

function look(seen: Seen, { seed, violations, met, firings }: RunResult): void {
  for (const name of new Set([...violations.map(each => each.property), ...met])) seen.get(name)?.push(seed);
  for (const { fault } of firings) if (!seen.has(fault.kind)) seen.set(fault.kind, []);
  for (const kind of new Set(firings.filter(each => each.fired > 0).map(each => each.fault.kind))) seen.get(kind)?.push(seed);
}

/** Runs after which it has been seen for certain: by a chance that is surely less than it is, and by the longest time without it. */
function needs(seeds: readonly number[], runs: number): number {
  const share = seeds.length / runs;
  const square = DOUBT * DOUBT;
  const spread = DOUBT * Math.sqrt((share * (1 - share)) / runs + square / (4 * runs * runs));
  const least = (share + square / (2 * runs) - spread) / (1 + square / runs);
  const gaps = [...seeds, runs].map((seed, index) => seed - (seeds[index - 1] ?? -1) - 1);
  return Math.max(Math.log(CHANCE) / Math.log(1 - least), 1.5 * Math.max(...gaps));
}

for (const scenario of scenarios.filter(each => process.argv.length < 3 || process.argv.includes(each.name))) {
  for (const profile of PROFILES.filter(each => hasProfile(scenario, each))) {
    const seen = mustSee(scenario, profile);
    const until = performance.now() + MILLISECONDS;
    let runs = 0;
    for (; runs < RUNS && performance.now() < until; runs++) look(seen, runPlan(scenario, planOf(scenario, runs, profile), runs));
    for (const [name, seeds] of seen) {
      const least = needs(seeds, runs);
      if (least > ENOUGH_RUNS)
        process.stdout.write(`${scenario.name} ${profile}: ${name} in ${seeds.length} of ${runs}, needs ${Math.ceil(least)}\n`);
    }
  }
}
