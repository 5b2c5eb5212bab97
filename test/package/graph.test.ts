/** What an entry point loads: no package but those that it needs, so that a library starts as fast as it can. */
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../support/slipway.ts';
import { ENTRIES } from './entries.ts';

/** Chance and the sampling of plans; whatever else is wanted is loaded when it is. */
const NEEDED = ['seedrandom/lib/alea.js', 'fast-check'];
/** An entry point that is made for another program may load that. */
const MADE_FOR: Readonly<Record<string, readonly string[]>> = { 'slipway/vitest': ['vitest'] };
const IMPORT = /^(?:import|export)\b[^;]*?\bfrom\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]/gm;

/** The packages that `file` loads before anybody calls it, each with the files that lead there. `read`: the text of a module. */
function packagesOf(file: string, read: (path: string) => string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const seen = new Set<string>();
  const follow = (path: string, way: readonly string[]): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const here = [...way, relative(ROOT, path)];
    for (const [, from, bare] of read(path).matchAll(IMPORT)) {
      const name = from ?? bare ?? '';
      if (name.startsWith('.')) follow(join(dirname(path), name), here);
      else if (!name.startsWith('node:') && !found.has(name)) found.set(name, here);
    }
  };
  follow(file, []);
  return found;
}

const text = (path: string): string => readFileSync(path, 'utf8');

it.each(ENTRIES)('$name loads no package that it does not need', ({ name: entry, module }) => {
  const strange = [...packagesOf(module, text)].filter(([name]) => ![...NEEDED, ...(MADE_FOR[entry] ?? [])].includes(name));
  expect(strange.map(([name, way]) => `${name}: ${way.join(' -> ')}`)).toEqual([]);
});

it('names the way to a package', () => {
  const files: Readonly<Record<string, string>> = { '/a.js': "export * from './b.js';\n", '/b.js': "import { z } from 'zod';\n" };
  const found = packagesOf('/a.js', path => files[path] ?? '');
  expect([...found]).toEqual([['zod', [relative(ROOT, '/a.js'), relative(ROOT, '/b.js')]]]);
});
