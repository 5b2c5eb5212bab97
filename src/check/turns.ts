/**
 * Whose turn it is among several searches that share one processor: of those that have not come to their end, the one that has cost the
 * least so far, so that a search whose steps are dear keeps no other from what a few cheap steps would show. What a step costs is counted
 * in events and never in time, so that the order is the same on every machine.
 * Lacks: the searches themselves (protocols/search.ts; cli/sweep/parts.ts).
 */
import type { Profile, Scenario } from './scenario.ts';

/** What a run costs beside its events, in events: a world is made, and a plan drawn. */
const RUN_COST = 100;

export const costOf = (events: number, runs = 1): number => events + RUN_COST * runs;

/** A run of a scenario about one trap shows much the same as the one before, where the trap is not: it counts for so many. */
const TRAP_COST = 4;

/** What a run of it is charged, for each event: nothing goes wrong in a scenario about a trap, whose other side fails. */
export const chargeOf = ({ budget, expected }: Pick<Scenario, 'budget' | 'expected'>, profile: Profile): number =>
  expected[profile] === 'holds' && Object.keys(budget.kinds).length === 0 && Object.hasOwn(expected, 'as-written') ? TRAP_COST : 1;

/** Places of a list in an order in which neighbours are far apart: those who stand together resemble each other, and break together. */
export function strided(length: number): readonly number[] {
  const bits = Math.ceil(Math.log2(Math.max(1, length)));
  const places: number[] = [];
  // Van der Corput, 1935: numbers with their binary digits in reverse.
  for (let number = 0; number < 1 << bits; number++) {
    let place = 0;
    for (let bit = 0; bit < bits; bit++) place |= ((number >> bit) & 1) << (bits - 1 - bit);
    if (place < length) places.push(place);
  }
  return places;
}

export class Turns {
  readonly #costs: number[];
  /** How often each had a turn. */
  readonly #turns: number[];
  readonly #places: readonly number[];
  readonly #over = new Set<number>();

  /** `searches`: how many there are; each is called by its number in their list. */
  constructor(searches: number) {
    this.#costs = new Array(searches).fill(0);
    this.#turns = new Array(searches).fill(0);
    this.#places = strided(searches);
  }

  /** Whose turn it is, and whose if that one cannot: of equals, who had the fewest turns, and then as they are strided. */
  inOrder(): readonly number[] {
    return this.#places.filter(each => !this.#over.has(each)).sort((one, other) => this.#ahead(one, other));
  }

  /** It is having a turn. */
  take(search: number): void {
    this.#turns[search] = (this.#turns[search] ?? 0) + 1;
  }

  /** What it did has cost so much (costOf). */
  cost(search: number, amount: number): void {
    this.#costs[search] = (this.#costs[search] ?? 0) + amount;
  }

  /** It has nothing left to do. */
  end(search: number): void {
    this.#over.add(search);
  }

  #ahead(one: number, other: number): number {
    return (this.#costs[one] ?? 0) - (this.#costs[other] ?? 0) || (this.#turns[one] ?? 0) - (this.#turns[other] ?? 0);
  }
}
