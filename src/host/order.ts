/**
 * An order of texts that is the same on every machine.
 * Lacks: locales.
 */

export function compareCodeUnits(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** By a text of each. */
export const byKey =
  <T>(key: (value: T) => string) =>
  (left: T, right: T): number =>
    compareCodeUnits(key(left), key(right));
