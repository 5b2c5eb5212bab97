/**
 * What `npm run build` does for the viewer: the modules of viewer/page and what they import, as the one script that every page has in it. A
 * browser loads no modules from file://.
 */
import { resolve } from 'node:path';
import { build } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '..');

await build({
  absWorkingDir: ROOT,
  entryPoints: ['viewer/page/main.ts'],
  outfile: 'dist/viewer/page/main.js',
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  // It stands in a <script>, in whatever encoding.
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'warning',
  // Without configuration files of the folder.
  tsconfigRaw: {},
});
