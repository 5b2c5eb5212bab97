/** Real processes in tests run what is compiled: bring it up to date, whoever started the tests. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT: string = fileURLToPath(new URL('../../', import.meta.url));

export function setup(): void {
  execFileSync(`${ROOT}node_modules/.bin/tsc`, ['-b'], { cwd: ROOT, stdio: 'inherit' });
}
