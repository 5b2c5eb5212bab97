/**
 * Where a source of this package lies once it is compiled: what a real process can load.
 */
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../src/node/version.ts';

/** `path`: of the source, from the root of the package. */
export const compiled = (path: string): string => fileURLToPath(new URL(`dist/${path.replace(/\.ts$/, '.js')}`, PACKAGE_ROOT));
