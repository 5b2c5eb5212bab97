/**
 * Whose turn it is among several searches that share one processor: of those that have not come to their end, the one that has cost the
 * least so far, so that a search whose steps are dear keeps no other from what a few cheap steps would show. What a step costs is counted
 * in events and never in time, so that the order is the same on every machine.
 * Lacks: the searches themselves (protocols/search.ts; cli/sweep/parts.ts).
 */

/** What a step costs beside its events, in events: a world is made, and a plan drawn. */
export const STEP_COST = 100;

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
  readonly #order: readonly number[];
  readonly #over = new Set<number>();

  /** `searches`: how many there are; each is called by its place. */
  constructor(searches: number) {
    this.#costs = new Array(searches).fill(0);
    this.#turns = new Array(searches).fill(0);
    this.#order = strided(searches);
  }

  /** Of equals, who had the fewest turns, and then the first in an order that is always the same. `undefined`: all have come to their end. */
  next(): number | undefined {
    let best: number | undefined;
    for (const each of this.#order) if (!this.#over.has(each) && (best === undefined || this.#isBefore(each, best))) best = each;
    if (best !== undefined) this.#turns[best] = (this.#turns[best] ?? 0) + 1;
    return best;
  }

  /** A step of it had so many events. */
  cost(search: number, events: number): void {
    this.#costs[search] = (this.#costs[search] ?? 0) + events + STEP_COST;
  }

  /** It has no step left. */
  end(search: number): void {
    this.#over.add(search);
  }

  #isBefore(one: number, other: number): boolean {
    const by = (this.#costs[one] ?? 0) - (this.#costs[other] ?? 0);
    return by < 0 || (by === 0 && (this.#turns[one] ?? 0) < (this.#turns[other] ?? 0));
  }
}
