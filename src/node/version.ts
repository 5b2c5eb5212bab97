/**
 * The version of the package, read from where it is installed.
 */
import { readFileSync } from 'node:fs';

export const PACKAGE_ROOT: URL = new URL(import.meta.url.endsWith('.ts') ? '../../' : '../../../', import.meta.url);

export function packageVersion(): string {
  // Our own file, in the form npm requires.
  const parsed = JSON.parse(readFileSync(new URL('package.json', PACKAGE_ROOT), 'utf8')) as { readonly version: string };
  return parsed.version;
}
