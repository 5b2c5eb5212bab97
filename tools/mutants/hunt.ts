/**
 * The hunt for one finding by what the repository has to find bugs: runPlan over the scenarios (corrected profile, one seed of each after
 * the other), judged as a sweep is, and the suites in the simulator against our own implementations. What all of these do not come to is
 * looked for in the other profiles.
 * Lacks: a limit for a run that never ends (start.ts).
 */
import { simArm } from '../../conformance/arms/sim.ts';
import { runSuite } from '../../conformance/run/runner.ts';
import type { Suite } from '../../conformance/suite.ts';
import { loadProtocols } from '../../protocols/index.ts';
import type { Protocol } from '../../protocols/protocol.ts';
import { planOf, runPlan } from '../../src/check/run.ts';
import { type Profile, profilesOf, type Scenario } from '../../src/check/scenario.ts';
import { countRun, formatFinding, judgeSweep, noCounts, type SweepCounts } from '../../src/check/sweep.ts';
import type { Programs } from '../../src/host/host.ts';
import type { Killer, Reach } from './task.ts';

/** Seeds of every scenario before the suites: what is cheap to find is found by either, and the suites cost a second or two. */
const FIRST_SEEDS = 2;
/** Of every scenario in its other profiles. */
const LAST_SEEDS = 3;
const CORRECTED: Profile = 'corrected';

export interface Hunted {
  readonly killer: Killer | undefined;
  readonly reached: Reach;
  /** Runs of scenarios, and cases. */
  readonly runs: number;
}

export interface Hunting {
  readonly protocols: readonly string[];
  readonly isOver: () => boolean;
  /** Whether the place of the mutant was come to. */
  readonly isReached: () => boolean;
  /** Told of each run and suite before it begins. */
  readonly begins: (where: string) => void;
}

export async function hunt(hunting: Hunting): Promise<Hunted> {
  return new Hunt(hunting).run(await loadProtocols(hunting.protocols));
}

class Hunt {
  readonly #hunting: Hunting;
  /** By scenario and profile. */
  readonly #counts: Map<string, SweepCounts> = new Map();
  #runs = 0;

  constructor(hunting: Hunting) {
    this.#hunting = hunting;
  }

  /** All that there is, until something is found or the time is over. */
  async run(protocols: readonly Protocol[]): Promise<Hunted> {
    const scenarios = protocols.flatMap(each => each.scenarios);
    let killer: Killer | undefined;
    for (let seed = 0; killer === undefined && !this.#hunting.isOver(); seed++) {
      if (seed === FIRST_SEEDS) killer = await this.#conform(protocols);
      killer ??= this.#sweepOnce(scenarios, seed);
    }
    if (killer !== undefined || this.#hunting.isReached()) return { killer, reached: 'corrected', runs: this.#runs };
    killer = this.#otherProfiles(scenarios);
    return { killer, reached: this.#hunting.isReached() ? 'as-written' : 'never', runs: this.#runs };
  }

  #sweepOnce(scenarios: readonly Scenario[], seed: number): Killer | undefined {
    for (const scenario of scenarios) {
      if (this.#hunting.isOver()) return undefined;
      const found = this.#simulate(scenario, CORRECTED, seed);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #otherProfiles(scenarios: readonly Scenario[]): Killer | undefined {
    for (const scenario of scenarios) {
      for (const profile of profilesOf(scenario).filter(each => each !== CORRECTED)) {
        for (let seed = 0; seed < LAST_SEEDS; seed++) {
          const found = this.#simulate(scenario, profile, seed);
          if (found !== undefined) return found;
        }
      }
    }
    return undefined;
  }

  /** One run, and what all runs of this scenario come to so far. */
  #simulate(scenario: Scenario, profile: Profile, seed: number): Killer | undefined {
    const sweep = `${scenario.name} ${profile}`;
    const where = `${sweep} seed ${seed}`;
    this.#hunting.begins(where);
    this.#runs += 1;
    try {
      const result = runPlan(scenario, planOf(scenario, seed, profile), seed);
      const sum = countRun(this.#counts.get(sweep) ?? noCounts(scenario, profile), result);
      this.#counts.set(sweep, sum);
      const [finding] = judgeSweep(scenario, sum).findings;
      return finding === undefined ? undefined : { by: 'scenario', where, why: formatFinding(finding, sum.runs) };
    } catch (thrown) {
      return { by: 'throws', where, why: String(thrown) };
    }
  }

  async #conform(protocols: readonly Protocol[]): Promise<Killer | undefined> {
    for (const { suite, programs } of protocols) {
      for (const role of Object.keys(suite?.own ?? {})) {
        const found = suite === undefined ? undefined : await this.#play(suite, role, programs);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  async #play(suite: Suite, role: string, programs: Programs): Promise<Killer | undefined> {
    const own = suite.own[role];
    if (own === undefined) return undefined;
    const where = `suite ${suite.name}, ${role}`;
    this.#hunting.begins(where);
    let found: Killer | undefined;
    const run = await runSuite({
      suite,
      role,
      arm: simArm(programs),
      implementation: own,
      claims: own.claims,
      forgetful: true,
      stop: () => found !== undefined || this.#hunting.isOver(),
      progress: ({ grade, verdict, testCase: { id } }) => {
        this.#runs += 1;
        if (grade !== 'pass' && grade !== 'not-applicable') found ??= { by: 'case', where: id, why: JSON.stringify(verdict) };
      },
    });
    return found ?? (run.outcome === 'setup-error' ? { by: 'case', where, why: run.why } : undefined);
  }
}
