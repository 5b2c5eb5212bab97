/**
 * The search for one finding by all that there is: scenarios, judged as a sweep is, and suites in the simulator, each when it is its turn,
 * again and again with other seeds. Nobody tells it where to look.
 * Lacks: a limit for a run that never ends; workers (cli/sweep).
 */
import { simArm } from '../conformance/arms/sim.ts';
import type { Implementation } from '../conformance/peer.ts';
import type { Suite } from '../conformance/suite.ts';
import { planOf, runPlan, SEED_LIMIT } from '../src/check/run.ts';
import type { Profile, Scenario } from '../src/check/scenario.ts';
import { countRun, formatFinding, judgeSweep, noCounts } from '../src/check/sweep.ts';
import { chargeOf, costOf, Turns } from '../src/check/turns.ts';
import type { Programs } from '../src/host/host.ts';
import { Played } from './played.ts';
import type { Protocol } from './protocol.ts';

export interface SearchedScenario {
  readonly scenario: Scenario;
  readonly profile: Profile;
}

export interface SearchedRole {
  readonly suite: Suite;
  readonly role: string;
  readonly programs: Programs;
  readonly implementation: Implementation;
  readonly claims: readonly string[];
}

/** Where to look. */
export interface Searched {
  readonly scenarios: readonly SearchedScenario[];
  readonly roles: readonly SearchedRole[];
}

/** All of a protocol, with some of its programs changed; without a change nothing may be found in it. */
export function searchedOf({ scenarios, suite, programs }: Protocol, change = (same: Programs): Programs => same): Searched {
  return {
    scenarios: scenarios.map(scenario => ({
      scenario: { ...scenario, programs: plan => change(scenario.programs(plan)) },
      profile: 'corrected',
    })),
    roles: Object.entries(suite?.own ?? {}).flatMap(([role, own]) =>
      suite === undefined ? [] : [{ suite, role, programs: change(programs), implementation: own, claims: own.claims }],
    ),
  };
}

export interface SearchOptions {
  /** The first seed. */
  readonly from: number;
  /** The last seed; default: there is none. */
  readonly to?: number;
  /** Asked before each step. */
  readonly isOver: () => boolean;
  /** Told of each step before it begins. */
  readonly begins?: (where: string) => void;
}

export interface Found {
  /** throws: what runs it, and no daemon. */
  readonly by: 'scenario' | 'case' | 'throws';
  readonly where: string;
  readonly why: string;
}

export interface SearchResult {
  readonly found: Found | undefined;
  /** Runs of scenarios, and cases. */
  readonly steps: number;
}

export async function search({ scenarios, roles }: Searched, options: SearchOptions): Promise<SearchResult> {
  const { from, to = SEED_LIMIT, isOver, begins } = options;
  const searches: readonly Search[] = [
    ...scenarios.map(each => new ScenarioSearch(each, from, to)),
    ...roles.map(each => new RoleSearch(each, from, to)),
  ];
  const turns = new Turns(searches.length);
  for (let steps = 0; ; steps++) {
    const [turn = -1] = isOver() ? [] : turns.inOrder();
    const one = searches[turn];
    if (one === undefined) return { found: undefined, steps };
    turns.take(turn);
    begins?.(one.where);
    const step = await one.step();
    if (step.found !== undefined) return { found: step.found, steps: steps + 1 };
    turns.cost(turn, costOf(step.events) / (step.weight ?? 1));
    if (step.isLast === true) turns.end(turn);
  }
}

interface Step {
  readonly events: number;
  readonly found?: Found;
  /** It counts for so many searches, or so few; default 1. */
  readonly weight?: number;
  readonly isLast?: boolean;
}

interface Search {
  /** What its next step looks at. */
  readonly where: string;
  step(): Promise<Step>;
}

/** One run for each step, and what all of them come to. */
class ScenarioSearch implements Search {
  readonly #searched: SearchedScenario;
  readonly #to: number;
  #seed: number;
  #counts: ReturnType<typeof noCounts>;

  constructor(searched: SearchedScenario, from: number, to: number) {
    this.#searched = searched;
    this.#to = to;
    this.#seed = from;
    this.#counts = noCounts(searched.scenario, searched.profile);
  }

  get where(): string {
    const { scenario, profile } = this.#searched;
    return `${scenario.name} ${profile} seed ${this.#seed}`;
  }

  async step(): Promise<Step> {
    const { where } = this;
    const seed = this.#seed++;
    const { scenario, profile } = this.#searched;
    try {
      const result = runPlan(scenario, planOf(scenario, seed, profile), seed);
      this.#counts = countRun(this.#counts, result);
      const [finding] = judgeSweep(scenario, this.#counts).findings;
      const events = result.eventCount;
      if (finding === undefined) return { events, weight: 1 / chargeOf(scenario, profile), isLast: seed === this.#to };
      return { events, found: { by: 'scenario', where, why: formatFinding(finding, this.#counts.runs) } };
    } catch (thrown) {
      return { events: 0, found: { by: 'throws', where, why: String(thrown) } };
    }
  }
}

/**
 * One case for each step, and after the last one all of them again. A case that was not played looks at something that nobody has looked at,
 * as a scenario does: until all were, the role counts for as many searches.
 */
class RoleSearch implements Search {
  readonly #searched: SearchedRole;
  readonly #to: number;
  #seed: number;
  #played: Played;
  #weight: number;

  constructor(searched: SearchedRole, from: number, to: number) {
    const { suite, role } = searched;
    this.#searched = searched;
    this.#to = to;
    this.#seed = from;
    this.#played = this.#begin();
    this.#weight = Math.max(1, suite.cases.filter(each => each.role === role).length);
  }

  get where(): string {
    const { suite, role } = this.#searched;
    return `suite ${suite.name}, ${role}, seed ${this.#seed}`;
  }

  async step(): Promise<Step> {
    const next = await this.#played.next();
    if ('outcome' in next) {
      const { where } = this;
      const seed = this.#seed++;
      this.#played = this.#begin();
      this.#weight = 1;
      // A role without a case has no step at all.
      if (next.outcome === 'ran') return { events: 0, isLast: seed === this.#to || next.rows.length === 0 };
      return { events: 0, found: { by: 'case', where, why: next.why } };
    }
    const { grade, verdict, testCase, events } = next;
    if (grade === 'pass' || grade === 'not-applicable') return { events: events.length, weight: this.#weight };
    const why = verdict.verdict === 'fail' ? `expected ${verdict.expected}, received ${verdict.received}` : grade;
    return { events: events.length, found: { by: 'case', where: testCase.id, why } };
  }

  #begin(): Played {
    const { suite, role, programs, implementation, claims } = this.#searched;
    return new Played({ suite, role, arm: simArm(programs), implementation, claims, seed: String(this.#seed) });
  }
}
