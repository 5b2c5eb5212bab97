/** What tools/bundle.js has put where. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from './slipway.ts';

interface Metafile {
  readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, unknown>> }>>;
}

// As esbuild writes it.
const { outputs }: Metafile = JSON.parse(readFileSync(`${ROOT}dist/.build/bundle.json`, 'utf8'));

/** The sources that are in a file, as paths from the root of the package; none where it lies elsewhere. `url`: an address, or a path from that root. */
export function bundledFrom(url: string): readonly string[] {
  const path = url.startsWith('file:') ? relative(ROOT, fileURLToPath(url)) : url;
  if (!path.startsWith('dist/bundle/')) return [];
  const output = outputs[path];
  if (output === undefined) throw new Error(`${path} is none of what was bundled`);
  return Object.keys(output.inputs);
}
