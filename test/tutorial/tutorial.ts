/**
 * Does what docs/tutorial.md says, in an empty folder, with the package as it is packed: `node --import tsx test/tutorial/tutorial.ts
 * [NODE…]`, once with each of these binaries of Node (default: the present one), of which the first installs for all. Ends with 1 where something else comes of it.
 * Lacks: a build; what is packed is what dist has.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Reader } from './reader.ts';
import { stepsOf } from './steps.ts';

const ROOT = resolve(import.meta.dirname, '../..');

const steps = stepsOf(readFileSync(join(ROOT, 'docs/tutorial.md'), 'utf8'));
const work = mkdtempSync(join(tmpdir(), 'slipway-tutorial-'));
try {
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', work], { cwd: ROOT, encoding: 'utf8' });
  const tarball = join(work, packed.trim());
  const given = process.argv.slice(2);
  for (const [index, node] of (given.length === 0 ? [process.execPath] : given).entries()) {
    const started = performance.now();
    const folder = join(work, `reader-${index}`);
    mkdirSync(folder);
    const reader = new Reader(folder, resolve(node), tarball, index === 0 ? undefined : join(work, 'reader-0'));
    for (const step of steps) reader.take(step);
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
    process.stdout.write(
      `tutorial under Node ${version}: ${steps.length} steps, ${((performance.now() - started) / 1_000).toFixed(0)} s\n`,
    );
  }
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : thrown}\n`);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
