/**
 * Where this package is installed, and what of it is where. The same from its sources and compiled.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const PACKAGE_ROOT: URL = rootAbove(new URL('.', import.meta.url));

/** `path`: from the root of the package. */
export const packaged = (path: string): string => fileURLToPath(new URL(path, PACKAGE_ROOT));

/** Where a source lies once it is compiled, which is what a real process can load. `path`: of the source, from the root of the package. */
export const compiled = (path: string): string => packaged(`dist/${path.replace(/\.ts$/, '.js')}`);

/** Where a process or a thread begins with it: one of the entries of tools/bundle.js. `path`: of the source, from the root of the package. */
export const bundled = (path: string): string => compiled(`bundle/${path}`);

export function packageVersion(): string {
  // Our own file, in the form npm requires.
  const parsed = JSON.parse(readFileSync(packaged('package.json'), 'utf8')) as { readonly version: string };
  return parsed.version;
}

/** This module lies at another depth in its source, compiled and bundled. */
function rootAbove(folder: URL): URL {
  return existsSync(new URL('package.json', folder)) ? folder : rootAbove(new URL('..', folder));
}
