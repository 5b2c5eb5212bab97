/**
 * The protocols there are: those of this package, and what modules of the user bring.
 */
import { existsSync } from 'node:fs';
import { Catalogue } from '../protocols/catalogue.ts';
import { loadProtocols, protocols } from '../protocols/index.ts';
import { type Protocol, protocolOf } from '../protocols/protocol.ts';
import { printable } from '../src/host/bytes.ts';
import { exportsOf, loadModule } from '../src/node/load.ts';
import { usage } from './exit.ts';

/** Names of protocols, or of what is in them (`rwho/day`, `rwho.receiver.x`); `brought`: those of the modules. */
export type Wanted = readonly string[] | 'brought';

/** Of ours, only those that are wanted, where it is known of all that is wanted whose it is. */
export async function loadCatalogue(modules: readonly string[], wanted: Wanted = []): Promise<Catalogue> {
  // Ours first: once TypeScript of a user is read, whatever is loaded takes several times as long.
  if (modules.length > 0) await Promise.all([import('../api/index.ts'), import('../api/conformance.ts')]);
  const asked = wanted === 'brought' ? undefined : wanted.map(protocolIn);
  if (asked?.length === 0) await loadProtocols();
  const brought: Protocol[] = [];
  for (const path of modules) brought.push(...(await protocolsOf(path)));
  const names = asked ?? brought.map(each => each.name);
  const isKnown = (name: string): boolean => Object.hasOwn(protocols, name) || brought.some(each => each.name === name);
  const ours = await loadProtocols(names.length > 0 && names.every(isKnown) ? names : undefined);
  try {
    return new Catalogue([...brought, ...ours]);
  } catch (thrown) {
    throw usage(`${modules.join(', ')}: ${textOf(thrown)}`);
  }
}

/** The protocol in the name of a scenario or a case. */
export const protocolIn = (name: string): string => /^[^/.]*/.exec(name)?.[0] ?? '';

export type Catalogues = (name: string) => Promise<Catalogue>;

/** Catalogues by the name of one protocol, or of what is in it, each loaded once. */
export function catalogues(modules: readonly string[]): Catalogues {
  const loaded = new Map<string, Promise<Catalogue>>();
  return name => {
    const protocol = protocolIn(name);
    const found = loaded.get(protocol) ?? loadCatalogue(modules, [protocol]);
    loaded.set(protocol, found);
    return found;
  };
}

async function protocolsOf(path: string): Promise<readonly Protocol[]> {
  if (!existsSync(path)) throw usage(`${path}: there is no such file`);
  try {
    const { protocols, protocol, ...rest } = exportsOf(await loadModule(path));
    const given = Array.isArray(protocols) ? protocols : protocol !== undefined ? [protocol] : 'daemons' in rest ? [rest] : undefined;
    if (given === undefined) throw new Error('it exports no protocols: `export default defineConfig({ protocols: [mine] })`');
    return given.map(each => protocolOf(each, path));
  } catch (thrown) {
    throw usage(`${path}: ${textOf(thrown)}`);
  }
}

/** One line. */
function textOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return printable(text.replace(/\s*\n\s*/g, ' '), 400);
}
