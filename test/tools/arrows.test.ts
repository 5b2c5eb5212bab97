/** The arrows of ARCHITECTURE.md: which layer may import which. Held by the projects of the compiler, and here by the imports themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'src/host': [],
  'src/trace': ['src/host'],
  'src/impl': ['src/host'],
  'src/sim': ['src/host', 'src/trace'],
  'src/check': ['src/host', 'src/trace', 'src/sim'],
  'src/node': ['src/host'],
  scenarios: ['src/host', 'src/trace', 'src/sim', 'src/check', 'src/impl'],
  conformance: ['src/host', 'src/trace', 'src/sim', 'src/check', 'src/impl', 'src/node'],
  protocols: ['src/host', 'src/trace', 'src/sim', 'src/check', 'src/impl', 'src/node', 'scenarios', 'conformance'],
  api: ['src/host', 'src/trace', 'src/sim', 'src/check', 'src/node', 'conformance', 'protocols'],
  cli: ['src/host', 'src/trace', 'src/sim', 'src/check', 'src/impl', 'src/node', 'scenarios', 'conformance', 'protocols'],
};
/** npm packages a layer may name; nothing else. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'src/sim': ['seedrandom'],
  'src/check': ['fast-check'],
  // For what a user brings in TypeScript, and only then.
  'src/node': ['tsx'],
  scenarios: ['fast-check'],
  conformance: ['zod'],
  cli: ['commander', 'string-argv'],
};
const NODE_LAYERS: readonly string[] = ['src/node', 'conformance', 'protocols', 'cli'];

const layerOf = (path: string): string | undefined => Object.keys(ARROWS).find(layer => path.startsWith(`${layer}/`));

function sources(layer: string): readonly string[] {
  return readdirSync(join(ROOT, layer), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map(name => join(layer, name));
}

const IMPORT = /^(?:import|export)\b[^;]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'/gm;

const importsOf = (path: string): readonly string[] =>
  [...readFileSync(join(ROOT, path), 'utf8').matchAll(IMPORT)].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '');

describe.each(Object.keys(ARROWS))('%s', layer => {
  it('imports only what its arrows allow', () => {
    const wrong: string[] = [];
    for (const path of sources(layer)) {
      for (const imported of importsOf(path)) {
        if (imported.startsWith('.')) {
          const target = layerOf(relative(ROOT, normalize(join(ROOT, path, '..', imported))));
          if (target !== layer && (target === undefined || !ARROWS[layer]?.includes(target))) wrong.push(`${path}: ${imported}`);
        } else if (imported.startsWith('node:')) {
          if (!NODE_LAYERS.includes(layer)) wrong.push(`${path}: ${imported}`);
        } else if (!PACKAGES[layer]?.includes(imported.split('/')[0] ?? '')) wrong.push(`${path}: ${imported}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has a project of the compiler with the same arrows', () => {
    const config: { references?: readonly { path: string }[] } = JSON.parse(readFileSync(join(ROOT, layer, 'tsconfig.json'), 'utf8'));
    const references = (config.references ?? []).map(each => normalize(join(layer, each.path)));
    expect([...references].sort()).toEqual([...(ARROWS[layer] ?? [])].sort());
  });

  it('opens every file with what it is and what it may import', () => {
    const silent = sources(layer).filter(path => !/^(#![^\n]*\n)?\/\*\*/.test(readFileSync(join(ROOT, path), 'utf8')));
    expect(silent).toEqual([]);
  });
});
