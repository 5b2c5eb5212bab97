/** What a table of traps says of the rules of a daemon. */
import type { Trap } from '../../src/impl/command-line/traps.ts';

export interface Decisions {
  /** Ids that have a quirk and replace nothing, or have none and replace something. */
  readonly idle: readonly string[];
  /** Rules that no trap replaces. */
  readonly unplayed: readonly string[];
  /** Rules that several traps replace, with the ids of those. */
  readonly shared: Readonly<Record<string, readonly string[]>>;
}

export function decisions<Rules extends object>(
  corrected: Rules,
  asWritten: Readonly<Record<string, Partial<Rules>>>,
  traps: readonly Trap<string>[],
): Decisions {
  const own = new Map(Object.entries(corrected));
  const replacedBy = (id: string): readonly string[] =>
    Object.entries(asWritten[id] ?? {}).flatMap(([name, value]) => (own.has(name) && own.get(name) !== value ? [name] : []));
  const ids = [...new Set([...traps.map(({ id }) => id), ...Object.keys(asWritten)])];
  const players = new Map([...own.keys()].map(name => [name, ids.filter(id => replacedBy(id).includes(name))]));
  return {
    idle: ids.filter(id => replacedBy(id).length > 0 !== traps.some(each => each.id === id && each.quirk !== undefined)),
    unplayed: [...players].filter(([, by]) => by.length === 0).map(([name]) => name),
    shared: Object.fromEntries([...players].filter(([, by]) => by.length > 1)),
  };
}
