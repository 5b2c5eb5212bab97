/**
 * Validators of others, from their npm packages: what `.ci/run` puts into out/validators, because 100 MB are too much for everybody
 * who installs the project. Without them the tests are left out and say so; in CI that is a failure.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';

const FOLDER = fileURLToPath(new URL('../../../out/validators/node_modules/', import.meta.url));

/** Runs the tests that need it with where it is. */
export function withValidator(name: string, path: string, tests: (path: string) => void): void {
  const found = `${FOLDER}${path}`;
  if (existsSync(found)) {
    tests(found);
    return;
  }
  if (process.env['CI'] !== undefined) throw new Error(`CI needs ${name} in ${FOLDER}; .ci/run puts it there`);
  process.stderr.write(`\n!!! NO ${name.toUpperCase()}: that is NOT tested (.ci/run says how to get it) !!!\n\n`);
  test.skip(`as ${name} says`, () => {});
}

export const SARIF_MULTITOOL = '@microsoft/sarif-multitool-linux/Sarif.Multitool';
export const CTRF = 'ctrf/dist/index.js';

/** Every error and warning that Microsoft's validator gives for files, each with the path of its file, by the rules of SARIF and by those of GitHub's code scanning. */
export function sarifComplaints(tool: string, files: readonly string[]): readonly string[] {
  chmodSync(tool, 0o755);
  const env = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' };
  // What is wrong is told on standard output; the status says it again.
  const { stdout: told } = spawnSync(tool, ['validate', ...files, '--rule-kind', 'Sarif;Ghas'], { env, encoding: 'utf8' });
  if (!told.includes(`${files.length} files scanned`)) throw new Error(`it validated nothing: ${told}`);
  return told.split('\n').filter(line => /: (?:error|warning) /.test(line));
}
