/**
 * One-time permissions (B9): whoever is asked something may answer once, at a state that is not published.
 * Lacks: what is done with an answer.
 */
import type { Specifier } from './specifier.ts';

export interface PermissionRules {
  /** B-T18: whose permission it is. */
  readonly permitted: (asked: object) => object;
}

/** Permissions of one holder that are open; one more is refused. */
export const PERMISSIONS_MAX = 65_536;

type Place = Pick<Specifier, 'session' | 'state'>;

export class Permissions {
  readonly #rules: PermissionRules;
  /** How often a place may still be used, by holder. */
  readonly #open: Map<object, Map<string, number>> = new Map();

  constructor(rules: PermissionRules) {
    this.#rules = rules;
  }

  /** False where that one has PERMISSIONS_MAX. */
  grant(asked: object, place: Place): boolean {
    const holder = this.#rules.permitted(asked);
    const own = this.#open.get(holder) ?? new Map<string, number>();
    if (own.size >= PERMISSIONS_MAX) return false;
    const key = keyOf(place);
    own.set(key, (own.get(key) ?? 0) + 1);
    this.#open.set(holder, own);
    return true;
  }

  /** Uses one up, if there is one. */
  use(asked: object, place: Place): boolean {
    const holder = this.#rules.permitted(asked);
    const own = this.#open.get(holder);
    const key = keyOf(place);
    const left = own?.get(key);
    if (own === undefined || left === undefined) return false;
    if (left > 1) own.set(key, left - 1);
    else own.delete(key);
    if (own.size === 0) this.#open.delete(holder);
    return true;
  }
}

const keyOf = ({ session, state }: Place): string => `${session.length} ${session}${state}`;
