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

/** `only`: of ours, the protocols of these names. */
export async function loadCatalogue(modules: readonly string[], only?: readonly string[]): Promise<Catalogue> {
  const ours = await loadProtocols(only);
  const brought: Protocol[] = [];
  for (const path of modules) brought.push(...(await protocolsOf(path)));
  try {
    return new Catalogue([...ours, ...brought]);
  } catch (thrown) {
    throw usage(`${modules.join(', ')}: ${textOf(thrown)}`);
  }
}

/** Catalogues by the name of one protocol, each loaded once. */
export function catalogues(modules: readonly string[]): (protocol: string) => Promise<Catalogue> {
  const loaded = new Map<string, Promise<Catalogue>>();
  return protocol => {
    const found = loaded.get(protocol) ?? loadCatalogue(modules, [protocol]);
    loaded.set(protocol, found);
    return found;
  };
}

/** Of ours, those that names begin with; all, when another may be meant. */
export function protocolsNamed(names: readonly string[]): readonly string[] | undefined {
  const found = names.map(name => name.split('/')[0] ?? '');
  return found.length > 0 && found.every(name => Object.hasOwn(protocols, name)) ? found : undefined;
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
