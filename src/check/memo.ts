/**
 * What follows from a scenario and a profile alone, made once, as long as the scenario is in use.
 * Lacks: whether it does follow from these.
 */
import type { Profile } from './scenario.ts';

export class Memo<Value> {
  readonly #known = new WeakMap<object, Map<Profile, Value>>();

  of(scenario: object, profile: Profile, make: () => Value): Value {
    const own = this.#known.get(scenario) ?? new Map<Profile, Value>();
    this.#known.set(scenario, own);
    const value = own.get(profile) ?? make();
    own.set(profile, value);
    return value;
  }
}
