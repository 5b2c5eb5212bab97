/** The arrows of ARCHITECTURE.md: which layer may import which. Held by the projects of the compiler, and here by the imports themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { protocols } from '../../protocols/index.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'src/host': [],
  'src/trace': ['src/host'],
  'src/impl': ['src/host'],
  'src/capture': ['src/host', 'src/trace'],
  'src/sim': ['src/host', 'src/trace'],
  'src/check': ['src/host', 'src/trace', 'src/sim'],
  'src/node': ['src/host'],
  scenarios: ['src/host', 'src/trace', 'src/sim', 'src/check', 'src/impl'],
  conformance: ['src/host', 'src/trace', 'src/sim', 'src/check', 'src/impl', 'src/node'],
  protocols: ['src/host', 'src/trace', 'src/sim', 'src/check', 'src/impl', 'src/node', 'scenarios', 'conformance'],
  viewer: ['src/host', 'src/trace'],
  vitest: ['src/host', 'src/trace', 'src/sim', 'src/check', 'src/node', 'conformance', 'protocols'],
  api: ['src/host', 'src/trace', 'src/sim', 'src/check', 'src/node', 'conformance', 'protocols', 'vitest'],
  // Of vitest/ what needs no vitest: where failures are kept.
  cli: [
    'src/host',
    'src/trace',
    'src/capture',
    'src/sim',
    'src/check',
    'src/impl',
    'src/node',
    'scenarios',
    'conformance',
    'protocols',
    'viewer',
    'vitest',
    'api',
  ],
};
/** The same within a layer; of what lies beside its folders nothing is said. */
const FLOORS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'src/sim': {
    core: [],
    disk: ['core'],
    channel: ['core'],
    process: ['core', 'channel'],
    network: ['core', 'disk', 'channel', 'process'],
  },
  conformance: {
    judge: [],
    play: ['judge'],
    arms: ['judge', 'play', 'adapt'],
    run: ['judge', 'play', 'arms'],
    report: ['judge', 'play', 'arms', 'run'],
  },
};
/** npm packages a layer may name; nothing else. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'src/sim': ['seedrandom'],
  'src/check': ['fast-check'],
  // For what a user brings in TypeScript, and only then.
  'src/node': ['tsx'],
  scenarios: ['fast-check'],
  conformance: ['zod'],
  vitest: ['vitest'],
  cli: ['commander', 'string-argv'],
};
const NODE_LAYERS: readonly string[] = ['src/node', 'conformance', 'protocols', 'vitest', 'cli'];

const layerOf = (path: string): string | undefined => Object.keys(ARROWS).find(layer => path.startsWith(`${layer}/`));

function sources(layer: string): readonly string[] {
  return readdirSync(join(ROOT, layer), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map(name => join(layer, name));
}

const IMPORT = /^(?:import|export)\b[^;]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'/gm;

const importsOf = (path: string): readonly string[] =>
  [...readFileSync(join(ROOT, path), 'utf8').matchAll(IMPORT)].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '');

/** Files of this repository that a file imports. */
const targetsOf = (path: string): readonly string[] =>
  importsOf(path)
    .filter(each => each.startsWith('.'))
    .map(each => relative(ROOT, normalize(join(ROOT, path, '..', each))));

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

test.each(Object.entries(FLOORS))('the folders of %s stand on each other in one order', (layer, floors) => {
  const folders = readdirSync(join(ROOT, layer), { withFileTypes: true }).flatMap(each => (each.isDirectory() ? [each.name] : []));
  const folderOf = (path: string): string => folders.find(each => path.startsWith(`${layer}/${each}/`)) ?? '';
  expect(folders).toEqual(expect.arrayContaining(Object.keys(floors)));
  const wrong = sources(layer).flatMap(path => {
    const own = folderOf(path);
    const allowed = floors[own];
    if (allowed === undefined) return [];
    const targets = targetsOf(path).filter(target => ![own, '', ...allowed].includes(folderOf(target)));
    return targets.map(target => `${path}: ${target}`);
  });
  expect(wrong).toEqual([]);
});

test('no file imports itself by way of others, not even a type', () => {
  expect(circles({ a: ['b'], b: ['c'], c: ['b', 'd'], d: [] })).toEqual(['b > c > b']);
  const imports = Object.fromEntries(Object.keys(ARROWS).flatMap(layer => sources(layer).map(path => [path, targetsOf(path)])));
  expect(circles(imports)).toEqual([]);
});

/** Each way that leads back to where it began, found once. */
function circles(imports: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) found.push([...way.slice(way.indexOf(path)), path].join(' > '));
    if (done.has(path) || way.includes(path)) return;
    for (const target of imports[path] ?? []) walk(target, [...way, path]);
    done.add(path);
  };
  for (const path of Object.keys(imports)) walk(path, []);
  return found;
}

/** Trees that have a folder for each protocol. */
const HOUSES = ['src/impl', 'scenarios', 'conformance'];

describe('protocols know nothing of each other', () => {
  const names = Object.keys(protocols);
  const crossing = (path: string, imported: string): boolean => {
    const [house, own] =
      HOUSES.flatMap(each => (path.startsWith(`${each}/`) ? [[each, path.slice(each.length + 1).split('/')[0]]] : []))[0] ?? [];
    if (house === undefined || own === undefined || !names.includes(own) || !imported.startsWith('.')) return false;
    const target = relative(ROOT, normalize(join(ROOT, path, '..', imported)));
    return names.some(other => other !== own && HOUSES.some(each => target.startsWith(`${each}/${other}/`)));
  };

  it('is what this looks at', () => {
    for (const house of HOUSES) {
      expect(crossing(`${house}/lonc/x.ts`, '../rwho/x.ts')).toBe(true);
      expect(crossing(`${house}/lonc/parts/x.ts`, '../../rwho/parts/x.ts')).toBe(true);
      expect(crossing(`${house}/lonc/x.ts`, './x.ts')).toBe(false);
      expect(crossing(`${house}/lonc/x.ts`, '../shared/x.ts')).toBe(false);
    }
    expect(crossing('scenarios/lonc/x.ts', '../../src/impl/rwho/x.ts')).toBe(true);
    expect(crossing('scenarios/lonc/x.ts', '../../src/impl/lonc/x.ts')).toBe(false);
  });

  it.each(HOUSES)('%s', house => {
    expect(
      sources(house).flatMap(path =>
        importsOf(path)
          .filter(each => crossing(path, each))
          .map(each => `${path}: ${each}`),
      ),
    ).toEqual([]);
  });
});

test('no file but the two lists and those of a protocol names it', () => {
  const own = (path: string): boolean =>
    Object.keys(protocols).some(
      name => path.includes(`/${name}/`) || [`protocols/${name}.ts`, `protocols/${name}-commands.ts`].includes(path),
    );
  const named = Object.keys(ARROWS)
    .flatMap(layer => sources(layer))
    .filter(path => !own(path) && path !== 'protocols/index.ts' && path !== 'protocols/decoders.ts')
    .flatMap(path =>
      importsOf(path)
        .filter(each => Object.keys(protocols).some(name => each.includes(`/${name}/`)))
        .map(each => `${path}: ${each}`),
    );
  expect(named).toEqual([]);
});
