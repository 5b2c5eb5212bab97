/**
 * The protocols of this package: the only list of them. Each is loaded when it is wanted.
 */
import type { Protocol } from './protocol.ts';

export const protocols: Readonly<Record<string, () => Promise<Protocol>>> = {
  ikc: async () => (await import('./ikc.ts')).ikc,
  lifetime: async () => (await import('./lifetime.ts')).lifetime,
  lonc: async () => (await import('./lonc.ts')).lonc,
  rover: async () => (await import('./rover.ts')).rover,
  rwho: async () => (await import('./rwho.ts')).rwho,
};

/** Those of these names; of others nothing is known here. Default: all. */
export function loadProtocols(names: readonly string[] = Object.keys(protocols)): Promise<readonly Protocol[]> {
  return Promise.all(Object.entries(protocols).flatMap(([name, load]) => (names.includes(name) ? [load()] : [])));
}
