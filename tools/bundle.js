/**
 * What `npm run build` does after the compiler, which makes the types, and the modules that tests load. What is run becomes few files, in
 * dist/bundle: a process starts sooner that has them to find and to read, and not several hundred. And the modules of
 * viewer/page become the one script that every page has in it: a browser loads no modules from file://.
 * Lacks: anything that makes a stack trace hard to read; names and statements stay, each on lines of its own.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '..');
const BUNDLE = join(ROOT, 'dist/bundle');
/** Which sources are in which file; for tests. */
const METAFILE = join(ROOT, 'dist/.build/bundle.json');

const sourcesIn = (folder, pattern) => readdirSync(join(ROOT, folder)).flatMap(name => (pattern.test(name) ? [`${folder}/${name}`] : []));
/** What others name: the entry points of the package, and the modules with which a process or a thread of ours begins. */
const ENTRIES = [
  ...sourcesIn('api', /\.ts$/),
  ...sourcesIn('cli', /^slipway\.ts$|-worker\.ts$/),
  ...sourcesIn('cli/sweep', /^(?:.*-)?worker\.ts$/),
  ...sourcesIn('cli/workers', /^(?:process|watch)\.ts$/),
  'src/node/main.ts',
  ...sourcesIn('conformance', /^\w+$/).flatMap(folder => (existsSync(join(ROOT, folder, 'programs.ts')) ? [`${folder}/programs.ts`] : [])),
];

const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  legalComments: 'none',
  logLevel: 'warning',
  // Without configuration files of the folder.
  tsconfigRaw: {},
};

await build({
  ...OPTIONS,
  entryPoints: ['viewer/page/main.ts'],
  outfile: 'dist/viewer/page/main.js',
  minify: true,
  format: 'iife',
  target: 'es2022',
  // It stands in a <script>, in whatever encoding.
  charset: 'ascii',
});

const { outputFiles, metafile } = await build({
  ...OPTIONS,
  entryPoints: ENTRIES,
  outdir: BUNDLE,
  outbase: '.',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  charset: 'utf8',
  packages: 'external',
  metafile: true,
  write: false,
});

// Whoever loads them meanwhile has the old ones or the new ones: what others import comes first.
for (const { path, text } of outputFiles.toSorted((one, other) => isChunk(other) - isChunk(one))) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, text);
  renameSync(`${path}.${process.pid}`, path);
}
const made = new Set(outputFiles.map(({ path }) => relative(BUNDLE, path)));
for (const name of readdirSync(BUNDLE, { recursive: true })) if (name.endsWith('.js') && !made.has(name)) rmSync(join(BUNDLE, name));
writeFileSync(METAFILE, JSON.stringify(metafile));

function isChunk({ path }) {
  return Number(path.startsWith(join(BUNDLE, 'chunks')));
}
