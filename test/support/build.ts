/**
 * Real processes in tests run what is compiled: bring it up to date, whoever started the tests. Of the tests themselves only those
 * programs are compiled; test/tools/sources.test.ts checks the types of the others.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT: string = fileURLToPath(new URL('../../', import.meta.url));
const PROJECTS = ['.', 'bench', 'tools/mutants', 'test/tsconfig.programs.json'];

export function setup(): void {
  execFileSync(`${ROOT}node_modules/.bin/tsc`, ['-b', ...PROJECTS], { cwd: ROOT, stdio: 'inherit' });
  execFileSync(process.execPath, ['tools/bundle.js'], { cwd: ROOT, stdio: 'inherit' });
}
