/**
 * What a judge searches: all scenarios, corrected, and all roles of the suites, as long as there is time; and what has come to the changed
 * place in none of these, in the other profiles of the scenarios.
 * Lacks: the search (protocols/search.ts); a limit for a run that never ends (start.ts).
 */
import { loadProtocols } from '../../protocols/index.ts';
import { type Searched, search, searchedOf } from '../../protocols/search.ts';
import { profilesOf } from '../../src/check/scenario.ts';
import type { Killer, Reach } from './task.ts';

/** Of every scenario in its other profiles: the first and the last. */
const OTHER_SEEDS = { from: 0, to: 2 };

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
  /** Told of each run and case before it begins. */
  readonly begins: (where: string) => void;
}

export async function hunt({ protocols, isOver, isReached, begins }: Hunting): Promise<Hunted> {
  const each = (await loadProtocols(protocols)).map(protocol => searchedOf(protocol));
  const all: Searched = { scenarios: each.flatMap(({ scenarios }) => scenarios), roles: each.flatMap(({ roles }) => roles) };
  const { found: killer, steps: runs } = await search(all, { from: 0, isOver, begins });
  if (killer !== undefined || isReached()) return { killer, reached: 'corrected', runs };
  const others = await search(otherProfiles(all), { ...OTHER_SEEDS, isOver: () => false, begins });
  return { killer: others.found, reached: isReached() ? 'as-written' : 'never', runs: runs + others.steps };
}

const otherProfiles = ({ scenarios }: Searched): Searched => ({
  scenarios: scenarios.flatMap(({ scenario, profile: own }) =>
    profilesOf(scenario)
      .filter(profile => profile !== own)
      .map(profile => ({ scenario, profile })),
  ),
  roles: [],
});
