/**
 * The protocols of this package: the only list of them. Each is loaded when it is wanted.
 */
import type { Decoders } from '../src/trace/message.ts';
import type { Protocol, ProtocolCommand } from './protocol.ts';

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

/** How those of these names are decoded; of others nothing is known here. Default: all. The rest of a protocol is not loaded for it. */
export async function loadDecoders(names: readonly string[] = Object.keys(protocols)): Promise<Readonly<Record<string, Decoders>>> {
  const known: Readonly<Record<string, Decoders>> = (await import('./decoders.ts')).decoders;
  const others = await loadProtocols(names.filter(name => !Object.hasOwn(known, name)));
  const brought = new Map(others.map(({ name, decoders = {} }) => [name, decoders]));
  return Object.fromEntries(
    Object.keys(protocols)
      .filter(name => names.includes(name))
      .map(name => [name, known[name] ?? brought.get(name) ?? {}]),
  );
}

const COMMANDS: Readonly<Record<string, () => Promise<{ readonly commands: readonly ProtocolCommand[] }>>> = {
  ikc: () => import('./ikc-commands.ts'),
  rover: () => import('./rover-commands.ts'),
  rwho: () => import('./rwho-commands.ts'),
};

/** The commands that these protocols bring, by their names. The rest of a protocol is not loaded for it. */
export async function loadCommands(): Promise<Readonly<Record<string, readonly ProtocolCommand[]>>> {
  const loaded = await Promise.all(Object.entries(COMMANDS).map(async ([name, load]) => [name, (await load()).commands] as const));
  return Object.fromEntries(loaded);
}
